"""What does a storyboard for print say of each shot, and where does it stand on the paper? Millimetres; pure."""
