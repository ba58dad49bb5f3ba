"""Turns clips into an episode: which piece at which frame, one encoder, one join, one encode of the sound."""
