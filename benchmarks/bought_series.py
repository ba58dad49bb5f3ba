"""A series that was bought, for benchmarks of the cut: clips as vendors deliver them, with their takes in a ledger."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from flows.run.planning import read_plan
from flows.settings import places_of, read_settings
from render.ledger import Ledger, RunId, Take, TakeId, open_ledger
from render.ledger.import_takes import import_takes
from render.ledger.stored_request import order_json
from render.media.decoded_clip import clip_facts
from render.media.ffmpeg import run
from render.media.graph import invented, sink
from render.store import Store, open_store
from render.store.digests import sha256_of_file
from storyboard.identity import fingerprint
from storyboard.plan.episode_plan import PlannedShot
from storyboard.shot import MasterFormat
from storyboard.takes import Circle, ClipFacts, TakeState

DRAWN, LENGTH_S, FPS = 5, 5, 24
MASTER = MasterFormat(1280, 720, Fraction(FPS))
MADE_BY_THE_CUT = ("master:%", "mix-%")


@dataclass(frozen=True)
class Clip:
    """A clip as a vendor delivered it, and what is known of it."""

    file: Path
    facts: ClipFacts


@dataclass(frozen=True)
class Scenery:
    """A project, the clips of its shots in story order, and one more for a new take."""

    project: Path
    clips: Sequence[Clip]
    spare: Clip

    def copy(self, folder: Path) -> Scenery:
        """The same in another folder."""
        return replace(self, project=Path(shutil.copytree(self.project, folder / "project")))


async def make_clip(target: Path, place: int, size: str) -> Path:
    """One clip as vendors deliver it: 24 frames a second, camera motion and grain, sound longer than the picture."""
    frames = invented(f"testsrc2=s={size}:r={FPS}:d={LENGTH_S}").filter("hue", h=place * 18)
    picture = frames.filter("rotate", a="t/5").filter("noise", alls=8, allf="t", all_seed=place)
    sound = invented(f"anoisesrc=d={LENGTH_S + 0.2}:c=pink:r=48000:seed={place}:a=0.2")
    options = {"c:v": "libx264", "preset": "veryfast", "crf": 23, "pix_fmt": "yuv420p", "c:a": "aac", "ac": 2}
    await run(sink([picture, sound], target, **options), what=f"make {target.name}")
    return target


def drawn(folder: Path, size: str = "1280x720") -> list[Clip]:
    """Some clips of different pictures."""
    files = [asyncio.run(make_clip(folder / f"drawn-{size}-{place}.mp4", place, size)) for place in range(DRAWN)]
    return [Clip(file, clip_facts(file)) for file in files]


def another(clip: Clip, target: Path, number: int) -> Clip:
    """The same pictures with other bytes, and so another hash: a free box of MP4 stands behind them."""
    box = number.to_bytes(8, "big")
    shutil.copyfile(clip.file, target)
    with target.open("ab") as file:
        file.write((8 + len(box)).to_bytes(4, "big") + b"free" + box)
    facts = replace(clip.facts, sha256=sha256_of_file(target), bytes=target.stat().st_size)
    return Clip(target, facts)


def bought(folder: Path, clips: Sequence[Clip], **defaults: object) -> Scenery:
    """A project of as many shots as there are clips but one, with their takes in its ledger and its store."""
    project = folder / "project"
    (project / "episodes").mkdir(parents=True)
    plain = {"duration": LENGTH_S, "continuity": "none"}
    shots = [{"id": f"{place:03}", "prompt": f"Wave {place}", **plain} for place in range(len(clips) - 1)]
    scenes = [
        {"id": f"scene{start // 10}", "title": f"Scene {start // 10}", "shots": shots[start : start + 10]}
        for start in range(0, len(shots), 10)
    ]
    delivery = {"master": {"width": MASTER.width, "height": MASTER.height, "fps": FPS}}
    series = {"version": 1, "series": "waves", "title": "Waves", "defaults": {"provider": "animatic", **defaults}}
    episode = {"version": 1, "episode": "e01", "title": "Waves", "scenes": scenes}
    (project / "series.yaml").write_text(json.dumps({**series, "delivery": delivery}))
    (project / "episodes/e01.yaml").write_text(json.dumps(episode))
    with opened(project) as (ledger, store):
        for clip in clips:
            store.put_file(clip.file)
        planned = read_plan(project, "e01", ledger=ledger, store=store, environment={}).plan.shots
        keep(ledger, [take_of(shot, clip.facts, 1) for shot, clip in zip(planned, clips[:-1], strict=True)])
    return Scenery(project, clips[:-1], clips[-1])


def take_of(shot: PlannedShot, clip: ClipFacts, number: int) -> Take:
    """A take of this shot that came out well."""
    request, now = shot.request, datetime(2026, 1, 2, number, tzinfo=UTC)
    assert request is not None
    request = replace(request, variation=number - 1)
    return Take(
        id=TakeId(f"{number:02}{clip.sha256[2:32]}"),
        series=request.series,
        shot=request.shot,
        number=number,
        run=RunId(f"{number:032}"),
        ordinal=0,
        state=TakeState.DONE,
        wish=shot.wish,
        variation=number - 1,
        provider=request.provider,
        account=request.account,
        model=request.model,
        fingerprint=fingerprint(request),
        request_json=order_json(request),
        continuity=None,
        job_id=f"job-{clip.sha256[:16]}",
        owner=None,
        lease_expires_at=None,
        reserved_usd=Decimal(0),
        cost_usd=Decimal(0),
        usage="",
        clip=clip,
        clip_url=None,
        clip_url_expires_at=None,
        error_code=None,
        error_message=None,
        refused=False,
        rejected=False,
        asked_for=number > 1,
        created_at=now,
        submitted_at=now,
        ended_at=now,
    )


def keep(ledger: Ledger, takes: Sequence[Take]) -> None:
    """Write them down with the circle on each."""
    circles = [Circle(shot=take.shot, take=take.id, by_person=take.asked_for) for take in takes]
    ledger.write(import_takes, "waves", takes, circles, snapshot="0" * 64, choices=True)


@contextmanager
def opened(project: Path) -> Iterator[tuple[Ledger, Store]]:
    """The project's ledger and store."""
    places = places_of(project, read_settings())
    places.private.mkdir(mode=0o700, exist_ok=True)
    with closing(open_ledger(places.ledger)) as ledger:
        yield ledger, open_store(places.store_url, cache=places.private / "cache")


def retake(scenery: Scenery) -> None:
    """Give the shot in the middle a new take, made of the clip that was kept for it."""
    with opened(scenery.project) as (ledger, store):
        planned = read_plan(scenery.project, "e01", ledger=ledger, store=store, environment={}).plan.shots
        keep(ledger, [take_of(planned[len(planned) // 2], scenery.spare.facts, 2)])


def forget_cut(scenery: Scenery) -> None:
    """Let the ledger forget what only a cut makes. The rest a run makes when clips come."""
    with closing(sqlite3.connect(scenery.project / ".tailframe/ledger.sqlite")) as books, books:
        for key in MADE_BY_THE_CUT:
            assert books.execute("DELETE FROM derived WHERE key LIKE ?", [key]).rowcount
    shutil.rmtree(scenery.project / "output")
    shutil.rmtree(scenery.project / "archive")
