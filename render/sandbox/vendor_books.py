"""What the sandbox knows: jobs, uploads, every request it heard, and the faults that wait to happen.

All of it is in one SQLite file and written before an answer leaves, so that the sandbox's own count survives whatever
is killed, and can be held against a ledger's.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from render.sandbox.faults import Fault
from render.sandbox.vendor_order import Job, Order, Placed

PURSE_USD = Decimal(1000)
"""What an account at each vendor holds in the beginning."""

_TABLES = """
CREATE TABLE IF NOT EXISTS jobs (
    n INTEGER PRIMARY KEY, id TEXT UNIQUE, vendor TEXT, model TEXT, body TEXT, prompt TEXT, refs TEXT, created_at REAL,
    started_at REAL, ready_at REAL, null_until REAL, seconds INTEGER, width INTEGER, height INTEGER, audio INTEGER,
    price TEXT, refunds INTEGER, code TEXT, words TEXT, cancelled INTEGER DEFAULT 0, key TEXT,
    callback TEXT, calls INTEGER DEFAULT 0, call_at REAL);
CREATE TABLE IF NOT EXISTS uploads (
    name TEXT PRIMARY KEY, vendor TEXT, title TEXT, type TEXT, created_at REAL, expires_at REAL, content BLOB);
CREATE TABLE IF NOT EXISTS heard (
    n INTEGER PRIMARY KEY, at REAL, vendor TEXT, kind TEXT, method TEXT, path TEXT, body TEXT, status INTEGER, job TEXT,
    flags TEXT);
CREATE TABLE IF NOT EXISTS faults (n INTEGER PRIMARY KEY, fault TEXT, skip INTEGER, left INTEGER);
CREATE TABLE IF NOT EXISTS met (n INTEGER PRIMARY KEY, at REAL, vendor TEXT, place TEXT, what TEXT, moment TEXT);
CREATE TABLE IF NOT EXISTS contracts (vendor TEXT PRIMARY KEY, usd_per_second TEXT);
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT);
"""
_FOR_EVER = -1


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent here. `content` is None until it came; times in epoch seconds."""

    name: str
    vendor: str
    title: str
    type: str
    created_at: float
    expires_at: float
    content: bytes | None


