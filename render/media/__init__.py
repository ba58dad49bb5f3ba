"""Looks at media, takes frames out of it, and makes it fit: ffmpeg, PyAV and Pillow behind typed functions."""
