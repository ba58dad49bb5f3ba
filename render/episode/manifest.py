"""An episode's manifest: what its master was made of, shot by shot. `output/EPISODE/manifest.json`, and its archive.

Paths in it are relative to the folder that it lies in, there and in the archive. One manifest has one form in bytes,
and the sha256 of these names the version in the archive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    ConfigDict,
    FailFast,
    Field,
    PlainSerializer,
    PlainValidator,
    TypeAdapter,
    ValidationError,
)

from render.episode.archive_errors import InvalidManifest
from render.json_bounds import TOO_MUCH, is_crowded
from render.ledger.records import MOST_CHARACTERS
from render.store.safe_names import why_unsafe

MOST_BYTES: Final = 64 << 20
"""Of a manifest that is read."""

_DOLLARS: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,30})?")
_LARGEST_DENOMINATOR: Final = 1001  # of the frame rates that films use: 24000/1001


def _plain_path(path: str) -> str:
    if problem := why_unsafe(path):
        raise ValueError(f"the path {path[:80]!r} {problem}")
    return path


def _plain_name(name: str) -> str:
    if "/" in name:
        raise ValueError(f"the name {name[:80]!r} has a slash")
    return _plain_path(name)


def _dollars(written: object) -> Decimal:
    if not isinstance(written, str) or not _DOLLARS.fullmatch(written):
        raise ValueError('an amount of dollars is a string such as "1.20"')
    return Decimal(written)


def _seconds(written: object) -> Decimal:
    if isinstance(written, bool) or not isinstance(written, int | float) or not 0 <= written < 1e9:
        raise ValueError("a length is a number of seconds, not below 0")
    return Decimal(str(written))


def _fps(written: object) -> Fraction:
    if isinstance(written, bool) or not isinstance(written, int | float) or not 0 < written < 1000:
        raise ValueError("frames per second are a number between 0 and 1000")
    return Fraction(written).limit_denominator(_LARGEST_DENOMINATOR)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time needs its zone")
    return moment.astimezone(UTC)


Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, AfterValidator(_plain_name)]
RelativePath = Annotated[str, AfterValidator(_plain_path)]
Usd = Annotated[Decimal, PlainValidator(_dollars), PlainSerializer(lambda usd: f"{usd:f}", return_type=str)]
Seconds = Annotated[
    Decimal, PlainValidator(_seconds), PlainSerializer(lambda seconds: round(float(seconds), 6), return_type=float)
]
Fps = Annotated[
    Fraction, PlainValidator(_fps), PlainSerializer(lambda fps: int(fps) if fps.denominator == 1 else float(fps))
]
Level = Annotated[float, Field(ge=-200, le=100, allow_inf_nan=False)]
"""Decibels."""

Moment = Annotated[
    datetime,
    AfterValidator(_utc),
    PlainSerializer(lambda moment: _utc(moment).isoformat().replace("+00:00", "Z"), return_type=str),
]


_WHERE_THERE_IS_ONE: Final = Field(exclude_if=lambda value: value is None)
_WHERE_THERE_ARE_ANY: Final = Field(exclude_if=lambda value: not value)
"""Fields that earlier versions do not write: left out where they say nothing, so that their manifests stay the same."""


class _Strict:
    """No field may be left out (but those that have a default), added, or of another type than it says."""

    __slots__ = ()
    __pydantic_config__ = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loudness(_Strict):
    """How loud a file is, as it was measured: integrated in LUFS, its true peak in dBTP."""

    lufs: Level
    peak_dbtp: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Master(_Strict):
    """The file of the finished episode, and its format: seconds, pixels, frames a second."""

    path: RelativePath
    sha256: Sha256
    bytes: Annotated[int, Field(ge=0)]
    duration_s: Seconds
    width: Annotated[int, Field(gt=0)]
    height: Annotated[int, Field(gt=0)]
    fps: Fps
    loudness: Annotated[Loudness | None, _WHERE_THERE_IS_ONE] = None  # measured on its encoded sound


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideRecord(_Strict):
    """A small file beside the master: subtitles in one language, a stem of its sound, or its poster."""

    kind: Literal["subtitles", "stem", "poster"]
    path: RelativePath
    sha256: Sha256
    bytes: Annotated[int, Field(ge=0)]
    language: Annotated[str | None, _WHERE_THERE_IS_ONE] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRecord(_Strict):
    """A file that is handed over beside the master. What it has not, such as the picture of sound alone, is left out.

    `checks` are the words of what was looked at in the finished file, and was right.
    """

    name: Name
    path: RelativePath
    sha256: Sha256
    bytes: Annotated[int, Field(ge=0)]
    duration_s: Seconds
    video: Annotated[str | None, _WHERE_THERE_IS_ONE] = None  # the codec, as the YAML calls it
    audio: Annotated[str | None, _WHERE_THERE_IS_ONE] = None
    width: Annotated[int | None, Field(gt=0), _WHERE_THERE_IS_ONE] = None
    height: Annotated[int | None, Field(gt=0), _WHERE_THERE_IS_ONE] = None
    fps: Annotated[Fps | None, _WHERE_THERE_IS_ONE] = None
    frames: Annotated[int | None, Field(gt=0), _WHERE_THERE_IS_ONE] = None
    loudness: Annotated[Loudness | None, _WHERE_THERE_IS_ONE] = None
    subtitles: Annotated[tuple[str, ...], _WHERE_THERE_ARE_ANY] = ()  # languages of its tracks
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost(_Strict):
    """US dollars for the takes that the cut uses; None where a price is not known."""

    estimated_usd: Usd | None
    actual_usd: Usd | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedReference(_Strict):
    """A reference that was sent, by the token that the prompt names it by. `sha256` is of its original bytes."""

    token: str
    role: str
    name: str
    sha256: Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedClip(_Strict):
    """The original clip of a take, whole: `duration_s` is its own, not that of the part which the cut uses."""

    path: RelativePath
    sha256: Sha256
    duration_s: Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class TailFrame(_Strict):
    """The last frame of the part of the clip that the cut uses."""

    sha256: Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRecord(_Strict):
    """What somebody noted of the take, or of one frame of its clip, from 0."""

    words: Annotated[str, Field(min_length=1, max_length=MOST_CHARACTERS)]
    by: Annotated[str, Field(max_length=500)]
    at: Moment
    frame: Annotated[int | None, Field(ge=0), _WHERE_THERE_IS_ONE] = None
    retake: Annotated[bool, _WHERE_THERE_ARE_ANY] = False  # it asks for another take


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotRecord(_Strict):
    """One shot of the cut. A slate stands in for a shot without a take; then there is only its place."""

    key: str  # SCENE/SHOT
    take: Annotated[int, Field(ge=1)] | None  # its number
    slate: bool
    provider: str | None
    model: str | None
    job_id: str | None
    fingerprint: str | None
    prompt: str | None
    references: tuple[UsedReference, ...]
    clip: UsedClip | None
    tail_frame: TailFrame | None
    start_s: Seconds
    duration_s: Seconds
    seed: Annotated[int | None, _WHERE_THERE_IS_ONE] = None  # that the take was ordered with
    own_seed: Annotated[bool | None, _WHERE_THERE_IS_ONE] = None  # it is Tailframe's, as the producer wrote none
    stale: Annotated[str, _WHERE_THERE_ARE_ANY] = ""  # why it is not what is wanted now
    stale_since: Annotated[Moment | None, _WHERE_THERE_IS_ONE] = None  # where the ledger tells
    notes: Annotated[tuple[NoteRecord, ...], FailFast(), _WHERE_THERE_ARE_ANY] = ()  # oldest first

    @classmethod
    def of_slate(cls, *, key: str, start_s: Decimal, duration_s: Decimal) -> ShotRecord:
        """The record of a shot that is missing."""
        return cls(
            key=key,
            take=None,
            slate=True,
            provider=None,
            model=None,
            job_id=None,
            fingerprint=None,
            prompt=None,
            references=(),
            clip=None,
            tail_frame=None,
            start_s=start_s,
            duration_s=duration_s,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest(_Strict):
    """What one cut of one episode was made of: its master, its cost, and each of its shots in story order."""

    series: Name
    episode: Name
    snapshot: Sha256
    created_at: Moment
    master: Master
    cost: Cost
    shots: Annotated[tuple[ShotRecord, ...], FailFast()]  # a stranger may have written millions, each with mistakes
    deliveries: Annotated[tuple[DeliveryRecord, ...], FailFast(), _WHERE_THERE_ARE_ANY] = ()
    beside: Annotated[tuple[BesideRecord, ...], _WHERE_THERE_ARE_ANY] = ()

    def clips(self) -> Iterator[UsedClip]:
        """Every clip that the cut uses, in story order."""
        return (shot.clip for shot in self.shots if shot.clip is not None)

    def made(self) -> Mapping[str, str]:
        """The sha256 of what was made of the clips, by its path: the master, every delivery, what lies beside them."""
        files: tuple[Master | DeliveryRecord | BesideRecord, ...] = (self.master, *self.deliveries, *self.beside)
        return {each.path: each.sha256 for each in files}


def to_json(manifest: Manifest) -> str:
    """The one text of a manifest: fields in their documented order, indented, with a line break at its end."""
    return _adapter().dump_json(manifest, indent=2).decode() + "\n"


def from_json(text: str | bytes) -> Manifest:
    """Read a manifest strictly. Raises InvalidManifest, which names wrong fields: of the manifest, and of one shot."""
    if len(text) > MOST_BYTES:
        raise InvalidManifest(f"it is larger than {MOST_BYTES} bytes")
    if is_crowded(text.encode() if isinstance(text, str) else text):
        raise InvalidManifest(TOO_MUCH)
    try:
        manifest = _adapter().validate_json(text, strict=True)
    except ValidationError as error:
        raise InvalidManifest(_explained(error)) from None
    _check(manifest)
    return manifest


@cache
def _adapter() -> TypeAdapter[Manifest]:
    return TypeAdapter(Manifest)


def _check(manifest: Manifest) -> None:
    for shot in manifest.shots:
        if shot.slate is not (shot.take is None) or shot.slate is not (shot.clip is None):
            raise InvalidManifest(f"shot {shot.key} is neither a take with its clip nor a slate")
    if len(manifest.made()) <= len(manifest.deliveries) + len(manifest.beside):
        raise InvalidManifest("two of the files that were made have the same path")


def _explained(error: ValidationError) -> str:
    problems: list[dict[str, Any]] = [dict(problem) for problem in error.errors(include_url=False, include_input=False)]
    shown = [f"{'.'.join(map(str, problem['loc'])) or 'the file'}: {problem['msg']}" for problem in problems[:10]]
    more = len(problems) - len(shown)
    return "; ".join(shown) + (f"; and {more} more" if more else "")
