"""Which shot continues which, and on which frame? Chains of shots, and seconds on the master's grid of frames."""
