"""What Acme knows: its jobs, its uploads, every request it heard, and the faults that a test scripted.

All of it is in one SQLite file and written before an answer leaves, so that Acme's own count survives whatever is
killed, and can be compared with the ledger's.
"""

from __future__ import annotations

import json
import sqlite3
import time
import uuid
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

PRICES_USD = {"180p": Decimal("0.05"), "480p": Decimal("0.10"), "720p": Decimal("0.20")}
"""Per second bought."""

_TABLES = """
CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY, created_at REAL, ready_at REAL, body TEXT, price TEXT, charged TEXT, state TEXT,
    code TEXT, words TEXT);
CREATE TABLE IF NOT EXISTS keys (key TEXT PRIMARY KEY, job TEXT);
CREATE TABLE IF NOT EXISTS uploads (name TEXT PRIMARY KEY, content BLOB);
CREATE TABLE IF NOT EXISTS heard (n INTEGER PRIMARY KEY, at REAL, kind TEXT, method TEXT, path TEXT, job TEXT);
CREATE TABLE IF NOT EXISTS faults (n INTEGER PRIMARY KEY, fault TEXT, skip INTEGER, left INTEGER);
"""


@dataclass(frozen=True, slots=True)
class Job:
    """One order that Acme took. Money in US dollars."""

    id: str
    created_at: float
    ready_at: float
    body: dict[str, Any]
    price: Decimal
    charged: Decimal
    state: str  # running, succeeded, failed, refused, cancelled
    code: str
    words: str

    @property
    def prompt(self) -> str:
        return str(self.body["prompt"])


@dataclass(frozen=True, slots=True)
class Heard:
    """One request that reached Acme."""

    kind: str  # create, poll, list, cancel, upload, download
    method: str
    path: str
    job: str | None


