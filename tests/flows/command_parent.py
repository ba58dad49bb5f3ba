"""The parent of forked commands: imports once what they import, then becomes a command at each request, in a child.

python -m tests.flows.command_parent, with a socket as standard input on which `tests.flows.forked_commands` asks

A child returns from `asked_for` and runs a module as `python -m` does, so that it ends as the interpreter ends: exit
code, threads, what is registered for the end, streams.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from pkgutil import iter_modules

import typer.main

import flows.cli
from flows.prefect.server import prefect_server

REQUEST_BYTES = 1 << 20
MODULES = ("alembic.command", "encodings.ascii", "render.animatic.provider", "render.callbacks", "render.sandbox")
WITH_PREFECT = ("fastapi.encoders", "flows.prefect.produce", "prefect.flow_engine", "prefect.task_engine")
"""What they import on their way beside what runs do."""

ROOT = Path(__file__).parents[2]
STANDARD = [each for each in sys.path if each not in {str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)}]
"""Where Python looks, whatever PYTHONPATH says."""


@dataclass(frozen=True, slots=True)
class Request:
    """A command to become: its arguments, its surroundings, and three streams."""

    module: str
    arguments: list[str]
    environment: dict[str, str]
    session: bool  # whether it leads a session of its own
    streams: tuple[int, int, int]


def import_what_commands_import() -> None:
    """Prefect, which reads its settings when it is imported, as the command imports it, and on the same server."""
    importlib.import_module("tests.flows.imported")
    commands = [each.name for each in iter_modules(flows.cli.__path__) if each.name != "__main__"]
    _import(*MODULES, *(f"flows.cli.{name}" for name in commands))
    typer.main.get_command = cache(typer.main.get_command)  # what a command is, Typer finds out anew each time
    typer.main.get_command(flows.cli.app)
    if "PREFECT_API_URL" in os.environ:
        with prefect_server() as server, server.connected():
            _import(*WITH_PREFECT)
    gc.freeze()
    assert threading.active_count() == 1, "a fork would lose threads"


def _import(*names: str) -> None:
    for name in names:
        importlib.import_module(name)


def asked_for(requests: socket.socket) -> Request:
    """Serve until there is nobody to ask. Returns in children alone, each of which is to become a command."""
    awake, ended = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    before = signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(ended)
    tellers: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([requests.fileno(), awake], [], [])
        if awake in ready:
            os.read(awake, 65_536)
            _tell_ends(tellers)
        if requests.fileno() not in ready:
            continue
        content, given, _, _ = socket.recv_fds(requests, REQUEST_BYTES, 4)
        if not content:
            os._exit(0)
        *streams, teller = given
        child = os.fork()
        if child == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, before)
            return Request(**json.loads(content), streams=(streams[0], streams[1], streams[2]))
        for each in streams:
            os.close(each)
        tellers[child] = teller
        os.write(teller, f"{child}\n".encode())


def _tell_ends(tellers: dict[int, int]) -> None:
    with suppress(ChildProcessError):
        while True:
            child, status = os.waitpid(-1, os.WNOHANG)
            if not child:
                return
            teller = tellers.pop(child)
            with suppress(BrokenPipeError):
                os.write(teller, f"{os.waitstatus_to_exitcode(status)}\n".encode())
            os.close(teller)


def become(request: Request) -> None:
    """Take on its surroundings, as a process has them that was started with nothing but its three streams."""
    if request.session:
        os.setsid()
    for number, stream in enumerate(request.streams):
        os.dup2(stream, number)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    os.environ.clear()
    os.environ.update(request.environment)
    brought = [each for each in request.environment.get("PYTHONPATH", "").split(os.pathsep) if each]
    sys.path[:] = [str(ROOT), *brought, *STANDARD]
    importlib.invalidate_caches()
    sys.argv = ["-m", *request.arguments]
    at_once = bool(request.environment.get("PYTHONUNBUFFERED"))
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - as long as the process
    sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", closefd=False, errors="backslashreplace")  # noqa: SIM115
    sys.stdout.reconfigure(line_buffering=os.isatty(1), write_through=at_once)
    sys.stderr.reconfigure(line_buffering=True, write_through=at_once)


def main() -> None:
    """Serve, and in a child become a command."""
    requests = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    import_what_commands_import()
    request = asked_for(requests)
    become(request)
    runpy.run_module(request.module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
