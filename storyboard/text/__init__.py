"""What may be shown of a text, and which name was meant? Printable text, signs that look alike, suggestions."""
