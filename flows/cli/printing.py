"""How results look on standard output: as wide as the terminal, and never cut off where there is none."""

import sys

from rich.console import Console

__all__ = ["results"]

PIPE_WIDTH = 160  # columns where nobody has a window


def results() -> Console:
    """A console on standard output. Colours go with NO_COLOR and where the output is no terminal."""
    return Console(width=None if sys.stdout.isatty() else PIPE_WIDTH, highlight=False, soft_wrap=False)
