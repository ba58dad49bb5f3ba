"""Films of every kind come out in the same colours: as a tail frame, as a reference, in a preview and in the cut."""

from __future__ import annotations

import asyncio
import dataclasses
from fractions import Fraction
from pathlib import Path

import av
import pytest
from PIL import Image

from render.cut.conform import conform
from render.errors import MediaError
from render.media.apply_fit import apply_fit
from render.media.colour_conversion import is_ordinary, refuse_unreadable
from render.media.decoded_clip import clip_facts
from render.media.ffmpeg import run
from render.media.graph import raw_frames, sink, source
from render.media.reference_facts import reference_facts
from render.media.signature import signature
from render.media.stream_traits import traits_of
from render.media.tail_frame import extract_frame, extract_tail_clip
from storyboard.film_traits import Trait, conversions
from storyboard.shot import MasterFormat
from tests.films import COLOURS, FRAMES, HEIGHT, RGB, WIDTH, Film, apart, decoded, make_film, pressed, seen, wandered
from tests.films_table import films_table
from tests.render.cut.pieces import part_of
from tests.thinning import EVERY_MOMENT, one_in

MASTER = MasterFormat(WIDTH, HEIGHT, Fraction(24))
HDR10 = {"codec": "libx265", "pix_fmt": "yuv420p10le", "bits": 10, "matrix": "bt2020nc", "primaries": "bt2020"}
STATED = {"matrix": "bt709", "primaries": "bt709", "transfer": "bt709"}

FILMS = {
    "HDR10 (PQ)": Film(**HDR10, transfer="smpte2084"),  # type: ignore[arg-type]
    "HLG": Film(**HDR10, transfer="arib-std-b67"),  # type: ignore[arg-type]
    "a wide gamut (BT.2020)": Film(**HDR10, transfer="bt2020-10"),  # type: ignore[arg-type]
    "BT.709, 8 bits": Film(**STATED),  # type: ignore[arg-type]
    "nothing stated": Film(),
    "BT.601": Film(matrix="smpte170m", primaries="smpte170m", transfer="smpte170m"),
    "full range": Film(**STATED, full=True),  # type: ignore[arg-type]
    "10 bits": Film(**STATED, codec="libx265", pix_fmt="yuv420p10le", bits=10),  # type: ignore[arg-type]
    "4:2:2 or 4:4:4": Film(**STATED, pix_fmt="yuv444p"),  # type: ignore[arg-type]
    "turned or mirrored": Film(**STATED, rotation=90),  # type: ignore[arg-type]
    "pixels that are not square": Film(**STATED, pixel_ratio=2),  # type: ignore[arg-type]
    "transparent, in ProRes 4444": Film(
        **STATED,  # type: ignore[arg-type]
        codec="prores_ks",
        container="mov",
        pix_fmt="yuva444p10le",
        bits=10,
        opacity=0.5,
        options={"profile:v": 4},
    ),
}
"""One of each row in docs/media.md; all of `MORE` belong to one of these rows too."""

