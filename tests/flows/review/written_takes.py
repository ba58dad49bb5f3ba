"""A series whose takes are written into the ledger as many runs would have left them, without a run.

Each shot of the episode has its takes done, the last of them circled by itself; the clips are a few that all share.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from flows.run.workspace import workspace_of
from render.ledger.database import Transaction
from render.ledger.rows import clip_json
from render.ledger.stored_request import order_json
from render.ledger.tables import budgets, circles, events, openings, runs, snapshots, takes
from render.media.decoded_clip import clip_facts
from storyboard.plan.planned_shot import PlannedShot
from storyboard.shot_key import full_key
from storyboard.takes import ClipFacts
from tests.clips import draw_clip
from tests.projects import episode_file, scene, series_file, shot, write_project

TINY = {"master": {"width": 160, "height": 90, "fps": 24}}
SNAPSHOT = "5" * 64
BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
MICROS = 400_000  # what each take cost, in micro-dollars


def big_series(folder: Path, *, shots: int, per_scene: int = 10, provider: str = "animatic") -> Path:
    """A project of one episode of so many shots; nothing was made of it yet."""
    prompts = ("{{ mara }} lights the lamp", "{{ tomas }} rows against the swell", "{{ mara }} opens {{ logbook }}")
    every = [shot(f"{10 * (at % per_scene) + 10:03d}", f"{prompts[at % 3]}, moment {at}") for at in range(shots)]
    scenes = [scene(f"scene{at // per_scene:02d}", *every[at : at + per_scene]) for at in range(0, shots, per_scene)]
    written = series_file(defaults={"provider": provider, "resolution": "480p"}, delivery=TINY)
    return write_project(folder, series=written, episodes={"e01": episode_file("e01", *scenes)})


def with_takes(project: Path, *, takes_in_all: int, clips: int = 3) -> None:
    """Write so many takes of the episode's shots, as evenly as it goes, into the project's own ledger and store."""
    from flows.cli.project_access import reading

    workspace = workspace_of(project)
    with workspace.reading() as opened:
        planned = reading(opened, "e01", to_work=False).plan.shots
    facts = [_kept_clip(project, workspace.store, number) for number in range(clips)]
    with workspace.writing() as opened:
        opened.ledger.write(_write, planned, facts, takes_in_all)


def _kept_clip(project: Path, store: Any, number: int) -> ClipFacts:
    clip = draw_clip(project / f"clip{number}.mp4", frames=24 + number)
    facts = clip_facts(clip)
    store.put_file(clip)
    clip.unlink()
    return facts


def _write(tx: Transaction, planned: Sequence[PlannedShot], facts: Sequence[ClipFacts], in_all: int) -> None:
    series, episode = "lighthouse", "e01"
    tx.conn.execute(insert(snapshots).values(id=SNAPSHOT, series=series, at=BEGAN))
    run = {"series": series, "episode": episode, "snapshot": SNAPSHOT, "host": "here", "asked": ""}
    tx.conn.execute(insert(runs).values(id="run", created_at=BEGAN, ended_at=BEGAN, **run))
    rows = list(_rows(planned, facts, in_all))
    tx.conn.execute(insert(takes), [row["take"] for row in rows])
    tx.conn.execute(insert(openings), [row["opening"] for row in rows])
    tx.conn.execute(insert(events), [event for row in rows for event in row["events"]])
    newest = {row["take"]["shot"]: row["take"]["id"] for row in rows}
    chosen = {"series": series, "by_person": False, "waived": False, "words": "", "at": BEGAN}
    tx.conn.execute(insert(circles), [{"shot": shot, "take": take, **chosen} for shot, take in newest.items()])
    money = {"series": series, "spent_micros": MICROS * len(rows), "reserved_micros": 0}
    tx.conn.execute(
        insert(budgets), [{"scope": s, "key": k, **money} for s, k in (("series", series), ("episode", episode))]
    )


def _rows(planned: Sequence[PlannedShot], facts: Sequence[ClipFacts], in_all: int) -> Iterator[dict[str, Any]]:
    each, more = divmod(in_all, len(planned))
    made = 0
    for place, line in enumerate(planned):
        for number in range(1, each + (place < more) + 1):
            yield _row(line, number, facts[made % len(facts)], made)
            made += 1


def _row(shot: PlannedShot, number: int, clip: ClipFacts, made: int) -> dict[str, Any]:
    assert shot.request is not None
    name, take = full_key("e01", shot.key), f"{made:032x}"
    at = BEGAN + timedelta(minutes=made)
    own = {"id": take, "shot": name, "number": number, "ordinal": number - 1, "variation": number - 1}
    told = {"state": "done", "wish": shot.wish, "fingerprint": f"{made:064x}", "request_json": order_json(shot.request)}
    who = {"provider": shot.provider, "account": shot.account, "model": shot.model, "job_id": f"job-{made}"}
    money = {"estimate_micros": MICROS, "reserved_micros": 0, "cost_micros": MICROS, "reported_micros": MICROS}
    charged = {"charged_run": "run", "charged_episode": "e01", "charged_day": at.date().isoformat()}
    flags = {"asked_for": False, "rejected": False, "refused": False, "usage": ""}
    times = {"created_at": at, "submitted_at": at, "ended_at": at}
    where = {"series": "lighthouse", "run": "run", "clip": clip_json(clip)}
    row = {**own, **told, **who, **money, **charged, **flags, **times, **where}
    moves = ((None, "planned"), ("planned", "submitting"), ("submitting", "submitted"), ("submitted", "done"))
    event = {"take": take, "at": at, "run": "run", "host": "here", "words": "", "alarm": False}
    return {
        "take": row,
        "opening": {"run": "run", "shot": name, "ordinal": number - 1, "take": take, "at": at},
        "events": [{**event, "from_state": one, "to_state": other} for one, other in moves],
    }
