"""Three workers of a real Prefect server that share no folder: ledger on PostgreSQL, clips and archive on S3."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mypy_boto3_s3.client import S3Client

from tests.flows.accounts import Account
from tests.flows.prefect.deployed_server import ROOT, DeployedServer
from tests.s3 import ENVIRONMENT as S3_KEYS

WORKERS = ("north", "east", "south")


class SeveralWorkers(DeployedServer):
    """Such a studio. Each worker has a home, a work folder and a folder to stand in of its own."""

    def __init__(self, folder: Path, ledger_url: str, bucket_url: str, endpoint: str, account: Account) -> None:
        self.ledger_url = ledger_url
        self.places = {
            **S3_KEYS,
            **account.standing.environment,
            "AWS_ENDPOINT_URL_S3": endpoint,
            "TAILFRAME_LEDGER_URL": ledger_url,
            "TAILFRAME_STORE_URL": f"{bucket_url}/blobs",
            "TAILFRAME_ARCHIVE_URL": f"{bucket_url}/archive",
            "TAILFRAME_POLL_INTERVAL": "0.2",
        }
        self._folder = folder
        super().__init__(folder, folder, self.places)

    def start(self) -> None:
        """Server and work pool."""
        self._spawn("server", "start", "--host", "127.0.0.1", "--port", str(self._port))
        self._wait()
        self.api.post("/work_pools/", json={"name": "studio", "type": "process"})

    def deploy(self) -> None:
        """All of prefect.yaml, and the workers: those of episodes, and one for the runs that wait for others."""
        super().deploy()
        self._finish("work-queue", "set-concurrency-limit", "default", "6", "--pool", "studio")
        for name in WORKERS:
            self._at(
                "worker",
                "start",
                "--pool",
                "studio",
                "--type",
                "process",
                "--work-queue",
                "default",
                "--limit",
                "2",
                home=self.home(name),
            )
        self._at(
            "worker",
            "start",
            "--pool",
            "studio",
            "--type",
            "process",
            "--work-queue",
            "series",
            "--limit",
            "4",
            home=self.home("desk"),
        )

    def home(self, worker: str) -> Path:
        """All that a worker has of its own."""
        return self._folder / worker

    def command(self, *arguments: str | Path) -> str:
        """What a `tailframe` command prints on a machine beside the workers."""
        told = [sys.executable, "-m", "flows.cli", *map(str, arguments)]
        around = {**os.environ, **self.places}
        done = subprocess.run(told, cwd=ROOT, env=around, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def make(self, deployment: str, **parameters: object) -> dict[str, Any]:
        """Run a deployment to its end; the flow run."""
        return self.until(self.begin(deployment, **parameters), frozenset({"COMPLETED", "FAILED"}), within_s=540)

    def children(self, run: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The flow runs that Prefect's pages show below this one."""
        asked = {"flow_runs": {"parent_flow_run_id": {"any_": [run["id"]]}}, "limit": 200}
        return list(self.ask("POST", "/flow_runs/filter", json=asked))

    def _at(self, *arguments: str, home: Path) -> None:
        """Start a worker that has nothing in common with the others."""
        (home / "stands").mkdir(parents=True)
        own = {
            "PREFECT_HOME": str(home / "prefect"),
            "PREFECT_PROFILES_PATH": str(home / "prefect/profiles.toml"),
            "TAILFRAME_WORK_DIR": str(home / "work"),
            "TMPDIR": str(home),
            "XDG_CACHE_HOME": str(home / "cache"),
            "PWD": str(home / "stands"),
        }
        told = [sys.executable, "-m", "prefect", *arguments, "--name", home.name]
        with (self._folder / f"{home.name}.log").open("ab") as log:
            environment = {**self.environment, "PYTHONPATH": self._path(), **own}
            process = subprocess.Popen(told, cwd=home / "stands", env=environment, stdout=log, stderr=log)
        self._processes.append(process)

    def _path(self) -> str:
        return os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))


@contextlib.contextmanager
def several_workers(
    folder: Path, ledger_url: str, client: S3Client, endpoint: str, account: Account
) -> Iterator[SeveralWorkers]:
    """A studio whose workers buy at this account."""
    bucket = f"studio-{secrets.token_hex(6)}"
    client.create_bucket(Bucket=bucket)
    studio = SeveralWorkers(folder, ledger_url, f"s3://{bucket}", endpoint, account)
    try:
        studio.start()
        studio.deploy()
        yield studio
    finally:
        studio.stop()
        studio.api.close()
        shutil.rmtree(folder, ignore_errors=True)
