"""Lets all threads of a run share a few arenas of memory, and not one or two for each of them.

The C library of most Linuxes gives threads arenas of their own, eight for each processor, and what one frees in its
arena no other uses. A run has dozens of threads, through which whole frames pass: that kept half a gigabyte of nothing.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

_M_ARENA_MAX: Final = -8  # as malloc.h of glibc numbers it
_MOST: Final = 4


def share_arenas(environment: Mapping[str, str]) -> None:
    """Bound the arenas of this process, where its C library has such and nobody says otherwise (MALLOC_ARENA_MAX)."""
    import ctypes

    if "MALLOC_ARENA_MAX" in environment:
        return
    try:
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, max(2, min(os.cpu_count() or 1, _MOST)))
    except (AttributeError, OSError):  # another C library, which needs no bound
        return
