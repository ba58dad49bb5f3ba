"""Says where a cut is pinned: one shot is asked to end on the picture on which the shot after it begins. Pure."""

from __future__ import annotations

from storyboard.shot import ContinuityMode, Episode, Shot


def pinned_cut(episode: Episode, shot: Shot) -> str:
    """A note on what the shot before is asked to end on, where this one begins on that; empty where it does not."""
    before = episode.shots[shot.index - 1] if shot.index else None
    begins = shot.first_frame
    if begins is not None:
        ends = before.last_frame if before is not None else None
        if before is None or ends is None or begins.source != ends.source:
            return ""
        return f"the cut is pinned: {before.key} ends on the picture on which this shot begins ({begins.source})"
    continued = shot.continuity.source
    if continued is None or shot.continuity.reanchor or shot.continuity.mode is ContinuityMode.TAIL_CLIP:
        return ""
    ends = episode.shot(continued).last_frame
    return "" if ends is None else f"it begins where {continued} ends, which is asked to end on {ends.source}"
