"""What the cut does to a shot as it is written: its in and out, its speed, its holds, and the way into it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainValidator
from pydantic_core import PydanticCustomError

from storyboard.edit import TransitionKind
from storyboard.model.fields import Number, Written, number, wrong

FRAMES = r"^-?[0-9]{1,5}f$"


@dataclass(frozen=True, slots=True)
class Frames:
    """A time or a length, counted in frames of the master: written `12f`."""

    count: int


def _time(written: Any) -> Decimal | Frames:
    if isinstance(written, str) and re.fullmatch(FRAMES, written):
        return Frames(int(written[:-1]))
    try:
        seconds = number(written)
    except PydanticCustomError:
        raise wrong("must be a number of seconds, or of frames such as 12f") from None
    if not -600 <= seconds <= 600:
        raise wrong("must be at most 600 seconds")
    return seconds


def _length(written: Any) -> Decimal | Frames:
    length = _time(written)
    if (length.count if isinstance(length, Frames) else length) < 0:
        raise wrong("must not be negative")
    return length


def _kind_alone(written: Any) -> Any:
    return {"kind": written} if isinstance(written, str) else written


def _in_schema(least: int) -> Any:
    return Annotated[float, Field(ge=least, le=600)] | Annotated[str, Field(pattern=FRAMES)]


CutTime = Annotated[Decimal | Frames, PlainValidator(_time, json_schema_input_type=_in_schema(-600))]
"""Seconds, or frames of the master (`12f`)."""

CutLength = Annotated[Decimal | Frames, PlainValidator(_length, json_schema_input_type=_in_schema(0))]
"""The same, and never negative."""

Speed = Annotated[Number, Field(ge=0.5, le=2)]


class TransitionItem(Written):
    """How a picture follows the one before it."""

    kind: TransitionKind = Field(
        description="cut, dissolve, dip-to-black, dip-to-white, or a wipe whose edge moves: wipe-left, wipe-right, "
        "wipe-up, wipe-down."
    )
    length: CutLength | None = Field(
        None, description="How long it takes, in seconds or in frames such as 12f. By default half a second."
    )


TransitionKey = Annotated[
    TransitionItem, BeforeValidator(_kind_alone, json_schema_input_type=TransitionItem | TransitionKind)
]
"""The whole item, or its kind alone."""


class HoldItem(Written):
    """How long the first and the last frame of a shot stand still."""

    first: CutLength | None = Field(None, description="Before it moves, in seconds or in frames such as 12f.")
    last: CutLength | None = Field(None, description="After it moved.")
