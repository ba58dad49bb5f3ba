"""The Prefect API of one command: the server that PREFECT_API_URL names, or one of the command's own.

    with prefect_server() as server:      # starts beside the command, which goes on at once
        project = load_project(...)
        with server.connected():          # waits until it answers; from here on Prefect may be imported
            from flows.prefect.produce import produce

Prefect reads its settings when it is first imported, so nothing in this module imports it before the environment
is right. Each run has a home of its own, so two runs never share a database (Prefect's own embedded server does, and
fills the terminal with "database is locked"), and a home whose run is gone is swept by the next start.
"""

import contextlib
import fcntl
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from flows.errors import ServerError
from flows.prefect.named_server import is_cloud, prefect_settings, require_prefect
from flows.settings import debugging
from render.net.system_proxies import CERTIFICATES, DIRECTLY, PROXY_VARIABLES, reaching

__all__ = ["PrefectServer", "prefect_server", "state_folder"]

PATIENCE = timedelta(seconds=120)  # the first start on a slow, busy machine migrates an empty database
PARTING_S = 2.0
QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
}
ONCE_MORE = {"PREFECT_CLIENT_MAX_RETRIES": "1"}
"""Prefect's client asks a server that ended within a run once more, after two seconds; by default it tries a minute."""

SERVING = QUIET | {
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT__SERVER_FINAL": "1",
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",  # nobody looks at the events of a run that is gone
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
    "PREFECT_UI_ENABLED": "false",
}
FOREIGN = ("PREFECT_", "UVICORN_", *PROXY_VARIABLES, *CERTIFICATES)
"""Variables of a person's environment that an embedded server does not get: it speaks to its run alone."""

DATABASE = {"PREFECT_SERVER_DATABASE_CONNECTION_URL": "sqlite+aiosqlite:///prefect.db"}
"""Within the home, where the server runs: a URL has no place for whatever the folders above it are called."""


class PrefectServer(Protocol):
    """A Prefect API for the length of one command."""

    def connected(self) -> contextlib.AbstractContextManager[str]:
        """Wait until it answers and point this process at it; gives the API's URL. Import Prefect inside."""
        ...


@contextlib.contextmanager
def prefect_server(state: Path | None = None) -> Iterator[PrefectServer]:
    """The server that PREFECT_API_URL names, else an embedded one, which is started and not waited for."""
    named = os.environ.get("PREFECT_API_URL", "").strip()
    if named:
        yield NamedServer(named)
        return
    server = _start(state or state_folder())
    try:
        yield server
    finally:
        server.stop()


def state_folder() -> Path:
    """Where Tailframe keeps what belongs to no project: XDG_STATE_HOME, else `~/.local/state`, else a temporary one."""
    base = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")  # noqa: PTH111 - raises nothing
    for temporary in (False, True):
        with contextlib.suppress(OSError, ValueError):
            folder = Path(tempfile.gettempdir(), f"tailframe-{os.getuid()}") if temporary else Path(base, "tailframe")
            if folder.is_absolute():  # by its own standard a relative one counts as unset
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                if os.access(folder, os.W_OK):
                    return folder
    raise ServerError(f"no folder to keep state in: {base} cannot be written", "Set XDG_STATE_HOME to one that can")


@dataclass(frozen=True, slots=True)
class NamedServer:
    """A server that somebody else runs."""

    url: str

    @contextlib.contextmanager
    def connected(self) -> Iterator[str]:
        """See PrefectServer. Raises ServerError where none answers, SettingsError where something else does."""
        ours = _console_level() | ONCE_MORE
        with reaching(self.url), _environment(ours, keep=True):
            require_prefect(self.url)
            with _events_let_go(self.url):
                yield self.url