class Shop:
    """Acme's books, for the server that keeps them and for tests that read them."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._books = sqlite3.connect(folder / "acme.sqlite", isolation_level=None, timeout=10)
        self._books.row_factory = sqlite3.Row
        self._books.execute("PRAGMA journal_mode=WAL")
        self._books.execute("PRAGMA synchronous=OFF")  # processes are killed here, machines are not
        self._books.executescript(_TABLES)

    def close(self) -> None:
        self._books.close()

    def take_order(self, body: dict[str, Any], job_seconds: float) -> Job:
        """Make a job and charge for it."""
        fate = self.fault("job", body["prompt"]) or {}
        now = time.time()
        price = PRICES_USD[body["resolution"]] * int(body["duration"])
        charged = Decimal(fate["usd"]) if fate.get("do") == "charge" else price
        seconds = float(fate["seconds"]) if fate.get("do") == "slow" else job_seconds
        state = {"fail": "failed", "refuse": "refused"}.get(fate.get("do", ""), "running")
        job_id = f"acme-{uuid.uuid4().hex[:16]}"
        row = (job_id, now, now + seconds, json.dumps(body), str(price), str(charged), state)
        reason = (fate.get("code", "generation_failed"), fate.get("words", "the model gave up"))
        self._books.execute("INSERT INTO jobs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, *reason))
        if state != "running" and fate.get("refund", True):
            self._refund(job_id)
        return self.job(job_id)

    def ordered_with(self, key: str) -> Job | None:
        """The job that this idempotency key was used for before."""
        row = self._books.execute("SELECT job FROM keys WHERE key = ?", (key,)).fetchone()
        return None if row is None else self.job(row["job"])

    def keep_key(self, key: str, job_id: str) -> None:
        """From now on this key stands for this job."""
        self._books.execute("INSERT INTO keys VALUES (?, ?)", (key, job_id))

    def job(self, job_id: str) -> Job:
        """The job; KeyError if there is none."""
        row = self._books.execute("SELECT * FROM jobs WHERE id = ?", (job_id,)).fetchone()
        if row is None:
            raise KeyError(job_id)
        return _job(row)

    def place_of(self, job_id: str) -> int:
        """The job's place among all that were ever taken, from 1."""
        row = self._books.execute("SELECT rowid FROM jobs WHERE id = ?", (job_id,)).fetchone()
        return int(row["rowid"])

    def jobs(self) -> list[Job]:
        """Every job ever taken, in order."""
        return [_job(row) for row in self._books.execute("SELECT * FROM jobs ORDER BY created_at, rowid")]

    def running(self) -> int:
        """How many jobs count against the account's bound now."""
        found = self._books.execute(
            "SELECT count(*) FROM jobs WHERE state = 'running' AND ready_at > ?", (time.time(),)
        ).fetchone()
        return int(found[0])

    def cancel(self, job_id: str) -> bool:
        """End a running job and give its price back."""
        job = self.job(job_id)
        if job.state != "running" or job.ready_at <= time.time():
            return False
        self._books.execute("UPDATE jobs SET state = 'cancelled' WHERE id = ?", (job_id,))
        self._refund(job_id)
        return True

    def _refund(self, job_id: str) -> None:
        self._books.execute("UPDATE jobs SET charged = '0' WHERE id = ?", (job_id,))

    def charged_usd(self) -> Decimal:
        """What Acme has earned so far, refunds taken off."""
        return sum((job.charged for job in self.jobs()), Decimal(0))

    def expect_upload(self, name: str) -> str:
        """Make room for a file; returns its name in links."""
        return f"{uuid.uuid4().hex}{Path(name).suffix}"

    def keep_upload(self, name: str, content: bytes) -> None:
        """Keep a file's bytes."""
        self._books.execute("INSERT OR REPLACE INTO uploads VALUES (?, ?)", (name, content))

    def upload(self, name: str) -> bytes:
        """A file that was uploaded; KeyError if there is none."""
        row = self._books.execute("SELECT content FROM uploads WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise KeyError(name)
        return bytes(row["content"])

    def uploads(self) -> list[str]:
        """The names of all files that were uploaded."""
        return [row["name"] for row in self._books.execute("SELECT name FROM uploads ORDER BY rowid")]

    def hear(self, kind: str, method: str, path: str, job: str | None) -> None:
        """Note a request, before anything comes of it."""
        row = (time.time(), kind, method, path, job)
        self._books.execute("INSERT INTO heard (at, kind, method, path, job) VALUES (?, ?, ?, ?, ?)", row)

    def heard(self, kind: str | None = None) -> list[Heard]:
        """Every request, in order; only those of one kind where asked."""
        rows = self._books.execute("SELECT kind, method, path, job FROM heard ORDER BY n")
        return [Heard(*row) for row in rows if kind in (None, row["kind"])]

    def script(self, fault: dict[str, Any]) -> None:
        """Let the next matching requests go wrong; see `Acme.script` for what a fault says."""
        row = (json.dumps(fault), int(fault.get("skip", 0)), fault.get("times", 1))
        self._books.execute("INSERT INTO faults (fault, skip, left) VALUES (?, ?, ?)", row)

    def forgive(self) -> None:
        """Forget every fault."""
        self._books.execute("DELETE FROM faults")

    def fault(self, on: str, prompt: str) -> dict[str, Any] | None:
        """The fault that this request meets, if any; one that is used up is met no more."""
        for row in self._books.execute("SELECT * FROM faults ORDER BY n").fetchall():
            fault: dict[str, Any] = json.loads(row["fault"])
            if fault["on"] != on or (fault.get("prompt") or "") not in prompt or row["left"] == 0:
                continue
            if row["skip"]:
                self._books.execute("UPDATE faults SET skip = skip - 1 WHERE n = ?", (row["n"],))
                continue
            self._books.execute("UPDATE faults SET left = left - 1 WHERE n = ?", (row["n"],))
            return fault
        return None


def _job(row: sqlite3.Row) -> Job:
    return Job(
        id=row["id"],
        created_at=row["created_at"],
        ready_at=row["ready_at"],
        body=json.loads(row["body"]),
        price=Decimal(row["price"]),
        charged=Decimal(row["charged"]),
        state="succeeded" if row["state"] == "running" and row["ready_at"] <= time.time() else row["state"],
        code=row["code"],
        words=row["words"],
    )
