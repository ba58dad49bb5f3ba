"""Measures `tailframe cut` from its start to its exit: as a process, with ledger, store, output folder and archive.

    python benchmarks/cut_end_to_end.py [--markdown | --hour]

Five-second 720p clips as vendors deliver them; their takes come into the ledger as those of an archive do, each with
the wish of its shot, so that the plan finds them good. Beside the command stand, in the same run, what it cannot do
without, which is the join alone by `render.cut.join`, and the ways of others. A cut *after a run* finds what a run
leaves: it takes the single frames of each clip when it comes, conforms it where that is needed, and draws transitions.
Nothing is mixed or joined yet.

A hundred clips are of another size than their master, so that each is encoded once; then one shot has a new take. Ends
with 1 where a claim does not hold. `--markdown` prints the table as docs/speed.md has it. `--hour` measures no time but
memory: what `tailframe cut` takes at its peak for an hour of 720 shots; that takes many minutes, and 15 GB of disk.
"""

from __future__ import annotations

import asyncio
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import peers
from bought_series import (
    DRAWN,
    FPS,
    LENGTH_S,
    MASTER,
    Scenery,
    another,
    bought,
    drawn,
    forget_cut,
    retake,
)
from join import cut as cut_alone

from render.cut.cut_plan import Piece
from render.media.decoded_clip import clip_facts

SHOTS, MANY, ROUNDS = 20, 100, 3
OF_THE_JOIN, BESIDE_THE_JOIN_S = 1.3, 1.0
FASTER_AT_LEAST = 20.0
OF_THE_WHOLE_AT_MOST = 0.05
DISSOLVED_AT_MOST = 0.2
OF_AN_HOUR, MEMORY_AT_MOST_MIB = 720, 300
DISSOLVES = {"transition": "dissolve"}
ROOT = Path(__file__).parent.parent


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


def cut(scenery: Scenery) -> Spent:
    """One `tailframe cut`, from the start of its process to its end."""
    command = [sys.executable, "-m", "flows.cli", "cut", str(scenery.project), "e01"]
    return Spent.on(lambda: subprocess.run(command, cwd=ROOT, capture_output=True, check=True))


def peak_mib(scenery: Scenery) -> float:
    """The most memory that the process of one `tailframe cut`, or any that it starts, has at once."""
    command = [sys.executable, "-m", "flows.cli", "cut", str(scenery.project), "e01"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"the cut ended with {process.returncode}")
    return used.ru_maxrss / 1024


def hour(folder: Path) -> int:
    """An hour's episode: its clips from elsewhere, after a run, and with one new take."""
    pictures = drawn(folder)
    clips = [another(pictures[at % DRAWN], folder / f"{at:03}.mp4", at) for at in range(OF_AN_HOUR + 1)]
    scenery, found = bought(folder / "hour", clips), {}
    for clip in clips:
        clip.file.unlink()
    found["of clips that came from elsewhere"] = peak_mib(scenery)
    forget_cut(scenery)
    found["after a run"] = peak_mib(scenery)
    retake(scenery)
    found["one shot with a new take"] = peak_mib(scenery)
    for name, mib in found.items():
        print(f"an hour of {OF_AN_HOUR} shots, {name:36}{mib:6.0f} MiB at its peak   (at most {MEMORY_AT_MOST_MIB})")
    return 0 if max(found.values()) <= MEMORY_AT_MOST_MIB else 1


def join_alone(scenery: Scenery) -> Spent:
    """The cut of the same clips by itself: picture copied, sound mixed, everything imported, and nothing around it."""
    pieces = [
        Piece(key=str(place), frames=LENGTH_S * FPS, path=clip.file, clip=clip_facts(clip.file))
        for place, clip in enumerate(scenery.clips)
    ]
    target = scenery.project.parent / "joined.mp4"
    return Spent.on(lambda: asyncio.run(cut_alone(pieces, target)))


def twenty(template: Scenery, dissolved: Scenery, folder: Path) -> dict[str, Spent]:
    """The best times of each way to cut twenty shots."""
    rounds: dict[str, list[Spent]] = {
        name: [] for name in ("join", "first", "cut", "same", "new take", "dissolves", "all dissolves")
    }
    for number in range(ROUNDS):
        scenery = template.copy(folder / f"round-{number}")
        rounds["join"].append(join_alone(scenery))
        rounds["first"].append(cut(scenery))
        forget_cut(scenery)
        rounds["cut"].append(cut(scenery))
        rounds["same"].append(cut(scenery))
        retake(scenery)
        rounds["new take"].append(cut(scenery))
        shutil.rmtree(scenery.project)
    scenery = dissolved.copy(folder / "dissolved")
    whole = cut(scenery)
    forget_cut(scenery)
    rounds["dissolves"].append(cut(scenery))
    rounds["all dissolves"].append(whole)
    return {name: best(times) for name, times in rounds.items()}


def others(template: Scenery, folder: Path) -> tuple[dict[str, Spent], float]:
    """The ways of others, once each; and by how many seconds sound and picture drift apart in the quick one."""
    clips, drift_s = [clip.file for clip in template.clips], []
    ways: dict[str, Callable[[Path], object]] = {
        "again": lambda target: peers.encoded_again(clips, target),
        "twice": lambda target: peers.normalised_and_encoded(clips, target),
        "copied": lambda target: drift_s.append(peers.copied(clips, target)),
    }
    if peers.has_moviepy():
        ways["moviepy"] = lambda target: peers.by_moviepy(clips, target)
    return {name: Spent.on(partial(way, folder / f"{name}.mp4")) for name, way in ways.items()}, drift_s[0]


