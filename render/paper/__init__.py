"""How does a storyboard get onto paper? Frames and letters, drawn into a PDF with their fonts."""
