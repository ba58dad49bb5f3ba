"""What a master tells of itself beside its picture and sound, to be written into its file."""

from __future__ import annotations

from dataclasses import dataclass, replace

from storyboard.languages import iso_639_2
from storyboard.shot import Episode
from storyboard.timeline.markers import Chapter, Metadata, chapters_of, chapters_within, metadata_of
from storyboard.timeline.master_timeline import Timeline


@dataclass(frozen=True, slots=True)
class Labels:
    """Its names, and its chapters end to end."""

    metadata: Metadata
    chapters: tuple[Chapter, ...]

    @property
    def recipe(self) -> list[object]:
        """All of it, as the master's own name has it."""
        told = self.metadata
        names = [told.title, told.show, told.episode_id, told.episode_sort, told.language, told.comment]
        return [names, [[each.title, each.start, each.end] for each in self.chapters]]

    def within(self, begin: int, end: int) -> Labels:
        """What a part of it tells, from one frame of the master to before another: its chapters count from there."""
        return replace(self, chapters=chapters_within(self.chapters, begin, end))


def labels_of(episode: Episode, timeline: Timeline) -> Labels:
    """What the master of an episode tells of itself."""
    language = None if episode.language is None else iso_639_2(episode.language)
    return Labels(metadata_of(episode, language=language), chapters_of(episode, timeline))
