"""Small masters and mixes, and deliveries made of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from PIL import Image

from render.deliveries.delivery_inputs import DeliveryInputs, Ingredient
from render.deliveries.encode_delivery import MadeDelivery, make_delivery
from render.markers.labels import Labels
from render.media.ffmpeg import run
from render.media.graph import invented, raw_frames, sink
from storyboard.sounds import LoudnessTarget
from storyboard.timeline.delivery_plan import DeliveryPlan
from tests.clips import make_clip
from tests.storyboard.timeline.delivery_cases import FPS, FRAMES, SIZE

QUIET = LoudnessTarget(lufs=Decimal(-23), true_peak_db=Decimal(-1))


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
    labels: Labels | None = None,
) -> DeliveryInputs:
    """What a delivery is made of, from files that are there."""
    return DeliveryInputs(
        picture=Ingredient.of(master),
        mix=None if sound is None else Ingredient.of(sound),
        target=target,
        soft={language: Ingredient.of(file) for language, file in (soft or {}).items()},
        burnt=None if burnt is None else Ingredient.of(burnt),
        labels=labels,
    )


def made(plan: DeliveryPlan, given: DeliveryInputs, folder: Path, picture: Path | None = None) -> MadeDelivery:
    """Make it now."""
    folder.mkdir(exist_ok=True)
    return asyncio.run(make_delivery(plan, given, folder, picture=picture))
