"""Small masters, their mixes and plans, for tests of deliveries."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from PIL import Image

from render.deliveries.delivery_inputs import DeliveryInputs, Ingredient
from render.deliveries.encode_delivery import MadeDelivery, make_delivery
from render.media.ffmpeg import run
from render.media.graph import invented, raw_frames, sink
from storyboard.deliveries import CENTER, Anchor, Delivery, LoudnessTarget, PictureFormat, SoundFormat
from storyboard.delivery_formats import (
    KBPS,
    FileKind,
    ProresProfile,
    Quality,
    VideoCodec,
    usual_audio,
    usual_kind,
)
from storyboard.delivery_formats import AudioCodec as Audio
from storyboard.errors import Position
from storyboard.shot import Caps, Continuity, ContinuityMode, Episode, MasterFormat, Shot
from storyboard.timeline.delivery_plan import DeliveryPlan, delivery_plans
from storyboard.timeline.master_timeline import Timeline
from tests.clips import make_clip

FPS = Fraction(24)
SIZE = (128, 72)
FRAMES = 12
QUIET = LoudnessTarget(Decimal(-23), Decimal(-1))


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
    audio: Audio | None = None,
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
        sound=None if sound is Audio.NONE else SoundFormat(codec=sound, kbps=kbps or KBPS.get(sound)),
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
    keys = [f"lamp/{number:03}" for number in range(len(lengths))]
    timeline = Timeline.laid(zip(keys, lengths, strict=True), fps)
    points = list(focus) or [CENTER] * len(lengths)
    return delivery_plans(
        Episode(
            series="s", series_title="S", episode="e01", title="E", music=None, caps=Caps(), prices=(),
            shots=tuple(shot(key, point) for key, point in zip(keys, points, strict=True)),
            master=MasterFormat(*size, fps), deliveries=deliveries,
        ),
        timeline,
    )  # fmt: skip


def plan_of(wanted: Delivery, **episode: Any) -> DeliveryPlan:
    """The plan of one."""
    return plans_of(wanted, **episode)[0]


def numbered_master(folder: Path, *, frames: int = FRAMES, fps: str = "24", size: tuple[int, int] = SIZE) -> Path:
    """A master whose frames carry their numbers."""
    return make_clip(
        folder / "master.mp4", frames=frames, fps=fps, size=size, bf=0, crf=6, **{"movflags": "+faststart"}
    )


def drawn_master(target: Path, frames: Sequence[Image.Image], fps: Fraction = FPS) -> Path:
    """A master of these pictures."""
    picture = raw_frames(*frames[0].size, fps).filter("scale", out_color_matrix="bt709", out_range="tv")
    options = {"c:v": "libx264", "preset": "veryfast", "crf": 4, "bf": 0, "g": 12, "movflags": "+faststart"}
    graph = sink([picture.filter("format", "yuv420p")], target, **options)
    asyncio.run(run(graph, what="draw a master", feed=(each.tobytes() for each in frames)))
    return target


def mix(folder: Path, seconds: float, *, lufs: float = -23.0, name: str = "mix") -> Path:
    """A tone of 1 kHz, as loud as that on both sides, as a WAV."""
    tone = invented(f"sine=frequency=1000:sample_rate=48000:duration={seconds:.6f}")
    stereo = tone.filter("aformat", channel_layouts="stereo", sample_fmts="flt")
    loud = stereo.filter("volume", f"{lufs + 21.11:.3f}dB")
    target = folder / f"{name}.wav"
    asyncio.run(run(sink([loud], target, **{"c:a": "pcm_f32le"}), what="make a tone"))
    return target


def inputs(
    master: Path,
    sound: Path | None = None,
    *,
    target: LoudnessTarget | None = None,
    soft: Mapping[str, Path] | None = None,
    burnt: Path | None = None,
) -> DeliveryInputs:
    """What a delivery is made of, from files that are there."""
    return DeliveryInputs(
        picture=Ingredient.of(master),
        mix=None if sound is None else Ingredient.of(sound),
        target=target,
        soft={language: Ingredient.of(file) for language, file in (soft or {}).items()},
        burnt=None if burnt is None else Ingredient.of(burnt),
    )


def made(plan: DeliveryPlan, given: DeliveryInputs, folder: Path, picture: Path | None = None) -> MadeDelivery:
    """Make it now."""
    folder.mkdir(exist_ok=True)
    return asyncio.run(make_delivery(plan, given, folder, picture=picture))
