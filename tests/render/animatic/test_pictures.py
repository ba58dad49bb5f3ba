"""What is seen: art in every ratio, the tail frame first, a card where there is nothing, the strip on all of it."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from render.animatic.art import gather
from render.animatic.brief import brief
from render.animatic.draw_clip import frames
from render.animatic.stage import Stage
from render.animatic.strip import running_time, strip_height
from render.errors import Terminal
from storyboard.request import Mode, Request
from storyboard.shot import MediaKind, Role
from tests.clips import make_clip, number_in
from tests.render.animatic.orders import Shelf, order

RATIOS = [(210, 90), (160, 90), (120, 80), (120, 90), (96, 96), (90, 120), (90, 160)]


def drawn(request: Request, shelf: Shelf) -> list[Image.Image]:
    """Every frame of a request, strip and all."""
    shot = brief(request)
    size = shot.width, shot.height
    return [Image.frombytes("RGB", size, frame) for frame in frames(shot, gather(request, shelf.path))]


def unlike(one: Image.Image, other: Image.Image) -> float:
    """How much two pictures differ, in levels of 255."""
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


@pytest.mark.parametrize("size", RATIOS)
def test_every_ratio_is_filled(shelf: Shelf, size: tuple[int, int]) -> None:
    """No shape of frame leaves bars, and the cast stands in it."""
    request = order([shelf.figure(), shelf.plate()], duration="0.2", size=size, camera="wide, static")
    picture = drawn(request, shelf)[0]
    assert picture.size == size
    middle = picture.crop((0, size[1] // 3, size[0], size[1] * 2 // 3))
    assert any(red > 150 and green < 110 for _, (red, green, _) in middle.getcolors(99999) or [])


def test_the_same_request_gives_the_same_frames(shelf: Shelf) -> None:
    """A take can be drawn again to the pixel."""
    request = order([shelf.figure(), shelf.plate()], camera="slow push in", line="Mara: One more winter.")
    assert [picture.tobytes() for picture in drawn(request, shelf)] == [
        picture.tobytes() for picture in drawn(request, shelf)
    ]


def test_a_continued_shot_begins_on_the_frame_before(shelf: Shelf) -> None:
    """The first frame is the tail frame, but for the strip; by the end the shot has its own picture."""
    tail = shelf.plate("#7d3a36", role=Role.CONTINUITY, name="lamp/010")
    request = order([tail, shelf.figure(), shelf.plate("#1d4a5c")], duration="2", camera="static")
    pictures = drawn(request, shelf)
    with Image.open(shelf.path(tail.sha256 or "")) as still:
        before = still.convert("RGB").resize((160, 90), Image.Resampling.LANCZOS)
    above = (0, 0, 160, 90 - 3 * strip_height(160, 90))
    assert unlike(pictures[0].crop(above), before.crop(above)) < 3
    assert unlike(pictures[-1].crop(above), before.crop(above)) > 25


def test_the_strip_of_the_frame_before_does_not_shine_through(shelf: Shelf, tmp_path: Path) -> None:
    """A tail frame that carries a strip starts the next shot without it."""
    plate = shelf.plate()
    first = drawn(order([plate], key="storm/010"), shelf)[-1]
    first.save(tmp_path / "tail.png")
    tail = shelf.put(Role.CONTINUITY, "storm/010", tmp_path / "tail.png")
    stage = Stage(brief(order([tail])), gather(order([tail]), shelf.path))
    foot = (0, 90 - strip_height(160, 90) + 2, 160, 90)
    bare = Stage(brief(order([plate])), gather(order([plate]), shelf.path)).draw(0).crop(foot)
    assert unlike(stage.draw(0).crop(foot), bare) < unlike(first.crop(foot), bare)


def test_a_literal_first_frame_fills_the_whole_shot(shelf: Shelf) -> None:
    """Where the tail frame is all there is, the camera moves on it and never leaves it."""
    tail = shelf.plate("#7d3a36", role=Role.CONTINUITY, name="lamp/010")
    pictures = drawn(order([tail], mode=Mode.FIRST_FRAME, camera="push in", beats="[0.5]"), shelf)
    assert unlike(pictures[0], pictures[11]) > 0.2
    assert unlike(pictures[11], pictures[12]) > 2


def test_own_frames_are_begun_and_ended_on(shelf: Shelf) -> None:
    """To the pixel, but for the shot's own strip; in between the picture goes from one to the other."""
    first = shelf.plate("#7d3a36", role=Role.FIRST_FRAME, name="dawn")
    last = shelf.plate("#1d4a5c", role=Role.LAST_FRAME, name="dusk")
    request = order([first, last], mode=Mode.FIRST_FRAME, duration="2", camera="push in")
    stage = Stage(brief(request), gather(request, shelf.path))
    for frame, each in ((0, first), (47, last)):
        with Image.open(shelf.path(each.sha256 or "")) as still:
            assert unlike(stage.draw(frame), still.convert("RGB").resize((160, 90), Image.Resampling.LANCZOS)) < 1
    assert 5 < unlike(stage.draw(30), stage.draw(47)) < unlike(stage.draw(0), stage.draw(47))


