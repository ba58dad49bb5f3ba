"""No key, password or signature is in any file, log, error or page of Prefect after runs in which everything fails."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest

from flows.prefect.server import EmbeddedServer, prefect_server
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import produce
from tests.leaks import files_that_match, files_that_show, shows
from tests.postgres import postgres_ledger_url, postgres_server, postgres_template
from tests.projects import episode_file, png, scene, series_file, shot, write_project
from tests.render.sandbox.standing import Standing
from tests.s3 import ENVIRONMENT, TestBucket, bucket, s3_client, s3_endpoint, s3_environment
from tests.thinning import exhaustive
from tests.vendors import VENDORS

__all__ = ["bucket", "postgres_ledger_url", "postgres_server", "postgres_template"]
__all__ += ["s3_client", "s3_endpoint", "s3_environment"]

pytestmark = pytest.mark.timeout(240)

KEY = "sk-Rv7/Qm2+Zp4Xk9Lw3Tb8Ny"
WRONG = "sk-Wg5/Hd8+Kc1Vf6Jt2Sx0Pa"
PASSWORD = "pw-Zr6Yh3Ue9Od2Mb7Gq4"
SECRETS = (KEY, WRONG, PASSWORD, ENVIRONMENT["AWS_SECRET_ACCESS_KEY"])
NEIGHBOURS = ("werkzeug",)
"""Servers of this test in this process, which log what they are asked."""

SIGNATURE = re.compile(rb"(?i)signature(?:=|%3d)[0-9a-f]{16}")
"""Of a vendor's link or of ours: whoever has it can open what it leads to."""

TINY = {"master": {"width": 160, "height": 90, "fps": 24}}

Fault = dict[str, Any]
EVERYWHERE: dict[str, list[Fault]] = {
    "echoes": [{"where": "create", "what": "echo"}],
    "whispers": [{"where": "poll", "what": "echo"}],
}
ONCE: dict[str, tuple[str, list[Fault]]] = {
    "refused": ("kinovi", [{"where": "job", "what": "moderation"}]),
    "vanishes": ("kinovi", [{"where": "create", "what": "drop", "when": "after"}]),
    "breaks": ("evolink", [{"where": "create", "what": "500"}]),
    "arrives": (
        "evolink",
        [
            {"where": "create", "what": "429"},
            {"where": "poll", "what": "503"},
            {"where": "poll", "what": "garbage"},
            {"where": "download", "what": "expire"},
            {"where": "download", "what": "corrupt"},
        ],
    ),
    "babbles": ("aihubmax", [{"where": "create", "what": "garbage"}]),
    "fails": ("oxen", [{"where": "job", "what": "fail"}]),
}
"""A word of a shot's prompt, and what then goes wrong with it: at every vendor, and at one of them."""


@dataclass(frozen=True)
class Machine:
    """Everything that Tailframe writes, below one folder; the sandbox keeps its own books elsewhere."""

    root: Path
    standing: Standing

    @property
    def project(self) -> Path:
        return self.root / "project"

    @property
    def environment(self) -> dict[str, str]:
        """A machine of its own, on which everything is told that can be told."""
        foreign = ("TAILFRAME", "PREFECT", "XDG", "AWS", *(vendor.upper() for vendor in VENDORS))
        kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        told = {
            "HOME": str(self.root / "home"),
            "XDG_STATE_HOME": str(self.root / "state"),
            "TMPDIR": str(self.root / "tmp"),
            "TAILFRAME_DEBUG": "1",
            "TAILFRAME_POLL_INTERVAL": "0.1",
            "PREFECT_LOGGING_LEVEL": "DEBUG",
            "PREFECT_LOGGING_ROOT_LEVEL": "DEBUG",
        }
        return kept | told | self.standing.environment


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """A project for all four vendors, and a sandbox that takes a key which is known wherever it turns up."""
    root = tmp_path / "searched"
    for name in ("home", "state", "tmp"):
        (root / name).mkdir(parents=True)
    _write(root)
    standing = Standing(tmp_path / "vendors", job_seconds=0.05)
    standing.start("--key", KEY)
    standing.http.headers["Authorization"] = f"Bearer {KEY}"
    for vendor in VENDORS:
        for word, faults in EVERYWHERE.items():
            for fault in faults:
                standing.plan(vendor=vendor, prompt=word, **fault)
    for word, (vendor, faults) in ONCE.items():
        for fault in faults:
            standing.plan(vendor=vendor, prompt=word, **fault)
    yield Machine(root, standing)
    standing.close()


def _write(root: Path) -> None:
    shots = [(vendor, word) for word in EVERYWHERE for vendor in VENDORS]
    shots += [(vendor, word) for word, (vendor, _) in ONCE.items()]
    scenes = [
        scene(
            vendor,
            *(shot(word, f"{{{{ mara }}}} {word}", provider=vendor) for other, word in shots if other == vendor),
            location=None,
        )
        for vendor in VENDORS
    ]
    defaults = {"resolution": "480p", "continuity": "none"}
    write_project(
        root,
        series=series_file(defaults=defaults, delivery=TINY),
        episodes={"e01": episode_file("e01", *scenes, style=None)},
        files={"references/cast/mara.png": png(400, 400)},
    )


