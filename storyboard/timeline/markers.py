"""What a master tells of itself beside its picture and sound: chapters, the poster, and names. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from storyboard.continuity.timing import nearest_frame
from storyboard.shot import Episode
from storyboard.timeline.master_timeline import Span, Timeline


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of a master that a player can jump to, in frames of the master: `end` is the frame after its last."""

    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PosterFrame:
    """A frame that may stand for the episode: of which shot, and which of the shot's own in the master, from 0."""

    key: str  # SCENE/SHOT
    frame: int


@dataclass(frozen=True, slots=True)
class Metadata:
    """What players and libraries show of a master. No dates and no machine: the same cut is the same file."""

    title: str
    show: str
    episode_id: str
    episode_sort: int | None = None  # the episode's number, where its id has one
    language: str | None = None  # of the sound, as ISO 639-2 writes it ("eng"); None: not said
    comment: str | None = None


def chapters_of(episode: Episode, timeline: Timeline) -> tuple[Chapter, ...]:
    """A chapter for each scene in the master, end to end from its first frame to its last.

    A scene's own card is a part of it, and any other card of what stands after it (at the end: before it), unless a
    chapter of its own was asked for.
    """
    begun: list[tuple[str, str | None, int]] = []  # what it belongs to, its title, its first frame
    for key, span in zip(timeline.keys, timeline.spans, strict=True):
        part, title = _part_of(episode, key)
        if part and (not begun or begun[-1][0] != part):
            begun.append((part, title, span.start))
    starts = [start for *_, start in begun]
    edges = [0, *starts[1:], timeline.frames]
    return tuple(Chapter(title or part, edges[place], edges[place + 1]) for place, (part, title, _) in enumerate(begun))


def chapters_within(chapters: Iterable[Chapter], begin: int, end: int) -> tuple[Chapter, ...]:
    """What lies in these frames of a master, counted from the first of them: the chapters of one part of it."""
    return tuple(
        Chapter(each.title, max(each.start, begin) - begin, min(each.end, end) - begin)
        for each in chapters
        if each.start < end and each.end > begin
    )


def _part_of(episode: Episode, key: str) -> tuple[str, str | None]:
    """The part of the story that a piece of the master belongs to, and its title; nothing: whatever is around it."""
    scene, slash, _ = key.partition("/")
    if not slash:
        card = next((card for card in episode.cards if card.key == key), None)
        if card is None or (card.kind != "scene" and card.chapter is None):
            return "", None
        if card.chapter is not None:
            return key, card.chapter
        scene = card.before or ""
    titles = (shot.scene_title for shot in episode.shots if shot.scene == scene)
    return scene, next(titles, None)


def poster_frames(episode: Episode, timeline: Timeline) -> tuple[PosterFrame, ...]:
    """The frames that may be the poster, best first; the first that is not black is taken.

    The one that the episode names comes alone, where its shot is in the master. Else they are the middles of the shots,
    after other moments of the first: a film often begins out of the dark.
    """
    spans = {key: span for key, span in zip(timeline.keys, timeline.spans, strict=True) if "/" in key and span.frames}
    wanted = episode.poster
    if wanted is not None and wanted.shot in spans:
        return (PosterFrame(wanted.shot, _frame(wanted.at_s, spans[wanted.shot], timeline.fps)),)
    return tuple(dict.fromkeys(_by_default(spans)))


def _frame(at_s: object, span: Span, fps: Fraction) -> int:
    if at_s is None:
        return span.frames // 2
    return min(nearest_frame(Fraction(str(at_s)), fps), span.frames - 1)


def _by_default(spans: dict[str, Span]) -> Iterator[PosterFrame]:
    for place, (key, span) in enumerate(spans.items()):
        yield PosterFrame(key, span.frames // 2)
        if place == 0:
            yield from (PosterFrame(key, span.frames * part // 4) for part in (3, 1))
            yield PosterFrame(key, span.frames - 1)


def metadata_of(episode: Episode, *, language: str | None = None, comment: str | None = None) -> Metadata:
    """What the master of this episode tells of itself."""
    numbers = re.findall("[0-9]+", episode.episode)
    number = int(numbers[-1]) if numbers and len(numbers[-1]) < 7 else None
    return Metadata(
        title=episode.title,
        show=episode.series_title,
        episode_id=episode.episode,
        episode_sort=number,
        language=language,
        comment=comment,
    )
