"""The frame that a shot would begin on if it were made now, given what becomes of the shot that it continues."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from storyboard.bind.selection import ContinuityInput
from storyboard.continuity.chains import acceptable_frames, continuity_frame
from storyboard.request import FrameId, ReferenceFacts
from storyboard.shot import ContinuityMode, Episode, MediaKind, Shot
from storyboard.takes import ClipFacts


class Prospect(Enum):
    """What the shots after one can count on."""

    SETTLED = auto()  # its clip is there and stays
    STALE = auto()  # its clip is there, and should be made again
    COMING = auto()  # its clip will be there, and nobody knows its frames yet
    NOT_ASKED = auto()  # it has no clip, and this run does not make one
    STUCK = auto()  # it has no clip, and something must be settled first
    GIVEN_UP = auto()  # the producer waived it


@dataclass(frozen=True, slots=True)
class Standing:
    """What becomes of a shot, as far as the shots after it are concerned. `state` is how to call it in a sentence."""

    prospect: Prospect
    state: str
    clip: ClipFacts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinuityState:
    """What a shot would begin on, and why it cannot be made now. The texts are reasons, empty where there is none."""

    frames: frozenset[FrameId] | None = None  # that a take may have been made on; None: it does not matter
    continuity: ContinuityInput | None = None  # what would be bound
    moving: str = ""  # why every take there is is stale, whatever it was made on
    stuck: str = ""  # why nothing can be made now
    not_asked: str = ""  # why nothing can be made now unless another shot is asked for too
    note: str = ""
    own: Mapping[str, ReferenceFacts] = field(default_factory=dict)  # what is known of own takes, by source
    sent: tuple[str, ...] = ()  # the own takes that the shot is sent, as they are called

    @property
    def signature(self) -> object:
        """Equal for two shots that would begin on the same frame and be sent the same takes, known or not."""
        return self.frames if self.frames else (self.continuity, self.sent)


def continuity_state(episode: Episode, shot: Shot, before: Standing | None) -> ContinuityState:
    """What `shot` would begin on. `before` is the standing of the shot that it takes a frame of, if any."""
    source = shot.continuity.source
    if source is None or before is None:
        return ContinuityState()
    if before.prospect is Prospect.GIVEN_UP:
        return ContinuityState(note=f"{source} is given up, so this shot begins without continuity")
    if before.prospect in {Prospect.SETTLED, Prospect.STALE}:
        return _on_clip(episode, shot, source, before)
    asked = f"it continues {source}, which has no clip and is not asked for; add {source} to --shots"
    return ContinuityState(
        frames=frozenset(),
        continuity=continuity_input(episode, shot),
        moving=f"{source} {before.state}",
        stuck=f"it continues {source}, which {before.state}" if before.prospect is Prospect.STUCK else "",
        not_asked=asked if before.prospect is Prospect.NOT_ASKED else "",
    )


def continuity_input(episode: Episode, shot: Shot, clip: ClipFacts | None = None) -> ContinuityInput | None:
    """What a shot begins on, as far as it is known: without a clip no more than what sort of file it will be."""
    source = shot.continuity.source
    if source is None:
        return None
    moving = shot.continuity.mode is ContinuityMode.TAIL_CLIP and not shot.continuity.reanchor
    return ContinuityInput(
        kind=MediaKind.VIDEO if moving else MediaKind.IMAGE,
        source=source,
        frame=continuity_frame(episode, shot, clip) if clip else None,
        width=clip.width if clip else None,
        height=clip.height if clip else None,
        duration_s=shot.tail_clip_s if moving else None,
    )


def _on_clip(episode: Episode, shot: Shot, source: str, before: Standing) -> ContinuityState:
    """A clip that nobody has measured (restored from elsewhere) is no reason to call anything stale."""
    return ContinuityState(
        frames=acceptable_frames(episode, shot, before.clip) if before.clip else None,
        continuity=continuity_input(episode, shot, before.clip),
        moving=f"{source} {before.state}" if before.prospect is Prospect.STALE else "",
    )
