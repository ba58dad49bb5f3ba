"""Carries the network guard into every Python process that a test starts (Python imports this at its start)."""

from network_guard import install

install()