MORE = {
    "HDR10 (PQ) in AV1": Film(
        **{**HDR10, "codec": "libaom-av1"},  # type: ignore[arg-type]
        transfer="smpte2084",
        options={"cpu-used": 8, "crf": 4, "usage": "realtime"},
        near=10,
    ),
    "HLG in 8 bits of H.264": Film(
        matrix="bt2020nc",
        primaries="bt2020",
        transfer="arib-std-b67",
        near=8,
    ),
    "HLG in full range": Film(**HDR10, transfer="arib-std-b67", full=True),  # type: ignore[arg-type]
    "HLG in ProRes 4:2:2": Film(
        **{**HDR10, "codec": "prores_ks", "pix_fmt": "yuv422p10le"},  # type: ignore[arg-type]
        transfer="arib-std-b67",
        container="mov",
    ),
    "PQ in VP9": Film(
        **{**HDR10, "codec": "libvpx-vp9"},  # type: ignore[arg-type]
        transfer="smpte2084",
        container="webm",
        options={"profile:v": 2, "crf": 4, "b:v": 0, "cpu-used": 8, "deadline": "realtime"},
        near=10,
    ),
    "transparent, in VP9": Film(
        codec="libvpx-vp9",
        container="webm",
        pix_fmt="yuva420p",
        opacity=0.5,
        options={"crf": 4, "b:v": 0, "cpu-used": 8, "deadline": "realtime", "auto-alt-ref": 0},
        near=10,
    ),
    "PQ at 59.94": Film(**HDR10, transfer="smpte2084", fps="60000/1001"),  # type: ignore[arg-type]
    "Display P3": Film(matrix="bt709", primaries="smpte432", transfer="bt709", near=8),
    "BT.601 of 625 lines": Film(matrix="bt470bg", primaries="bt470bg", transfer="bt709"),
    "10 bits in full range": Film(**STATED, codec="libx265", pix_fmt="yuv420p10le", bits=10, full=True),  # type: ignore[arg-type]
    "4:2:2 of 10 bits": Film(**STATED, codec="libx265", pix_fmt="yuv422p10le", bits=10),  # type: ignore[arg-type]
    "nothing stated in MPEG-4": Film(codec="mpeg4", options={"q:v": 1}),
    "nothing stated in MJPEG": Film(codec="mjpeg", container="mov", pix_fmt="yuvj420p", full=True, options={"q:v": 1}),
    "at 23.976": Film(**STATED, fps="24000/1001"),  # type: ignore[arg-type]
    "HLG upright": Film(**HDR10, transfer="arib-std-b67", rotation=90),  # type: ignore[arg-type]
    "turned by 180": Film(**STATED, rotation=180),  # type: ignore[arg-type]
    "turned by 270": Film(**STATED, rotation=270),  # type: ignore[arg-type]
    "mirrored": Film(**STATED, flip="hflip"),  # type: ignore[arg-type]
    "upside down": Film(**HDR10, transfer="smpte2084", flip="vflip"),  # type: ignore[arg-type]
    "HLG with wide pixels": Film(**HDR10, transfer="arib-std-b67", pixel_ratio=2),  # type: ignore[arg-type]
}
ALL = FILMS | (MORE if EVERY_MOMENT else {})
"""Every kind where EVERY_MOMENT is set; else one of each row of the page."""

_PLACES = {90: (1, 3, 0, 2), 180: (3, 2, 1, 0), 270: (2, 0, 3, 1), "hflip": (1, 0, 3, 2), "vflip": (2, 3, 0, 1)}


def as_shown(film: Film, number: int) -> list[RGB]:
    """The four fields of frame `number`, by what the film was made of."""
    four = wandered(COLOURS, number)
    places = _PLACES.get(film.flip or film.rotation, (0, 1, 2, 3))
    opacity = 1 if film.opacity is None else film.opacity
    return [(red * opacity, green * opacity, blue * opacity) for red, green, blue in (four[at] for at in places)]


@pytest.fixture
def made(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Film, Path]:
    """The kind of film that the test is about, and its file."""
    film = ALL[request.param]
    return film, make_film(tmp_path / f"film.{film.container}", film)


@one_in(2)
@pytest.mark.parametrize("made", ALL, indirect=True)
def test_a_film_has_one_colour_wherever_it_is_shown(made: tuple[Film, Path], tmp_path: Path) -> None:
    """Tail frame, first frame, reference and conformed piece show what the formulae say; the page says what is done."""
    film, clip = made
    facts = clip_facts(clip)
    for kind in (name for name, each in FILMS.items() if each is film):
        assert {row.done for row in films_table() if row.what == kind} == {conversions(facts.traits) or "nothing"}
    upright = (HEIGHT, WIDTH) if film.rotation in {90, 270} else (WIDTH, HEIGHT)
    assert (facts.width, facts.height, facts.frames) == (*upright, FRAMES)
    for index, number in ((None, FRAMES - 1), (0, 0)):
        extract_frame(clip, index, tmp_path / "frame.png")
        with Image.open(tmp_path / "frame.png") as frame:
            assert frame.size == upright
            assert apart(seen(frame), as_shown(film, number)) <= film.near

    asyncio.run(conform(part_of(clip, FRAMES), MasterFormat(*upright, facts.fps), tmp_path / "piece.mp4"))
    asyncio.run(apply_fit(clip, "video:mp4:plain", tmp_path / "sent.mp4"))
    for name in ("piece.mp4", "sent.mp4"):
        shown = decoded(tmp_path / name)
        assert max(apart(each, as_shown(film, number)) for number, each in enumerate(shown)) <= film.near
        assert len(shown) == FRAMES
        assert signature(tmp_path / name).colours == (1, 1, 1, 1)
        assert reference_facts(tmp_path / name, name).traits == ()


GREEN: tuple[RGB, ...] = ((0, 189, 0),) * 4


