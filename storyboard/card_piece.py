"""Cards of an episode, resolved: what stands on each, how it looks, and where in the story it stands. Frozen values.

A card is a piece of the master like a shot's, but nothing is bought for it: it is drawn on this machine, is part of no
wish, and takes whole frames of its own, so that the shots around it stay as long as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from storyboard.errors import Position

NO_CARD = "none"
"""What takes back a card that is inherited."""


class CardKind(StrEnum):
    """What a card is for."""

    TITLE = "title"
    SCENE = "scene"
    CREDITS = "credits"


class Anchor(StrEnum):
    """The nine places where a text may stand."""

    TOP_LEFT = "top left"
    TOP = "top"
    TOP_RIGHT = "top right"
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    BOTTOM_LEFT = "bottom left"
    BOTTOM = "bottom"
    BOTTOM_RIGHT = "bottom right"

    @property
    def across(self) -> Decimal:
        """Which part of a text's width lies left of its anchor: 0, a half or 1."""
        words = self.value.split()
        return Decimal("0") if "left" in words else Decimal("1") if "right" in words else Decimal("0.5")

    @property
    def down(self) -> Decimal:
        """Which part of its height lies above its anchor."""
        words = self.value.split()
        return Decimal("0") if "top" in words else Decimal("1") if "bottom" in words else Decimal("0.5")


class Align(StrEnum):
    """How the lines of a text stand to each other."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class Hold(StrEnum):
    """Whose still frame stands behind a card."""

    NEXT = "next"  # the first frame of the shot after it
    PREVIOUS = "previous"  # the last one that the cut shows of the shot before it


class PictureFit(StrEnum):
    """How a picture of another shape is shown."""

    COVER = "cover"
    CONTAIN = "contain"


class Fade(StrEnum):
    """What fades in and out."""

    PICTURE = "picture"
    TEXT = "text"


class Rows(StrEnum):
    """The lists that a card can show."""

    CREDITS = "credits"
    CAST = "cast"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What stands behind the texts."""

    colour: str  # #rrggbb
    picture: str | None = None  # a path within the project
    hold: Hold | None = None
    fit: PictureFit = PictureFit.COVER
    darken: Decimal = Decimal(0)  # percent
    at: Position | None = field(default=None, compare=False)  # where the picture is written


@dataclass(frozen=True, slots=True, kw_only=True)
class CardText:
    """One text of a card, filled. Each row is a paragraph, or what stands left and right of the middle."""

    rows: tuple[tuple[str, ...], ...]
    fonts: tuple[str, ...]  # paths within the project; none: the built-in font
    size: Decimal  # percent of the picture's shorter side, as `gap` is
    colour: str
    align: Align
    width: Decimal  # percent of the picture's width
    line_spacing: Decimal  # in sizes
    tracking: Decimal  # percent of the size
    gap: Decimal
    shadow: Decimal  # percent
    at: Position | None = field(default=None, compare=False)  # where it is written
    fonts_at: tuple[Position, ...] = field(default=(), compare=False)  # where each of its fonts is


@dataclass(frozen=True, slots=True, kw_only=True)
class CardGroup:
    """Texts that stand one below the other, and are placed as one. `x` and `y` are percents of width and height."""

    anchor: Anchor
    x: Decimal
    y: Decimal
    texts: tuple[CardText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLook:
    """All that is drawn of a card, whatever its format. Its recipe is made of this, positions left out."""

    ground: Ground
    groups: tuple[CardGroup, ...]
    fade_in_s: Decimal = Decimal(0)
    fade_out_s: Decimal = Decimal(0)
    fade: Fade = Fade.PICTURE
    rolls: bool = False

    @property
    def texts(self) -> tuple[CardText, ...]:
        """Every text, from the first group on."""
        return tuple(text for group in self.groups for text in group.texts)

    @property
    def sources(self) -> tuple[str, ...]:
        """The files of the project that it is drawn with, each once: its picture, then its fonts."""
        picture = () if self.ground.picture is None else (self.ground.picture,)
        return tuple(dict.fromkeys([*picture, *(font for text in self.texts for font in text.fonts)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card of an episode at its place in the story."""

    key: str  # "title", "scene-lamp", "credits": no key of a shot, as those have a slash
    kind: CardKind
    before: str | None  # the id of the scene that it stands before; None: after the last one
    frames: int
    look: CardLook
    chapter: str | None = None  # the name of a chapter that begins with it
    at: Position | None = field(default=None, compare=False)  # where its use is written


@dataclass(frozen=True, slots=True, kw_only=True)
class PosterChoice:
    """The moment of a shot that stands for the episode; None: its middle."""

    shot: str  # SCENE/SHOT
    at_s: Decimal | None = None
