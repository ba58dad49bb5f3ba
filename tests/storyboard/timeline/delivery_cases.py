"""Deliveries of small pictures, and their plans, as values."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from storyboard.deliveries import CENTER, Anchor, Delivery, PictureFormat, SoundFormat
from storyboard.delivery_formats import (
    KBPS,
    AudioCodec,
    FileKind,
    ProresProfile,
    Quality,
    VideoCodec,
    usual_audio,
    usual_kind,
)
from storyboard.errors import Position
from storyboard.shot import Caps, Continuity, ContinuityMode, Episode, MasterFormat, Shot
from storyboard.timeline.delivery_plan import DeliveryPlan, delivery_plans
from storyboard.timeline.master_timeline import Timeline

FPS = Fraction(24)
SIZE = (128, 72)
FRAMES = 12


def shot(key: str, focus: Anchor = CENTER) -> Shot:
    """A shot that says nothing but what its narrower pictures keep."""
    scene, _, name = key.partition("/")
    return Shot(
        episode="e01", scene=scene, id=name, index=0, prompt=(), duration_s=Decimal(1), camera=(), sound=(),
        dialogue=(), beats=(), references=(), descriptions=(), continuity=Continuity(ContinuityMode.NONE),
        providers=("animatic",), model=None, resolution="720p", aspect_ratio="16:9", audio=True, seed=None, takes=1,
        notes="", at=Position("episodes/e01.yaml"), focus=focus,
    )  # fmt: skip


def delivery(
    codec: VideoCodec = VideoCodec.H264,
    *,
    size: tuple[int, int] = SIZE,
    fps: Fraction = FPS,
    kind: FileKind | None = None,
    audio: AudioCodec | None = None,
    name: str = "web",
    kbps: int | None = None,
    **said: Any,
) -> Delivery:
    """A delivery of a small picture; `said` is any other field of it or of its picture."""
    of_picture = {key: said.pop(key) for key in ("quality", "mbps", "profile", "reframe") if key in said}
    kind = kind or usual_kind(codec, audio)
    sound = usual_audio(codec, kind) if audio is None else audio
    if codec is VideoCodec.PRORES:
        of_picture.setdefault("profile", ProresProfile.STANDARD)
    elif codec not in {VideoCodec.COPY, VideoCodec.NONE} and "mbps" not in of_picture:
        of_picture.setdefault("quality", Quality.GOOD)
    picture = PictureFormat(codec=codec, width=size[0], height=size[1], fps=fps, **of_picture)
    return Delivery(
        name=name,
        kind=kind,
        picture=None if codec is VideoCodec.NONE else picture,
        sound=None if sound is AudioCodec.NONE else SoundFormat(codec=sound, kbps=kbps or KBPS.get(sound)),
        **said,
    )


def plans_of(
    *deliveries: Delivery,
    lengths: Sequence[int] = (FRAMES,),
    focus: Sequence[Anchor] = (),
    size: tuple[int, int] = SIZE,
    fps: Fraction = FPS,
) -> tuple[DeliveryPlan, ...]:
    """The plans of these, of an episode whose shots have so many frames and such a focus."""
    points = list(focus) or [CENTER] * len(lengths)
    episode = episode_of(points, size, fps, deliveries)
    timeline = Timeline.laid(zip((each.key for each in episode.shots), lengths, strict=True), fps)
    return delivery_plans(episode, timeline)


def episode_of(
    focus: Sequence[Anchor], size: tuple[int, int], fps: Fraction, deliveries: tuple[Delivery, ...]
) -> Episode:
    """An episode with a shot for each focus: lamp/000, lamp/001 and so on."""
    return Episode(
        series="s", series_title="S", episode="e01", title="E", music=None, caps=Caps(), prices=(),
        shots=tuple(shot(f"lamp/{number:03}", point) for number, point in enumerate(focus)),
        master=MasterFormat(*size, fps), deliveries=deliveries,
    )  # fmt: skip


def plan_of(wanted: Delivery, **episode: Any) -> DeliveryPlan:
    """The plan of one."""
    return plans_of(wanted, **episode)[0]