def hundred(scenery: Scenery) -> dict[str, Spent]:
    """A hundred shots, cut whole and then with one of them changed."""
    whole = cut(scenery)
    retake(scenery)
    return {"whole": whole, "one of them": cut(scenery)}


def best(times: Sequence[Spent]) -> Spent:
    """The least by the clock, and the least of the processors."""
    return Spent(min(each.clock_s for each in times), min(each.cpu_s for each in times))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `held` says whether its claim holds."""

    name: str
    spent: Spent
    beside: str = ""
    held: bool = True

    def text(self, *, markdown: bool) -> str:
        """As a terminal or a page shows it."""
        clock, cpu = f"{self.spent.clock_s:.2f} s", f"{self.spent.cpu_s:.2f} s"
        if markdown:
            return f"| {self.name} | {clock} | {cpu} | {self.beside} |"
        return f"{self.name:58}{clock:>10}{cpu:>10}  {'' if self.held else 'NOT HELD: '}{self.beside}".rstrip()


def rows_of_twenty(found: dict[str, Spent], drift_s: float) -> Iterator[Row]:
    """What became of twenty shots, beside the ways of others."""
    join_s, again_s = found["join"].clock_s, found["again"].clock_s
    allowed_s = OF_THE_JOIN * join_s + BESIDE_THE_JOIN_S
    within = f"at most {OF_THE_JOIN} x the join + {BESIDE_THE_JOIN_S:g} s = {allowed_s:.2f} s"
    yield Row("others: concat, encoded by x264", found["again"])
    yield Row("others: each clip normalised, then encoded again", found["twice"])
    if "moviepy" in found:
        yield Row("others: MoviePy", found["moviepy"])
    yield Row("others: concat, copied", found["copied"], f"sound and picture end {drift_s * 1000:.0f} ms apart")
    yield Row("the join alone", found["join"])
    faster, dissolved = again_s / found["cut"].clock_s, found["dissolves"].clock_s / again_s
    fast = f"{faster:.1f} x faster than x264, at least {FASTER_AT_LEAST:g} x; {within}"
    held = faster >= FASTER_AT_LEAST and found["cut"].clock_s <= allowed_s
    yield Row("tailframe cut, after a run", found["cut"], fast, held)
    new_s = found["new take"].clock_s
    yield Row("tailframe cut, one shot with a new take", found["new take"], within, new_s <= allowed_s)
    yield Row("tailframe cut, nothing changed", found["same"])
    yield Row(
        "tailframe cut, of clips that came from elsewhere", found["first"], f"{again_s / found['first'].clock_s:.1f} x"
    )
    share = f"{dissolved:.0%} of x264, at most {DISSOLVED_AT_MOST:.0%}"
    yield Row(
        "tailframe cut, a dissolve at every seam, after a run",
        found["dissolves"],
        share,
        dissolved <= DISSOLVED_AT_MOST,
    )
    yield Row("  of clips that came from elsewhere", found["all dissolves"], "every picture is encoded once")


def rows_of_many(found: dict[str, Spent]) -> Iterator[Row]:
    """What became of a hundred shots."""
    share = found["one of them"].clock_s / found["whole"].clock_s
    yield Row("tailframe cut, 480p clips into a 720p master", found["whole"])
    told = f"{share:.1%} of the whole, at most {OF_THE_WHOLE_AT_MOST:.0%}"
    yield Row("tailframe cut, one shot with a new take", found["one of them"], told, share <= OF_THE_WHOLE_AT_MOST)


def print_rows(title: str, rows: Sequence[Row], *, markdown: bool) -> None:
    """A table with its title."""
    print(f"\n{'### ' if markdown else ''}{title}\n")
    if markdown:
        print("| | by the clock | of all processors | |\n|---|---:|---:|---|")
    for row in rows:
        print(row.text(markdown=markdown))


def quiet_environment() -> None:
    """Nothing of what this machine may have configured."""
    for name in [name for name in os.environ if name.startswith("TAILFRAME")]:
        del os.environ[name]


def main() -> int:
    """Measure, print, judge."""
    quiet_environment()
    markdown = "--markdown" in sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        if "--hour" in sys.argv[1:]:
            return hour(folder)
        pictures, small = drawn(folder), drawn(folder, "854x480")
        clips = [another(pictures[place % DRAWN], folder / f"{place:03}.mp4", place) for place in range(SHOTS + 1)]
        template = bought(folder / "twenty", clips)
        dissolved = bought(folder / "dissolved-template", clips, **DISSOLVES)
        ways, drift_s = others(template, folder)
        few = [*rows_of_twenty({**twenty(template, dissolved, folder), **ways}, drift_s)]
        title = f"{{}} shots of {LENGTH_S} s, {MASTER.width}x{MASTER.height} at {FPS} frames a second"
        print_rows(title.format(SHOTS), few, markdown=markdown)
        clips = [another(small[place % DRAWN], folder / f"small-{place:03}.mp4", place) for place in range(MANY + 1)]
        many = [*rows_of_many(hundred(bought(folder / "hundred", clips)))]
        print_rows(title.format(MANY), many, markdown=markdown)
    return 0 if all(row.held for row in [*few, *many]) else 1


if __name__ == "__main__":
    sys.exit(main())
