"""All deliveries of an episode: made once, found afterwards, the same to the byte, whole or not at all."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

import pytest

from render.deliveries.delivery_inputs import DeliveryInputs
from render.deliveries.make_deliveries import Delivered, make_deliveries
from render.deliveries.stored_deliveries import StoredDeliveries
from render.errors import UnfitDelivery
from render.media.ffmpeg import Started, observed
from render.media.measures import sha256_of
from render.store.digests import is_digest
from render.store.local_store import LocalStore
from storyboard.delivery_formats import AudioCodec, FileKind, VideoCodec
from storyboard.timeline.delivery_plan import DeliveryPlan
from tests.render.deliveries.delivering import QUIET, inputs, mix, numbered_master
from tests.storyboard.timeline.delivery_cases import FRAMES, delivery, plans_of
from tests.thinning import one_in


@dataclass
class Recipes:
    """Remembers what a recipe gave, as the ledger does."""

    known: dict[str, str] = field(default_factory=dict)

    def derived(self, key: str) -> str | None:
        """The blob of a recipe."""
        return self.known.get(key)

    def remember_derived(self, key: str, sha256: str) -> None:
        """Keep it."""
        self.known[key] = sha256


@dataclass
class Bench:
    """A folder with a master, a store, and the runs of ffmpeg that were started."""

    folder: Path
    kept: StoredDeliveries = field(init=False)
    started: list[Started] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.folder / "scratch").mkdir()
        self.kept = StoredDeliveries(LocalStore(self.folder / "blobs"), Recipes())

    def deliver(self, plans: Sequence[DeliveryPlan], given: DeliveryInputs) -> tuple[Delivered, ...]:
        """Make them, or find them."""
        self.started.clear()
        with observed(self.started.append):
            return asyncio.run(make_deliveries(plans, lambda _: given, self.kept, self.folder / "scratch"))

    @property
    def encoded(self) -> int:
        """How many pictures were encoded in the last run."""
        return sum("encode the picture" in each.what for each in self.started)

    def bytes_of(self, delivered: Delivered) -> bytes:
        """The file, as it is kept."""
        return self.kept.store.get(delivered.facts.sha256)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """An empty one."""
    return Bench(tmp_path)


def test_what_was_made_is_found(bench: Bench) -> None:
    """With the same inputs nothing runs at all; the name of a delivery is no input of its file."""
    given = inputs(numbered_master(bench.folder), mix(bench.folder, 0.5), target=QUIET)
    wanted = (delivery(name="web"), delivery(VideoCodec.GIF, name="teaser"))

    first = bench.deliver(plans_of(*wanted), given)
    again = bench.deliver(plans_of(*wanted), given)
    renamed = bench.deliver(plans_of(replace(wanted[0], name="site")), given)

    assert [each.fresh for each in (*first, *again, *renamed)] == [True, True, False, False, False]
    assert bench.started == []
    assert [each.facts for each in again] == [each.facts for each in first]
    assert (renamed[0].facts.name, renamed[0].facts.file_name) == ("site", "e01-site.mp4")
    assert renamed[0].facts.sha256 == first[0].facts.sha256
    assert list((bench.folder / "scratch").iterdir()) == []


def test_what_is_gone_from_the_store_is_made_again(bench: Bench) -> None:
    """To the byte."""
    given = inputs(numbered_master(bench.folder))
    plans = plans_of(delivery(audio=AudioCodec.NONE))
    (first,) = bench.deliver(plans, given)
    bench.kept.store.local_path(first.facts.sha256).unlink()

    (again,) = bench.deliver(plans, given)

    assert again.fresh
    assert again.facts == first.facts


KINDS = [
    (VideoCodec.H264, FileKind.MP4),
    (VideoCodec.HEVC, FileKind.MKV),
    (VideoCodec.AV1, FileKind.WEBM),
    (VideoCodec.PRORES, FileKind.MOV),
]


@one_in(2)
@pytest.mark.parametrize(("video", "kind"), KINDS, ids=str)
def test_other_sound_keeps_the_picture_and_is_the_same_as_from_nothing(
    tmp_path: Path, video: VideoCodec, kind: FileKind
) -> None:
    """No picture is encoded again, and the file is equal, byte for byte, to one that was made of nothing."""
    master, plans = numbered_master(tmp_path), plans_of(delivery(video, kind=kind))
    one, other = inputs(master, mix(tmp_path, 0.5)), inputs(master, mix(tmp_path, 0.5, lufs=-30, name="other"))
    kept, anew = (Bench(tmp_path / name) for name in ("kept", "anew") if not (tmp_path / name).mkdir())

    kept.deliver(plans, one)
    (changed,) = kept.deliver(plans, other)
    assert (kept.encoded, changed.fresh) == (0, True)
    (from_nothing,) = anew.deliver(plans, other)
    assert anew.encoded == 1

    assert kept.bytes_of(changed) == anew.bytes_of(from_nothing)


def test_deliveries_that_differ_in_sound_share_a_picture(bench: Bench) -> None:
    """Within one run, too; what differs in its picture does not."""
    given = inputs(numbered_master(bench.folder), mix(bench.folder, 0.5))
    wanted = [delivery(name=str(number), audio=audio) for number, audio in enumerate((AudioCodec.AAC, AudioCodec.OPUS))]
    done = bench.deliver(plans_of(*wanted, delivery(name="small", size=(64, 36))), given)

    assert bench.encoded == 2
    assert [each.facts.audio for each in done] == ["aac", "opus", "aac"]


def test_one_that_comes_out_wrong_names_itself_and_leaves_nothing(bench: Bench) -> None:
    """A mix that is far too loud is refused; what was right beside it is kept."""
    master = numbered_master(bench.folder)
    loud = inputs(master, mix(bench.folder, 0.5, lufs=-12), target=QUIET)
    with pytest.raises(UnfitDelivery, match=r"the delivery web did not come out right: it came out at -12\.0 LUFS"):
        bench.deliver(plans_of(delivery(name="web")), loud)

    assert list((bench.folder / "scratch").iterdir()) == []
    assert bench.kept.derived.known == {}  # type: ignore[attr-defined]


def test_a_master_that_is_too_short_is_noticed(bench: Bench) -> None:
    """The frames that are missing are told, whatever ffmpeg thinks of it."""
    given = inputs(numbered_master(bench.folder, frames=FRAMES - 1))
    with pytest.raises(UnfitDelivery, match="it came out with 11 frames instead of 12"):
        bench.deliver(plans_of(delivery(audio=AudioCodec.NONE)), given)


def test_a_mix_that_is_too_short_is_noticed(bench: Bench) -> None:
    """It is not filled up with silence."""
    given = inputs(numbered_master(bench.folder), mix(bench.folder, 0.3))
    with pytest.raises(UnfitDelivery, match=r"its sound lasts 0\.3\d\d s instead of 0\.500"):
        bench.deliver(plans_of(delivery()), given)


def test_progress_rises_to_its_end(bench: Bench) -> None:
    """Over all of them together, and never beyond."""
    told: list[float] = []
    given = inputs(numbered_master(bench.folder), mix(bench.folder, 0.5), target=QUIET)
    plans = plans_of(delivery(name="a"), delivery(VideoCodec.HEVC, name="b"), delivery(VideoCodec.GIF, name="c"))
    made = make_deliveries(plans, lambda _: given, bench.kept, bench.folder / "scratch", progress=told.append)
    asyncio.run(made)
    assert told[-1] == pytest.approx(1)
    assert all(0 <= share <= 1 for share in told)


@one_in(3)
@pytest.mark.parametrize("video", [VideoCodec.H264, VideoCodec.HEVC, VideoCodec.AV1])
@pytest.mark.parametrize("rated", [False, True])
def test_a_machine_of_one_processor_writes_the_same(tmp_path: Path, video: VideoCodec, rated: bool) -> None:
    """Each encoder is told its threads wherever they change what it writes, so files are equal on every machine.

    On a machine of one processor it is written twice there.
    """
    wanted = delivery(video, audio=AudioCodec.NONE, **({"mbps": Decimal("0.2")} if rated else {}))
    given, plans, sums = inputs(numbered_master(tmp_path, frames=36)), plans_of(wanted, lengths=(36,)), []
    everywhere = os.sched_getaffinity(0)
    try:
        for number, processors in enumerate((everywhere, {min(everywhere)})):
            os.sched_setaffinity(0, processors)
            (folder := tmp_path / str(number)).mkdir()
            sums.append(Bench(folder).deliver(plans, given)[0].facts.sha256)
    finally:
        os.sched_setaffinity(0, everywhere)
    assert sums[0] == sums[1]


KILLED = """
import asyncio, sys
from pathlib import Path
from tests.render.deliveries.delivering import inputs
from tests.render.deliveries.test_make_deliveries import Bench, make_deliveries
from tests.storyboard.timeline.delivery_cases import delivery, plans_of
folder = Path(sys.argv[1])
bench = Bench(folder / "bench")
tell = lambda share: print(share, flush=True)
plans = plans_of(delivery(), lengths=(12,))
given = inputs(folder / "master.mp4", folder / "mix.wav")
print("begun", flush=True)
asyncio.run(make_deliveries(plans, lambda _: given, bench.kept, bench.folder / "scratch", progress=tell))
"""


def test_one_that_is_killed_leaves_nothing_that_is_taken_for_whole(tmp_path: Path) -> None:
    """What is in the store is whole, and the next run makes it as if nothing had been."""
    master, sound = numbered_master(tmp_path), mix(tmp_path, 0.5)
    (tmp_path / "bench").mkdir()
    child = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "begun\n"
    child.stdout.readline()  # the first word of progress: it is in the middle
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()

    blobs = [each for each in (tmp_path / "bench" / "blobs").rglob("*") if each.is_file() and is_digest(each.stem)]
    assert all(sha256_of(each) == each.stem for each in blobs)
    shutil.rmtree(tmp_path / "bench" / "scratch")
    (done,) = Bench(tmp_path / "bench").deliver(plans_of(delivery()), inputs(master, sound))
    assert (done.fresh, done.facts.frames) == (True, FRAMES)
