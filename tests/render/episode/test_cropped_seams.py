"""Where two shots dissolve into each other, a delivery that crops shows each by its own window: nothing jumps."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from render.cut.cut_plan import Piece, timeline_of
from render.deliveries.delivery_inputs import DeliveryInputs, Ingredient
from render.episode.cropped_seams import CroppedSeams
from render.media.decoded_clip import clip_facts
from storyboard.deliveries import ANCHORS
from storyboard.delivery_formats import AudioCodec, Reframe, VideoCodec
from storyboard.edit import Edit, Transition, TransitionKind
from storyboard.timeline.delivery_plan import DeliveryPlan, delivery_plans
from storyboard.timeline.master_timeline import Timeline
from tests.render.cut.pieces import MASTER, Folder, cut
from tests.render.deliveries.delivering import drawn_master, made
from tests.render.deliveries.test_reframing import frames_of
from tests.storyboard.timeline.delivery_cases import delivery, episode_of
from tests.thinning import exhaustive, one_in

LENGTH, LONG = 24, 8
RED, BLUE, GREY = (210, 40, 40), (40, 40, 210), (90, 90, 90)
WINDOW = (50, 90)


def clip(folder: Path, name: str, colour: tuple[int, int, int], x: int) -> Piece:
    """A shot of a grey wall with one upright bar of a colour, ten pixels wide."""
    frame = Image.new("RGB", (MASTER.width, MASTER.height), GREY)
    ImageDraw.Draw(frame).rectangle((x, 0, x + 9, MASTER.height), fill=colour)
    path = drawn_master(folder / f"{name}.mp4", [frame] * (LENGTH + LONG))
    return Piece(key=f"lamp/{name}", frames=LENGTH, path=path, clip=clip_facts(path))


def dissolved(folder: Path, kind: TransitionKind = TransitionKind.DISSOLVE) -> tuple[list[Piece], Timeline]:
    """Two shots; what matters stands at the left edge of the one, and at the right edge of the other."""
    way = Transition(kind, Fraction(LONG, 24))
    pieces = [clip(folder, "000", RED, 20), replace(clip(folder, "001", BLUE, 145), edit=Edit(transition=way))]
    return pieces, timeline_of(pieces, MASTER.fps)


def plan_for(timeline: Timeline, video: VideoCodec = VideoCodec.H264, **part: Fraction) -> DeliveryPlan:
    """An upright delivery, the first shot seen from the left, the second from the right."""
    wanted = delivery(video, size=(40, 72), reframe=Reframe.CROP, audio=AudioCodec.NONE, **part)
    episode = episode_of([ANCHORS["left"], ANCHORS["right"]], (MASTER.width, MASTER.height), MASTER.fps, (wanted,))
    (plan,) = delivery_plans(episode, timeline)
    return plan


def delivered(plan: DeliveryPlan, pieces: Sequence[Piece], timeline: Timeline, folder: Path) -> list[Image.Image]:
    """Its frames."""
    master = cut(pieces, folder).path
    kept = Folder(folder / "kept")
    drawing = CroppedSeams(pieces=pieces, timeline=timeline, master=MASTER, burnt=None, kept=kept, scratch=folder)

    async def film() -> Path:
        return await drawing.film(plan)

    seams = Ingredient("seams", film) if plan.seams else None
    given = DeliveryInputs(picture=Ingredient.of(master), mix=None, seams=seams)
    return frames_of(made(plan, given, folder / "out").file)


def bar(frame: Image.Image, channel: int) -> tuple[float, int]:
    """How strong a coloured bar is on a row of a frame, from 0 to 1, and on which pixel its middle is: 0 of none."""
    row = [frame.convert("RGB").getpixel((x, 36)) for x in range(frame.width)]
    over = [pixel[channel] - pixel[2 - channel] for pixel in row]  # type: ignore[index]
    strongest = max(over)
    if strongest < 12:
        return 0.0, 0
    places = [x for x, value in enumerate(over) if value > 0.6 * strongest]
    return strongest / 170, round(sum(places) / len(places))


@one_in(3)
@pytest.mark.parametrize("video", [VideoCodec.H264, VideoCodec.GIF, VideoCodec.PRORES])
def test_each_shot_of_a_dissolve_stands_still(tmp_path: Path, video: VideoCodec) -> None:
    """Both bars stay where they stand in their shots; the one goes as the other comes, frame by frame."""
    pieces, timeline = dissolved(tmp_path)
    (seam,) = timeline.seams
    assert (seam.before, seam.after) == (0, LONG)
    plan = plan_for(timeline, video)
    assert plan.window == WINDOW
    frames = delivered(plan, pieces, timeline, tmp_path)

    assert len(frames) == 2 * LENGTH
    for number, frame in enumerate(frames):
        share = min(1, max(0, (number - LENGTH + 1) / (LONG + 1)))  # of the picture that comes
        for channel, part, place in ((0, 1 - share, 20), (2, share, 31)):
            strength, at = bar(frame, channel)
            assert strength == pytest.approx(part, abs=0.13), number
            assert part < 0.3 or at == pytest.approx(place, abs=1), number


@exhaustive
def test_a_part_may_begin_within_a_dissolve(tmp_path: Path) -> None:
    """And end within it: the frames of the window are those of the master."""
    pieces, timeline = dissolved(tmp_path, TransitionKind.WIPE_LEFT)
    whole = delivered(plan_for(timeline), pieces, timeline, tmp_path)
    for begin, end in ((22, 40), (4, 27), (26, 30)):
        plan = plan_for(timeline, begin=Fraction(begin, 24), end=Fraction(end, 24))
        (folder := tmp_path / str(begin)).mkdir()
        part = delivered(plan, pieces, timeline, folder)
        assert len(part) == end - begin
        for one, other in zip(part, whole[begin:end], strict=True):
            assert bar(one, 0) == pytest.approx(bar(other, 0), abs=0.12, rel=0.1)


def test_only_a_window_that_would_jump_is_drawn_anew(tmp_path: Path) -> None:
    """A dip shows one shot after the other; shots with one focus have one window. Their recipes are what they were."""
    pieces, timeline = dissolved(tmp_path, TransitionKind.DIP_TO_BLACK)
    dipped = plan_for(timeline)
    assert dipped.seams == ()
    other = replace(timeline, seams=())
    assert dipped.picture_recipe == plan_for(other).picture_recipe
    changed = [piece if place == 0 else replace(piece, edit=Edit()) for place, piece in enumerate(pieces)]
    assert plan_for(timeline_of(changed, MASTER.fps)).seams == ()
    dissolve = dissolved(tmp_path)[1]
    assert plan_for(dissolve).picture_recipe != dipped.picture_recipe
    assert plan_for(dissolve, begin=Fraction(31, 24), end=Fraction(2)).seams != ()
    assert plan_for(dissolve, begin=Fraction(33, 24), end=Fraction(2)).seams == ()


def test_they_are_kept(tmp_path: Path) -> None:
    """Made once for all deliveries of one shape, and found by the next cut."""
    pieces, timeline = dissolved(tmp_path)
    kept = Folder(tmp_path / "kept")
    drawing = CroppedSeams(pieces=pieces, timeline=timeline, master=MASTER, burnt=None, kept=kept, scratch=tmp_path)
    for _ in range(2):
        asyncio.run(drawing.film(plan_for(timeline)))
        assert len(list(kept.root.iterdir())) == 1
