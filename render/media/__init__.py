"""What is in a media file, and how is a frame found? ffmpeg, PyAV and Pillow behind typed functions."""
