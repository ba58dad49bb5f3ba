"""Cards as they are written: a template in `cards/NAME.yaml`, and where series, episodes and scenes use one.

Everything in a template is relative to the picture, so that one serves 16:9, 9:16 and 1:1 alike.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StrictStr, model_validator

from storyboard.card_piece import Align, Anchor, Fade, Hold, PictureFit, Rows
from storyboard.model.fields import (
    PROSE,
    Label,
    Number,
    Seconds,
    ShotKeyText,
    Slug,
    Source,
    Title,
    Truth,
    Written,
    text,
    wrong,
)

COLOUR = r"^#[0-9A-Fa-f]{6}$"

Colour = Annotated[StrictStr, Field(pattern=COLOUR, examples=["#f4efe6"]), PROSE]
Percent = Annotated[Number, Field(ge=0, le=100)]
CardSeconds = Annotated[Number, Field(ge=0.25, le=600)]


def _one_or_several(written: Any) -> Any:
    return (written,) if isinstance(written, str) else written


FontFile = Annotated[StrictStr, Field(min_length=1, max_length=2_000, examples=["fonts/Spectral-Regular.ttf"]), PROSE]
Fonts = Annotated[
    tuple[FontFile, ...],
    Field(min_length=1, max_length=8),
    BeforeValidator(_one_or_several, json_schema_input_type=FontFile | list[FontFile]),
]
"""One font file, or several: each letter comes from the first that has it."""

Words = Annotated[StrictStr, text(2_000, least=1), PROSE]

Names = Annotated[
    tuple[Label, ...],
    Field(min_length=1, max_length=50),
    BeforeValidator(_one_or_several, json_schema_input_type=Label | list[Label]),
]


def _colour_or_item(written: Any) -> Any:
    return {"colour": written} if isinstance(written, str) else written


class BackgroundItem(Written):
    """What stands behind a card's texts: a colour, a picture, or the still frame of a shot beside it."""

    colour: Colour = Field("#101216", description="The colour of the ground, as #rrggbb.")
    picture: Source | None = Field(None, description="A picture of the project, laid over the ground.")
    hold: Hold | None = Field(
        None,
        description="A still frame in place of a picture: next (the first frame of the shot after the card) or "
        "previous (the last one that the cut shows of the shot before it).",
    )
    fit: PictureFit = Field(
        PictureFit.COVER,
        description="How a picture of another shape is shown: cover (filling, its edges cut off) or contain (whole, "
        "with the ground around it).",
    )
    darken: Percent = Field(Decimal(0), description="How much darker picture or frame become, in percent.")

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if self.picture is not None and self.hold is not None:
            raise wrong("has either `picture` or `hold`, not both")
        return self


Background = Annotated[
    BackgroundItem, BeforeValidator(_colour_or_item, json_schema_input_type=Colour | BackgroundItem), PROSE
]


class TextItem(Written):
    """One text of a card. A text without `at` stands below the one before it, and moves with it."""

    text: Words | None = Field(
        None,
        description="What it says: words, and names in braces such as `{{ episode.title }}`. Line breaks stay. It is "
        "left out where a name that it calls has no value.",
    )
    rows: Rows | None = Field(
        None,
        description="A list in place of a text: credits (roles and names in two columns) or cast (who is called in "
        "the episode).",
    )
    font: Fonts | None = Field(
        None,
        description="A font file of the project (ttf, otf or ttc), or several: each letter comes from the first that "
        "has it. By default `card_font`, else the built-in one, which has the letters of ASCII.",
    )
    size: Annotated[Number, Field(ge=0.5, le=60)] = Field(
        Decimal(5), description="Height of its letters in percent of the picture's shorter side: its height in 16:9."
    )
    colour: Colour = Field("#f4efe6", description="The colour of its letters, as #rrggbb.")
    at: Anchor | None = Field(
        None,
        description="Where it stands: top left, top, top right, left, center, right, bottom left, bottom or bottom "
        "right. By default below the text before it; the first one at the center.",
    )
    x: Percent | None = Field(
        None, description="With `at`: how far right its anchor is, in percent of the width. By default 10, 50 or 90."
    )
    y: Percent | None = Field(
        None, description="With `at`: how far down, in percent of the height. By default 10, 50 or 90."
    )
    align: Align | None = Field(
        None, description="How its lines stand: left, center or right. By default as `at` says."
    )
    width: Annotated[Number, Field(ge=5, le=100)] = Field(
        Decimal(80), description="The widest that its lines may be, in percent of the picture's width."
    )
    line_spacing: Annotated[Number, Field(ge=0.75, le=4)] = Field(
        Decimal("1.25"), description="From one line to the next, in heights of its letters."
    )
    tracking: Annotated[Number, Field(ge=-10, le=200)] = Field(
        Decimal(0),
        description="Space between letters, in percent of their height. Scripts whose letters join have none.",
    )
    gap: Percent = Field(
        Decimal(0), description="Space above it, where it stands below another, in percent of the shorter side."
    )
    shadow: Percent = Field(
        Decimal(0), description="How dark the soft shadow behind it is, in percent; 0 is without one."
    )
    uppercase: Truth = Field(False, description="Whether it is set in capitals.")

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.text is None) == (self.rows is None):
            raise wrong("has either `text` or `rows`")
        if self.at is None and (self.x, self.y) != (None, None):
            raise wrong("`x` and `y` go with `at`; write it as well, such as `at: center`")
        return self


