"""What a delivery is made of, once it is known where the shots stand: which frames, which windows, which numbers. Pure.

A plan says everything that decides about a file but the bytes that go into it. `recipe` is all of that as plain data;
with the hashes of what goes in, it is the key under which a delivery that was made before is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from storyboard.deliveries import CENTER, Anchor, Delivery, PictureFormat
from storyboard.delivery_formats import Quality, Reframe, VideoCodec
from storyboard.errors import CannotDeliver
from storyboard.shot import Episode, MasterFormat
from storyboard.timeline.card_focus import card_focus
from storyboard.timeline.crop_windows import (
    CropSeam,
    CropWindow,
    Size,
    crop_seams,
    crop_windows,
    fitted,
    window_size,
)
from storyboard.timeline.master_timeline import Timeline

CONSTANT_RATE: Final = MappingProxyType(
    {
        VideoCodec.H264: {Quality.HIGH: 16, Quality.GOOD: 20, Quality.SMALL: 26},
        VideoCodec.HEVC: {Quality.HIGH: 17, Quality.GOOD: 22, Quality.SMALL: 28},
        VideoCodec.AV1: {Quality.HIGH: 20, Quality.GOOD: 30, Quality.SMALL: 42},
        VideoCodec.WEBP: {Quality.HIGH: 90, Quality.GOOD: 75, Quality.SMALL: 50},
        VideoCodec.GIF: {Quality.HIGH: 256, Quality.GOOD: 256, Quality.SMALL: 96},
    }
)
"""A quality in each encoder's own numbers: the constant rate factor; of WebP its quality, of GIF its colours."""

Json = Sequence["Json"] | str | int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPlan:
    """How one delivery of one episode is made. Frames are the master's, counted from 0."""

    delivery: Delivery
    file_name: str  # e01-web.mp4
    master: MasterFormat
    begin: int
    end: int  # the frame after the last one
    window: Size | None = None  # of the master's picture, where it is cropped
    windows: tuple[CropWindow, ...] = ()  # where that stands; they follow each other without a gap
    seams: tuple[CropSeam, ...] = ()  # transitions between shots whose windows differ
    inner: Size | None = None  # of the whole picture, where something stands beside it

    @property
    def name(self) -> str:
        """What its producer calls it."""
        return self.delivery.name

    @property
    def picture(self) -> PictureFormat | None:
        """Its picture, None of sound alone."""
        return self.delivery.picture

    @property
    def frames(self) -> int:
        """How many frames it shows: all of the master's, or of fewer a second every one whose turn it is."""
        used, picture = self.end - self.begin, self.delivery.picture
        rate = self.master.fps if picture is None else picture.fps
        return (used - 1) * rate // self.master.fps + 1

    @property
    def duration_s(self) -> Fraction:
        """How long the part of the master lasts."""
        return (self.end - self.begin) / self.master.fps

    @property
    def crf(self) -> int | None:
        """The encoder's own number for its quality; None where a profile or a bit rate says it."""
        picture = self.delivery.picture
        if picture is None or picture.quality is None:
            return None
        return CONSTANT_RATE[picture.codec][picture.quality]

    @property
    def picture_recipe(self) -> list[Json]:
        """All that decides how its picture comes out of the master's."""
        picture = self.delivery.picture
        if picture is None:
            return []
        return [
            picture.codec.value,
            self.delivery.kind.value,
            [picture.width, picture.height, str(picture.fps)],
            [self.master.width, self.master.height, str(self.master.fps)],
            [self.begin, self.end],
            None if picture.reframe is None else picture.reframe.value,
            None if self.window is None else list(self.window),
            [[each.begin, each.end, each.x, each.y] for each in self.windows],
            None if self.inner is None else list(self.inner),
            self.crf,
            None if picture.quality is None else picture.quality.value,
            None if picture.profile is None else picture.profile.value,
            None if picture.mbps is None else str(picture.mbps.normalize()),
            *(each.recipe for each in self.seams),
        ]

    @property
    def sound_recipe(self) -> list[Json]:
        """All that decides how its sound comes out of the mix, which is made to its loudness."""
        sound = self.delivery.sound
        if sound is None:
            return []
        return [sound.codec.value, sound.kbps, self.begin, self.end, str(self.master.fps), self.delivery.kind.value]


