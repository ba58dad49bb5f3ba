"""The threads of a run share a few arenas of memory, unless somebody says otherwise."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

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
library.fdopen.restype = ctypes.c_void_p
library.malloc_info(0, ctypes.c_void_p(library.fdopen(os.dup(1), b"w")))
library.fflush(None)
"""


def arenas(how: str, **environment: str) -> int:
    """How many a process with forty threads has."""
    command = [sys.executable, "-c", COUNTED, how]
    ours = {name: value for name, value in os.environ.items() if name != "MALLOC_ARENA_MAX"}
    done = subprocess.run(command, capture_output=True, text=True, env={**ours, **environment}, check=False)
    if "malloc_info" in done.stderr:
        pytest.skip("the C library of this system has no such arenas")
    assert done.returncode == 0, done.stderr
    return done.stdout.count("<heap nr=")


def test_forty_threads_share_four_arenas_at_most() -> None:
    """By themselves they have more; and what the environment says is left alone."""
    assert arenas("shared") <= 4 < arenas("by themselves")
    assert arenas("shared", MALLOC_ARENA_MAX="6") in {5, 6}
