"""The animatic behaves as a vendor should: jobs that outlive their process, clips in exactly the format asked for."""

from __future__ import annotations

import asyncio
import time
from fractions import Fraction
from pathlib import Path

import pytest

from render.animatic.capabilities import CAPABILITIES
from render.animatic.provider import AnimaticProvider
from render.animatic.slate import draw_slate
from render.media.decoded_clip import clip_facts
from render.media.signature import signature
from render.providers.base import Ended, JobRef, JobStatus, Pending, Provider, Succeeded
from storyboard.request import Request
from storyboard.shot import MasterFormat, MediaKind, Role
from tests.render.animatic.orders import Shelf, order
from tests.thinning import one_in


def asked(request: Request, take: str = "take-1") -> JobRef:
    """The job that an order becomes."""
    provider = AnimaticProvider(Path("unused"), lambda _: Path("unused"))
    return JobRef(asyncio.run(provider.create(request, [], take_id=take)), request)


async def ended(provider: Provider, job: JobRef) -> JobStatus:
    """Poll to the end."""
    status = await provider.poll(job)
    while isinstance(status, Pending):
        await asyncio.sleep(0.02)
        status = await provider.poll(job)
    return status


def made(request: Request, shelf: Shelf, scratch: Path) -> Path:
    """Order a clip, wait for it, fetch it."""

    async def fetch() -> Path:
        provider: Provider = AnimaticProvider(scratch, shelf.path)
        job, target = asked_in_loop(request), scratch / "fetched.mp4"
        status = await ended(provider, job)
        assert isinstance(status, Succeeded), status
        await provider.download(job, status.clip_url, target, lambda _: None)
        await provider.aclose()
        return target

    return asyncio.run(fetch())


def asked_in_loop(request: Request) -> JobRef:
    """The same job as `asked`, where a loop runs already."""
    return JobRef("animatic-in-a-test", request)


@one_in(3)
@pytest.mark.parametrize(
    ("duration", "size", "fps", "frames"),
    [
        ("1.5", (160, 90), Fraction(24), 36),
        ("7.25", (160, 90), Fraction(24), 174),
        ("1", (90, 160), Fraction(25), 25),
        ("1", (210, 90), Fraction(30), 30),
        ("1", (96, 96), Fraction(24000, 1001), 24),
        ("0.04", (90, 120), Fraction(24), 1),
    ],
)
def test_clips_are_exactly_what_was_asked(
    tmp_path: Path, *, duration: str, size: tuple[int, int], fps: Fraction, frames: int
) -> None:
    """Frames, size, rate and sound are the order's own, so that the cut can copy them."""
    shelf = Shelf(tmp_path)
    request = order([shelf.figure(), shelf.plate()], duration=duration, size=size, fps=fps)
    facts = clip_facts(made(request, shelf, tmp_path / "scratch"))
    assert (facts.width, facts.height, facts.fps, facts.frames) == (*size, fps, frames)
    assert facts.audio_s is not None


def test_sound_that_was_not_asked_for_is_not_there(shelf: Shelf, tmp_path: Path) -> None:
    """`audio: false` gives a clip without a sound track."""
    assert clip_facts(made(order([shelf.plate()], audio=False), shelf, tmp_path)).audio_s is None


def test_clips_and_slates_of_one_master_join_by_copying(shelf: Shelf, tmp_path: Path) -> None:
    """An animatic and a slate carry the same parameter sets, whatever they show."""
    clip = made(order([shelf.plate()]), shelf, tmp_path)
    slate, master = tmp_path / "slate.mp4", MasterFormat(160, 90, Fraction(24))
    asyncio.run(
        draw_slate("lamp/020", "The lamp room", "the vendor refused it", frames=30, master=master, target=slate)
    )
    facts = clip_facts(slate)
    assert (facts.frames, facts.audio_s) == (30, None)
    assert signature(slate) == signature(clip)


def test_the_same_order_gives_the_same_picture(shelf: Shelf, tmp_path: Path) -> None:
    """Drawn twice, in two places, the clip is the same to the byte."""
    request = order([shelf.figure(), shelf.plate()], line="Mara: One more winter.")
    one, other = (made(request, shelf, tmp_path / name) for name in ("a", "b"))
    assert one.read_bytes() == other.read_bytes()


def test_a_job_is_named_after_its_take() -> None:
    """The name needs no memory: whoever knows the take knows the job."""
    assert asked(order()) == asked(order())
    assert asked(order()).id != asked(order(), "take-2").id


def test_another_process_goes_on_with_a_job(shelf: Shelf, tmp_path: Path) -> None:
    """A provider that vanishes in the middle of a drawing leaves a job that the next one brings to its end."""
    request = order([shelf.figure(), shelf.plate()], duration="12")  # which no machine draws in a seventh of a second
    job = asked(request)

    async def begin_and_vanish() -> None:
        provider = AnimaticProvider(tmp_path, shelf.path)
        assert isinstance(await provider.poll(job), Pending)
        await asyncio.sleep(0.15)

    asyncio.run(begin_and_vanish())  # the loop's end takes the drawing with it
    assert list(tmp_path.glob("*.mp4")) == []
    status = asyncio.run(ended(AnimaticProvider(tmp_path, shelf.path), job))
    assert isinstance(status, Succeeded)
    assert clip_facts(tmp_path / status.clip_url).frames == 288


