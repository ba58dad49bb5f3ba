"""The threads of a run share a few arenas of memory, unless somebody says otherwise."""

from __future__ import annotations

import os
import subprocess
import sys

COUNTED = """
import ctypes, os, sys, threading
from render.concurrency.memory_arenas import share_arenas
if sys.argv[1] == "shared":
    share_arenas(os.environ)
meeting = threading.Barrier(40)
def work():
    kept = [bytearray(5000) for _ in range(20)]
    meeting.wait()
    del kept
threads = [threading.Thread(target=work) for _ in range(40)]
for each in threads: each.start()
for each in threads: each.join()
library = ctypes.CDLL(None)
if not hasattr(library, "malloc_info"):
    sys.exit()
library.fdopen.restype = ctypes.c_void_p
library.malloc_info(0, ctypes.c_void_p(library.fdopen(os.dup(1), b"w")))
library.fflush(None)
"""


def arenas(how: str, **environment: str) -> int:
    """How many a process with forty threads has; 0 where the C library of the system knows no arenas."""
    command = [sys.executable, "-c", COUNTED, how]
    ours = {name: value for name, value in os.environ.items() if name != "MALLOC_ARENA_MAX"}
    done = subprocess.run(command, capture_output=True, text=True, env={**ours, **environment}, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.count("<heap nr=")


def test_forty_threads_share_four_arenas_at_most() -> None:
    """By themselves they have more; what the environment says is left alone. Without arenas it does no harm."""
    shared, alone, told = arenas("shared"), arenas("by themselves"), arenas("shared", MALLOC_ARENA_MAX="6")
    assert (shared, alone, told) == (0, 0, 0) or (shared <= 4 < alone and told in {5, 6})
