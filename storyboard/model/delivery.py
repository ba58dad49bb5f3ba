"""What is handed over, what it may cost, and what plays under it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from pydantic import AfterValidator, Field, StrictInt, ValidationInfo, field_validator

from storyboard.model.fields import (
    Dollars,
    FrameRate,
    Number,
    Resolution,
    Seconds,
    Slug,
    Source,
    Truth,
    Written,
    text,
    wrong,
)
from storyboard.model.sound import Loudness
from storyboard.model.subtitles import Subtitles
from storyboard.sounds import ClipSound


def _even(pixels: int) -> int:
    if pixels % 2:
        raise wrong(f"must be even, as video encoders need; write {pixels - 1} or {pixels + 1}")
    return pixels


Pixels = Annotated[StrictInt, Field(ge=64, le=8192), AfterValidator(_even)]
Decibels = Annotated[Number, Field(ge=-60, le=12)]
Model = Annotated[str, text(200, least=1)]


class Master(Written):
    """The format of the finished episode, written and never guessed from clips."""

    width: Pixels = Field(description="Width in pixels; an even number.")
    height: Pixels = Field(description="Height in pixels; an even number.")
    fps: FrameRate = Field(Fraction(24), description='Frames per second: 24, 25, 23.976 or "24000/1001".')


class Delivery(Written):
    """What is handed over."""

    master: Master | None = Field(
        None,
        description="Format of the episode. By default from ratio, resolution and upscale, at 24 frames per second.",
    )
    subtitles: Subtitles | None = Field(None, description="Subtitles of the dialogue. By default none are made.")
    loudness: Loudness = Field(
        "web",
        description="How loud the whole programme is: web (-14 LUFS, peaks under -1 dBTP), broadcast (-23, -1), "
        "streaming (-27 where somebody speaks, -2), none to leave it as it is, or numbers.",
    )
    stems: Truth = Field(
        False, description="Whether dialogue, music and effects are also written as WAV files of their own."
    )


class Budget(Written):
    """Caps in US dollars. A run that would exceed one of them is refused before anything is paid."""

    series: Dollars | None = Field(None, description="The most that the whole series may cost.")
    episode: Dollars | None = Field(None, description="The most that each episode may cost.")
    day: Dollars | None = Field(None, description="The most that may be spent in one day (UTC).")
    run: Dollars | None = Field(None, description="The most that one run may spend.")


class ApprovalItem(Written):
    """What somebody must approve before anything is paid for. Changing what was approved asks again."""

    storyboard: Truth | None = Field(
        None, description="Whether the storyboard must be approved: what is wanted of each shot, and their order."
    )
    animatic: Truth | None = Field(
        None,
        description="Whether the preview must be approved: its cut, with lengths, transitions, sound, cards and words.",
    )
    spend_usd: Dollars | None = Field(
        None,
        description="What an episode may cost without approval, in US dollars. Beyond it each order is approved, at "
        "its price.",
    )


class PriceItem(Written):
    """What a vendor charges you, where it publishes no price or your contract says otherwise."""

    provider: Slug = Field(description="The vendor.")
    model: Model | None = Field(None, description="One of its models; by default all of them.")
    resolution: Resolution | None = Field(
        None,
        description="One resolution, as generated; by default all of them. What an `upscale` costs comes on top.",
    )
    usd_per_second: Dollars = Field(description="US dollars per second bought; 0 only where a vendor takes no money.")
    usd_per_second_with_video: Dollars | None = Field(
        None, description="The same with a reference video sent along. By default the same price."
    )


class MusicItem(Written):
    """Music under the whole episode, or under one scene."""

    source: Source = Field(description="Path of a sound within the project: wav, mp3, m4a, aac, flac, ogg or opus.")
    sync: Truth = Field(
        False,
        description="Whether the picture is made to it: each shot is sent exactly those seconds of the song that will "
        "lie under it, and the cut lays the song itself there. None of them may have the length auto.",
    )
    from_s: Annotated[Number, Field(ge=0, le=3600)] = Field(
        Decimal(0), alias="from", description="Where in the song it begins, in seconds."
    )
    gain_db: Decibels | None = Field(
        None, description="How loud, in decibels; 0 leaves it as it is. By default -18; with `sync`, 0."
    )
    fade_out_s: Seconds | None = Field(
        None, description="Length of the fade at the end, in seconds. By default 2; with `sync`, 0."
    )
    fade_in_s: Seconds = Field(Decimal(0), description="Length of the fade at the beginning, in seconds.")
    loop: bool = Field(
        False,
        description="Whether music shorter than what it lies under begins again, until that ends. Not with `sync`.",
    )
    clip_sound: ClipSound | None = Field(
        None,
        description="What becomes of the clips' own sound under it: mute, duck (12 dB softer) or keep. By default "
        "keep; with `sync`, mute.",
    )

    @field_validator("loop")
    @classmethod
    def _not_both(cls, loop: bool, info: ValidationInfo) -> bool:
        if loop and info.data.get("sync"):
            raise wrong("goes not with `sync: true`: pictures are made to a song once; remove one of them")
        return loop