def test_a_finished_job_is_finished_for_everyone(shelf: Shelf, tmp_path: Path) -> None:
    """Its first poll by another process says so at once, and nothing is drawn again."""
    job = asked(order([shelf.plate()]))
    asyncio.run(ended(AnimaticProvider(tmp_path, shelf.path), job))
    status = asyncio.run(AnimaticProvider(tmp_path, lambda _: Path("gone")).poll(job))
    assert isinstance(status, Succeeded)
    assert status.cost_usd == 0


def test_a_clip_that_was_swept_away_is_drawn_again(shelf: Shelf, tmp_path: Path) -> None:
    """Fetching cannot fail for a cleared scratch folder, since drawing costs nothing."""
    job, target = asked(order([shelf.plate()])), tmp_path / "fetched.mp4"

    async def fetch() -> None:
        provider = AnimaticProvider(tmp_path, shelf.path)
        await provider.download(job, str(tmp_path / "swept.mp4"), target, lambda _: None)

    asyncio.run(fetch())
    assert clip_facts(target).frames == 24


def test_fetched_clips_are_cleared_away(shelf: Shelf, tmp_path: Path) -> None:
    """What was copied out does not stay in the scratch folder as well."""
    made(order([shelf.plate()]), shelf, tmp_path)
    assert [file.name for file in tmp_path.glob("*.mp4")] == ["fetched.mp4"]


def test_drawing_never_holds_up_the_loop(shelf: Shelf, tmp_path: Path) -> None:
    """While three shots are drawn, a task that wants to run every 5 ms is never kept waiting for long."""
    jobs = [asked(order([shelf.figure(), shelf.plate()], size=(640, 360)), f"take-{number}") for number in range(3)]
    waits: list[float] = []

    async def heartbeat() -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.005)
            waits.append(time.monotonic() - before)

    async def draw() -> None:
        provider = AnimaticProvider(tmp_path, shelf.path)
        beating = asyncio.create_task(heartbeat())
        await asyncio.gather(*(ended(provider, job) for job in jobs))
        beating.cancel()

    asyncio.run(draw())
    waits.sort()
    assert len(waits) > 20
    assert waits[len(waits) * 9 // 10] < 0.1


def test_a_reference_that_cannot_be_read_ends_the_job(shelf: Shelf, tmp_path: Path) -> None:
    """The job ends with the reference's name, uncharged, like a vendor's refusal of one input."""
    (tmp_path / "broken.png").write_bytes(b"no picture")
    broken = shelf.put(Role.LOCATION, "sea", tmp_path / "broken.png")
    status = asyncio.run(ended(AnimaticProvider(tmp_path, shelf.path), asked(order([broken]))))
    assert isinstance(status, Ended)
    assert (status.code, status.input_name, status.charged) == ("reference_unreadable", "sea", False)


def test_a_cancelled_drawing_leaves_nothing_and_can_be_begun_again(shelf: Shelf, tmp_path: Path) -> None:
    """Cancelling ends ffmpeg and its half file; the order itself stands."""
    job = asked(order([shelf.plate()], duration="3"))

    async def begin_and_cancel() -> None:
        provider = AnimaticProvider(tmp_path, shelf.path)
        await provider.poll(job)
        await asyncio.sleep(0.1)
        assert await provider.cancel(job)

    asyncio.run(begin_and_cancel())
    assert list(tmp_path.glob("*.mp4")) == []
    assert isinstance(asyncio.run(ended(AnimaticProvider(tmp_path, shelf.path), job)), Succeeded)


def test_progress_grows_to_the_end(shelf: Shelf, tmp_path: Path) -> None:
    """A drawing says how far it is, and never goes back."""
    job = asked(order([shelf.figure(), shelf.plate()], duration="5", size=(320, 180)))

    async def shares() -> list[float]:
        provider, seen = AnimaticProvider(tmp_path, shelf.path), []
        while isinstance(status := await provider.poll(job), Pending):
            seen.append(status.progress or 0.0)
            await asyncio.sleep(0.01)
        return seen

    seen = asyncio.run(shares())
    assert seen == sorted(seen)
    assert 0 <= seen[0] <= seen[-1] <= 1


def test_what_it_sells_is_free_and_needs_no_network() -> None:
    """No price, no address: a rehearsal can never pass for a paid take."""
    assert CAPABILITIES.paid is False
    assert CAPABILITIES.origin == "animatic://local"
    model = CAPABILITIES.model(None)
    assert all(rate.usd_per_second == 0 for rate in model.rates.values())
    assert set(model.rates) == set(model.resolutions)
    assert set(CAPABILITIES.tokens) == set(MediaKind)


def test_a_reference_is_published_where_it_lies(shelf: Shelf, tmp_path: Path) -> None:
    """Publishing for this machine is naming the file."""
    plate = shelf.plate()
    file = shelf.path(plate.sha256 or "")
    published = asyncio.run(AnimaticProvider(tmp_path, shelf.path).publish(plate, file))
    assert (published.reference, published.url) == (plate, str(file))


@pytest.mark.parametrize("words", ["", "refused: " + "the content of this shot " * 20, "нет: 没有"])
def test_slates_take_any_words(tmp_path: Path, words: str) -> None:
    """A slate with a long reason, another script or no scene title is still exactly its frames."""
    target: Path = tmp_path / "slate.mp4"
    master = MasterFormat(90, 160, Fraction(25))
    asyncio.run(draw_slate("a-very-long-scene-name/0010b", "", words, frames=5, master=master, target=target))
    assert clip_facts(target).frames == 5
