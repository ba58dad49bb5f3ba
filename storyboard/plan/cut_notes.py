"""What a producer should know of the cut before anything is paid: of its music, transitions and subtitles. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from storyboard.plan.caption_notes import caption_notes
from storyboard.plan.music_length import music_notes
from storyboard.plan.planned_shot import PlannedShot
from storyboard.plan.rules import Action
from storyboard.plan.transition_notes import transition_notes
from storyboard.request import ReferenceFacts
from storyboard.shot import Episode


def cut_notes(
    episode: Episode, planned: Sequence[PlannedShot], references: Mapping[str, ReferenceFacts]
) -> tuple[str, ...]:
    """One sentence each. `references` holds the facts of every file by its source."""
    edits = {shot.key: shot.edit for shot in episode.shots}
    seen = [shot for shot in planned if shot.action is not Action.WAIVED]
    lengths_s = {shot.key: edits[shot.key].length_s(shot.duration_s) for shot in seen}
    music = (told for _, told in music_notes(episode, references, lengths_s))
    transitions = transition_notes(episode, {shot.key: shot.billed_s for shot in seen})
    return (*music, *transitions, *caption_notes(episode, lengths_s))