class Books:
    """The sandbox's database: jobs, uploads, requests and faults. One process writes it; anyone may read it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._db = sqlite3.connect(folder / "sandbox.sqlite", isolation_level=None, timeout=10)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.executescript(_TABLES)
        self.secret = self.note("secret", secrets.token_hex(16))

    def close(self) -> None:
        """Close the file; nothing is lost without it."""
        self._db.close()

    def note(self, name: str, value: str) -> str:
        """Keep a value under a name for ever; returns the one that was kept first."""
        self._db.execute("INSERT OR IGNORE INTO notes VALUES (?, ?)", (name, value))
        return str(self._db.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()["value"])

    def agree(self, vendor: str, usd_per_second: Decimal) -> None:
        """From now on a second of output costs so much there, where no page says what it costs."""
        self._db.execute("INSERT OR REPLACE INTO contracts VALUES (?, ?)", (vendor, str(usd_per_second)))

    def agreed(self, vendor: str) -> Decimal | None:
        """What a second of output costs there by a contract; None where there is none."""
        row = self._db.execute("SELECT usd_per_second FROM contracts WHERE vendor = ?", (vendor,)).fetchone()
        return None if row is None else Decimal(row["usd_per_second"])

    def take(self, order: Order, placed: Placed) -> Job:
        """Write a job down. From here on it exists."""
        row = {
            "id": placed.id,
            "vendor": placed.vendor,
            "model": order.model,
            "body": json.dumps(order.body),
            "prompt": order.prompt,
            "refs": json.dumps([each.as_json() for each in order.references]),
            "created_at": placed.created_at,
            "started_at": placed.started_at,
            "ready_at": placed.ready_at,
            "null_until": placed.null_until,
            "seconds": order.seconds,
            "width": order.width,
            "height": order.height,
            "audio": order.audio,
            "price": None if order.price_usd is None else str(order.price_usd),
            "refunds": placed.refunds,
            "code": placed.code,
            "words": placed.words,
            "key": placed.key,
            "callback": order.callback,
            "call_at": placed.ready_at if order.callback else None,
        }
        marks = ", ".join(f":{name}" for name in row)
        self._db.execute(f"INSERT INTO jobs ({', '.join(row)}) VALUES ({marks})", row)  # noqa: S608 - our own names
        found = self.job(placed.vendor, placed.id)
        assert found is not None
        return found

    def job(self, vendor: str, job_id: str) -> Job | None:
        """One job of a vendor."""
        row = self._db.execute("SELECT * FROM jobs WHERE vendor = ? AND id = ?", (vendor, job_id)).fetchone()
        return None if row is None else _job(row)

    def job_of_key(self, vendor: str, key: str) -> Job | None:
        """The job that this idempotency key was used for before."""
        row = self._db.execute("SELECT * FROM jobs WHERE vendor = ? AND key = ?", (vendor, key)).fetchone()
        return None if row is None or not key else _job(row)

    def jobs(self, vendor: str | None = None) -> list[Job]:
        """Every job, in the order in which they were taken."""
        return [
            _job(row) for row in self._db.execute("SELECT * FROM jobs ORDER BY n") if vendor in {None, row["vendor"]}
        ]

    def busy_until(self, vendor: str) -> list[float]:
        """When each job that is under way will be over, the soonest first."""
        now = time.time()
        rows = self._db.execute(
            "SELECT ready_at FROM jobs WHERE vendor = ? AND NOT cancelled AND ready_at > ? ORDER BY ready_at",
            (vendor, now),
        )
        return [float(row["ready_at"]) for row in rows]

    def cancel(self, job: Job) -> None:
        """End a job before it is done."""
        self._db.execute("UPDATE jobs SET cancelled = 1 WHERE id = ?", (job.id,))

    def left_usd(self, vendor: str) -> Decimal:
        """What is left in the account, as far as prices are known."""
        return PURSE_USD - sum((job.charged_usd or Decimal(0) for job in self.jobs(vendor)), Decimal(0))

    def calls_due(self) -> list[Job]:
        """Jobs whose callback is to be sent now."""
        rows = self._db.execute("SELECT * FROM jobs WHERE call_at <= ? AND NOT cancelled ORDER BY n", (time.time(),))
        return [_job(row) for row in rows]

    def called(self, job: Job, *, again_at: float | None) -> None:
        """A callback was sent, or is about to be; None: never again."""
        self._db.execute("UPDATE jobs SET calls = calls + 1, call_at = ? WHERE id = ?", (again_at, job.id))

    def settle_call(self, job: Job) -> None:
        """A callback was taken: it is not repeated."""
        self._db.execute("UPDATE jobs SET call_at = NULL WHERE id = ?", (job.id,))

    def expect_upload(self, vendor: str, title: str, content_type: str, life_s: float, content: bytes | None) -> Upload:
        """Note that a file may be sent here, or keep `content` where it came along."""
        name, now = f"{secrets.token_hex(12)}{Path(title).suffix[:8]}", time.time()
        row = (name, vendor, title, content_type, now, now + life_s, content)
        self._db.execute("INSERT INTO uploads VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        return Upload(name, vendor, title, content_type, now, now + life_s, content)

    def keep_upload(self, name: str, content: bytes) -> None:
        """Keep the bytes of a file that was expected."""
        self._db.execute("UPDATE uploads SET content = ? WHERE name = ?", (content, name))

    def upload(self, name: str) -> Upload | None:
        """A file by its name in links."""
        row = self._db.execute("SELECT * FROM uploads WHERE name = ?", (name,)).fetchone()
        if row is None:
            return None
        return Upload(
            name=row["name"],
            vendor=row["vendor"],
            title=row["title"],
            type=row["type"],
            created_at=row["created_at"],
            expires_at=row["expires_at"],
            content=row["content"],
        )

    def hear(self, vendor: str, kind: str, method: str, path: str, body: Any) -> int:
        """Note a request before anything comes of it; returns its number in the log."""
        row = (time.time(), vendor, kind, method, path, _shortened(json.dumps(body)))
        done = self._db.execute(
            "INSERT INTO heard (at, vendor, kind, method, path, body, flags) VALUES (?, ?, ?, ?, ?, ?, '[]')", row
        )
        return int(done.lastrowid or 0)

    def answered(self, number: int, status: int, job: str, flags: Sequence[str]) -> None:
        """Note what came of a request. Status 0: the connection was dropped."""
        row = (status, job, json.dumps(list(flags)), number)
        self._db.execute("UPDATE heard SET status = ?, job = ?, flags = ? WHERE n = ?", row)

    def heard(self) -> list[dict[str, Any]]:
        """Every request, in order, as the log shows it."""
        rows = [dict(row) for row in self._db.execute("SELECT * FROM heard ORDER BY n")]
        return [{**row, "body": json.loads(row["body"]), "flags": json.loads(row["flags"])} for row in rows]

    def plan(self, faults: Sequence[Fault]) -> None:
        """Let these go wrong, after what is planned already."""
        for fault in faults:
            left = _FOR_EVER if fault.times is None else fault.times
            row = (fault.model_dump_json(), fault.skip, left)
            self._db.execute("INSERT INTO faults (fault, skip, left) VALUES (?, ?, ?)", row)

    def plan_once(self, faults: Sequence[Fault]) -> None:
        """Let these go wrong, unless the same plan was begun here before: then what is left of it goes on."""
        plan = "\n".join(fault.model_dump_json() for fault in faults)
        known = self._db.execute("SELECT 1 FROM notes WHERE name = ?", (f"plan {plan}",)).fetchone()
        if faults and known is None:
            self.note(f"plan {plan}", "begun")
            self.plan(faults)

    def forgive(self) -> None:
        """Forget every fault."""
        self._db.execute("DELETE FROM faults")

    def fault(self, vendor: str, where: str, prompt: str) -> Fault | None:
        """The fault that this meets, if any; one that is used up is met no more."""
        for row in self._db.execute("SELECT * FROM faults WHERE left != 0 ORDER BY n").fetchall():
            fault = Fault.model_validate_json(row["fault"])
            if not fault.meets(vendor, where, prompt):
                continue
            if row["skip"]:
                self._db.execute("UPDATE faults SET skip = skip - 1 WHERE n = ?", (row["n"],))
                continue
            if row["left"] != _FOR_EVER:
                self._db.execute("UPDATE faults SET left = left - 1 WHERE n = ?", (row["n"],))
            met = (time.time(), vendor, fault.where, fault.what, fault.when)
            self._db.execute("INSERT INTO met (at, vendor, place, what, moment) VALUES (?, ?, ?, ?, ?)", met)
            return fault
        return None

    def faults_met(self) -> list[dict[str, Any]]:
        """Every fault that was met, in order; those that were forgotten since stay in it."""
        columns = 'at, vendor, place AS "where", what, moment AS "when"'
        return [dict(row) for row in self._db.execute(f"SELECT {columns} FROM met ORDER BY n")]  # noqa: S608 - our own

    def faults_waiting(self) -> list[dict[str, Any]]:
        """Every fault that may still be met, with how often; `left` is None where that is for ever."""
        rows = self._db.execute("SELECT * FROM faults WHERE left != 0 ORDER BY n")
        return [
            {**json.loads(row["fault"]), "skip": row["skip"], "left": None if row["left"] == _FOR_EVER else row["left"]}
            for row in rows
        ]


def _shortened(body: str) -> str:
    """A body that carries a whole file is kept by its beginning."""
    return body if len(body) <= 100_000 else json.dumps(f"{body[:2000]}…")


def _job(row: sqlite3.Row) -> Job:
    return Job(
        id=row["id"],
        vendor=row["vendor"],
        model=row["model"],
        body=json.loads(row["body"]),
        prompt=row["prompt"],
        references=tuple(json.loads(row["refs"])),
        created_at=row["created_at"],
        started_at=row["started_at"],
        ready_at=row["ready_at"],
        null_until=row["null_until"],
        seconds=row["seconds"],
        width=row["width"],
        height=row["height"],
        audio=bool(row["audio"]),
        price_usd=None if row["price"] is None else Decimal(row["price"]),
        refunds=bool(row["refunds"]),
        code=row["code"],
        words=row["words"],
        cancelled=bool(row["cancelled"]),
        callback=row["callback"],
        calls=row["calls"],
    )
