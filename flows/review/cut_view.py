"""The cut's page: the master as it was made last, with a mark for every shot, and what has changed since. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from flows.review import room_links
from flows.review.room_texts import timecode
from storyboard.shot_key import full_key
from storyboard.text.printable import one_line

if TYPE_CHECKING:
    from flows.review.episode_reading import EpisodeReading
    from render.episode.manifest import Manifest, ShotRecord

__all__ = ["BesideView", "CutView", "MasterView", "SceneMark", "ShotMark", "cut_view"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotMark:
    """One shot's place in the master: frames count from 0, `end` is the frame after its last."""

    key: str
    link: str
    scene: str
    start: int
    end: int
    start_s: float
    end_s: float
    starts: str  # timecode
    take: int | None
    slate: bool
    stale: str  # why it is not what is wanted now; empty where it is
    changed: bool  # another take is circled since


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneMark:
    """A scene's place in the master."""

    id: str
    title: str
    start: int
    end: int
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideView:
    """A file beside the master."""

    kind: str  # subtitles, stem, poster, delivery
    name: str
    link: str
    language: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterView:
    """A master that can be played."""

    link: str
    peaks: str
    sha256: str
    made: datetime
    seconds: float
    frames: int
    width: int
    height: int
    fps: float
    loudness: str
    marks: tuple[ShotMark, ...]
    scenes: tuple[SceneMark, ...]
    beside: tuple[BesideView, ...]
    there: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CutView:
    """The cut of one episode, and its preview."""

    series_title: str
    episode: str
    episode_title: str
    board: str
    master: MasterView | None
    preview: MasterView | None
    missing: tuple[str, ...]  # shots that have no take to cut
    changed: tuple[str, ...]  # shots of the master of which another take is circled since
    at: int  # the frame that was asked for
    mark: str


def cut_view(
    reading: "EpisodeReading",
    master: "Manifest | None",
    preview: "Manifest | None",
    *,
    at: int,
    has_media: Callable[[str], bool],
) -> CutView:
    """The page of an episode's cut. `has_media` says whether a browser can be given a file of it."""
    episode = reading.read.episode
    shown = None if master is None else _master(reading, master, has_media, preview=False)
    used = [(shot.key, reading.used(shot)) for shot in reading.read.plan.shots]
    return CutView(
        series_title=one_line(episode.series_title),
        episode=episode.episode,
        episode_title=one_line(episode.title),
        board=room_links.board_link(episode.episode),
        master=shown,
        preview=None if preview is None else _master(reading, preview, has_media, preview=True),
        missing=tuple(key for key, take in used if (take is None or take.clip is None) and not _waived(reading, key)),
        changed=() if shown is None else tuple(mark.key for mark in shown.marks if mark.changed),
        at=at,
        mark=reading.mark,
    )


def _waived(reading: "EpisodeReading", key: str) -> bool:
    choice = reading.choices.get(full_key(reading.read.episode.episode, key))
    return choice is not None and choice.waived


def _master(
    reading: "EpisodeReading", manifest: "Manifest", has_media: Callable[[str], bool], *, preview: bool
) -> MasterView:
    marks = tuple(_mark(reading, manifest, shot, preview=preview) for shot in manifest.shots)
    master = manifest.master
    loudness = "" if master.loudness is None else f"{master.loudness.lufs:g} LUFS, {master.loudness.peak_dbtp:g} dBTP"
    return MasterView(
        link=room_links.take_link(master.sha256),
        peaks=room_links.peaks_link(master.sha256),
        sha256=master.sha256,
        made=manifest.created_at,
        seconds=float(master.duration_s),
        frames=round(Fraction(master.duration_s) * master.fps),
        width=master.width,
        height=master.height,
        fps=float(master.fps),
        loudness=loudness,
        marks=marks,
        scenes=_scenes(reading, marks),
        beside=_beside(manifest),
        there=has_media(master.sha256),
    )


def _mark(reading: "EpisodeReading", manifest: "Manifest", shot: "ShotRecord", *, preview: bool) -> ShotMark:
    fps, episode = manifest.master.fps, reading.read.episode
    start = round(Fraction(shot.start_s) * fps)
    end = round(Fraction(shot.start_s + shot.duration_s) * fps)
    name = full_key(episode.episode, shot.key)
    return ShotMark(
        key=shot.key,
        link=room_links.shot_link(name),
        scene=shot.key.partition("/")[0],
        start=start,
        end=end,
        start_s=float(start / fps),
        end_s=float(end / fps),
        starts=timecode(start, fps),
        take=shot.take,
        slate=shot.slate,
        stale=one_line(shot.stale),
        changed=not preview and _changed(reading, shot),
    )


def _changed(reading: "EpisodeReading", shot: "ShotRecord") -> bool:
    """Whether a cut that is made now would show another clip."""
    if shot.key not in reading.places:
        return True
    take = reading.used(reading.planned(shot.key))
    now = None if take is None or take.clip is None or _waived(reading, shot.key) else take.clip.sha256
    return now != (None if shot.clip is None else shot.clip.sha256)


def _scenes(reading: "EpisodeReading", marks: Sequence[ShotMark]) -> tuple[SceneMark, ...]:
    titles = {shot.scene: shot.scene_title for shot in reading.read.episode.shots}
    found = []
    for scene, group in groupby(marks, key=lambda mark: mark.scene):
        own = list(group)
        title = one_line(titles.get(scene) or scene)
        first, last = own[0], own[-1]
        found.append(
            SceneMark(id=scene, title=title, start=first.start, end=last.end, start_s=first.start_s, end_s=last.end_s)
        )
    return tuple(found)


def _beside(manifest: "Manifest") -> tuple[BesideView, ...]:
    files: list[tuple[str, str, str, str, int]] = [
        (each.kind, each.path, each.sha256, each.language or "", each.bytes) for each in manifest.beside
    ]
    files += [("delivery", each.path, each.sha256, "", each.bytes) for each in manifest.deliveries]
    return tuple(
        BesideView(kind=kind, name=path, link=room_links.take_link(sha256), language=language, bytes=size)
        for kind, path, sha256, language, size in files
    )
