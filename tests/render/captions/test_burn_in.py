"""Captions in the picture itself, and the fonts they are drawn in."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image

from render.captions.burn_in import Lettering, burn_in, burn_key, lettering
from render.captions.caption_fonts import BurnFont, burnt_in_font, caption_font, font_note
from render.errors import MediaError
from storyboard.captions.caption import Caption
from storyboard.shot import Line, MasterFormat, Translation
from storyboard.subtitle_rules import SubtitleRules
from tests.render.captions.captioned import LETTERS, MASTER, bright, caption, film, frames
from tests.storyboard import stories

SIZE = Decimal(13)
FPS_FILMS = [Fraction(25), Fraction(24000, 1001), Fraction(30000, 1001)]


@pytest.fixture
def font() -> BurnFont:
    """The font that comes along with Pillow."""
    return caption_font(["Winter."], None)


def own_font(folder: Path) -> Path:
    """The same as a file of a project."""
    target = folder / "Own: 'font' [1].ttf"
    target.write_bytes(caption_font(["A"], None).content)
    return target


def burnt(
    folder: Path, captions: Sequence[Caption], font: BurnFont, master: MasterFormat = MASTER
) -> tuple[list[Image.Image], list[Image.Image]]:
    """The frames of a grey film before and after."""
    plain, target = film(folder / "plain.mp4", seconds=1, master=master, sound=False), folder / "burnt.mp4"
    asyncio.run(burn_in(plain, captions, lettering(font, captions, SIZE, master), master, target, what="a/0"))
    return frames(plain), frames(target)


def lettered(pictures: Sequence[Image.Image]) -> list[int]:
    """On which frames there are letters."""
    return [number for number, picture in enumerate(pictures) if bright(picture) > 20]


def test_letters_stand_on_the_frames_of_their_caption_and_no_other(tmp_path: Path, font: BurnFont) -> None:
    """The first and the last one included; all frames are there."""
    before, after = burnt(tmp_path, [caption(3, 9, "Winter."), caption(9, 10, "Go."), caption(15, 20, "No.")], font)
    assert lettered(before) == []
    assert lettered(after) == [*range(3, 10), *range(15, 20)]
    assert len(before) == len(after) == 24


@pytest.mark.parametrize("fps", FPS_FILMS)
def test_frames_are_exact_at_every_rate(tmp_path: Path, font: BurnFont, fps: Fraction) -> None:
    """Although the script counts in hundredths of a second."""
    captions = [caption(at, at + 1, "Winter.") for at in range(1, 24, 3)]
    _, after = burnt(tmp_path, captions, font, MasterFormat(160, 90, fps))
    assert lettered(after) == list(range(1, 24, 3))


def test_words_stand_at_the_foot_or_at_the_top(tmp_path: Path, font: BurnFont) -> None:
    """Centred, and within the safe area."""
    _, after = burnt(tmp_path, [caption(0, 5, "Winter."), caption(10, 15, "Winter.", top=True)], font)
    foot, top = (after[number].convert("L").point(lambda each: 255 * (each > LETTERS)).getbbox() for number in (2, 12))
    assert foot is not None
    assert top is not None
    assert foot[1] > 50
    assert top[3] < 40
    for left, upper, right, lower in (foot, top):
        assert abs((left + right) / 2 - 80) < 3
        assert upper >= 4
        assert lower <= 86


def test_nothing_in_the_words_acts(tmp_path: Path, font: BurnFont) -> None:
    """Commands of the script are drawn as the letters that they are."""
    _, plain = burnt(tmp_path, [caption(0, 20, "xx an8 xx fs90 xx")], font)
    (tmp_path / "nasty").mkdir()
    nasty = caption(0, 20, "{\\an8}{\\fs90}\\Nx", "{\\pos(0,0)}\\h")
    _, after = burnt(tmp_path / "nasty", [nasty], font)
    box = after[5].convert("L").point(lambda each: 255 * (each > LETTERS)).getbbox()
    assert box is not None
    assert box[1] > 50, "it stands at the foot, no larger than it should"
    assert bright(plain[5]) < 4 * bright(after[5]) < 40 * bright(plain[5])


def test_a_font_of_the_project_is_used_whatever_its_name_is(tmp_path: Path, font: BurnFont) -> None:
    """The letters are the same as with the very same font that comes along."""
    own = caption_font(["Winter."], own_font(tmp_path))
    assert own.sha256 == font.sha256
    _, first = burnt(tmp_path, [caption(0, 20, "Winter.")], font)
    (tmp_path / "own").mkdir()
    _, second = burnt(tmp_path / "own", [caption(0, 20, "Winter.")], own)
    assert first[5].tobytes() == second[5].tobytes()


def test_letters_become_smaller_where_a_line_would_not_fit(font: BurnFont) -> None:
    """All of the master's alike, so that none stands out."""
    short, long = caption(0, 9, "Winter."), caption(10, 19, "W" * 16)
    usual = lettering(font, [short], SIZE, MASTER).style
    assert usual.line_height == font.line_height(12)
    smaller = lettering(font, [short, long], SIZE, MASTER).style
    assert smaller.line_height < usual.line_height
    assert font.width("W" * 16, smaller.line_height) <= MASTER.width - 2 * smaller.side_margin


