"""A real Prefect server with the deployments of prefect.yaml, and a real worker; both can be started anew."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx

from flows.settings import places_of, read_settings
from render.ledger import open_ledger, queries

ROOT = Path(__file__).parents[3]
ENDS = frozenset({"COMPLETED", "FAILED", "CRASHED", "CANCELLED"})


class DeployedServer:
    """A server on a free port, everything deployed, a process worker: as docs/operators.md says."""

    def __init__(self, home: Path, project: Path, more: Mapping[str, str]) -> None:
        self.project = project
        self._home = home
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self._port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}/api"
        self.api = httpx.Client(base_url=self.url, timeout=30)
        own = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "TAILFRAME"))}
        self.environment = {
            **own,
            "DO_NOT_TRACK": "1",
            "PWD": str(home),  # as cron, `env -C` and whoever starts a process elsewhere leave it: not the folder
            "PREFECT_API_URL": self.url,
            "PREFECT_HOME": str(home),
            "PREFECT_PROFILES_PATH": str(home / "profiles.toml"),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
            "PREFECT_WORKER_QUERY_SECONDS": "1",
            **more,
        }
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Server, work pool and worker."""
        self._spawn("server", "start", "--host", "127.0.0.1", "--port", str(self._port))
        self._wait()
        self.api.post("/work_pools/", json={"name": "studio", "type": "process"})  # 409: it is there already
        self.start_worker()

    def deploy(self) -> None:
        """All of prefect.yaml."""
        self._finish("deploy", "--all")

    def tailframe(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command of ours beside the server, in the checkout."""
        command = [sys.executable, "-m", "flows.cli", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=240, check=False
        )

    def stop(self) -> None:
        """End worker and server, as whoever restarts a machine does."""
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._processes.clear()

    def run(self, deployment: str, **parameters: object) -> dict[str, Any]:
        """Run a deployment to its end, as the button in the UI does; the flow run."""
        return self.until(self.begin(deployment, **parameters), ENDS)

    def begin(self, deployment: str, **parameters: object) -> str:
        """Start a run of a deployment; its id."""
        found = self.ask("GET", f"/deployments/name/{deployment}")
        asked = {"parameters": {"project": str(self.project), **parameters}, "state": {"type": "SCHEDULED"}}
        return str(self.ask("POST", f"/deployments/{found['id']}/create_flow_run", json=asked)["id"])

    def until(self, run_id: str, states: frozenset[str], *, within_s: float = 120) -> dict[str, Any]:
        """Wait until a run is in one of these states; the flow run."""
        deadline = time.monotonic() + within_s
        while (run := self.ask("GET", f"/flow_runs/{run_id}"))["state_type"] not in states:
            assert time.monotonic() < deadline, f"{run['name']} is still {run['state_name']}"
            assert run["state_type"] not in ENDS, f"{run['name']} ended {run['state_name']}: {run['state']['message']}"
            time.sleep(0.3)
        return dict(run)

    def ask(self, method: str, path: str, **body: Any) -> Any:
        """What the server answers; asked again, as Prefect's own client does, while its database is busy (503)."""
        deadline = time.monotonic() + 60
        while (answer := self.api.request(method, path, **body)).status_code == 503:
            assert time.monotonic() < deadline, f"{path} is still refused"
            time.sleep(0.5)
        return answer.raise_for_status().json() if answer.content else None

    def takes(self) -> dict[str, int]:
        """How many takes each shot has, by the ledger."""
        ledger = open_ledger(places_of(self.project, read_settings()).ledger)
        counts: dict[str, int] = {}
        for take in ledger.read(queries.takes, "lighthouse"):
            counts[take.shot] = counts.get(take.shot, 0) + 1
        ledger.close()
        return counts

    def stop_worker(self) -> None:
        """The worker's machine goes away, and whatever ran there."""
        worker = self._processes.pop()
        for process in [*descendants_of(worker.pid), worker.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        worker.wait()

    def start_worker(self) -> None:
        """A worker of the same pool."""
        self._spawn("worker", "start", "--pool", "studio", "--type", "process")

    def log_of(self, run: str, task: str | None = None) -> list[str]:
        """What a flow run's own log says, or that of one of its tasks, in order. It is sent in bursts."""
        time.sleep(3)
        asked = {"logs": {"flow_run_id": {"any_": [run]}}, "sort": "TIMESTAMP_ASC", "limit": 200}
        lines = self.ask("POST", "/logs/filter", json=asked)
        return [line["message"] for line in lines if line["task_run_id"] == task]

    def tasks_of(self, run: str) -> dict[str, dict[str, Any]]:
        """The task runs of a flow run, by name. The server writes them down some moments after they were."""
        time.sleep(3)
        found = self.ask("POST", "/task_runs/filter", json={"flow_runs": {"id": {"any_": [run]}}})
        return {task["name"]: task for task in found}

    def artifact(self, key: str) -> dict[str, Any]:
        """The newest artifact of this key."""
        asked = {"artifacts": {"key": {"any_": [key]}}, "sort": "CREATED_DESC", "limit": 1}
        (newest,) = self.ask("POST", "/artifacts/filter", json=asked)
        return dict(newest)

    def worker_log(self) -> str:
        """What the worker and its runs printed."""
        return (self._home / "worker.log").read_text(errors="replace")

    def _spawn(self, *arguments: str) -> None:
        with (self._home / f"{arguments[0]}.log").open("ab") as log:
            command = [sys.executable, "-m", "prefect", *arguments]
            process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        self._processes.append(process)

    def _finish(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "prefect", "--no-prompt", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def _wait(self) -> None:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx.TransportError):
                if self.api.get("/health").status_code == 200:
                    return
            time.sleep(0.2)
        raise AssertionError("the Prefect server did not come up")


def descendants_of(process: int) -> list[int]:
    """Whatever it started, and what these did, the youngest first."""
    children = [int(pid) for pid in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    return [each for child in children for each in [*descendants_of(child), child]]


@contextlib.contextmanager
def deployed_server(home: Path, project: Path, **more: str) -> Iterator[DeployedServer]:
    """Such a server for runs of one project; `more` is of the environment of its worker."""
    server = DeployedServer(home, project, more)
    try:
        server.start()
        server.deploy()
        yield server
    finally:
        server.stop()
        server.api.close()
        shutil.rmtree(home, ignore_errors=True)
