"""A ledger with very many takes, written by plain SQL: for `ledger_size.py`. It measures nothing by itself.

    python benchmarks/ledger_rows.py

The episode that is asked about has takes as its runs would have left them; all others are like them, with wishes of
their own. Every take has its events, its opening and what was derived of its clip; every run its budget row.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import psycopg  # noqa: E402
from PIL import Image  # noqa: E402

from flows.cli.project_access import reading  # noqa: E402
from flows.run.workspace import workspace_of  # noqa: E402
from render.ledger import open_ledger  # noqa: E402
from render.ledger.rows import clip_json  # noqa: E402
from render.ledger.stored_request import order_json  # noqa: E402
from render.media.decoded_clip import clip_facts  # noqa: E402
from storyboard.continuity.chains import acceptable_frames  # noqa: E402
from storyboard.request import FrameId  # noqa: E402
from storyboard.shot_key import full_key  # noqa: E402
from tests.clips import draw_clip  # noqa: E402
from tests.flows.review.written_takes import BEGAN, MICROS, SNAPSHOT, big_series  # noqa: E402

SERIES, EPISODE = "lighthouse", "e01"
SHOTS = 100
DERIVED = 3  # kept pieces and frames of each take
TO_CLAIM = 40  # takes that wait to be claimed

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Size:
    """How many episodes the series has that is asked about, and takes each of its shots; how many others there are."""

    name: str
    episodes: int
    takes_a_shot: int
    others: int  # series of 20 episodes, each shot with one take

    @property
    def takes(self) -> int:
        return (self.episodes * self.takes_a_shot + self.others * 20) * SHOTS


SIZES = (
    Size("two episodes alone", episodes=2, takes_a_shot=1, others=0),
    Size("50 series", episodes=20, takes_a_shot=1, others=49),
    Size("one large series", episodes=100, takes_a_shot=9, others=5),
)


@dataclass(frozen=True, slots=True)
class _Shot:
    """A shot of the episode that is asked about, and what its takes were made of."""

    key: str
    wish: str
    request_json: str
    frame: FrameId | None
    provider: str
    account: str
    model: str


def project_of(folder: Path) -> Path:
    """A project of one episode, at a hosted vendor, and nothing made of it."""
    project = big_series(folder, shots=SHOTS, provider="evolink")
    for picture in (project / "references").rglob("*.png"):  # it takes none that is smaller
        Image.new("RGB", (512, 512), "#305070").save(picture)
    return project


def filled(project: Path, size: Size) -> Iterator[tuple[str, list[Row]]]:
    """The rows of a ledger of this size: table by table, in the order in which they can be written."""
    shots, clip = _asked_about(project)
    yield "snapshots", [{"id": SNAPSHOT, "series": SERIES, "at": BEGAN}]
    yield "runs", list(_runs(size))
    takes = list(_takes(size, shots, clip))
    yield "takes", takes
    places = [{name: take[name] for name in ("run", "shot", "ordinal")} | {"take": take["id"]} for take in takes]
    yield "openings", [{**place, "at": BEGAN} for place in places]
    yield "circles", list(_circles(takes))
    yield "events", [event for take in takes for event in _events(take)]
    yield "budgets", list(_budgets(size))
    yield "derived", [_derived(take["id"], number) for take in takes for number in range(DERIVED)]


def write_sqlite(path: Path, tables: Iterator[tuple[str, list[Row]]]) -> None:
    """Write them into a new SQLite ledger."""
    open_ledger(path).close()
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        for table, rows in tables:
            columns = list(rows[0])
            sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
            connection.executemany(sql, ([_plain(row[name]) for name in columns] for row in rows))


def write_postgres(url: str, tables: Iterator[tuple[str, list[Row]]]) -> None:
    """Write them into a PostgreSQL ledger that was migrated, and let the database look at what it holds."""
    with psycopg.connect(url) as connection:
        for table, rows in tables:
            columns = list(rows[0])
            copied = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
            with connection.cursor() as cursor, cursor.copy(copied.encode()) as copy:
                for row in rows:
                    copy.write_row([row[name] for name in columns])
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE")


def _asked_about(project: Path) -> tuple[list[_Shot], str]:
    """What the episode's takes were made of, as a plan says it, and the clip that all of them have."""
    workspace = workspace_of(project)
    with workspace.reading() as opened:
        read = reading(opened, EPISODE, to_work=False)
    drawn = draw_clip(project / "clip.mp4", frames=96, size=(864, 480))
    facts = clip_facts(drawn)
    workspace.store.put_file(drawn)
    drawn.unlink()
    shots = []
    for planned in read.plan.shots:
        shot = read.episode.shot(planned.key)
        frames = acceptable_frames(read.episode, shot, facts) if shot.continuity.source else None
        assert planned.request is not None
        assert planned.provider is not None
        assert planned.account is not None
        assert planned.model is not None
        wanted = (order_json(planned.request), next(iter(frames)) if frames else None)
        who = (planned.provider, planned.account, planned.model)
        shots.append(_Shot(full_key(EPISODE, planned.key), planned.wish, *wanted, *who))
    return shots, clip_json(facts)


def _every_series(size: Size) -> Iterator[tuple[str, int, int]]:
    yield SERIES, size.episodes, size.takes_a_shot
    for number in range(size.others):
        yield f"series{number:03d}", 20, 1


def _run_name(series: str, episode: str, number: int) -> str:
    return f"{series}-{episode}-{number}"


