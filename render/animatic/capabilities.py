"""What the animatic provider sells: any length and every format, drawn on this machine for nothing."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from storyboard.capabilities import Capabilities, Lengths, MediaLimits, ModelCapabilities, Rate
from storyboard.framing import AUTO
from storyboard.shot import MediaKind

MODEL = "animatic"
RESOLUTIONS = ("480p", "540p", "720p", "1080p", "1440p", "4k")
ASPECT_RATIOS = ("21:9", "16:9", "3:2", "4:3", "1:1", "3:4", "2:3", "9:16")

CAPABILITIES = Capabilities(
    provider="animatic",
    origin="animatic://local",
    models={
        MODEL: ModelCapabilities(
            name=MODEL,
            lengths=Lengths(min_s=Decimal("0.04"), max_s=Decimal(600), step_s=None, auto=True),
            resolutions=RESOLUTIONS,
            aspect_ratios=(*ASPECT_RATIOS, AUTO),
            media={
                MediaKind.IMAGE: MediaLimits(count=9, formats=("jpeg", "png", "webp"), originals=True),
                MediaKind.VIDEO: MediaLimits(count=3, formats=("mp4", "mov")),
                MediaKind.AUDIO: MediaLimits(count=3, formats=("mp3", "wav")),
            },
            references_in_all=15,
            prompt_characters=None,
            seed=True,
            audio_switch=True,
            first_frame_model=MODEL,
            last_frame=True,
            rates={resolution: Rate(usd_per_second=Decimal(0)) for resolution in RESOLUTIONS},
            upscales={"4k": Decimal(0)},  # it draws to the master's size anyway
        )
    },
    default_model=MODEL,
    tokens={MediaKind.IMAGE: "@image{n}", MediaKind.VIDEO: "@video{n}", MediaKind.AUDIO: "@audio{n}"},
    paid=False,
    replays_by_key=True,  # a job is named after its take
    fps=Fraction(24),
)
