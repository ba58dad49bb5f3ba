"""What becomes of finished shots? The master, its manifest, its contact sheet, the output folder, the archive."""
