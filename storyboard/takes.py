"""What the ledger knows of takes, as frozen facts that the plan decides with. `render` fills them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from storyboard.film_traits import Trait
from storyboard.request import FrameId


class TakeState(StrEnum):
    """Where a take stands. See docs/architecture.md for the moves between them."""

    PLANNED = "planned"
    SUBMITTING = "submitting"
    SUBMITTED = "submitted"
    GENERATED = "generated"
    DONE = "done"
    UNKNOWN = "unknown"
    FAILED = "failed"
    CANCELLED = "cancelled"


LIVE = frozenset(
    {
        TakeState.PLANNED,
        TakeState.SUBMITTING,
        TakeState.SUBMITTED,
        TakeState.GENERATED,
        TakeState.DONE,
        TakeState.UNKNOWN,
    }
)
"""States in which a take stands in the way of another with the same fingerprint."""


CLIP_DAMAGED = "clip_damaged"
"""The error code of a `generated` take whose clip comes damaged, however often it is fetched."""

CLIP_MISSING = "clip_missing"
"""The error code of a `generated` take whose clip does not come at all: its link is dead or may not be followed, or
something else comes in its place."""

UNDELIVERED = frozenset({CLIP_DAMAGED, CLIP_MISSING})
"""Such a take is paid for, and its vendor has not taken back that the job is finished: fetching its clip again costs
nothing, and only a person gives it up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipFacts:
    """What is known of a delivered clip, by decoding it."""

    sha256: str
    bytes: int
    width: int  # pixels, as displayed
    height: int
    frames: int  # of the picture, as many as were decoded
    fps: Fraction  # average rate
    duration_s: Decimal  # of the picture
    frame_times_us: tuple[int, ...] | None = None  # start of each frame; None where the rate is constant
    audio_s: Decimal | None = None  # None: no sound
    audio_channels: int | None = None  # None: no sound, or from before anybody counted
    traits: tuple[Trait, ...] = ()  # what is not ordinary about its picture
    first_apart: Decimal | None = None  # how far it begins from the picture asked for, 0 to 1; None: none was
    last_apart: Decimal | None = None  # how far it ends from the one that it was asked to end on


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeFacts:
    """One take, as the plan sees it."""

    id: str
    shot: str  # EPISODE/SCENE/SHOT at the time it was opened
    number: int  # among the takes of its shot, from 1
    state: TakeState
    provider: str
    account: str  # who was or will be paid; see `storyboard.accounts`
    model: str
    wish: str
    variation: int
    fingerprint: str | None
    continuity: FrameId | None  # the frame it was made on
    clip: ClipFacts | None  # where it is done
    rejected: bool = False
    error_code: str | None = None
    error_message: str | None = None
    refused: bool = False  # the vendor refused its content
    cost_usd: Decimal | None = None
    reserved_usd: Decimal = Decimal(0)
    notes: tuple[str, ...] = ()  # what people wrote of it, oldest first; empty where nobody asked
    wishes: tuple[str, ...] = ()  # those of them that ask for another take

    @property
    def undelivered(self) -> bool:
        """Whether it is paid for, and its clip came damaged or not at all."""
        return is_undelivered(self.state, self.error_code)


def is_undelivered(state: TakeState, error_code: str | None) -> bool:
    """Whether a take in this state, with this error, waits for its clip, or for a person to give it up."""
    return state is TakeState.GENERATED and error_code in UNDELIVERED


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """Which take of a shot the cut uses. `take` is None where the producer waived the shot."""

    shot: str  # EPISODE/SCENE/SHOT
    take: str | None
    by_person: bool = False
