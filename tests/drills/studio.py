"""A whole studio on this machine, of real parts, for drills that break one of them.

A Prefect server and the ledger on one PostgreSQL, three process workers that share no folder, clips and archives in an
S3 server behind a way that can be made bad, and the sandbox in a process of its own, with its own books, for vendors.
Everything is kept by a service manager, as on a studio's machines: what ends is started anew.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import boto3
import httpx
from moto.server import ThreadedMotoServer

from render.ledger import migrate
from tests.drills.faulty_proxy import FaultyProxy
from tests.drills.postgres_cluster import PostgresCluster
from tests.drills.services import ROOT, Service, ServiceManager
from tests.drills.small_disk import mounted
from tests.flows.accounts import draw_clips
from tests.render.sandbox.standing import Standing
from tests.s3 import ENVIRONMENT as S3_ENVIRONMENT

BUCKET = "studio"
JOB_SECONDS = 6.0
"""How long the sandbox works on a clip: so long that a fault finds paid jobs under way."""

WORKERS = ("north", "east", "south")
PLACES = 2
"""How many runs each of them takes at a time."""

HEARTBEAT_S = 30  # between two signs of life of a flow run: the least that Prefect takes
SILENT_S = 3 * HEARTBEAT_S
"""After which a run from which nothing was heard is marked crashed, as `flows.prefect.automations` has it."""


class Studio:
    """See above; `opened_studio` opens one. Jobs at its vendors take `job_s`; the vendors take 50 of them at once.
    Each worker has so many `places`.
    """

    def __init__(self, folder: Path, job_s: float = JOB_SECONDS, places: int = PLACES) -> None:
        self.folder, self._places = folder, places
        self.manager = ServiceManager()
        self.postgres = PostgresCluster(folder / "postgres")
        self.sandbox = Standing(folder / "sandbox", job_s, forked=False)
        self.workers: dict[str, Service] = {}
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self._port = int(probe.getsockname()[1])
        self.archive_url = f"s3://{BUCKET}/archive"
        self.api = httpx.Client(base_url=f"http://127.0.0.1:{self._port}/api", timeout=30)

    def open(self, held: contextlib.ExitStack) -> None:
        """Start everything; `held` ends it."""
        held.callback(self.api.close)
        self._open_store(held)
        self.postgres_disk = held.enter_context(mounted(self.folder / "postgres", 400))
        self.postgres.create()
        self.postgres.start()
        held.callback(self.postgres.stop)
        self._prefect_database = self.postgres.make_database("prefect")
        self.ledger_url = self.postgres.make_database("ledger")
        migrate(self.ledger_url)
        self._open_sandbox(held)
        held.enter_context(self.manager.watching())
        self.server = self._service("server", self._server_environment(), *self._server_command())
        self.server.start()
        self.wait_for_server()
        self.ask("POST", "/work_pools/", json={"name": "studio", "type": "process"})
        self._finish("-m", "prefect", "--no-prompt", "deploy", "--all")
        imports = "import asyncio, datetime; from flows.prefect.automations import apply_automations"
        self._finish("-c", f"{imports}; asyncio.run(apply_automations(datetime.timedelta(seconds={SILENT_S})))")
        for name in WORKERS:
            self.workers[name] = self.add_worker(name, limit=self._places)
            self.workers[name].start()

    def add_worker(
        self, name: str, checkout: Path = ROOT, limit: int = PLACES, *, options: Sequence[str] = (), **more: str
    ) -> Service:
        """One more worker with a folder of its own, that works with the Tailframe of a checkout; not started yet."""
        home = self.folder / "workers" / name
        home.mkdir(parents=True)
        named = ["--pool", "studio", "--name", name, "--limit", str(limit), *options]
        command = ["flows.cli", "worker", *named]
        if checkout != ROOT:  # which may not have that yet
            command = ["prefect", "worker", "start", "--type", "process", *named]
        return self._service(name, {**self.worker_environment(home), **more}, *command, folder=checkout)

    @contextlib.contextmanager
    def altered(self, name: str, *, home: Path | None = None, **more: str) -> Iterator[None]:
        """A worker, started anew with another folder or with more in its environment, while the block lasts."""
        worker = self.workers[name]
        before = worker.environment
        worker.stop()
        worker.environment = {**(before if home is None else self.worker_environment(home)), **more}
        worker.start()
        try:
            yield
        finally:
            worker.stop()
            worker.environment = before
            worker.start()

    def worker_environment(self, home: Path) -> dict[str, str]:
        """What a worker is given: addresses and keys, a folder of its own, and nothing of any project."""
        return {
            **self._prefect_environment(home),
            **S3_ENVIRONMENT,
            **self.sandbox.environment,
            "AWS_ENDPOINT_URL_S3": self.s3_way.url,
            "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_S),
            "PREFECT_WORKER_QUERY_SECONDS": "2",
            "TAILFRAME_ARCHIVE_URL": self.archive_url,
            "TAILFRAME_LEDGER_URL": self.ledger_url,
            "TAILFRAME_POLL_INTERVAL": "0.5",
            "TAILFRAME_STORE_URL": f"s3://{BUCKET}/blobs",
            "TAILFRAME_WORK_DIR": str(home / "work"),
            "TMPDIR": str(home),
            "XDG_CACHE_HOME": str(home / "cache"),
        }

    def reading_environment(self) -> dict[str, str]:
        """What whoever looks into its bucket needs: the server itself, whatever the way there is like."""
        return {**S3_ENVIRONMENT, "AWS_ENDPOINT_URL_S3": self.s3.meta.endpoint_url}

    def wait_for_server(self) -> None:
        """Until Prefect's server answers."""
        until(self.server_answers, 180, "the Prefect server did not come up")

    def server_answers(self) -> bool:
        """Whether Prefect's server and its database do."""
        with contextlib.suppress(httpx.TransportError):
            return self.api.get("/ready").status_code == 200
        return False

    def ask(self, method: str, path: str, **body: Any) -> Any:
        """What Prefect's server answers, once it does: drills look at it while it is gone, or its database."""
        deadline = time.monotonic() + 420
        while True:
            with contextlib.suppress(httpx.TransportError):
                answer = self.api.request(method, path, **body)
                if answer.status_code < 500 and answer.status_code not in {404, 429}:
                    answer.raise_for_status()
                    return answer.json()
            assert time.monotonic() < deadline, f"{path} is not answered"
            time.sleep(0.5)

    def runs(self, *names: str) -> list[dict[str, Any]]:
        """The flow runs in states of these types."""
        wanted = {"flow_runs": {"state": {"type": {"any_": list(names)}}}}
        return list(self.ask("POST", "/flow_runs/filter", json=wanted))

    def restart_sandbox(self) -> None:
        """Start the sandbox again on its books, where it was."""
        port = self.sandbox.url.rpartition(":")[2]
        self.sandbox.start("--port", port, "--jobs-at-once", "50")

    def _open_store(self, held: contextlib.ExitStack) -> None:
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        held.callback(server.stop)
        host, port = server.get_host_and_port()
        self.s3_way = FaultyProxy(f"http://{host}:{port}", seed=7)
        held.callback(self.s3_way.close)
        keys = (S3_ENVIRONMENT["AWS_ACCESS_KEY_ID"], S3_ENVIRONMENT["AWS_SECRET_ACCESS_KEY"])
        session = boto3.session.Session(*keys, region_name="us-east-1")
        self.s3 = session.client("s3", endpoint_url=f"http://{host}:{port}")
        held.callback(self.s3.close)
        self.s3.create_bucket(Bucket=BUCKET)

    def _open_sandbox(self, held: contextlib.ExitStack) -> None:
        (self.sandbox.state / "clips").mkdir(parents=True)
        draw_clips(self.sandbox.state / "clips")
        self.sandbox.start("--jobs-at-once", "50")
        held.callback(self.sandbox.close)

    def _service(self, name: str, environment: Mapping[str, str], *arguments: str, folder: Path = ROOT) -> Service:
        service = Service(
            name=name,
            command=[sys.executable, "-m", *arguments],
            environment=environment,
            folder=folder,
            log=self.folder / f"{name}.log",
        )
        self.manager.services.append(service)
        return service

    def _server_command(self) -> tuple[str, ...]:
        return ("prefect", "server", "start", "--host", "127.0.0.1", "--port", str(self._port))

    def _server_environment(self) -> dict[str, str]:
        home = self.folder / "server"
        home.mkdir()
        url = self._prefect_database.replace("postgresql://", "postgresql+asyncpg://")
        return {
            **self._prefect_environment(home),
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": url,
            "PREFECT_SERVER_EVENTS_EXPIRED_BUCKET_BUFFER": "PT1S",  # how long it waits for late events
        }

    def _prefect_environment(self, home: Path) -> dict[str, str]:
        unwanted = ("PREFECT", "TAILFRAME", "AWS")
        own = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
        return {
            **own,
            "DO_NOT_TRACK": "1",
            "PREFECT_API_URL": str(self.api.base_url).rstrip("/"),
            "PREFECT_HOME": str(home),
            "PREFECT_PROFILES_PATH": str(home / "profiles.toml"),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        }

    def push(self, project: Path) -> str:
        """Put a project into the store, as an operator does; returns the name by which workers find it."""
        environment = self.worker_environment(self.folder / "operator")
        return self._finish("-m", "flows.cli", "push", str(project), environment=environment).split()[-1]

    def _finish(self, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
        """What a command of an operator's prints."""
        around = dict(environment or self._prefect_environment(self.folder / "server"))
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=around, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@contextlib.contextmanager
def opened_studio(folder: Path, job_s: float = JOB_SECONDS, places: int = PLACES) -> Iterator[Studio]:
    """A studio in an empty folder, open for as long as the block lasts."""
    with contextlib.ExitStack() as held:
        studio = Studio(folder, job_s, places)
        studio.open(held)
        yield studio


def until(holds: Callable[[], bool], seconds: float, otherwise: str) -> None:
    """Wait until something holds; AssertionError after so many seconds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.25)