@pytest.mark.parametrize("kind", ["HDR10 (PQ)", "HLG"])
def test_a_pure_green_stays_green(kind: str, tmp_path: Path) -> None:
    """At the edge of BT.709 a step of ten bits is a fifth of a per cent of light; nothing more is lost of a colour."""
    clip = make_film(tmp_path / "green.mp4", FILMS[kind], GREEN)
    extract_frame(clip, None, tmp_path / "tail.png")
    with Image.open(tmp_path / "tail.png") as tail:
        for red, green, blue in seen(tail):
            assert abs(green - 189) <= 2
            assert (red / 255) ** 2.4 < 0.005
            assert (blue / 255) ** 2.4 < 0.005


def test_highlights_are_pressed_and_not_cut_off(tmp_path: Path) -> None:
    """Paper, and what is two and four times as bright, come out one brighter than the other, by a stated curve."""
    times = (1.0, 2.0, 4.0, 0.25)
    bright: tuple[RGB, ...] = tuple((255 * each ** (1 / 2.4),) * 3 for each in times)  # type: ignore[misc]
    extract_frame(make_film(tmp_path / "bright.mp4", FILMS["HDR10 (PQ)"], bright), 0, tmp_path / "frame.png")
    with Image.open(tmp_path / "frame.png") as frame:
        expected: list[RGB] = [(255 * pressed(each) ** (1 / 2.4),) * 3 for each in times]  # type: ignore[misc]
        assert apart(seen(frame), expected) <= 2


def test_nothing_that_speaks_of_hdr_is_left(tmp_path: Path) -> None:
    """A mastering display and light levels would make a player treat what is SDR as HDR."""
    levels = "master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1):max-cll=1000,400"
    film = dataclasses.replace(
        FILMS["HDR10 (PQ)"], options={"x265-params": f"lossless=1:log-level=none:hdr10=1:{levels}"}
    )
    clip = make_film(tmp_path / "hdr10.mp4", film)
    assert {"MASTERING_DISPLAY_METADATA", "CONTENT_LIGHT_LEVEL"} <= _said(clip)

    asyncio.run(conform(part_of(clip, FRAMES), MASTER, tmp_path / "piece.mp4"))
    asyncio.run(apply_fit(clip, "video:mp4:plain", tmp_path / "sent.mp4"))
    asyncio.run(extract_tail_clip(clip, None, 1.0, tmp_path / "tail.mp4"))

    for name in ("piece.mp4", "sent.mp4", "tail.mp4"):
        assert not any("DISPLAY" in each or "LIGHT" in each or "DOVI" in each for each in _said(tmp_path / name))
        assert not any(box in (tmp_path / name).read_bytes() for box in (b"mdcv", b"clli", b"dvcC", b"dvvC"))
        assert signature(tmp_path / name).colours == (1, 1, 1, 1)


def _said(clip: Path) -> set[str]:
    """What stands beside the frames of a clip."""
    with av.open(str(clip)) as container:
        return {data.type.name for frame in container.decode(video=0) for data in frame.side_data}


def test_a_tail_clip_shows_the_same_colours(tmp_path: Path) -> None:
    """What a shot continues as a film is tone-mapped as its last frame is."""
    clip = make_film(tmp_path / "hlg.mp4", FILMS["HLG"])
    asyncio.run(extract_tail_clip(clip, None, 1.0, tmp_path / "tail.mp4"))
    shown = decoded(tmp_path / "tail.mp4")
    assert max(apart(each, wandered(COLOURS, number)) for number, each in enumerate(shown)) <= 6
    assert len(shown) == FRAMES


def test_an_edit_list_hides_the_same_frames_from_all(tmp_path: Path) -> None:
    """Of a clip that begins later than its file, frames are counted from the first that is shown."""
    whole = make_film(tmp_path / "whole.mp4", FILMS["HDR10 (PQ)"])
    clip = tmp_path / "clip.mp4"
    asyncio.run(run(sink([source(whole, ss=1 / 24)], clip, c="copy"), what="cut a clip without encoding"))
    facts = clip_facts(clip)
    assert facts.frames == FRAMES - 1
    asyncio.run(conform(part_of(clip, 2), MASTER, tmp_path / "piece.mp4"))
    for index, shown in enumerate(decoded(tmp_path / "piece.mp4")):
        extract_frame(clip, index, tmp_path / "frame.png")
        with Image.open(tmp_path / "frame.png") as frame:
            assert apart(seen(frame), wandered(COLOURS, index + 1)) <= 6
            assert apart(shown, wandered(COLOURS, index + 1)) <= 6


