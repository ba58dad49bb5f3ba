"""The sandbox as a child of the process that rehearses with it; `render.sandbox.child_process` starts it.

Whatever ends the parent, `kill -9` included, closes the pipe that is standard input here, and that ends this process
and whatever it was drawing: a rehearsal leaves nothing behind that runs. Its database loses nothing by it.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from pathlib import Path

from render.sandbox.sandbox_server import Sandbox


def leave_with_parent() -> None:
    """End this process and its children once nobody holds the other end of standard input."""

    def wait() -> None:
        sys.stdin.buffer.read()
        if os.getpgrp() == os.getpid():
            os.killpg(os.getpid(), signal.SIGKILL)
        os._exit(0)

    threading.Thread(target=wait, daemon=True, name="leave-with-parent").start()


def main() -> None:
    """Serve on the socket whose number is given, with its database in a folder, jobs lasting so many seconds."""
    number, state, job_seconds = sys.argv[1:]
    leave_with_parent()
    Sandbox(socket.socket(fileno=int(number)), Path(state)).serve(job_seconds=float(job_seconds))


if __name__ == "__main__":
    main()
