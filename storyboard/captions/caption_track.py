"""Lays the captions of one language along the master. Pure.

Every language has its captions from the same moment on, as the moment is when the line is heard; how long they stand
follows from what there is to read. None leaves the master or lies over another. As editors of subtitles do, gaps of
less than half a second are closed but for two frames, no caption hangs over a cut unless its line is heard there, and
two short lines of two people that follow too closely stand together, a dash before each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil

from storyboard.captions.caption import Caption, CaptionFinding, CaptionTrack, Interval, SpokenLine
from storyboard.captions.caption_checks import caption_findings, lost, untranslated
from storyboard.captions.caption_text import length
from storyboard.captions.dialogue_signs import dashed, labelled
from storyboard.captions.line_breaks import Lines, captions_of
from storyboard.captions.spoken_places import spoken_places
from storyboard.continuity.timing import nearest_frame
from storyboard.errors import Position
from storyboard.subtitle_rules import Limits, SubtitleRules
from storyboard.timeline.master_timeline import Timeline

GAP_FRAMES = 2
"""Frames between captions that follow one another, so that the eye sees the change."""

_CLOSED = Fraction(1, 2)
"""Seconds: a shorter gap is closed."""


def caption_track(
    lines: Sequence[SpokenLine],
    timeline: Timeline,
    language: str,
    rules: SubtitleRules,
    *,
    spoken: str,
    speech: Mapping[str, Sequence[Interval]] | None = None,
) -> CaptionTrack:
    """The captions in this language of all lines whose shots are in the timeline, and what is wrong with them.

    `spoken` is the language of the lines themselves, which decides where in its shot each of them lies. `speech` is
    what was measured in the clips, by shot; it is read only where a line has no place of its own.
    """
    limits = rules.of(language)
    findings: list[CaptionFinding] = []
    laid: list[_Cue] = []
    for cue in _heard(lines, timeline, rules.of(spoken), spoken, speech or {}):
        words = cue.line.words.get(language)
        if words is None:
            findings.append(untranslated(cue.line, language))
            continue
        text = labelled(words.text, cue.line.speaker, language) if rules.speakers and _is_new(cue, laid) else words.text
        texts = captions_of(text, language, limits)
        if texts:
            laid.append(replace(cue, texts=texts, speakers=(cue.line.speaker,), at=(words.at or cue.line.at,)))
    pace = _Pace.of(language, limits, timeline)
    captions = []
    for each in _placed(_paired(laid, pace), pace):
        if isinstance(each, Caption):
            captions.append(each)
        else:
            findings.append(lost(each.line, language))
    findings += [
        found for each in captions for found in caption_findings(each, limits, pace.fps, pace.shot_ends[each.shot])
    ]
    return CaptionTrack(language=language, fps=timeline.fps, captions=tuple(captions), findings=tuple(findings))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cue:
    """A line, or two that stand together, on its way to captions: when it is heard, and what is shown."""

    line: SpokenLine
    start: int  # frames of the master
    end: int
    known: bool  # whether its end is heard, not reckoned
    texts: tuple[Lines, ...] = ()
    speakers: tuple[str, ...] = ()
    at: tuple[Position | None, ...] = ()


@dataclass(frozen=True, slots=True)
class _Pace:
    """How long the captions of one language have to stand, in frames."""

    language: str
    limits: Limits
    fps: Fraction
    frames: int  # of the whole master
    shot_ends: Mapping[str, int]  # before which frame the picture of each shot ends

    @classmethod
    def of(cls, language: str, limits: Limits, timeline: Timeline) -> _Pace:
        """That of captions along this master."""
        ends = {key: span.end for key, span in zip(timeline.keys, timeline.spans, strict=True)}
        return cls(language, limits, timeline.fps, timeline.frames, ends)

    def least(self, lines: Lines) -> int:
        """Long enough to be read."""
        read_s = sum(length(each, self.language) for each in lines) / Fraction(self.limits.max_cps)
        return ceil(max(read_s, Fraction(self.limits.min_s)) * self.fps)

    def needed(self, cue: _Cue) -> int:
        """The same for all captions of a cue."""
        return sum(self.least(each) for each in cue.texts)

    def most(self, cue: _Cue) -> int:
        """As long as it may stand where nobody knows how long it is heard."""
        return len(cue.texts) * max(1, nearest_frame(self.limits.max_s, self.fps))

    def shot_end(self, cue: _Cue) -> int:
        """Before which frame the picture of its shot ends."""
        return self.shot_ends[cue.line.shot]


def _heard(
    lines: Sequence[SpokenLine],
    timeline: Timeline,
    limits: Limits,
    spoken: str,
    speech: Mapping[str, Sequence[Interval]],
) -> list[_Cue]:
    """Every line of a shot that is in the master, with the frames in which it is heard, in that order."""
    cues, frames = list[_Cue](), timeline.frames
    by_shot: dict[str, list[SpokenLine]] = {}
    for line in lines:
        by_shot.setdefault(line.shot, []).append(line)
    for key, span in zip(timeline.keys, timeline.spans, strict=True):
        own = by_shot.get(key)
        if not own or not span.frames:
            continue
        needs_s = [_reading_s(line, spoken, limits) for line in own]
        places = spoken_places(
            needs_s, [line.heard for line in own], timeline.seconds(span.frames), tuple(speech.get(key, ()))
        )
        for line, place in zip(own, places, strict=True):
            start = span.start + nearest_frame(max(Fraction(0), place.start_s), timeline.fps)
            end = span.start + nearest_frame(max(Fraction(0), place.end_s), timeline.fps)
            start = min(start, frames - 1)
            cues.append(_Cue(line=line, start=start, end=max(start + 1, end), known=place.known))
    return sorted(cues, key=lambda cue: cue.start)


def _reading_s(line: SpokenLine, spoken: str, limits: Limits) -> Fraction:
    words = line.words.get(spoken) or next(iter(line.words.values()), None)
    letters = length(words.text, spoken) if words else Fraction(0)
    return max(Fraction(limits.min_s), letters / Fraction(limits.max_cps))


def _is_new(cue: _Cue, before: Sequence[_Cue]) -> bool:
    """Whether a viewer must be told who speaks."""
    return not before or before[-1].line.shot != cue.line.shot or before[-1].line.speaker != cue.line.speaker


def _paired(cues: Sequence[_Cue], pace: _Pace) -> list[_Cue]:
    """Two short lines of two people as one cue where each alone would be gone too soon."""
    paired: list[_Cue] = []
    at = 0
    while at < len(cues):
        both = _together(cues[at], cues[at + 1], cues[at + 2 : at + 3], pace) if at + 1 < len(cues) else None
        paired.append(both or cues[at])
        at += 2 if both else 1
    return paired


def _together(first: _Cue, second: _Cue, after: Sequence[_Cue], pace: _Pace) -> _Cue | None:
    one, other = first.line, second.line
    if one.shot != other.shot or one.speaker == other.speaker or one.top != other.top or pace.limits.max_lines < 2:
        return None
    if len(first.texts) != 1 or len(second.texts) != 1 or len(first.texts[0]) != 1 or len(second.texts[0]) != 1:
        return None
    lines = tuple(dashed(each.texts[0][0], pace.language) for each in (first, second))
    if any(length(each, pace.language) > pace.limits.max_line for each in lines):
        return None
    limit = min([pace.shot_end(second), *(each.start for each in after)])
    overlap = first.known and second.start < first.end
    cramped = second.start - first.start < pace.needed(first) or limit - second.start < pace.needed(second)
    if not overlap and not cramped:
        return None
    return _Cue(
        line=one,
        start=first.start,
        end=max(first.end, second.end),
        known=first.known and second.known,
        texts=(lines,),
        speakers=(*first.speakers, *second.speakers),
        at=(*first.at, *second.at),
    )


def _placed(cues: Sequence[_Cue], pace: _Pace) -> Iterator[Caption | _Cue]:
    """The captions of all cues; a cue by itself where there is no frame for it, or for a part of it."""
    starts = _starts(cues, pace)
    yield from cues[len(starts) :]
    for place, start in enumerate(starts):
        following = starts[place + 1] if place + 1 < len(starts) else None
        yield from _shown(cues[place], start, _end(cues[place], start, following, pace), pace)


def _starts(cues: Sequence[_Cue], pace: _Pace) -> list[int]:
    """The first frame of each cue, each later than the one before; fewer than cues where the master has no more."""
    least = max(1, nearest_frame(pace.limits.min_s, pace.fps))
    starts: list[int] = []
    for place, cue in enumerate(cues):
        start = cue.start
        if place and start < starts[-1] + least:
            before = cues[place - 1]
            needs = pace.needed(before), pace.needed(cue)
            room = max(before.end, cue.end) - starts[-1]
            start = max(start, starts[-1] + max(1, min(least, room * needs[0] // sum(needs))))
        starts.append(start)
    starts = starts[: pace.frames]
    for back in range(1, len(starts) + 1):
        starts[-back] = min(starts[-back], pace.frames - back)
    return starts


def _end(cue: _Cue, start: int, following: int | None, pace: _Pace) -> int:
    """Before which frame a cue ends that begins on `start`."""
    shot_end, limit = pace.shot_end(cue), pace.frames if following is None else following
    wanted = max(cue.end, start + pace.needed(cue))
    if not cue.known:
        wanted = min(wanted, start + pace.most(cue))
    hangs_over = (cue.known and cue.end > shot_end) or start >= shot_end
    bound = limit if hangs_over else min(limit, shot_end)
    if following is None:
        return min(wanted, bound)
    if following - wanted < _CLOSED * pace.fps:
        wanted = min(following, bound)
    if following - wanted < GAP_FRAMES and following - GAP_FRAMES - start >= GAP_FRAMES * 4:
        wanted = following - GAP_FRAMES
    return min(wanted, bound)


def _shown(cue: _Cue, start: int, end: int, pace: _Pace) -> Iterator[Caption | _Cue]:
    """The captions of one cue, each for its share of the frames."""
    texts = cue.texts[: end - start]
    if len(texts) < len(cue.texts):
        yield cue
    weights = [pace.least(each) for each in texts]
    spare, so_far, at = end - start - len(texts), 0, start
    for place, text in enumerate(texts):
        so_far += weights[place]
        ends = start + place + 1 + spare * so_far // sum(weights)
        last = place == len(texts) - 1
        gap = 0 if last or ends - at < GAP_FRAMES * 5 else GAP_FRAMES
        yield _caption(cue, pace.language, text, at, ends - gap)
        at = ends


def _caption(cue: _Cue, language: str, text: Lines, start: int, end: int) -> Caption:
    return Caption(
        language=language,
        start=start,
        end=end,
        lines=text,
        speakers=cue.speakers,
        at=cue.at,
        shot=cue.line.shot,
        top=cue.line.top,
    )
