"""docs/operations.md is followed from a fresh clone: server, workers and the nights that make both example series.

Each command of the page is typed as it stands, but for this machine's ports. The two workers stand in clones and homes
of their own, from which the projects have been removed: they are given a project's name and nothing else. The examples
are drawn small, so that this takes minutes and no half hour.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import httpx
import psutil
import pytest
from ruamel.yaml import YAML

from render.ledger import open_ledger_read_only, queries
from storyboard.takes import TakeState
from tests.docs.pages import ROOT
from tests.drills.postgres_cluster import PostgresCluster, installed
from tests.operations.standing_parts import standing_parts
from tests.operations.terminal import As, Terminal, replaced, steps
from tests.s3 import ENVIRONMENT
from tests.thinning import drill

SERIES = ("lighthouse", "laundrette")
SOON = timedelta(seconds=90)
"""Prefect's scheduler looks at each schedule once a minute."""
SMALL = {"lighthouse": (160, 90, 6), "laundrette": (90, 160, 24)}  # the second counts its transitions in frames


@dataclass
class Machine:
    """Where the page is followed: PostgreSQL and an object store stand, everything else is the page's."""

    folder: Path
    postgres: PostgresCluster
    store: str
    held: contextlib.ExitStack
    logs: list[Path] = field(default_factory=list)

    def clone(self, name: str, here: As) -> Path:
        """A checkout of its own, with the packages of this one: `make install` makes the same of the same pins."""
        target = self.folder / name
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(target)], check=True)
        (target / ".venv").symlink_to(Path(sys.prefix))
        for file in (target / "deploy/systemd").glob("*.env.example"):
            file.write_text(here(file.read_text(encoding="utf-8")), encoding="utf-8")
        return target

    def terminal(self, checkout: Path, here: As) -> Terminal:
        """A shell in a checkout, with an empty home."""
        home = self.folder / f"home-of-{checkout.name}"
        home.mkdir(exist_ok=True)
        guard = os.environ["PYTHONPATH"]
        programs = installed()
        around = {
            "HOME": str(home),
            "PATH": os.pathsep.join(["/usr/bin", "/bin", str(programs)]),
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.postgres.port),
            "PGUSER": "postgres",
            "PYTHONPATH": os.pathsep.join([str(checkout), guard]),
            "PREFECT_WORKER_QUERY_SECONDS": "2",
            "MALLOC_ARENA_MAX": "2",
        }
        return Terminal(checkout, around, here)

    def begin(self, terminal: Terminal, block: str, name: str) -> None:
        """Type a block whose last line goes on; it is ended with the test, and what it started."""
        *before, last = steps(block)
        for step in before:
            terminal.type(step.line)
        self.logs.append(self.folder / f"{name}.log")
        process = terminal.start(last.line.replace("worker-1", name), self.logs[-1])
        self.held.callback(ended, process)

    def words(self) -> str:
        """What was printed last, for whoever reads why it failed."""
        return "\n".join(f"== {log.name}\n{log.read_text(errors='replace')[-2500:]}" for log in self.logs)


def ended(process: subprocess.Popen[bytes]) -> None:
    """End a process in order, and then whatever it left."""
    left = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(20)
    for each in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            each.kill()
    process.kill()
    process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture
def machine() -> Iterator[Machine]:
    """A PostgreSQL and an object store stand, as on the page."""
    with standing_parts("followed") as parts, contextlib.ExitStack() as held:
        yield Machine(parts.folder, parts.postgres, f"127.0.0.1:{parts.objects_port}", held)


def shrink(checkout: Path) -> None:
    """The examples, drawn in few and small pictures, without deliveries: what differs from the page."""
    for name, (width, height, fps) in SMALL.items():
        file = checkout / "projects" / name / "series.yaml"
        written: dict[str, Any] = YAML(typ="safe").load(file)
        written["delivery"]["master"] = {"width": width, "height": height, "fps": fps}
        written.pop("deliveries", None)
        with file.open("w", encoding="utf-8") as stream:
            YAML().dump(written, stream)


def filled_in(checkout: Path) -> None:
    """As whoever sets up a studio fills in its keys."""
    file = checkout / "tailframe.env"
    keys = r"^(AWS_ACCESS_KEY_ID|AWS_SECRET_ACCESS_KEY)=$"
    file.write_text(re.sub(keys, r"\1=key-of-the-store", file.read_text(), flags=re.MULTILINE))