def delivery_plans(episode: Episode, timeline: Timeline) -> tuple[DeliveryPlan, ...]:
    """A plan for each delivery of the episode. Raises CannotDeliver where one of them begins or ends nowhere."""
    return tuple(_plan(episode, timeline, delivery) for delivery in episode.deliveries)


def _plan(episode: Episode, timeline: Timeline, delivery: Delivery) -> DeliveryPlan:
    begin, end = _begin(delivery, timeline), _end(delivery, timeline)
    if begin >= end:
        raise CannotDeliver(delivery.name, "no frame of the cut lies between where it begins and ends", delivery.at)
    reframe = None if delivery.picture is None else delivery.picture.reframe
    size = None if delivery.picture is None else (delivery.picture.width, delivery.picture.height)
    window = window_size(episode.master, size) if size is not None and reframe is Reframe.CROP else None
    whole = size is not None and reframe not in {None, Reframe.CROP}
    windows, seams = _windows(episode, timeline, window, begin, end)
    return DeliveryPlan(
        delivery=delivery,
        file_name=delivery.file_name(episode.episode),
        master=episode.master,
        begin=begin,
        end=end,
        window=window,
        windows=windows,
        seams=seams,
        inner=fitted(episode.master, size) if size is not None and whole else None,
    )


def _windows(
    episode: Episode, timeline: Timeline, size: Size | None, begin: int, end: int
) -> tuple[tuple[CropWindow, ...], tuple[CropSeam, ...]]:
    """Where a window of this size stands, and the transitions in which there are two of it; nothing without a size."""
    if size is None:
        return (), ()
    anchors = _focused(episode, timeline)
    placed = zip(timeline.spans, anchors, strict=True)
    windows = crop_windows(placed, size, episode.master, begin, end)
    return windows, tuple(crop_seams(timeline, anchors, size, episode.master, begin=begin, end=end))


def _focused(episode: Episode, timeline: Timeline) -> list[Anchor]:
    """What a narrower picture must show of each piece."""
    focus = {shot.key: shot.focus for shot in episode.shots}
    focus |= {card.key: card_focus(card.look, episode.master) for card in episode.cards}
    return [focus.get(key, CENTER) for key in timeline.keys]


def _begin(delivery: Delivery, timeline: Timeline) -> int:
    if isinstance(delivery.begin, str):
        return timeline.span(_of_the_cut(delivery, delivery.begin, timeline)).start
    return 0 if delivery.begin is None else _frame(delivery, delivery.begin, timeline)


def _end(delivery: Delivery, timeline: Timeline) -> int:
    if isinstance(delivery.end, str):
        return timeline.span(_of_the_cut(delivery, delivery.end, timeline)).end
    return timeline.frames if delivery.end is None else _frame(delivery, delivery.end, timeline)


def _frame(delivery: Delivery, moment: Decimal, timeline: Timeline) -> int:
    """The frame that begins nearest to a moment. One after the end is no slip of a pen: the episode is shorter."""
    frame = round(Fraction(moment) * timeline.fps)
    if frame > timeline.frames:
        lasts = float(timeline.seconds(timeline.frames))
        raise CannotDeliver(
            delivery.name, f"{moment} s is after the end of the cut, which lasts {lasts:g} s", delivery.at
        )
    return frame


def _of_the_cut(delivery: Delivery, key: str, timeline: Timeline) -> str:
    if key not in timeline.keys:
        raise CannotDeliver(delivery.name, f"it begins or ends with {key}, which the cut goes without", delivery.at)
    return key