class CardFile(Written):
    """`cards/NAME.yaml`: how a card looks, whatever it says."""

    version: Literal[1] = Field(description="Version of this format; this Tailframe reads version 1.")
    background: Background = Field(BackgroundItem(), description="What stands behind the texts. By default a colour.")
    length: CardSeconds | None = Field(
        None, description="How long it stands, in seconds. By default 3; of one that rolls, as long as it takes."
    )
    fade_in: Annotated[Number, Field(ge=0, le=30)] = Field(
        Decimal(0), description="Length of the fade at its beginning, in seconds."
    )
    fade_out: Annotated[Number, Field(ge=0, le=30)] = Field(
        Decimal(0), description="Length of the fade at its end, in seconds."
    )
    fade: Fade = Field(
        Fade.PICTURE,
        description="What fades: picture (all of it, from and to black) or text (and the darkening, over what stays).",
    )
    roll: Annotated[Number, Field(ge=0.125, le=10)] | None = Field(
        None,
        description="Makes the texts roll up through the picture, at about so many lines a second. By default they "
        "stand still.",
    )
    texts: Annotated[tuple[TextItem, ...], Field(max_length=30)] = Field((), description="The texts, from the top.")


def _name_or_use(written: Any) -> Any:
    return {"card": written} if isinstance(written, str) else written


class SceneCardItem(Written):
    """A card before a scene."""

    card: Slug = Field(
        description="Which one: the name of a file in cards/, or one of the built-in title, scene and credits; none "
        "takes back what is inherited."
    )
    length: CardSeconds | None = Field(
        None,
        description="How long it stands, in seconds. By default as the card says; shorter ones fade faster.",
    )


class CardItem(SceneCardItem):
    """A card of an episode."""

    at: Literal["begin", "end"] | None = Field(
        None, description="Where it stands: begin or end. By default a title at the begin, and credits at the end."
    )
    before: Slug | None = Field(
        None, description="The scene before which it stands, in place of `at`: a title after a cold open."
    )
    chapter: Title | None = Field(
        None, description="A chapter that begins with it, and its name. By default it is a part of the one around it."
    )

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if self.at is not None and self.before is not None:
            raise wrong("has either `at` or `before`, not both")
        return self


SceneCard = Annotated[SceneCardItem, BeforeValidator(_name_or_use, json_schema_input_type=Slug | SceneCardItem)]
EpisodeCard = Annotated[CardItem, BeforeValidator(_name_or_use, json_schema_input_type=Slug | CardItem)]


class CreditItem(Written):
    """One credit: who did what."""

    role: Label | None = Field(None, description="What they did (`Directed by`). Without it the names stand alone.")
    name: Names = Field(description="Who it was: one name, or several.")


Credits = Annotated[tuple[CreditItem, ...], Field(max_length=500)]


def _shot_or_item(written: Any) -> Any:
    return {"shot": written} if isinstance(written, str) else written


class PosterItem(Written):
    """The picture that stands for an episode where it does not play."""

    shot: ShotKeyText = Field(description="The shot that it is taken from, as SCENE/SHOT.")
    at: Seconds | None = Field(None, description="The second of the shot. By default its middle.")


Poster = Annotated[PosterItem, BeforeValidator(_shot_or_item, json_schema_input_type=ShotKeyText | PosterItem)]
