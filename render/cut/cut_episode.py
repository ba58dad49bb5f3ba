"""Cuts an episode: conforms what has to be, joins it, and says what was done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate
from pathlib import Path
from secrets import token_hex

from render.concurrency.together import both, together
from render.cut.cut_plan import CutPlan, Piece, Segment, plan_cut
from render.cut.house_signature import house_signature
from render.cut.join import MasterFacts, join
from render.cut.segment_files import ConformedPieces, SegmentFile, encoded_as, segment_file
from render.errors import MediaError
from render.markers.labels import Labels
from render.media.ffmpeg import Progress
from render.mix.mix_episode import Mixed, mix_episode
from render.telemetry import JOIN, span
from storyboard.shot import MasterFormat
from storyboard.sounds import LoudnessTarget
from storyboard.timeline.master_timeline import Timeline
from storyboard.timeline.sound_plan import SoundPlan

_MIXING = 0.8
"""The share of a cut that its mix takes, for who watches."""


DrawnOver = Callable[[SegmentFile, int], Coroutine[None, None, SegmentFile]]
"""Draws into the picture of a segment, which begins at this frame of the master; gives what is to be joined instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What is heard of a master: the plan of its sound, the files that it names by their hashes, and its loudness."""

    plan: SoundPlan
    sources: Mapping[str, Path]
    loudness: LoudnessTarget | None = None  # None: as loud as it is


async def cut_episode(
    pieces: Sequence[Piece],
    timeline: Timeline,
    master: MasterFormat,
    target: Path,
    *,
    kept: ConformedPieces,
    score: Score,
    sounds: ConformedPieces | None = None,
    labels: Labels | None = None,
    drawn_over: DrawnOver | None = None,
    progress: Progress | None = None,
) -> MasterFacts:
    """Make the master, each piece at its place in the timeline, which has them all in the same order.

    Pictures are kept in `kept`, parts of the mix in `sounds`, by default in the same place.

    Every picture in it was encoded at most once since it was delivered, but for those of a transition. `target`'s
    folder must be there; scratch files stand beside the target and are gone afterwards. Raises MediaError.
    """
    if not pieces:
        raise MediaError(f"there is nothing to join into {target.name}: the episode has no pieces")
    keys = [piece.key for piece in pieces]
    encoded = await together(asyncio.to_thread(encoded_as, piece) for piece in pieces)
    ours = await house_signature(master, target.parent)
    signatures = dict(zip(keys, encoded, strict=True))
    plan = plan_cut(pieces, timeline, signatures, master, ours, house_alone=drawn_over is not None)
    sound = target.with_name(f".{target.stem}.{token_hex(4)}.m4a")
    tell = progress or (lambda _: None)
    mixing = _mix(score, sounds or kept, sound, lambda done: tell(done * _MIXING))
    try:
        mixed, pictures = await both(mixing, _pictures(plan, pieces, master, kept, target.parent))
        told = partial(_after_mixing, tell)
        drawn = await _over(pictures, drawn_over)
        with span(JOIN):
            facts = await join(drawn, sound, timeline, master, target, labels=labels, progress=told)
    finally:
        sound.unlink(missing_ok=True)
    return replace(
        facts,
        copied=plan.untouched,
        loudness=mixed.figures,
        treatment=mixed.treatment,
        notes=(*plan.notes, *mixed.notes),
    )


async def _mix(score: Score, kept: ConformedPieces, target: Path, progress: Progress) -> Mixed:
    return await mix_episode(score.plan, score.sources, kept, target, loudness=score.loudness, progress=progress)


async def _pictures(
    plan: CutPlan, pieces: Sequence[Piece], master: MasterFormat, kept: ConformedPieces, scratch: Path
) -> list[SegmentFile]:
    return await together(
        _copied(each, pieces) if number in plan.copied else segment_file(each, pieces, master, kept, scratch)
        for number, each in enumerate(plan.segments)
    )


async def _over(pictures: Sequence[SegmentFile], drawn_over: DrawnOver | None) -> Sequence[SegmentFile]:
    if drawn_over is None:
        return pictures
    starts = accumulate((each.frames for each in pictures), initial=0)
    return await together(drawn_over(picture, start) for picture, start in zip(pictures, starts, strict=False))


def _after_mixing(tell: Progress, done: float) -> None:
    tell(_MIXING + done * (1 - _MIXING))


async def _copied(segment: Segment, pieces: Sequence[Piece]) -> SegmentFile:
    assert segment.first is not None
    return SegmentFile(path=pieces[segment.first.piece].path, frames=segment.frames, made=False)