class EmbeddedServer:
    """A server of this run's own, on a free loopback port, with a home that goes when it goes."""

    def __init__(self, *, url: str, home: Path, lock: int, process: subprocess.Popen[bytes], state: Path) -> None:
        self.url, self.home = url, home
        self._lock, self._process, self._state = lock, process, state

    @property
    def pid(self) -> int:
        """The server's process id."""
        return self._process.pid

    @contextlib.contextmanager
    def connected(self) -> Iterator[str]:
        """See PrefectServer. Raises ServerError where it does not come up."""
        ours = _console_level() | QUIET | ONCE_MORE | _whereabouts(self.home)
        ours |= {"PREFECT_API_URL": self.url, "PREFECT_LOGGING_TO_API_ENABLED": "false"}
        with reaching(self.url), _environment(ours, keep=False):
            with _without(CERTIFICATES):  # Prefect loads them when it is imported, and no more after that
                prefect_settings()
                import prefect.settings as known
                from prefect.events.clients import NullEventsClient
                from prefect.events.worker import EventsWorker

            self._wait()
            here = {
                known.PREFECT_API_URL: self.url,
                known.PREFECT_HOME: self.home,
                known.PREFECT_API_SSL_CERT_FILE: None,  # plain http: nobody's certificates are looked at
                known.PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None,  # no environment spelling expresses None
            }
            EventsWorker.set_client_override(NullEventsClient)
            try:
                with known.temporary_settings(here):
                    yield self.url
            finally:
                EventsWorker.drain_all(timeout=PARTING_S)  # a thread of Prefect's, to which this environment counts too
                EventsWorker.set_client_override(None)

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE.total_seconds()
        output = self._process.stdout
        assert output is not None
        readable, _, _ = select.select([output], [], [], max(0.0, deadline - time.monotonic()))
        if readable and output.readline():
            return
        if readable:  # its end of the line is closed: it is ending
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=5)
        why = "did not answer in time" if self._process.poll() is None else "ended before it answered"
        words = (self.home / "server.log").read_text(errors="replace").strip().splitlines()[-8:]
        raise ServerError(
            "\n    ".join([f"the embedded Prefect server {why}.", *words])
            + f"\nTry again; if it stays so, remove {self._state} and report this"
        )

    def stop(self) -> None:
        """End the server at once and remove its home. What it knew is of no use any more; the ledger has the truth."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        shutil.rmtree(self.home, ignore_errors=True)
        os.close(self._lock)


def _start(state: Path) -> EmbeddedServer:
    state = state / "prefect"
    home, lock = _new_home(state / "runs")
    environment = {name: value for name, value in os.environ.items() if not name.upper().startswith(FOREIGN)}
    with socket.create_server(("127.0.0.1", 0)) as listening, (home / "server.log").open("wb") as log:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/api"
        process = subprocess.Popen(
            [
                sys.executable,
                "-P",  # this folder's `settings` and `server` must not shadow anything
                str(Path(__file__).with_name("embedded_server.py")),
                str(listening.fileno()),
                str(state / "databases"),
            ],
            cwd=home,
            env=environment | SERVING | DIRECTLY | _whereabouts(home) | DATABASE,
            pass_fds=(listening.fileno(), lock),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the command; it ends its server itself
        )
    return EmbeddedServer(url=url, home=home, lock=lock, process=process, state=state)


def _whereabouts(home: Path) -> dict[str, str]:
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_PROFILES_PATH": str(home / "profiles.toml"),  # never a person's own
    }


def _console_level() -> dict[str, str]:
    """Prefect's own log lines would tear a live display; they come back with TAILFRAME_DEBUG=1."""
    if debugging():
        return {}
    return {"PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL", "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL"}


def _new_home(runs: Path) -> tuple[Path, int]:
    """A fresh home, and the lock on it that this run and its server hold as long as one of them lives."""
    runs.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (runs / ".lock").open("w") as sweeping:
        fcntl.flock(sweeping, fcntl.LOCK_EX)
        for left in runs.iterdir():
            if left.is_dir() and not _in_use(left):
                shutil.rmtree(left, ignore_errors=True)
        home = Path(tempfile.mkdtemp(prefix="run-", dir=runs))
        lock = os.open(home / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
    return home, lock


def _in_use(home: Path) -> bool:
    try:
        lock = os.open(home / "lock", os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(lock)


@contextlib.contextmanager
def _events_let_go(url: str) -> Iterator[None]:
    """Where a server is gone, each event of a run is given up at once; Prefect would spend seconds on it at the end."""
    from prefect.events.clients import PrefectEventsClient
    from prefect.events.worker import EventsWorker

    if is_cloud(url):  # which is asked otherwise, and does not go
        yield
        return
    EventsWorker.set_client_override(PrefectEventsClient, reconnection_attempts=2)
    try:
        yield
    finally:
        EventsWorker.set_client_override(None)


@contextlib.contextmanager
def _without(names: Collection[str]) -> Iterator[None]:
    """This process's environment without these variables, for a moment."""
    before = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(before)


@contextlib.contextmanager
def _environment(ours: Mapping[str, str], *, keep: bool) -> Iterator[None]:
    """This process's environment with ours in it; `keep` lets a person's own PREFECT_* stand and win."""
    before = dict(os.environ)
    if keep:
        ours = {name: value for name, value in ours.items() if name not in before}
    else:
        for name in [name for name in before if name.startswith("PREFECT_")]:
            del os.environ[name]
    os.environ.update(ours)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