def test_a_clip_as_reference_lends_its_last_frame(shelf: Shelf, tmp_path: Path) -> None:
    """A shot that continues a clip begins on that clip's end, not on its beginning."""
    clip = make_clip(tmp_path / "tail.mp4")
    tail = shelf.put(Role.CONTINUITY, "lamp/010", clip, MediaKind.VIDEO)
    opening = gather(order([tail]), shelf.path).opening
    assert opening is not None
    assert number_in(opening) == 23


def test_beats_change_the_picture_on_their_frame(shelf: Shelf) -> None:
    """The cut lies between the two frames around the beat and nowhere else."""
    pictures = drawn(order([shelf.figure(), shelf.plate()], camera="wide, static", beats="[0.5]"), shelf)
    steps = [unlike(before, after) for before, after in itertools.pairwise(pictures)]
    assert steps.index(max(steps)) == 11
    assert steps[11] > 4 * sorted(steps)[-2]


def test_a_narrow_frame_shows_members_whole(shelf: Shelf) -> None:
    """Side by side in an upright frame, neither is cut by its sides."""
    mara, edda = shelf.figure("#ff0000", tall=100), shelf.figure("#0000ff", name="edda", tall=100)
    request = order([mara, edda, shelf.plate("#404040")], duration="0.1", size=(180, 320), camera="wide, static")
    picture = Stage(brief(request), gather(request, shelf.path)).draw(0)
    colours = picture.getcolors(99999) or []
    red = sum(count for count, (r, _, b) in colours if r > 200 and b < 60)
    blue = sum(count for count, (r, _, b) in colours if b > 200 and r < 60)
    ellipse = 3.14 / 4 * 95 * 159  # as large as the framing shows one
    assert red > 0.93 * ellipse
    assert blue > 0.93 * 0.96**2 * ellipse  # who is named second stands a little farther off


def test_members_stand_side_by_side_and_a_child_stays_smaller(shelf: Shelf) -> None:
    """Two figures are both seen, and the one drawn smaller on its sheet reaches less high."""
    mara, edda = shelf.figure("#ff0000"), shelf.figure("#0000ff", name="edda", tall=120)
    request = order([mara, edda, shelf.plate("#404040")], duration="0.1", size=(320, 180), camera="wide, static")
    picture = Stage(brief(request), gather(request, shelf.path)).draw(0)
    red, _, blue = picture.split()
    tops = [
        ImageChops.subtract(channel, other).point(lambda level: 255 if level > 120 else 0).getbbox()
        for channel, other in ((red, blue), (blue, red))
    ]
    assert tops[0]
    assert tops[1]
    assert tops[0][1] < tops[1][1]
    assert abs(tops[0][3] - tops[1][3]) < 8


def test_an_opaque_portrait_is_set_in_with_soft_edges(shelf: Shelf) -> None:
    """A cast photo with its ground is no hard rectangle in the frame."""
    portrait = shelf.plate("#00aa00", role=Role.CAST, name="mara")
    (figure,) = gather(order([portrait]), shelf.path).cast
    assert len(figure.picture.getchannel("A").getcolors() or []) > 20