def test_characters_that_a_font_lacks_are_named(tmp_path: Path, font: BurnFont) -> None:
    """Each once; blanks and marks of direction need no glyph."""
    assert font_note(font, ["One more winter.", "a\u200fb\u00a0c"]) is None
    assert font.lacking(["灯台の灯"]) == "灯台の"
    note = font_note(caption_font(["灯台"], own_font(tmp_path)), ["灯台の灯"]) or ""
    assert "the font Own: 'font' [1].ttf has no glyph for 灯 台 の" in note


def test_what_is_no_font_is_told(tmp_path: Path) -> None:
    """By its name."""
    broken = tmp_path / "Broken.ttf"
    broken.write_bytes(b"no font")
    with pytest.raises(MediaError, match=r"Broken\.ttf cannot be read as a font"):
        caption_font(["A"], broken)


def test_words_that_no_font_here_can_show_are_refused(tmp_path: Path) -> None:
    """A sign that no font has: nothing is drawn with boxes unasked."""
    with pytest.raises(MediaError, match="no font of this machine has all of") as told:
        caption_font(["a\U00031000"], None)
    assert "name it as `font` under `subtitles`" in str(told.value)


def test_a_picture_is_drawn_upon_again_only_for_what_is_seen_in_it(font: BurnFont) -> None:
    """The key changes with a word, its time, the size and the font; not with where a line is written."""
    said = [caption(3, 9, "Winter.")]
    letters = lettering(font, said, SIZE, MASTER)
    key = burn_key("piece", said, letters, MASTER)
    assert key == burn_key("piece", [caption(3, 9, "Winter.")], letters, MASTER)
    others = [
        burn_key("other", said, letters, MASTER),
        burn_key("piece", [caption(3, 9, "Summer.")], letters, MASTER),
        burn_key("piece", [caption(4, 9, "Winter.")], letters, MASTER),
        burn_key("piece", said, lettering(font, said, Decimal(10), MASTER), MASTER),
        burn_key("piece", said, Lettering(BurnFont(Path(__file__), "x", ""), letters.style), MASTER),
    ]
    assert len({key, *others}) == 6


def test_nothing_is_left_where_it_fails(tmp_path: Path, font: BurnFont) -> None:
    """A picture that is none."""
    (tmp_path / "plain.mp4").write_bytes(b"no film")
    said = [caption(0, 9, "Winter.")]
    with pytest.raises(MediaError):
        asyncio.run(
            burn_in(
                tmp_path / "plain.mp4",
                said,
                lettering(font, said, SIZE, MASTER),
                MASTER,
                tmp_path / "out.mp4",
                what="a",
            )
        )
    assert [each.name for each in tmp_path.iterdir()] == ["plain.mp4"]


def test_an_episodes_font_is_looked_for_by_what_it_burns_in(tmp_path: Path) -> None:
    """Its own words in that language, and names where they are shown; nothing where nothing is burnt in."""
    line = Line("mara", "Mara 灯", "One.", {"de": Translation("Eins: 台\u202e")})
    shot = stories.shot("a/1", dialogue=(line,))
    rules = SubtitleRules(languages=("en", "de"), burn_in="de", font="fonts/own.ttf")
    episode = replace(stories.story(shot), language="en", subtitles=rules)
    own = own_font(tmp_path)

    found = burnt_in_font(episode, lambda source: {"fonts/own.ttf": own}[source])
    assert found is not None
    assert (found[0].path, "no glyph for 台:" in (found[1] or "")) == (own, True)
    named = replace(episode, subtitles=replace(rules, speakers=True))
    found = burnt_in_font(named, lambda source: own)
    assert "no glyph for 台 灯:" in ((found and found[1]) or "")
    assert burnt_in_font(replace(episode, subtitles=replace(rules, burn_in=None)), lambda source: own) is None


def collection(*families: str) -> bytes:
    """A font collection of the font that comes along, once under each of these names of seven letters."""
    plain = caption_font(["A"], None).content
    offset, offsets, faces = 12 + 4 * len(families), [], b""
    for family in families:
        face = bytearray(plain.replace("Aileron".encode("utf-16-be"), family.encode("utf-16-be")))
        face = bytearray(bytes(face).replace(b"Aileron", family.encode()))
        (tables,) = struct.unpack_from(">H", face, 4)
        for record in range(12, 12 + 16 * tables, 16):
            (at,) = struct.unpack_from(">I", face, record + 8)
            struct.pack_into(">I", face, record + 8, at + offset + len(faces))
        offsets.append(offset + len(faces))
        faces += bytes(face).ljust(-(-len(face) // 4) * 4, b"\0")
    return struct.pack(f">4sII{len(families)}I", b"ttcf", 0x00010000, len(families), *offsets) + faces


@pytest.mark.parametrize(
    ("language", "family"),
    [("zh-Hans", "Fake SC"), ("zh-TW", "Fake TC"), ("ja", "Fake JP"), ("ko", "Fake KR"), ("en", "Fake JP")],
)
def test_a_collection_gives_the_face_of_the_language(tmp_path: Path, language: str, family: str) -> None:
    """The same sign looks otherwise in China, Taiwan, Japan and Korea."""
    fonts = tmp_path / "Fake.ttc"
    fonts.write_bytes(collection("Fake JP", "Fake KR", "Fake SC", "Fake TC"))
    assert caption_font(["A"], fonts, language).family == family
