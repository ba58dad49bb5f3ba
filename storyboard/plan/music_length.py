"""Whether the music lasts as long as what it lies under. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from storyboard.continuity.music_ends import music_note
from storyboard.continuity.music_spans import MusicSpan, music_spans
from storyboard.errors import Position
from storyboard.request import ReferenceFacts
from storyboard.shot import Episode
from storyboard.text.decimals import plain_decimal


def at_least(lengths_s: Iterable[Decimal | Fraction | None]) -> Fraction:
    """The sum of the lengths that are known, in seconds."""
    return sum((Fraction(each) for each in lengths_s if each is not None), Fraction(0))


def music_notes(
    episode: Episode, facts: Mapping[str, ReferenceFacts], lengths_s: Mapping[str, Decimal | Fraction | None]
) -> Iterator[tuple[Position | None, str]]:
    """Of all music that ends before what it lies under: where it is written, and what to tell of it.

    `lengths_s` are those of the shots that are in the cut, by key.
    """
    for span in music_spans(episode):
        known = facts.get(span.music.source)
        lasts_s = at_least(lengths_s.get(shot.key) for shot in span.shots)
        if told := music_note(span.music, known.duration_s if known else None, lasts_s):
            yield span.music.at, told


def short_songs(episode: Episode, facts: Mapping[str, ReferenceFacts]) -> Iterator[tuple[Position, str]]:
    """The songs that end before the shots that are made to them: where each is written, and by how much."""
    for span in music_spans(episode):
        known = facts.get(span.music.source)
        if span.music.sync and known is not None and known.duration_s is not None:
            missing_s = Fraction(span.music.from_s) + span.length_s - Fraction(known.duration_s)
            if missing_s > 0:
                yield span.music.at or span.shots[0].at, _too_short(span, known.duration_s, missing_s)


def _too_short(span: MusicSpan, song_s: Decimal, missing_s: Fraction) -> str:
    music, count = span.music, len(span.shots)
    begins = f" from {plain_decimal(music.from_s)} s on" if music.from_s else ""
    made = "shot made to it lasts" if count == 1 else f"{count} shots made to it last"
    return (
        f"{music.source} lasts {plain_decimal(song_s)} s, and the {made} "
        f"{float(span.length_s):.6g} s{begins}: {float(missing_s):.6g} s of it are missing. Give a longer song, "
        "shorten or remove shots, or give the scenes after its end `music` of their own"
    )
