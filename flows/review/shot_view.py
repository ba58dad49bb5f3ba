"""A shot's page: its takes, where it meets its neighbours, what the storyboard says, and what may be decided. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from flows.review import room_links
from flows.review.board_view import words_of
from flows.review.room_texts import timecode
from flows.review.source_lines import Excerpt, excerpt_of
from flows.review.take_views import ReferenceView, TakeView, reference_view, take_view
from render.ledger.choices import UNDECIDED
from storyboard.continuity.chains import followers
from storyboard.continuity.timing import footage, tail_index, tail_of
from storyboard.request import FrameId
from storyboard.shot_key import full_key
from storyboard.text.dollars import usd_or_unknown
from storyboard.text.printable import one_line, printable

if TYPE_CHECKING:
    from flows.review.episode_reading import EpisodeReading
    from flows.run.take_details import TakeDetails
    from storyboard.plan.episode_plan import PlannedShot
    from storyboard.shot import Shot

__all__ = ["LineView", "Neighbour", "SeamView", "ShotView", "shot_view"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """The shot before or after."""

    key: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """A shot that is made on this one's tail frame, or on that of one that is."""

    key: str
    link: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeamView:
    """Where one shot's tail frame meets the next one's first: two pictures of one size to lay over each other."""

    before: str  # SCENE/SHOT
    after: str
    tail: str | None  # link to the last frame that the cut shows of the first; None where there is none yet
    first: str | None  # link to the first frame that it shows of the second
    tail_frame: int | None  # their numbers in their clips
    first_frame: int | None
    continues: bool  # the second was made on the first's tail frame


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """A line of dialogue."""

    cast: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotView:
    """One shot and all its takes."""

    series: str
    series_title: str
    episode: str
    episode_title: str
    scene: str
    scene_title: str
    key: str  # SCENE/SHOT
    name: str  # EPISODE/SCENE/SHOT
    link: str
    place: int  # in the story, from 1
    of: int
    previous: Neighbour | None
    following: Neighbour | None
    state: str
    reason: str
    words: str  # the prompt, as a producer reads it
    camera: str
    dialogue: tuple[LineView, ...]
    remarks: str  # what the YAML notes beside it
    starts: str  # timecode in the cut
    start_frame: int
    seconds: float | None
    fps: float
    version: str  # of the choice shown: sent along with whatever is decided
    waived: bool
    why_waived: str
    takes: tuple[TakeView, ...]
    followers: tuple[Follower, ...]  # in story order
    seams: tuple[SeamView, ...]  # with the shot before, with the one after
    prompt: str  # as it would be sent now
    references: tuple[ReferenceView, ...]
    plan_notes: tuple[str, ...]
    price: str  # of one more take, about
    price_link: str
    source: Excerpt
    upright: bool  # pictures are higher than wide
    mark: str

    @property
    def on_stage(self) -> tuple[str, ...]:
        """Those takes that are seen first: the circled one, and the newest beside it."""
        there = [take for take in self.takes if take.clip is not None and take.clip.there]
        ranked = sorted(there, key=lambda take: (take.circled, not take.rejected, take.number), reverse=True)
        return tuple(take.ref for take in ranked[:2])


