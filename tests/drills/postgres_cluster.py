"""A PostgreSQL cluster of what is installed on this machine, as operators run one; it can be killed, and started again.

The PostgreSQL out of a wheel, which other tests use, lacks the extension `pg_trgm`, and Prefect's server needs it.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import psycopg

ROOM = ("max_wal_size=48MB", "min_wal_size=32MB", "wal_level=minimal", "max_wal_senders=0", "shared_buffers=32MB")
"""Settings under which a cluster fits a disk of some hundred megabytes. Nothing here is asked to lose a commit."""


def installed() -> Path | None:
    """The programs' folder of the newest PostgreSQL that is installed with `pg_trgm`; None where there is none."""
    found = [
        folder / "bin"
        for folder in sorted(Path("/usr/lib/postgresql").glob("*"), key=lambda each: each.name.zfill(4))
        if Path("/usr/share/postgresql", folder.name, "extension/pg_trgm.control").exists()
    ]
    return found[-1] if found else None


class PostgresCluster:
    """One cluster in a folder, on a free port of this machine. For root it runs as the user `postgres`."""

    def __init__(self, folder: Path) -> None:
        programs = installed()
        assert programs is not None, "no PostgreSQL with pg_trgm is installed (apt-get install postgresql)"
        self._programs, self.data = programs, folder / "data"
        self._log = folder.parent / "postgres.log"  # not on the cluster's own disk, which drills fill
        self._process: subprocess.Popen[bytes] | None = None
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = int(probe.getsockname()[1])

    def create(self) -> None:
        """Make the cluster in its folder, which may be a file system of its own."""
        self.data.mkdir(mode=0o700, parents=True)
        self._log.touch()
        if os.geteuid() == 0:
            shutil.chown(self.data, "postgres")
            shutil.chown(self._log, "postgres")
        how = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username=postgres", "--wal-segsize=4"]
        done = self._started("initdb", *how, "-D", str(self.data))
        assert done.wait(60) == 0, self._log.read_text()

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        self._process = self._begun()
        deadline = time.monotonic() + 60
        while not self.answers():
            assert time.monotonic() < deadline, f"PostgreSQL does not come up: {self.log()[-2000:]}"
            time.sleep(0.1)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT as a restart does ("fast"), SIGQUIT as a power cut does ("immediate")."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(how)
        self._process.wait(30)
        self._process = None

    @property
    def ended(self) -> bool:
        """Whether it gave up by itself."""
        return self._process is not None and self._process.poll() is not None

    def revive(self) -> None:
        """Start it anew where it gave up, as a service manager does; whether that helps is seen later."""
        if self.ended:
            self._process = self._begun()

    def answers(self) -> bool:
        """Whether it takes connections, and answers."""
        with contextlib.suppress(psycopg.Error), psycopg.connect(self.url("postgres"), connect_timeout=3) as asked:
            return asked.execute("SELECT 1").fetchone() == (1,)
        return False

    def make_database(self, name: str) -> str:
        """A new, empty database; its URL."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return self.url(name)

    def url(self, database: str, driver: str = "") -> str:
        """Where a database is."""
        return f"postgresql{driver}://postgres@127.0.0.1:{self.port}/{database}"

    def log(self) -> str:
        """What the server wrote into its log."""
        return self._log.read_text(errors="replace")

    def _begun(self) -> subprocess.Popen[bytes]:
        settings = [part for each in ROOM for part in ("-c", each)]
        own = ["-h", "127.0.0.1", "-p", str(self.port), "-k", str(self.data), "-c", "max_connections=200"]
        return self._started("postgres", "-D", str(self.data), *own, *settings)

    def _started(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        user = pwd.getpwnam("postgres").pw_uid if os.geteuid() == 0 else None
        command = [str(self._programs / program), *arguments]
        with self._log.open("ab") as log:
            return subprocess.Popen(command, cwd="/", user=user, stdout=log, stderr=log, start_new_session=True)
