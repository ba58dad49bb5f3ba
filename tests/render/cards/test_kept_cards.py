"""Cards and slates as clips: exactly as many frames at every rate, in the house format, drawn once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import av
import pytest
from PIL import Image

from render.cards import kept_card, kept_slate, stored_files
from render.cards.kept_cards import card_key, draw_card
from render.cut.house_signature import house_signature
from render.errors import MediaError
from render.media.signature import signature
from render.store.local_store import LocalStore
from storyboard.card_piece import Anchor, Card, Ground, Hold
from storyboard.shot import MasterFormat
from tests.render.cards.boards import MASTER, card, font_file, group, look, no_file, text
from tests.render.cut.pieces import Folder

RATES = ["24", "25", "24000/1001", "30000/1001"]


def times(clip: Path) -> list[Fraction]:
    """When each decoded frame is shown, in seconds."""
    with av.open(str(clip)) as container:
        return [frame.pts * frame.time_base for frame in container.decode(video=0)]


@pytest.mark.parametrize("fps", RATES)
@pytest.mark.parametrize("frames", [1, 37])
def test_a_card_has_exactly_its_frames(fps: str, frames: int, tmp_path: Path) -> None:
    """At the times of the master's grid, in the very format of conformed pieces: it is joined by copying."""
    master = MasterFormat(64, 36, Fraction(fps))
    shown = look(group(text("Lamp")), fade_in_s=Decimal("0.2"))
    asyncio.run(draw_card(card(shown, frames), master, no_file, tmp_path / "card.mp4"))
    assert times(tmp_path / "card.mp4") == [number / master.fps for number in range(frames)]
    assert signature(tmp_path / "card.mp4") == asyncio.run(house_signature(master, tmp_path))


def test_a_card_is_drawn_once(tmp_path: Path) -> None:
    """The very same is found again, and a cut from nothing gives the same bytes."""
    made = card(look(group(text("Lamp"))), 6)
    first = asyncio.run(kept_card(made, MASTER, no_file, Folder(tmp_path / "kept"), tmp_path))
    content, written = first.read_bytes(), first.stat().st_mtime_ns
    again = asyncio.run(kept_card(made, MASTER, no_file, Folder(tmp_path / "kept"), tmp_path))
    assert (again, again.stat().st_mtime_ns) == (first, written)
    anew = asyncio.run(kept_card(made, MASTER, no_file, Folder(tmp_path / "anew"), tmp_path))
    assert anew.read_bytes() == content
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".mp4"] == []


def changed(made: Card) -> dict[str, tuple[Card, MasterFormat]]:
    """The card with one thing changed, by what it is."""
    (one,) = made.look.groups
    (words,) = one.texts

    def with_text(**keys: object) -> Card:
        return replace(made, look=replace(made.look, groups=(replace(one, texts=(replace(words, **keys),)),)))

    return {
        "frames": (replace(made, frames=7), MASTER),
        "words": (with_text(rows=(("Lamps",),)), MASTER),
        "columns": (with_text(rows=(("La", "mp"),)), MASTER),
        "colour": (with_text(colour="#fffffe"), MASTER),
        "tracking": (with_text(tracking=Decimal(1)), MASTER),
        "place": (replace(made, look=replace(made.look, groups=(replace(one, anchor=Anchor.TOP),))), MASTER),
        "fade": (replace(made, look=replace(made.look, fade_in_s=Decimal(1))), MASTER),
        "roll": (replace(made, look=replace(made.look, rolls=True)), MASTER),
        "ground": (replace(made, look=replace(made.look, ground=Ground(colour="#000001"))), MASTER),
        "rate": (made, replace(MASTER, fps=Fraction(25))),
        "size": (made, replace(MASTER, width=162)),
    }


def test_whatever_changes_a_picture_changes_the_key() -> None:
    """And whatever does not, leaves it."""
    made = card(look(group(text("Lamp"))), 6)
    keys = {what: card_key(each, master, no_file) for what, (each, master) in changed(made).items()}
    assert len({*keys.values(), card_key(made, MASTER, no_file)}) == len(keys) + 1
    elsewhere = replace(made, key="credits", before="sea", chapter="x", at=None)
    assert card_key(elsewhere, MASTER, no_file) == card_key(made, MASTER, no_file)


def test_files_count_by_what_they_hold(tmp_path: Path) -> None:
    """A font that is moved draws nothing anew; one that is changed does."""
    one = font_file(tmp_path / "a.ttf")
    two = font_file(tmp_path / "other" / "b.ttf")
    first, moved = (card(look(group(text("Lamp", fonts=(str(each),)))), 6) for each in (one, two))
    assert card_key(first, MASTER, Path) == card_key(moved, MASTER, Path)
    before = card_key(first, MASTER, Path)
    one.write_bytes(one.read_bytes() + b"\0")
    assert card_key(first, MASTER, Path) != before


def test_a_card_holds_the_frame_that_it_is_given(tmp_path: Path) -> None:
    """And another frame is another card."""
    stills = []
    for colour in ("#c02020", "#2020c0"):
        stills.append(tmp_path / f"{colour[1:]}.png")
        Image.new("RGB", (320, 180), colour).save(stills[-1])
    made = card(look(group(text("x", size=5)), ground=Ground(colour="#000000", hold=Hold.NEXT)), 3)
    red, blue = (
        asyncio.run(kept_card(made, MASTER, no_file, Folder(tmp_path / "kept"), tmp_path, still=still))
        for still in stills
    )
    with av.open(str(red)) as container:
        shown = next(container.decode(video=0)).to_image().getpixel((3, 3))
    assert shown[0] > 170
    assert shown[2] < 60
    assert red != blue


def test_a_text_that_does_not_fit_is_no_half_a_clip(tmp_path: Path) -> None:
    """It was told before anything was paid; a cut that meets it anyway says where it is written."""
    with pytest.raises(MediaError, match=r"the card title cannot be drawn: .*cards/c.yaml:4:11"):
        asyncio.run(draw_card(card(look(group(text("W" * 80, size=20)))), MASTER, no_file, tmp_path / "card.mp4"))
    assert list(tmp_path.iterdir()) == []


def test_a_slate_is_drawn_once(tmp_path: Path) -> None:
    """As long as it says the same of the same shot."""
    kept = Folder(tmp_path / "kept")

    def drawn(reason: str, frames: int = 5) -> Path:
        return asyncio.run(
            kept_slate("lamp/010", "The Lamp", reason, frames=frames, master=MASTER, kept=kept, scratch=tmp_path)
        )

    first = drawn("it was refused")
    written = first.stat().st_mtime_ns
    assert drawn("it was refused").stat().st_mtime_ns == written
    assert len(times(first)) == 5
    assert len({first, drawn("it failed"), drawn("it was refused", 6)}) == 3


def test_fonts_come_from_the_store_once_a_project_is_frozen(tmp_path: Path) -> None:
    """By the name that their folder spells, and never from a folder that may have changed since."""
    store = LocalStore(tmp_path / "store")
    sha256 = store.put(font_file(tmp_path / "a.ttf").read_bytes())
    file_of = stored_files({"fonts/e\u0301.ttf": sha256}, {"fonts/\u00e9.ttf": "fonts/e\u0301.ttf"}, store)
    assert file_of("fonts/\u00e9.ttf").read_bytes() == (tmp_path / "a.ttf").read_bytes()
    with pytest.raises(MediaError, match=r"fonts/b\.ttf is not among the files"):
        file_of("fonts/b.ttf")
