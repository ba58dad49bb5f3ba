"""Measures `tailframe cut` from its start to its exit: as a process, with ledger, store, output folder and archive.

    python benchmarks/cut_end_to_end.py

Twenty five-second 720p clips as vendors deliver them, then a hundred; their takes come into the ledger as those of an
archive do, each with the wish of its shot, so that the plan finds them good. Beside the command stands, in the same
run, what it cannot do without: the join alone, by `render.cut.join`, and the usual way, concat and x264. Every round
begins in a project of its own that was never cut, unless it says otherwise. Ends with 1 where a claim does not hold.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from join import cut as cut_alone

from flows.run.planning import read_plan
from flows.settings import places_of, read_settings
from render.cut.cut_plan import Piece
from render.ledger import Ledger, RunId, Take, TakeId, open_ledger
from render.ledger.import_takes import import_takes
from render.ledger.stored_request import order_json
from render.media.decoded_clip import clip_facts
from render.media.ffmpeg import run
from render.media.graph import concat_list, invented, sink
from render.store import Store, open_store
from render.store.digests import sha256_of_file
from storyboard.identity import fingerprint
from storyboard.plan.episode_plan import PlannedShot
from storyboard.shot import MasterFormat
from storyboard.takes import Circle, ClipFacts, TakeState

SHOTS, MANY, DRAWN, LENGTH_S, FPS, ROUNDS = 20, 100, 5, 5, 24, 3
MASTER = MasterFormat(1280, 720, Fraction(FPS))
OF_THE_JOIN, BESIDE_THE_JOIN_S = 1.3, 1.0
FASTER_AT_LEAST = 20.0
OF_THE_WHOLE_AT_MOST = 0.05
ROOT = Path(__file__).parent.parent


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


@dataclass(frozen=True)
class Spent:
    """What a piece of work took: seconds by the clock, and of all processors together."""

    clock_s: float
    cpu_s: float

    @classmethod
    def on(cls, work: Callable[[], object]) -> Spent:
        """Do it, and say what it took, with all that it started."""
        began, before = time.perf_counter(), _cpu_s()
        work()
        return cls(time.perf_counter() - began, _cpu_s() - before)


def _cpu_s() -> float:
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


async def make_clip(target: Path, place: int) -> Path:
    """One clip as vendors deliver it: 720p24 at 7 Mb/s, camera motion and grain, sound longer than the picture."""
    frames = invented(f"testsrc2=s=1280x720:r={FPS}:d={LENGTH_S}").filter("hue", h=place * 18)
    picture = frames.filter("rotate", a="t/5").filter("noise", alls=8, allf="t", all_seed=place)
    sound = invented(f"anoisesrc=d={LENGTH_S + 0.2}:c=pink:r=48000:seed={place}:a=0.2")
    options = {"c:v": "libx264", "preset": "veryfast", "crf": 23, "pix_fmt": "yuv420p", "c:a": "aac", "ac": 2}
    await run(sink([picture, sound], target, **options), what=f"make {target.name}")
    return target


def drawn(folder: Path) -> list[Clip]:
    """Some clips of different pictures."""
    files = [asyncio.run(make_clip(folder / f"drawn-{place}.mp4", place)) for place in range(DRAWN)]
    return [Clip(file, clip_facts(file)) for file in files]


def another(clip: Clip, target: Path, number: int) -> Clip:
    """The same pictures with other bytes, and so another hash: a free box of MP4 stands behind them."""
    box = number.to_bytes(8, "big")
    shutil.copyfile(clip.file, target)
    with target.open("ab") as file:
        file.write((8 + len(box)).to_bytes(4, "big") + b"free" + box)
    facts = replace(clip.facts, sha256=sha256_of_file(target), bytes=target.stat().st_size)
    return Clip(target, facts)


def bought(folder: Path, clips: Sequence[Clip]) -> Scenery:
    """A project of as many shots as there are clips but one, and its ledger and store as a finished run leaves them."""
    project = folder / "project"
    (project / "episodes").mkdir(parents=True)
    plain = {"duration": LENGTH_S, "continuity": "none"}
    shots = [{"id": f"{place:03}", "prompt": f"Wave {place}", **plain} for place in range(len(clips) - 1)]
    scenes = [
        {"id": f"scene{start // 10}", "title": f"Scene {start // 10}", "shots": shots[start : start + 10]}
        for start in range(0, len(shots), 10)
    ]
    delivery = {"master": {"width": MASTER.width, "height": MASTER.height, "fps": FPS}}
    series = {"version": 1, "series": "waves", "title": "Waves", "defaults": {"provider": "animatic"}}
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


def forget_master(scenery: Scenery) -> None:
    """Let the ledger forget that this master was cut, and nothing else: tail frames and thumbnails stay known."""
    with closing(sqlite3.connect(scenery.project / ".tailframe/ledger.sqlite")) as books, books:
        assert books.execute("DELETE FROM derived WHERE key LIKE 'master:%'").rowcount
    shutil.rmtree(scenery.project / "output")
    shutil.rmtree(scenery.project / "archive")


def cut(scenery: Scenery) -> Spent:
    """One `tailframe cut`, from the start of its process to its end."""
    command = [sys.executable, "-m", "flows.cli", "cut", str(scenery.project), "e01"]
    return Spent.on(lambda: subprocess.run(command, cwd=ROOT, capture_output=True, check=True))


def join_alone(scenery: Scenery) -> Spent:
    """The cut of the same clips by itself: picture copied, sound mixed, everything imported, and nothing around it."""
    pieces = [
        Piece(key=str(place), frames=LENGTH_S * FPS, path=clip.file, clip=clip_facts(clip.file))
        for place, clip in enumerate(scenery.clips)
    ]
    target = scenery.project.parent / "joined.mp4"
    return Spent.on(lambda: asyncio.run(cut_alone(pieces, target)))


def encoded_again(scenery: Scenery) -> Spent:
    """The usual way: the concat demuxer, and x264 at its defaults."""
    listing, target = scenery.project.parent / "all.ffconcat", scenery.project.parent / "again.mp4"
    listing.write_text("".join(f"file 'file:{clip.file}'\n" for clip in scenery.clips))
    everything = concat_list(listing, ["mov"])
    options = {"c:v": "libx264", "pix_fmt": "yuv420p", "c:a": "aac", "b:a": "192k"}
    output = sink([everything.video, everything.audio], target, **options)
    return Spent.on(lambda: asyncio.run(run(output, what="encode again")))


def twenty(template: Scenery, folder: Path) -> dict[str, Spent]:
    """The best times of each way to cut twenty shots."""
    rounds: dict[str, list[Spent]] = {name: [] for name in ("join", "cold", "warm", "same", "new take")}
    for number in range(ROUNDS):
        scenery = template.copy(folder / f"round-{number}")
        rounds["join"].append(join_alone(scenery))
        rounds["cold"].append(cut(scenery))
        forget_master(scenery)
        rounds["warm"].append(cut(scenery))
        rounds["same"].append(cut(scenery))
        retake(scenery)
        rounds["new take"].append(cut(scenery))
        shutil.rmtree(scenery.project)
    return {name: best(times) for name, times in rounds.items()}


def hundred(scenery: Scenery) -> dict[str, Spent]:
    """A hundred shots, cut whole and then with one of them changed."""
    alone, whole = join_alone(scenery), cut(scenery)
    retake(scenery)
    return {"join": alone, "whole": whole, "one of them": cut(scenery)}


def best(times: Sequence[Spent]) -> Spent:
    """The least by the clock, and the least of the processors."""
    return Spent(min(each.clock_s for each in times), min(each.cpu_s for each in times))


def shown(name: str, spent: Spent, beside: str = "") -> None:
    """One line of the table."""
    print(f"{name:46}{spent.clock_s:8.2f} s{spent.cpu_s:8.2f} s of processors  {beside}".rstrip())


def judge(found: dict[str, Spent]) -> bool:
    """Print the table of twenty shots; whether its claims hold."""
    join_s, cold_s, new_s = (found[name].clock_s for name in ("join", "cold", "new take"))
    allowed_s, faster = OF_THE_JOIN * join_s + BESIDE_THE_JOIN_S, found["again"].clock_s / cold_s
    print(f"{SHOTS} shots of {LENGTH_S} s, {MASTER.width}x{MASTER.height} at {FPS} frames a second")
    shown("concat and x264", found["again"])
    shown("the join alone", found["join"])
    shown("tailframe cut, for the first time", found["cold"], f"at most {allowed_s:.2f} s")
    shown("  with tail frames and thumbnails of before", found["warm"])
    shown("  with one new take", found["new take"], f"at most {allowed_s:.2f} s")
    shown("  with nothing changed", found["same"])
    print(f"{'  faster than concat and x264':46}{faster:8.1f}x  at least {FASTER_AT_LEAST:g}x")
    return cold_s <= allowed_s and new_s <= allowed_s and faster >= FASTER_AT_LEAST


def judge_many(found: dict[str, Spent]) -> bool:
    """Print the table of a hundred shots; whether its claim holds."""
    share = found["one of them"].clock_s / found["whole"].clock_s
    print(f"\n{MANY} shots of {LENGTH_S} s")
    shown("the join alone", found["join"])
    shown("tailframe cut, for the first time", found["whole"])
    shown("  with one shot changed", found["one of them"], f"{share:.0%}; at most {OF_THE_WHOLE_AT_MOST:.0%}")
    return share <= OF_THE_WHOLE_AT_MOST


def quiet_environment() -> None:
    """Nothing of what this machine may have configured."""
    for name in [name for name in os.environ if name.startswith("TAILFRAME")]:
        del os.environ[name]


def main() -> int:
    """Measure, print, judge."""
    quiet_environment()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        pictures = drawn(folder)
        clips = [another(pictures[place % DRAWN], folder / f"{place:03}.mp4", place) for place in range(MANY + 1)]
        template = bought(folder / "twenty", clips[: SHOTS + 1])
        kept = judge({**twenty(template, folder), "again": encoded_again(template)})
        kept = judge_many(hundred(bought(folder / "hundred", clips))) and kept
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