@pytest.mark.parametrize("clear", [False, True])
@pytest.mark.parametrize("size", [(1, 1), (3000, 1), (1, 3000), (13, 7)])
def test_pictures_of_any_shape_are_shown(shelf: Shelf, size: tuple[int, int], clear: bool, tmp_path: Path) -> None:
    """One pixel, a line, one that is wholly see-through: each role draws something, and nothing fails."""
    Image.new("RGBA", size, (10, 200, 30, 0 if clear else 255)).save(tmp_path / "odd.png")
    roles = (Role.CAST, Role.PROP, Role.LOCATION, Role.STYLE)
    shown = drawn(order([shelf.put(role, role, tmp_path / "odd.png") for role in roles], duration="0.1"), shelf)
    assert {picture.size for picture in shown} == {(160, 90)}


@pytest.mark.parametrize("prompt", ["The sea.", "words " * 500, "漢字" * 400, "", "א" * 90])
def test_a_shot_without_references_is_a_card(shelf: Shelf, prompt: str) -> None:
    """The prompt's own words stand in for pictures, however many there are and in whatever script."""
    picture = drawn(order(duration="0.1", prompt=prompt, size=(320, 180)), shelf)[0]
    assert len(picture.getcolors(999999) or []) > 20


def test_cards_have_the_hue_of_their_wish(shelf: Shelf) -> None:
    """Two cards are told apart from across the room."""
    one, other = (drawn(order(duration="0.1", wish=wish * 64), shelf)[0] for wish in "1e")
    assert unlike(one, other) > 5


@pytest.mark.parametrize("size", RATIOS)
def test_the_strip_is_burnt_into_every_frame(shelf: Shelf, size: tuple[int, int]) -> None:
    """Key on the left, time on the right: both ends of the foot carry light letters, in every ratio."""
    request = order([shelf.plate("#000000")], duration="0.2", size=size)
    for picture in drawn(request, shelf):
        foot = picture.crop((0, size[1] - strip_height(*size), size[0], size[1] - 2)).convert("L")
        half = size[0] // 2
        assert foot.crop((0, 0, half, foot.height)).getextrema()[1] > 120
        assert foot.crop((half, 0, size[0], foot.height)).getextrema()[1] > 120


def test_the_line_is_shown_during_the_shot_and_gone_at_its_end(shelf: Shelf) -> None:
    """A subtitle stands in the middle of the shot and not in its tail frame."""
    plate = shelf.plate("#202020")
    spoken = drawn(order([plate], line="Mara: One more winter.", camera="static"), shelf)
    silent = drawn(order([plate], camera="static"), shelf)
    assert unlike(spoken[10], silent[10]) > 0.5
    assert spoken[-1].tobytes() == silent[-1].tobytes()


@pytest.mark.parametrize(
    "line", ["Эдда: Папа там! " * 30, "מארה: עוד חורף אחד", "نورا: شتاء آخر", "माड़ा: बस एक", "x" * 900]
)
def test_any_line_is_drawn(shelf: Shelf, line: str) -> None:
    """Long lines and other scripts are drawn without a crash and without leaving the frame."""
    assert len(drawn(order([shelf.plate()], duration="0.3", line=line), shelf)) == 7


def test_running_time_counts_frames() -> None:
    """mm:ss:ff, at whole rates and at broken ones."""
    order_fps = order().fps
    assert [running_time(frame, order_fps) for frame in (0, 23, 24, 1475)] == [
        "00:00:00",
        "00:00:23",
        "00:01:00",
        "01:01:11",
    ]


def test_a_reference_that_cannot_be_read_is_named(shelf: Shelf, tmp_path: Path) -> None:
    """A damaged file is not quietly left out: the error says which one, and what to do."""
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnonsense")
    broken = shelf.put(Role.CAST, "mara", tmp_path / "broken.png")
    with pytest.raises(Terminal, match=r"'mara' \(broken\.png\).*Replace the file") as caught:
        gather(order([broken]), shelf.path)
    assert caught.value.input_name == "mara"
    assert caught.value.charged is False
