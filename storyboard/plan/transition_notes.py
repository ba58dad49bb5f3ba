"""Which transitions will have to hold a frame, as far as that is known before the clips are there. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from storyboard.continuity.timing import HELD_AT_MOST, footage_of, spans
from storyboard.edit import Transition
from storyboard.shot import Episode, Shot
from storyboard.timeline.master_timeline import Timeline
from storyboard.timeline.seams import held_note, seams_of, sides
from storyboard.timeline.source_range import Footage


def transition_notes(episode: Episode, bought_s: Mapping[str, Decimal | None]) -> Iterator[str]:
    """One for each transition for which neither clip has enough. `bought_s` has the seconds of each shot in the cut.

    A clip of which nobody knows how long it will be counts as long enough.
    """
    shots = [shot for shot in episode.shots if shot.key in bought_s]
    fps = episode.master.fps
    places = spans([shot.cut_s or Fraction(0) for shot in shots], fps)
    timeline = Timeline(fps, tuple(shot.key for shot in shots), places)
    footages = [_footage(shot, span.frames, bought_s[shot.key], fps) for shot, span in zip(shots, places, strict=True)]
    for seam in seams_of(timeline, sides(timeline, _ways(episode, shots), footages)):
        if seam.held > HELD_AT_MOST:
            yield held_note(seam, timeline)


def _ways(episode: Episode, shots: Sequence[Shot]) -> list[Transition]:
    return [*(shot.edit.transition for shot in shots), episode.end_transition]


def _footage(shot: Shot, frames: int, bought_s: Decimal | None, fps: Fraction) -> Footage | None:
    if bought_s is None or shot.cut_s is None:
        return None
    return footage_of(shot.edit, frames, Fraction(bought_s), fps)