def until(api: httpx.Client, machine: Machine, path: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(httpx.TransportError):
            if api.get(path).status_code == 200:
                return
        assert time.monotonic() < deadline, f"{path} does not answer\n{machine.words()}"
        time.sleep(0.3)


def schedule_soon(api: httpx.Client, project: str) -> None:
    """A schedule of `nightly` for one project, once and at once, in place of tonight, as its page makes it."""
    deployment = api.get("/deployments/name/nightly/nightly").raise_for_status().json()
    soon = (datetime.now(UTC) + SOON).strftime("%Y%m%dT%H%M%SZ")
    parameters = {**deployment["parameters"], "project": project, "window_from": "", "window_until": ""}
    known = deployment["parameter_openapi_schema"]["properties"]
    schedule = {
        "active": True,
        "schedule": {"rrule": f"DTSTART:{soon}\nRRULE:FREQ=DAILY;COUNT=1", "timezone": "UTC"},
        "parameters": {name: value for name, value in parameters.items() if name in known},
    }
    api.post(f"/deployments/{deployment['id']}/schedules", json=[schedule]).raise_for_status()


def ended_night(api: httpx.Client, machine: Machine, project: str) -> dict[str, Any]:
    """The scheduled run of a project, once it is over."""
    wanted = {"flows": {"name": {"any_": ["nightly"]}}, "sort": "EXPECTED_START_TIME_DESC"}
    deadline = time.monotonic() + 900
    while time.monotonic() < deadline:
        for run in api.post("/flow_runs/filter", json=wanted).raise_for_status().json():
            if run["parameters"]["project"] == project and run["state_type"] in {"COMPLETED", "FAILED", "CRASHED"}:
                return dict(run)
        time.sleep(1)
    raise AssertionError(f"no night of {project} ended\n{machine.words()}")


@drill
@pytest.mark.timeout(2400)
def test_the_page_leads_from_a_clone_to_both_series_made_at_night(machine: Machine) -> None:
    """No folder is shared: both workers are given names, and the archive in the bucket has every master."""
    port = free_port()
    here = in_ports_of(machine, port)
    studio, *workers = [machine.terminal(machine.clone(name, here), here) for name in ("studio", "one", "two")]
    shrink(studio.folder)
    set_up(studio)
    machine.begin(studio, "server-of-laptop", "server")
    api = machine.held.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{port}/api", timeout=60))
    until(api, machine, "/ready", 180)
    for number, terminal in enumerate(workers, 1):
        shutil.rmtree(terminal.folder / "projects")
        shutil.copy(studio.folder / "tailframe.env", terminal.folder)
        terminal.type('export PATH="$PWD/.venv/bin:$PATH"')
        machine.begin(terminal, "worker-of-laptop", f"worker-{number}")
    until(api, machine, "/work_pools/studio", 90)
    follow(studio, "project-of-laptop")
    for name in SERIES:
        make_at_night(api, machine, studio, name)
    assert_whole(machine, studio)
    for block in ("run-of-laptop", "hold", "release-all", "upgrade", "upgraded"):
        follow(studio, block)


def in_ports_of(machine: Machine, port: int) -> As:
    """What the page says in the usual ports, in this machine's."""
    return replaced(
        {
            r"127\.0\.0\.1:5432": f"127.0.0.1:{machine.postgres.port}",
            r"127\.0\.0\.1:4200": f"127.0.0.1:{port}",
            r"\b4200\b": str(port),
            r"127\.0\.0\.1:8333": machine.store,
        }
    )


def follow(terminal: Terminal, block: str) -> None:
    """Type all of a block."""
    for step in steps(block):
        terminal.type(step.line)


def set_up(studio: Terminal) -> None:
    """Type what the page begins with; and fill in the store's keys, as it says, before they are read."""
    for step in steps("laptop"):
        if step.line == "make install":  # `clone` has what it makes
            continue
        if "./tailframe.env" in step.line:
            filled_in(studio.folder)
        studio.type(step.line)


def make_at_night(api: httpx.Client, machine: Machine, studio: Terminal, name: str) -> None:
    """Push a series, give it a schedule, and wait until a run that nobody started has made it."""
    project = studio.type(f"tailframe push projects/{name} 2>/dev/null").strip()
    assert project.startswith("snapshot:")
    schedule_soon(api, project)
    night = ended_night(api, machine, project)
    assert night["state_type"] == "COMPLETED", f"{night['state']['message']}\n{machine.words()}"
    assert night["auto_scheduled"], "somebody started it"


def assert_whole(machine: Machine, studio: Terminal) -> None:
    """Each episode has a master in the archive, each shot one good take, and neither worker has a project's folder."""
    keys = (ENVIRONMENT["AWS_ACCESS_KEY_ID"], ENVIRONMENT["AWS_SECRET_ACCESS_KEY"])
    session = boto3.session.Session(*keys, region_name="us-east-1")
    with contextlib.closing(session.client("s3", endpoint_url=f"http://{machine.store}")) as client:
        pages = client.get_paginator("list_objects_v2").paginate(Bucket="tailframe", Prefix="archive/")
        archived = [each["Key"] for page in pages for each in page.get("Contents", [])]
    for name in SERIES:
        for episode in ("e01", "e02"):
            masters = [key for key in archived if re.fullmatch(rf"archive/{name}/{episode}/\w+/{episode}\.mp4", key)]
            assert len(masters) == 1, f"{name} {episode} has {len(masters)} masters"
    ledger = open_ledger_read_only(studio.type('printf %s "$TAILFRAME_LEDGER_URL"'))
    assert ledger is not None
    with contextlib.closing(ledger):
        for name in SERIES:
            takes = ledger.read(queries.takes, name)
            assert {take.state for take in takes} == {TakeState.DONE}
            assert len({take.shot for take in takes}) == len(takes)
    for name in ("one", "two"):
        assert not (machine.folder / name / "projects").exists()
