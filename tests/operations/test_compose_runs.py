"""Every command of deploy/compose.yaml is run here as a process, with the environment that compose gives it.

What is otherwise: containers are processes with a home of their own, the image's PATH is this checkout's, the names of
other containers are ports of this machine, PostgreSQL is this machine's, and an S3 server in a wheel takes the place of
the object store, whose own command is the only one that is not run.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.docs.pages import ROOT
from tests.drills.postgres_cluster import PostgresCluster, installed
from tests.drills.services import Service
from tests.operations.deploy_files import DEPLOY, instructions, services, variables
from tests.operations.standing_parts import standing_parts
from tests.operations.terminal import replaced
from tests.thinning import drill

VALUES = {name: value or "abc123" for name, value in variables(DEPLOY / ".env.example").items()}
VALUES |= {"PREFECT_AUTH": "studio:abc123", "CALLBACKS_URL": "https://calls.invalid/tailframe"}
IN_CONTAINERS = {"S3_ENDPOINT", "S3_REGION", "BUCKET"}
SERVICES = services({name: value for name, value in VALUES.items() if name not in IN_CONTAINERS})


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class Containers:
    """The services of the compose file, as processes."""

    def __init__(self, folder: Path, postgres: PostgresCluster, objects: int) -> None:
        self.folder, self.postgres = folder, postgres
        self.server = free_port()
        self._ports = {r"\b(?:server|127\.0\.0\.1):4200": f"127.0.0.1:{self.server}", r"\b4200\b": str(self.server)}
        self._ports |= {r"\bpostgres:5432": f"127.0.0.1:{postgres.port}", r"\bobjects:8333": f"127.0.0.1:{objects}"}
        self._ports |= {r"\b0\.0\.0\.0": "127.0.0.1", r"/opt/tailframe/": f"{ROOT}/"}
        self._own = {name: free_port() for name in SERVICES}
        self.running: list[Service] = []

    def run(self, name: str, command: Sequence[str] | None = None) -> str:
        """Run the service's command, or another one in its place, to its end."""
        words, environment, home = self._inside(name, SERVICES[name]["command"] if command is None else command)
        done = subprocess.run(
            words, cwd=home, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, f"{name}: {words}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def start(self, name: str) -> Service:
        """Start the service, and wait until its healthcheck says that it is healthy."""
        words, environment, home = self._inside(name, SERVICES[name]["command"])
        log = self.folder / f"{name}.log"
        service = Service(name=name, command=words, environment=environment, folder=home, log=log)
        service.start()
        self.running.append(service)
        deadline = time.monotonic() + 180
        while not self.healthy(name):
            assert service.up, f"{name} has ended: {service.words()[-3000:]}"
            assert time.monotonic() < deadline, f"{name} is not healthy: {service.words()[-3000:]}"
            time.sleep(0.5)
        return service

    def healthy(self, name: str) -> bool:
        """What the service's healthcheck says."""
        kind, *command = SERVICES[name]["healthcheck"]["test"]
        assert kind == "CMD"
        words, environment, home = self._inside(name, command)
        return subprocess.run(words, cwd=home, env=environment, capture_output=True, check=False).returncode == 0

    def _inside(self, name: str, command: Sequence[str]) -> tuple[list[str], Mapping[str, str], Path]:
        here = replaced({**self._ports, r"\b(?:8080|8791)\b": str(self._own[name])})
        home = self.folder / name
        home.mkdir(exist_ok=True)
        given: dict[str, Any] = {**image(home), **SERVICES[name].get("environment", {})}
        if name == "postgres":
            given |= {"PGHOST": "127.0.0.1", "PGPORT": str(self.postgres.port), "PGUSER": "postgres"}
        words = [here(word) for word in command]
        found = shutil.which(words[0], path=given["PATH"])
        assert found is not None, f"{name}: there is no {words[0]}"
        environment = {each: str(value) if each == "PATH" else here(str(value)) for each, value in given.items()}
        return [found, *words[1:]], environment, home


def image(home: Path) -> dict[str, str]:
    """The environment of the image, in this checkout; and what keeps tests from other machines."""
    written = dict(each.split("=", 1) for word, rest in instructions() if word == "ENV" for each in rest)
    programs = installed()
    assert programs is not None
    path = written["PATH"].replace("/opt/tailframe/.venv/bin", str(Path(sys.executable).parent))
    return {
        **written,
        "HOME": str(home),
        "PATH": f"{path}{os.pathsep}{programs}",
        "PYTHONPATH": os.environ["PYTHONPATH"],
    }


@pytest.fixture
def containers() -> Iterator[Containers]:
    """PostgreSQL and an object store stand."""
    with standing_parts("compose") as parts:
        found = Containers(parts.folder, parts.postgres, parts.objects_port)
        try:
            yield found
        finally:
            for each in found.running:
                each.kill()


@drill
@pytest.mark.timeout(600)
def test_every_command_of_the_compose_file_does_what_it_is_for(containers: Containers) -> None:
    """In the order in which they wait for each other; each job twice, as it runs at each start."""
    assert SERVICES["postgres"]["command"][0] == "postgres"  # run by `containers`; its own settings are PostgreSQL's
    containers.run("postgres", ["sh", str(DEPLOY / "postgres/databases.sh")])
    assert containers.healthy("postgres")
    for job in ("buckets", "migrate") * 2:
        containers.run(job)
    assert "the ledger is at version" in containers.run("migrate")
    server = containers.start("server")
    workers = [containers.start("worker-1"), containers.start("worker-2")]
    containers.start("callbacks")
    assert "Usage: tailframe" in containers.run("tools")
    assert "is on hold" in containers.run("tools", ["tailframe", "hold", ".", "--all", "--why", "a test"])
    assert "goes on" in containers.run("tools", ["tailframe", "release", ".", "--all"])
    assert named_workers(containers) == {"worker-1", "worker-2"}
    tried = {"objects", *("postgres", "buckets", "migrate", "server", "worker-1", "worker-2", "callbacks", "tools")}
    assert tried == set(SERVICES)
    for worker in workers:  # as `docker compose stop` does
        process = worker._process
        assert process is not None
        process.terminate()
        assert process.wait(60) == 0, worker.words()[-2000:]
    assert server.up


def named_workers(containers: Containers) -> set[str]:
    """The workers that the server's pages show, for whoever has its password."""
    with httpx.Client(base_url=f"http://127.0.0.1:{containers.server}/api", timeout=30) as api:
        assert api.post("/work_pools/studio/workers/filter", json={}).status_code == 401
        answer = api.post("/work_pools/studio/workers/filter", json={}, auth=("studio", "abc123"))
        return {each["name"] for each in answer.raise_for_status().json()}
