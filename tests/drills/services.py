"""Processes as a service manager keeps them: started, and started anew when they end by themselves."""

from __future__ import annotations

import contextlib
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
RESTART_S = 2.0
"""How long a service manager waits before it starts anew what ended (systemd's RestartSec)."""


@dataclass(slots=True, kw_only=True)
class Service:
    """One process that should be there; `ended_by_itself` counts how often it was not, without a drill's doing."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    log: Path
    wanted: bool = False
    ended_by_itself: int = 0
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and want it from now on."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env=dict(self.environment),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wanted = True

    @property
    def up(self) -> bool:
        """Whether its process lives."""
        return self._process is not None and self._process.poll() is None

    def tree(self) -> list[psutil.Process]:
        """Its process and all that this one started; the youngest first."""
        if self._process is None or not self.up:
            return []
        with contextlib.suppress(psutil.NoSuchProcess):
            whole = psutil.Process(self._process.pid)
            return [*reversed(whole.children(recursive=True)), whole]
        return []

    def kill(self) -> list[int]:
        """End it and all that it started, at once, as a power cut does; returns the ids of those processes."""
        self.wanted = False
        tree = self.tree()
        for each in tree:
            with contextlib.suppress(psutil.NoSuchProcess):
                each.kill()
        if self._process is not None:
            self._process.wait()
        return [each.pid for each in tree]

    def stop(self) -> None:
        """End it in order, and whatever it left."""
        self.wanted = False
        left = self.tree()
        if self._process is not None and left:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(10)
        for each in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                each.kill()
        if self._process is not None:
            self._process.wait()

    def words(self) -> str:
        """What it and its children printed."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""


@dataclass(slots=True)
class ServiceManager:
    """Starts wanted services anew that ended, as systemd does with Restart=always."""

    services: list[Service] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Do so for a while; then end them all, the last ones first."""
        watch = threading.Thread(target=self._watch, daemon=True)
        watch.start()
        try:
            yield
        finally:
            self._over.set()
            watch.join()
            for service in reversed(self.services):
                service.stop()

    def _watch(self) -> None:
        gone: dict[str, float] = {}
        while not self._over.wait(0.2):
            for service in list(self.services):
                if not service.wanted or service.up:
                    gone.pop(service.name, None)
                elif time.monotonic() - gone.setdefault(service.name, time.monotonic()) > RESTART_S:
                    service.ended_by_itself += 1
                    service.start()
                    gone.pop(service.name, None)