def _combed(picture: Image.Image) -> float:
    """How much each line differs from the next, on average: high where two moments are woven into one picture."""
    lines = picture.convert("L").tobytes()
    pairs = zip(lines, lines[picture.width :], strict=False)
    return sum(abs(one - other) for one, other in pairs) / len(lines)


def _interlaced(target: Path, *options: tuple[str, object]) -> Path:
    """A white bar that moves by four pixels a field, as a camera of old would write it."""
    frames = []
    for number in range(4):
        frame = Image.new("L", (WIDTH, HEIGHT))
        for line in range(HEIGHT):
            left = 4 * (2 * number + line % 2)
            frame.paste(255, (left, line, left + 12, line + 1))
        frames.append(frame.tobytes())
    picture = raw_frames(WIDTH, HEIGHT, MASTER.fps, "gray").filter("format", "yuv420p")
    picture = picture.filter("setparams", field_mode="tff", range="tv")
    written = sink([picture], target, **{"c:v": "libx264", "qp": 1, "flags": "+ilme+ildct", **dict(options)})
    asyncio.run(run(written, what="make an interlaced clip", feed=frames))
    return target


def test_interlaced_clips_are_deinterlaced(tmp_path: Path) -> None:
    """Neither a tail frame nor a piece of the cut shows two moments woven into one picture; no frame is lost."""
    clip = _interlaced(tmp_path / "old.mp4")
    facts = clip_facts(clip)
    assert (facts.traits, facts.frames) == ((Trait.INTERLACED,), 4)
    with av.open(str(clip)) as container:
        woven = next(container.decode(video=0)).to_image()
    assert _combed(woven) > 20

    asyncio.run(conform(part_of(clip, 4), MASTER, tmp_path / "piece.mp4"))
    asyncio.run(apply_fit(clip, "video:mp4:plain", tmp_path / "sent.mp4"))
    for name in ("old.mp4", "piece.mp4", "sent.mp4"):
        extract_frame(tmp_path / name, None, tmp_path / "frame.png")
        with Image.open(tmp_path / "frame.png") as frame:
            assert _combed(frame) < 6, name
    assert clip_facts(tmp_path / "piece.mp4").frames == 4


def test_an_untagged_picture_that_is_resized_keeps_its_colours(tmp_path: Path) -> None:
    """Players take BT.601 for what is small and BT.709 for what is large; a reference that is enlarged says which."""
    clip = make_film(tmp_path / "small.mp4", FILMS["nothing stated"])
    asyncio.run(apply_fit(clip, "video:mp4:1280x720", tmp_path / "large.mp4"))
    assert max(apart(each, wandered(COLOURS, at)) for at, each in enumerate(decoded(tmp_path / "large.mp4"))) <= 6


def test_a_phone_s_dolby_vision_is_read_as_what_lies_below_it(tmp_path: Path) -> None:
    """Profile 8.4 is HLG with a layer beside it that is left out: a name alone makes no film unreadable."""
    made = make_film(tmp_path / "hlg.mp4", FILMS["HLG"])
    clip = tmp_path / "dolby.mp4"
    named = sink([source(made)], clip, c="copy", strict="unofficial", **{"tag:v": "dvh1"})
    asyncio.run(run(named, what="name a clip as Dolby Vision"))
    extract_frame(clip, None, tmp_path / "tail.png")
    with Image.open(tmp_path / "tail.png") as tail:
        assert apart(seen(tail), wandered(COLOURS, FRAMES - 1)) <= 6


def test_dolby_vision_without_another_picture_is_refused(tmp_path: Path) -> None:
    """Its colours cannot be read here, and guessing would make faces green and purple."""
    clip = make_film(tmp_path / "clip.mp4", FILMS["10 bits"])
    encoded = dataclasses.replace(signature(clip), tag="dvh1", colours=(1, 2, 2, 2))
    with pytest.raises(MediaError, match=r"clip\.mp4 is Dolby Vision alone .*Export it as HDR10, HLG or BT\.709"):
        refuse_unreadable(encoded, clip.name)
    refuse_unreadable(dataclasses.replace(encoded, colours=(1, 9, 9, 18)), clip.name)


def test_films_that_vendors_send_today_need_nothing(tmp_path: Path) -> None:
    """Their tail frames are taken without ffmpeg, as ever, and they are copied into the cut."""
    for kind in ("BT.709, 8 bits", "nothing stated", "BT.601"):
        encoded = signature(make_film(tmp_path / "clip.mp4", FILMS[kind]))
        assert traits_of(encoded) == ()
        assert is_ordinary(encoded)
