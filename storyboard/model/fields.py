"""The kinds of values that a producer writes, each strict enough that a slip shows where it was made.

YAML has numbers, texts and truths; a storyboard has seconds, dollars, ids and prompts. The types here refuse the
wrong one of the former (`id: 010` is a number) and the impossible ones of the latter (a negative length), with a
sentence that a producer understands. Numbers are `Decimal`: no sum of money or of seconds is ever a binary float.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StrictBool,
    StrictStr,
)
from pydantic import model_validator as _model_validator
from pydantic_core import PydanticCustomError

from storyboard.framing import AUTO
from storyboard.shot import Unwanted

SLUG = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"
NAME = r"^[A-Za-z][A-Za-z0-9_]{0,63}$"
LETTERS = "letters (a–z, A–Z), digits, - and _"
"""What ids are made of, for messages; names lack the `-`."""
SHOT_KEY = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}/[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"
FRACTION = r"^[1-9][0-9]{0,5}/[1-9][0-9]{0,3}$"
RATIO = r"^(auto|[1-9][0-9]{0,2}:[1-9][0-9]{0,2})$"

_NTSC = {
    Decimal("23.976"): Fraction(24000, 1001),
    Decimal("23.98"): Fraction(24000, 1001),
    Decimal("29.97"): Fraction(30000, 1001),
    Decimal("59.94"): Fraction(60000, 1001),
}
_MOST_DECIMALS = 6


class Written(BaseModel):
    """Base of all that a producer writes: frozen, and no key that is not known.

    A key with nothing after it (`defaults:` with every line below it commented out) counts as left out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @_model_validator(mode="before")
    @classmethod
    def _leave_out_what_is_empty(cls, written: Any) -> Any:
        if not isinstance(written, dict):
            return written
        return {key: value for key, value in written.items() if value is not None}


def path_or_take(written: Any) -> Any:
    """A path alone is a source; `source: {shot: …}` says the same as `shot: …`. For `BeforeValidator`."""
    match written:
        case str():
            return {"source": written}
        case {"source": {**own}, **rest}:
            return {**rest, **own}
    return written


def wrong(message: str) -> PydanticCustomError:
    """An error whose text goes to the producer as it is."""
    return PydanticCustomError("storyboard", "{message}", {"message": message})


def number(written: Any) -> Decimal:
    """An ordinary number with few decimals, exactly. Raises PydanticCustomError."""
    if isinstance(written, bool) or not isinstance(written, int | Decimal | float):
        raise wrong("must be a number, written without quotes or unit")
    exact = Decimal(str(written)) if isinstance(written, float) else Decimal(written)
    if not exact.is_finite():
        raise wrong("must be an ordinary number")
    exponent = exact.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > _MOST_DECIMALS:
        raise wrong(f"has more than {_MOST_DECIMALS} decimals")
    return exact


def _duration(written: Any) -> Decimal | Literal["auto"]:
    if written == "auto":
        return "auto"
    try:
        seconds = number(written)
    except PydanticCustomError:
        raise wrong("must be a number of seconds, or auto") from None
    if not 0 < seconds <= 600:
        raise wrong("must be more than 0 and at most 600 seconds")
    return seconds


def _frame_rate(written: Any) -> Fraction:
    if isinstance(written, str) and re.fullmatch(FRACTION, written):
        rate = Fraction(written)
    elif isinstance(written, Fraction):
        rate = written
    else:
        try:
            exact = number(written)
        except PydanticCustomError:
            raise wrong('must be a frame rate such as 24, 25, 23.976 or "24000/1001"') from None
        rate = _NTSC.get(exact, Fraction(exact))
    if not 1 <= rate <= 120:
        raise wrong("must be from 1 to 120 frames per second")
    return rate


def _one_or_several(written: Any) -> Any:
    return (written,) if isinstance(written, str) else written


def no_name_twice(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names, where each stands there once. For `AfterValidator`."""
    for index, name in enumerate(names):
        if name in names[:index]:
            raise wrong(f"names '{name}' twice")
    return names


def _possible_ratio(ratio: str) -> str:
    if ratio == AUTO:
        return ratio
    width, height = ratio.split(":")
    if not Fraction(1, 4) <= Fraction(int(width), int(height)) <= 4:
        raise wrong("must be from 1:4 to 4:1")
    return ratio


def text(most: int, *, least: int = 0) -> Any:
    """Constraints of a text of `least` to `most` characters."""
    return Field(min_length=least, max_length=most)


PROSE = "prose"
"""Marks texts of several words, in which a `#` is more likely a number than a remark."""


def _not_blank(written: str) -> str:
    if not written.strip():
        raise wrong("is blank; write what it says")
    return written


Slug = Annotated[StrictStr, Field(pattern=SLUG)]
"""An id that becomes part of keys, paths and archives: letters, digits, `-` and `_`."""

Name = Annotated[StrictStr, Field(pattern=NAME)]
"""An id that prompts call by name, as in `{{ mara }}`: letters, digits and `_`, beginning with a letter."""

ShotKeyText = Annotated[StrictStr, Field(pattern=SHOT_KEY)]
"""`SCENE/SHOT`."""

Title = Annotated[StrictStr, text(200, least=1), AfterValidator(_not_blank), PROSE]
Label = Annotated[StrictStr, text(100, least=1), AfterValidator(_not_blank), PROSE]
Prose = Annotated[StrictStr, text(4_000), PROSE]
Template = Annotated[StrictStr, text(20_000, least=1), AfterValidator(_not_blank), PROSE]
Direction = Annotated[StrictStr, text(2_000), PROSE]
Spoken = Annotated[StrictStr, text(1_000, least=1), AfterValidator(_not_blank), PROSE]
Notes = Annotated[StrictStr, text(20_000), PROSE]
Source = Annotated[StrictStr, Field(min_length=1, max_length=2_000, examples=["references/cast/mara.png"]), PROSE]

Truth = StrictBool

Number = Annotated[Decimal, BeforeValidator(number, json_schema_input_type=float)]
Seconds = Annotated[Number, Field(ge=0, le=600)]
Moment = Annotated[Number, Field(ge=-36_000, le=36_000)]
"""Seconds from the beginning of a film or a sound; negative ones from its end."""

TailSeconds = Annotated[Number, Field(ge=0.5, le=600)]
Dollars = Annotated[Number, Field(ge=0, le=1_000_000)]
Duration = Annotated[
    Decimal | Literal["auto"],
    PlainValidator(_duration, json_schema_input_type=Annotated[float, Field(gt=0, le=600)] | Literal["auto"]),
]
FrameRate = Annotated[
    Fraction,
    PlainValidator(
        _frame_rate,
        json_schema_input_type=Annotated[float, Field(ge=1, le=120)] | Annotated[str, Field(pattern=FRACTION)],
    ),
]
Resolution = Literal["480p", "720p", "1080p", "4k"]
Upscale = Literal["4k", "none"]
AspectRatio = Annotated[
    StrictStr,
    Field(pattern=RATIO, examples=["16:9", "9:16", "1:1", "4:3", "3:4", "21:9", AUTO]),
    AfterValidator(_possible_ratio),
]
Providers = Annotated[
    tuple[Slug, ...],
    Field(min_length=1, max_length=8),
    AfterValidator(no_name_twice),
    BeforeValidator(_one_or_several, json_schema_input_type=Slug | list[Slug]),
]
Without = Annotated[
    tuple[Unwanted, ...],
    Field(max_length=len(Unwanted)),
    AfterValidator(no_name_twice),
    BeforeValidator(_one_or_several, json_schema_input_type=Unwanted | list[Unwanted]),
]