@contextlib.contextmanager
def serving(state: Path) -> Iterator[str]:
    """A Prefect server that keeps all that it is told below this folder until it is closed."""
    with prefect_server(state) as server:
        assert isinstance(server, EmbeddedServer)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{server.url}/health", timeout=30).is_success:
                    break
            time.sleep(0.1)
        yield server.url


def _signed_links(database: Path) -> dict[str, list[str]]:
    """Every signed link in a database of Prefect's, or what stands in a link's place, by its table."""
    found: dict[str, list[str]] = {}
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                text = " ".join(map(str, row))
                words = [each for each in re.split(r"[\s\"<>()\\]+", text) if SIGNATURE.search(each.encode())]
                if words:
                    found.setdefault(table, []).extend(words)
    return found


def _with_password(url: str) -> str:
    """The same database, asked with a password, which a server that trusts this machine never looks at."""
    parts = urlsplit(url)
    return parts._replace(netloc=f"postgres:{PASSWORD}@{parts.netloc.rpartition('@')[2]}").geturl()


def _events(database: str) -> str:
    """Every take's error and every event of a ledger, as they are kept."""
    with psycopg.connect(database) as connection:
        takes = connection.execute("SELECT error_code, error_message, usage FROM takes").fetchall()
        return str(takes + connection.execute("SELECT words FROM events").fetchall())


def commanded(environment: Mapping[str, str], *arguments: str | Path) -> str:
    """The command in a process of its own, which ends with 1; returns all that it says."""
    command = [sys.executable, "-m", "flows.cli", *map(str, arguments)]
    done = subprocess.run(command, env=dict(environment), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1, done.stderr
    return done.stdout + done.stderr


def asked(monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str], *arguments: str | Path) -> str:
    """The same command in this process, which starts at once; returns all that it says."""
    _live_in(monkeypatch, environment)
    return tailframe(*arguments).output


def _live_in(monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str]) -> None:
    for name in os.environ.keys() - environment.keys():
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


@exhaustive
def test_no_secret_is_left_anywhere(
    machine: Machine,
    postgres_ledger_url: str,
    bucket: TestBucket,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Vendors repeat the key and our links in every dress, keys are wrong, and every log says all that it can."""
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    database = _with_password(postgres_ledger_url)
    team = (
        machine.environment
        | bucket.environment()
        | {"TAILFRAME_LEDGER_URL": database, "TAILFRAME_STORE_URL": bucket.url}
    )
    with serving(machine.root / "state") as url:
        told = [commanded(team | {"PREFECT_API_URL": url}, "produce", machine.project, "e01", "--yes")]
        (known,) = (machine.root / "state").rglob("prefect.db")
        heard = known.read_bytes() + known.with_name("prefect.db-wal").read_bytes()
        for vendor in ("kinovi", "evolink", "aihubmax"):
            machine.standing.plan(vendor=vendor, where="upload", what="echo")
        _live_in(monkeypatch, machine.environment | {"AIHUBMAX_API_KEY": WRONG, "OXEN_API_KEY": WRONG})
        alone = produce(machine.project, shots=frozenset(f"{vendor}/echoes" for vendor in VENDORS))
        told += [outcome.message for outcome in alone.outcomes]
        told += [asked(monkeypatch, team, command, machine.project) for command in ("reconcile", "doctor")]
        told += [asked(monkeypatch, team, command, machine.project, "e01", "--json") for command in ("status", "plan")]
        gone = {"TAILFRAME_LEDGER_URL": f"postgresql://team:{PASSWORD}@127.0.0.1:1/gone"}
        told.append(asked(monkeypatch, team | gone, "status", machine.project))
        left = {secret: files_that_show(secret, machine.root) for secret in SECRETS}
        signed = files_that_match(SIGNATURE, machine.root)
        links = _signed_links(known)
    kept = _events(postgres_ledger_url)
    said = "\n".join([*told, *(each.getMessage() for each in caplog.records if each.name not in NEIGHBOURS)])
    assert {secret: files for secret, files in left.items() if files} == {}
    databases = ("ledger.sqlite", "ledger.sqlite-wal", "prefect.db", "prefect.db-wal")
    assert [name for name in signed if not name.endswith(databases)] == []
    assert set(links) <= {"artifact", "artifact_collection"}, (
        "Prefect's pages link our own clips, and nothing else does"
    )
    assert {
        link.startswith(f"{bucket.endpoint}/{bucket.name}/") for of_table in links.values() for link in of_table
    } == {True}
    assert [secret for secret in SECRETS if shows(said + kept, secret)] == []
    assert SIGNATURE.findall((said + kept).encode()) == []
    for proof in ("Cannot read your request: Bearer [key]", "reconcile` settles it"):
        assert proof in told[0]
        assert proof.encode() in heard
    assert "?[…]" in told[0]
    assert "Cannot read your request: Bearer ***" in kept
    assert "401 unauthenticated" in said
    assert "\n".join(told).count("refused the upload of @") == 3
    assert any((machine.project / ".tailframe/logs").glob("run-*.log")), (
        "and what was searched holds the runs' own logs"
    )
