"""What only drawing shows is told before anything is paid: where it is written, and what to do."""

from __future__ import annotations

import struct
import time
from pathlib import Path

import pytest
from PIL import Image, features

from render.animatic.cmap import read_coverage
from render.animatic.fonts import bundled
from render.cards import card_findings, typesetting
from render.cards.card_checks import CardFindings
from render.cards.card_fonts import CardFonts
from render.errors import MediaError
from storyboard.card_piece import Anchor, CardLook, Ground
from storyboard.errors import Position
from storyboard.shot import Episode
from tests.render.cards.boards import MASTER, card, font_file, group, look, text

AT = Position("cards/c.yaml", 4, 11)


def found(shown: CardLook, folder: Path) -> CardFindings:
    """What is said of an episode with this one card, whose files lie in this folder."""
    episode = Episode(
        series="s",
        series_title="S",
        episode="e01",
        title="E",
        shots=(),
        master=MASTER,
        music=None,
        caps=None,  # type: ignore[arg-type]
        prices=(),
        cards=(card(shown),),
    )
    return card_findings(episode, lambda source: folder / source)


def test_a_card_that_is_right_is_not_spoken_of(tmp_path: Path) -> None:
    """With a font of the project, too."""
    font_file(tmp_path / "a.ttf")
    said = found(look(group(text("The Lamp", fonts=("a.ttf",)))), tmp_path)
    assert (said.mistakes, said.notes) == ({}, {})


@pytest.mark.parametrize(
    "content",
    [b"no font", b"\0\1\0\0" + b"\xff" * 200, b"wOFF" + b"\0" * 100, b"ttcf" + b"\xff" * 40, b""],
    ids=["text", "truncated", "packed", "collection", "empty"],
)
def test_what_is_no_font_is_told_where_it_is_named(content: bytes, tmp_path: Path) -> None:
    """Whatever it is instead."""
    (tmp_path / "a.ttf").write_bytes(content)
    named = text("x", fonts=("a.ttf",), fonts_at=(Position("series.yaml", 9, 12),))
    ((at, told),) = found(look(group(named)), tmp_path).mistakes
    assert at == Position("series.yaml", 9, 12)
    assert told == ("a.ttf is no font that can be used. Use an outline font: a TrueType or OpenType file, unpacked")


def test_a_font_that_is_cut_off_is_told_or_drawn(tmp_path: Path) -> None:
    """At any byte: a finding, and never an exception of another sort."""
    whole = font_file(tmp_path / "whole.ttf").read_bytes()
    for size in range(0, len(whole), max(1, len(whole) // 60)):
        name = f"{size}.ttf"
        (tmp_path / name).write_bytes(whole[:size])
        for _, told in found(look(group(text("The Lamp", fonts=(name,)))), tmp_path).mistakes:
            assert "no font that can be used" in told or "lacks" in told


def test_letters_that_a_font_lacks_are_named(tmp_path: Path) -> None:
    """With their names, as they may look like others, and where to put a font that has them."""
    ((at, told),) = found(look(group(text("Café Ж"))), tmp_path).mistakes
    assert at == AT
    assert told.startswith(
        "in the card title, the built-in font lacks é (LATIN SMALL LETTER E WITH ACUTE), "
        "Ж (CYRILLIC CAPITAL LETTER ZHE). Copy a font that has them into the project"
    )
    assert told.endswith("and name it as `font` or `card_font`")


def test_several_fonts_share_a_text(tmp_path: Path) -> None:
    """Only what none of them has is lacking."""
    font_file(tmp_path / "a.ttf")
    ((_, told),) = found(look(group(text("aб", fonts=("a.ttf", "a.ttf")))), tmp_path).mistakes
    assert "a.ttf and a.ttf lack б" in told


def test_a_text_that_does_not_fit_is_told(tmp_path: Path) -> None:
    """With the size of the picture, as another format may have room."""
    ((at, told),) = found(look(group(text("W" * 60, size=20))), tmp_path).mistakes
    assert at == AT
    assert "does not fit in 160x90" in told
    assert "is wider than its room even at 50% of its size. Shorten it, or make it smaller" in told


def test_a_picture_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """Where it is named."""
    Image.new("RGB", (64, 64)).save(tmp_path / "whole.png")
    (tmp_path / "half.png").write_bytes((tmp_path / "whole.png").read_bytes()[:60])
    ground = Ground(colour="#000000", picture="half.png", at=Position("cards/c.yaml", 2, 1))
    ((at, told),) = found(look(ground=ground), tmp_path).mistakes
    assert at == Position("cards/c.yaml", 2, 1)
    assert told.startswith("the picture half.png cannot be used")


def test_remarks_are_no_mistakes(tmp_path: Path) -> None:
    """Texts near the edge, over each other, and much smaller than they are written."""
    shown = look(group(text("edge", size=20), anchor=Anchor.TOP, y=1), group(text("over", size=20), y=20))
    said = found(shown, tmp_path)
    assert said.mistakes == {}
    told = " ".join(each for _, each in said.notes)
    assert "leaves the title-safe area, the inner 90% of the picture" in told
    assert "stand over each other" in told
    small = found(look(group(text("WWWWWWWWWWWWWWWW", size=14))), tmp_path)
    assert small.mistakes == {}
    assert any("of their size, to fit the picture" in each for _, each in small.notes)


def test_joined_letters_need_raqm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it they would be drawn apart and the wrong way round, so that is said."""
    typesetting.can_shape.cache_clear()
    monkeypatch.setattr(features, "check", lambda _: False)
    try:
        told = [each for _, each in found(look(group(text("لا"))), tmp_path).mistakes]
        assert any("this Pillow has no Raqm" in each for each in told)
        plain = [each for _, each in found(look(group(text("La"))), tmp_path).mistakes]
        assert plain == []
    finally:
        typesetting.can_shape.cache_clear()


def test_a_hostile_map_of_letters_is_read_in_no_time(tmp_path: Path) -> None:
    """Thousands of segments that all claim the same letters are not gone through one by one."""
    count = 8_000
    ends, starts = [0xFFFE] * count, [0] * count
    offsets = [2 * (count - place) for place in range(count)]
    subtable = struct.pack(">HHHHHHH", 4, 0, 0, 2 * count, 0, 0, 0) + struct.pack(f">{count}H", *ends) + b"\0\0"
    subtable += struct.pack(f">{count}H", *starts) + b"\0" * 2 * count + struct.pack(f">{count}H", *offsets)
    subtable += b"\1" * 2 * 0x10000
    cmap = struct.pack(">HHHHI", 0, 1, 3, 1, 12) + subtable
    head = struct.pack(">IHHHH", 0x00010000, 2, 0, 0, 0)
    records = struct.pack(">4sIII", b"cmap", 0, 44, len(cmap)) + struct.pack(">4sIII", b"glyf", 0, 0, 0)
    (tmp_path / "a.ttf").write_bytes(head + records + cmap)
    begun = time.process_time()
    with (tmp_path / "a.ttf").open("rb") as file:
        coverage = read_coverage(file)
    assert len(coverage.starts) <= 0x10000
    assert time.process_time() - begun < 5
    with pytest.raises(MediaError):
        CardFonts(lambda source: tmp_path / source).face("a.ttf")


def test_the_built_in_font_is_the_one_that_every_machine_has() -> None:
    """Letters of ASCII, all of them."""
    assert bundled().covers("".join(map(chr, range(32, 127))))