def shot_view(
    reading: "EpisodeReading",
    key: str,
    details: "Sequence[TakeDetails]",
    *,
    has_media: Callable[[str], bool],
    editor: str | None,
) -> ShotView:
    """The page of one shot (SCENE/SHOT). KeyError where the episode has none of that name."""
    episode = reading.read.episode
    planned, shot, place = reading.planned(key), episode.shot(key), reading.places[key]
    name = full_key(episode.episode, key)
    choice = reading.choices.get(name)
    status = reading.status.shots[place]
    around = _around(reading, place)
    return ShotView(
        series=episode.series,
        series_title=one_line(episode.series_title),
        episode=episode.episode,
        episode_title=one_line(episode.title),
        scene=shot.scene,
        scene_title=one_line(shot.scene_title or shot.scene),
        key=key,
        name=name,
        link=room_links.shot_link(name),
        place=place + 1,
        of=len(episode.shots),
        previous=around[0],
        following=around[1],
        state=status.state.value,
        reason=one_line(status.reason),
        words=words_of(shot),
        camera=one_line("".join(part if isinstance(part, str) else part.label for part in shot.camera)),
        dialogue=tuple(LineView(cast=one_line(line.label), text=one_line(line.text)) for line in shot.dialogue),
        remarks=printable(shot.notes, lines=True),
        starts=timecode(reading.starts[key], episode.master.fps),
        start_frame=reading.starts[key],
        seconds=float(reading.lengths[key]),
        fps=float(episode.master.fps),
        version=UNDECIDED if choice is None else choice.version,
        waived=choice is not None and choice.waived,
        why_waived="" if choice is None else printable(choice.words),
        takes=tuple(take_view(each, name, has_media) for each in details),
        followers=_followers(reading, key),
        seams=_seams(reading, place),
        prompt=printable(planned.prompt, lines=True),
        references=tuple(reference_view(each, has_media) for each in planned.references),
        plan_notes=tuple(one_line(note) for note in planned.notes),
        price=_price(planned),
        price_link=room_links.price_link(episode.episode, key),
        source=excerpt_of(reading.read.project, shot.at, editor),
        upright=episode.master.height > episode.master.width,
        mark=reading.mark,
    )


def _price(planned: "PlannedShot") -> str:
    return "" if planned.request is None else usd_or_unknown(planned.request.estimated_usd)


def _around(reading: "EpisodeReading", place: int) -> tuple[Neighbour | None, Neighbour | None]:
    episode = reading.read.episode

    def at(index: int) -> Neighbour | None:
        if not 0 <= index < len(episode.shots):
            return None
        key = episode.shots[index].key
        return Neighbour(key=key, link=room_links.shot_link(full_key(episode.episode, key)))

    return at(place - 1), at(place + 1)


def _followers(reading: "EpisodeReading", key: str) -> tuple[Follower, ...]:
    episode = reading.read.episode
    chain = followers(episode, [key])
    return tuple(
        Follower(key=shot.key, link=room_links.shot_link(full_key(episode.episode, shot.key)), state=shot.state.value)
        for shot in reading.status.shots
        if shot.key in chain and shot.key != key
    )


def _seams(reading: "EpisodeReading", place: int) -> tuple[SeamView, ...]:
    shots = reading.read.episode.shots
    beside = pairwise(shots)
    return tuple(_seam(reading, one, other) for one, other in beside if place in {one.index, other.index})


def _seam(reading: "EpisodeReading", before: "Shot", after: "Shot") -> SeamView:
    tail, first = _frame(reading, before, last=True), _frame(reading, after, last=False)
    return SeamView(
        before=before.key,
        after=after.key,
        tail=None if tail is None else room_links.still_link(tail.clip_sha256, tail.index),
        first=None if first is None else room_links.still_link(first.clip_sha256, first.index),
        tail_frame=None if tail is None else tail.index,
        first_frame=None if first is None else first.index,
        continues=before.key in {after.continuity.source, after.continuity.predecessor},
    )


def _frame(reading: "EpisodeReading", shot: "Shot", *, last: bool) -> "FrameId | None":
    """The first or the last frame of its clip that the cut shows of a shot."""
    take = reading.used(reading.planned(shot.key))
    if take is None or take.clip is None or not reading.has_blob(take.clip.sha256):
        return None
    frames, fps = reading.timeline.span(shot.key).frames, reading.timeline.fps
    if last:
        return FrameId(take.clip.sha256, tail_of(shot.edit, frames, take.clip, fps))
    shown = footage(shot.edit, frames, take.clip, fps)
    return FrameId(take.clip.sha256, tail_index(take.clip, shown.first + 1, fps, shot.edit.speed))
