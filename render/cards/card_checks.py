"""What is wrong with cards that only their drawing shows: no fonts, letters that no font has, too long texts.

Asked before anything is paid, by `tailframe check` and by a run's preflight.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

from render.animatic.fonts import font_of_this_machine
from render.cards.card_fonts import CardFonts, FileOf
from render.cards.card_layout import SAFE, CardLayout, DoesNotFit, lay_out
from render.cards.typesetting import around, can_shape, lacking, needs_shaping
from render.errors import MediaError
from render.media.pictures import decode_whole
from storyboard.card_piece import Card, CardText
from storyboard.errors import Position
from storyboard.shot import Episode, MasterFormat

_SMALL = 0.75  # a share of the written size under which a text is told to have become small
_MOST_SHOWN = 8  # letters that a message names


@dataclass(slots=True)
class CardFindings:
    """What is wrong with an episode's cards, and what a producer may want to know of them: where, and what."""

    mistakes: dict[tuple[Position | None, str], None] = field(default_factory=dict)
    notes: dict[tuple[Position | None, str], None] = field(default_factory=dict)

    def wrong(self, at: Position | None, told: str) -> None:
        """A mistake, each once however many cards have it."""
        self.mistakes[at, told] = None

    def note(self, at: Position | None, told: str) -> None:
        """A remark."""
        self.notes[at, told] = None


def card_findings(episode: Episode, file_of: FileOf) -> CardFindings:
    """Lay out every card of an episode in its format, and look into its fonts and pictures. Draws nothing."""
    found = CardFindings()
    for card in episode.cards:
        _look_at(card, episode.master, file_of, found)
    return found


def _look_at(card: Card, master: MasterFormat, file_of: FileOf, found: CardFindings) -> None:
    ground, fonts = card.look.ground, CardFonts(file_of)
    if ground.picture is not None:
        try:
            decode_whole(file_of(ground.picture))
        except MediaError as error:
            found.wrong(ground.at, f"the picture {ground.picture} cannot be used: {error}")
    sound = True
    for text in card.look.texts:
        problems = list(_of_fonts(text, fonts))
        for at, told in problems or _of_letters(card, text, fonts):
            found.wrong(at, told)
            sound = False
    if not sound:
        return
    try:
        layout = lay_out(card.look, master, fonts.faces)
    except DoesNotFit as error:
        size = f"{master.width}x{master.height}"
        told = f"this text of the card {card.key} does not fit in {size}: {error.why}. Shorten it, or make it smaller"
        found.wrong(error.text.at, told)
        return
    for at, told in _remarks(card, layout):
        found.note(at, told)


def _of_fonts(text: CardText, fonts: CardFonts) -> Iterator[tuple[Position | None, str]]:
    for place, source in enumerate(text.fonts):
        try:
            fonts.face(source)
        except MediaError as error:
            yield (text.fonts_at[place] if place < len(text.fonts_at) else text.at), str(error)


def _of_letters(card: Card, text: CardText, fonts: CardFonts) -> Iterator[tuple[Position | None, str]]:
    said = "".join(cell for row in text.rows for cell in row)
    faces = fonts.faces(text)
    if missing := lacking(said, faces):
        whose = " and ".join(text.fonts) or "the built-in font"
        lacks = f"{whose} lack{'s' * (len(faces) == 1)}"
        yield text.at, f"in the card {card.key}, {lacks} {_named(missing)}. {_remedy(missing)}"
    if not can_shape() and any(needs_shaping(sign) for sign in said):
        yield (
            text.at,
            "this Pillow has no Raqm, without which these letters would be joined and ordered wrongly; install "
            "Pillow's own wheel",
        )


def _named(letters: str) -> str:
    names = (unicodedata.name(sign, f"U+{ord(sign):04X}") for sign in letters)
    shown = ", ".join(f"{sign} ({name})" for sign, name in zip(letters[:_MOST_SHOWN], names, strict=False))
    return shown + (f" and {len(letters) - _MOST_SHOWN} more" if len(letters) > _MOST_SHOWN else "")


def _remedy(letters: str) -> str:
    known = font_of_this_machine(letters)
    like = "" if known is None else f", such as {known}"
    return f"Copy a font that has them into the project{like}, and name it as `font` or `card_font`"


def _remarks(card: Card, layout: CardLayout) -> Iterator[tuple[Position | None, str]]:
    """What is no mistake, and may not be meant: texts near the edge, over each other, or much smaller than written."""
    for text in layout.unsafe:
        yield text.at, f"a text of the card {card.key} leaves the title-safe area, the inner {SAFE:.0%} of the picture"
    for text, share in layout.shrunk:
        if share < _SMALL:
            yield text.at, f"texts of the card {card.key} are set at {share:.0%} of their size, to fit the picture"
    boxes = [
        (group.texts[0], around([line.ink for line in layout.lines if line.text in group.texts]))
        for group in card.look.groups
    ]
    for (text, one), (_, other) in combinations(boxes, 2):
        if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]:
            yield (
                text.at,
                f"texts of the card {card.key} stand over each other; leave out `at` to set one below another",
            )
