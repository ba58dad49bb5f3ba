"""The deliveries of an episode with every default filled in, and what is wrong with them.

The series' come first, then the episode's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from storyboard.deliveries import CENTER, Anchor, Delivery, PictureFormat, SoundFormat
from storyboard.delivery_formats import KBPS, SCALABLE, AudioCodec, ProresProfile, Quality, Reframe, VideoCodec
from storyboard.errors import Position
from storyboard.expand.delivery_rules import audio_of, kind_of, problems
from storyboard.expand.inheritance import Place
from storyboard.expand.spoken_lines import no_subtitles_in, subtitle_rules
from storyboard.framing import AUTO, Framing, framing
from storyboard.loading import Project
from storyboard.model import EpisodeFile
from storyboard.model.delivery_items import DeliveryFile, VideoItem
from storyboard.model.sound import LoudnessItem
from storyboard.shot import MasterFormat, Shot
from storyboard.sounds import LoudnessTarget

Blame = Callable[[Position, str], None]


@dataclass(frozen=True, slots=True)
class _Written:
    """One delivery, and where it is written."""

    item: DeliveryFile
    file: str
    index: int


def deliveries(
    project: Project, written: EpisodeFile, master: MasterFormat, shots: Sequence[Shot], blame: Blame
) -> tuple[Delivery, ...]:
    """Those of the series and of this episode. Each with a mistake is told to `blame`, and left out."""
    names: dict[str, Position] = {}
    rules, found = subtitle_rules(project, master), []
    languages = rules.languages if rules else ()
    for each in _all(project, written):

        def at(*path: str | int, each: _Written = each) -> Position:
            return project.at(each.file, "deliveries", each.index, *path)

        told = [(at(*path), message) for path, message in problems(each.item, _size(each.item.video, master), master)]
        told += [(at(path), message) for path, message in _moments(each.item, shots)]
        told += [(at("subtitles", *path), message) for path, message in _languages(each.item, languages)]
        first = names.setdefault(each.item.name.lower(), at("name"))
        if first != at("name"):
            named = f"the name {each.item.name!r} is used twice; the first is at {first}"
            told.append((at("name"), f"{named}, and some disks make no difference between capitals and others"))
        for position, message in told:
            blame(position, message)
        if not told:
            found.append(_resolved(each.item, master, at()))
    return tuple(found)


def focus_of(place: Place) -> Anchor:
    """The point of the picture that a shot's narrower versions keep."""
    written = place.value("focus", None)
    return CENTER if written is None else Anchor(Fraction(written.x), Fraction(written.y))


def _all(project: Project, written: EpisodeFile) -> Iterator[_Written]:
    file = project.episode_file(written.episode)
    for name, items in (("series.yaml", project.series.deliveries), (file, written.deliveries)):
        for index, item in enumerate(items):
            yield _Written(item, name, index)


def _moments(item: DeliveryFile, shots: Sequence[Shot]) -> Iterator[tuple[str, str]]:
    """Shots that the episode has not, and moments after its end, as far as its length is known."""
    places = {shot.key: index for index, shot in enumerate(shots)}
    lengths = [shot.edit.length_s(shot.duration_s) for shot in shots]
    known = [length for length in lengths if length is not None]
    lasts = sum(known, Fraction(0)) if len(known) == len(lengths) else None
    for name, moment in (("from", item.from_), ("to", item.to)):
        if isinstance(moment, str) and moment not in places:
            episode = shots[0].episode if shots else ""
            yield name, f"{episode} has no shot {moment}; write what names shots under `deliveries` of their episode"
        elif isinstance(moment, Decimal) and lasts is not None and moment > lasts:
            yield name, f"{moment} s is after the end of the episode, which lasts {float(lasts):g} s"
    begin, end = (places.get(str(moment), -1) for moment in (item.from_, item.to))
    if -1 < end < begin:
        yield "to", f"it begins with {item.from_}, and {item.to} is before that; exchange them"


def _languages(item: DeliveryFile, known: Sequence[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Subtitles in a language that the series has none in."""
    words = item.subtitles
    for path, tags in (("soft",), words.soft), (("burnt",), (words.burnt,) if words.burnt else ()):
        for tag in dict.fromkeys(tags):
            if tag not in known:
                yield path, no_subtitles_in(tag, known)


def _resolved(item: DeliveryFile, master: MasterFormat, at: Position) -> Delivery:
    codec = audio_of(item)
    kbps = item.audio.kbps if item.audio is not None else None
    silent = codec is AudioCodec.NONE
    return Delivery(
        name=item.name,
        kind=kind_of(item),
        picture=None if item.video.codec is VideoCodec.NONE else _picture(item.video, master),
        sound=None if silent else SoundFormat(codec=codec, kbps=kbps or KBPS.get(codec)),
        loudness=_loudness(item.loudness),
        soft=item.subtitles.soft,
        burnt=item.subtitles.burnt,
        begin=item.from_,
        end=item.to,
        at=at,
    )


def _picture(video: VideoItem, master: MasterFormat) -> PictureFormat:
    width, height = _size(video, master)
    prores = video.codec is VideoCodec.PRORES
    chosen = video.codec in SCALABLE and video.mbps is None
    shaped_alike = framing(master.width, master.height, MasterFormat(width, height, master.fps)) is Framing.WHOLE
    return PictureFormat(
        codec=video.codec,
        width=width,
        height=height,
        fps=video.fps or master.fps,
        reframe=None if shaped_alike else video.reframe or Reframe.CROP,
        quality=(video.quality or Quality.GOOD) if chosen else None,
        profile=(video.profile or ProresProfile.STANDARD) if prores else None,
        mbps=video.mbps,
    )


def _loudness(item: LoudnessItem | None) -> LoudnessTarget | None:
    return (
        None if item is None else LoudnessTarget(lufs=item.lufs, true_peak_db=item.true_peak_db, dialogue=item.dialogue)
    )


def _size(video: VideoItem, master: MasterFormat) -> tuple[int, int]:
    """Width and height in pixels: those that are written, else what follows from the ratio and the shorter side."""
    shape = _shape(video, master)
    if video.width is not None and video.height is not None:
        return video.width, video.height
    if video.width is not None:
        return video.width, _even(video.width / shape)
    if video.height is not None:
        return _even(video.height * shape), video.height
    if video.short_side is None and video.ratio in {None, AUTO}:
        return master.width, master.height
    short = video.short_side or min(master.width, master.height)
    return (_even(short * shape), short) if shape >= 1 else (short, _even(short / shape))


def _shape(video: VideoItem, master: MasterFormat) -> Fraction:
    if video.ratio in {None, AUTO}:
        return Fraction(master.width, master.height)
    assert video.ratio is not None
    width, height = (int(part) for part in video.ratio.split(":"))
    return Fraction(width, height)


def _even(pixels: Fraction) -> int:
    return max(2, 2 * round(pixels / 2))