def _runs(size: Size) -> Iterator[Row]:
    """A run for each take of an episode's shots, and one for what waits to be claimed."""
    for series, episodes, takes in _every_series(size):
        for episode in range(1, episodes + 1):
            for number in range(takes + (series == SERIES and episode == 2)):
                name = f"e{episode:02d}"
                row = {"id": _run_name(series, name, number), "series": series, "episode": name, "snapshot": SNAPSHOT}
                yield {**row, "host": "here", "asked": "", "created_at": BEGAN, "ended_at": BEGAN}


def _takes(size: Size, shots: Sequence[_Shot], clip: str) -> Iterator[Row]:
    made = 0
    for series, episodes, takes in _every_series(size):
        for episode in range(1, episodes + 1):
            for shot in shots:
                for number in range(1, takes + 1):
                    yield _take(series, f"e{episode:02d}", shot, number, clip=clip, made=made)
                    made += 1
    for shot in shots[:TO_CLAIM]:
        yield _planned(shot, size.takes_a_shot, made)
        made += 1


def _take(series: str, episode: str, shot: _Shot, number: int, *, clip: str, made: int) -> Row:
    asked_about = (series, episode) == (SERIES, EPISODE)
    key = f"{episode}/{shot.key.partition('/')[2]}"
    wish = shot.wish if asked_about else _hash(f"{series} {key}")
    at = BEGAN + timedelta(seconds=made)
    charged = {"charged_run": _run_name(series, episode, number - 1), "charged_episode": episode}
    told = {"fingerprint": _hash(f"order {made}"), "request_json": shot.request_json, "job_id": f"task-{made}"}
    frame = {"continuity_clip": None, "continuity_frame": None}
    if shot.frame is not None:
        frame = {"continuity_clip": shot.frame.clip_sha256, "continuity_frame": shot.frame.index}
    return {
        **_named(series, key, number, shot, made=made, wish=wish, at=at),
        **{"state": "done", "run": charged["charged_run"], "clip": clip, "submitted_at": at, "ended_at": at},
        **{"estimate_micros": MICROS, "cost_micros": MICROS, "reported_micros": MICROS},
        **{**charged, "charged_day": at.date().isoformat(), **told, **frame},
    }


def _planned(shot: _Shot, before: int, made: int) -> Row:
    key, at = f"e02/{shot.key.partition('/')[2]}", BEGAN + timedelta(seconds=made)
    named = _named(SERIES, key, before + 1, shot, made=made, wish=_hash(f"new {key}"), at=at)
    empty = ("clip", "submitted_at", "ended_at", "estimate_micros", "cost_micros", "reported_micros")
    more = ("charged_run", "charged_episode", "charged_day", "fingerprint", "request_json", "job_id")
    frame = ("continuity_clip", "continuity_frame")
    nothing = dict.fromkeys((*empty, *more, *frame))
    return {**named, "state": "planned", "run": _run_name(SERIES, "e02", before), **nothing}


def _named(series: str, key: str, number: int, shot: _Shot, *, made: int, wish: str, at: datetime) -> Row:
    own = {"id": f"{made:032x}", "series": series, "shot": key, "number": number, "ordinal": 0, "wish": wish}
    who = {"provider": shot.provider, "account": shot.account, "model": shot.model, "variation": number - 1}
    flags = {"asked_for": False, "rejected": False, "refused": False, "usage": "", "reserved_micros": 0}
    return {**own, **who, **flags, "created_at": at}


def _circles(takes: Sequence[Row]) -> Iterator[Row]:
    newest = {(take["series"], take["shot"]): take["id"] for take in takes if take["state"] == "done"}
    chosen = {"by_person": False, "waived": False, "words": "", "at": BEGAN}
    for (series, shot), take in newest.items():
        yield {"series": series, "shot": shot, "take": take, **chosen}


def _events(take: Row) -> Iterator[Row]:
    states = ["planned"] if take["state"] == "planned" else ["planned", "submitting", "submitted", "generated", "done"]
    event = {"take": take["id"], "at": take["created_at"], "run": take["run"], "host": "here", "alarm": False}
    before: str | None = None
    for state in states:
        yield {**event, "from_state": before, "to_state": state, "words": f"{state}, as its vendor says"}
        before = state
    if take["state"] == "done":
        circled = f"circled for {take['shot']}"
        yield {**event, "from_state": "done", "to_state": "done", "words": circled}


def _budgets(size: Size) -> Iterator[Row]:
    money = {"cap_micros": 10**12, "spent_micros": MICROS, "reserved_micros": 0}
    for series, episodes, takes in _every_series(size):
        yield {"series": series, "scope": "series", "key": series, **money}
        for episode in range(1, episodes + 1):
            name = f"e{episode:02d}"
            yield {"series": series, "scope": "episode", "key": name, **money}
            for number in range(takes):
                yield {"series": series, "scope": "run", "key": _run_name(series, name, number), **money}
        for day in range(300):
            yield {"series": series, "scope": "day", "key": f"{(BEGAN + timedelta(days=day)).date()}", **money}


def _derived(take: str, number: int) -> Row:
    return {"key": _hash(f"recipe {take} {number}"), "sha256": _hash(f"made {take} {number}"), "at": BEGAN}


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """As SQLAlchemy writes it into SQLite."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", timespec="microseconds")
    return value


if __name__ == "__main__":
    print(*(f"{size.name}: {size.takes:,} takes" for size in SIZES), sep="\n")
