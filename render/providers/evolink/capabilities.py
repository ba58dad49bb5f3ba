"""What EvoLink sells, as data. Facts from the vendor's own pages and clients, none of them tried with money.

Prices are those that its pages gave in October 2026; `docs/vendors.md` lists all facts, and what the pages leave open.

1080p stands on one of its pages and not on the main one, and without a price: it is sold, and its price is unknown
until the project states it. A shape that is the vendor's to choose (`auto` in the YAML) is `adaptive` there.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from render.providers.evolink import VENDOR
from render.providers.seedance import SEEDANCE_2
from storyboard.capabilities import Capabilities, Lengths, MediaLimits, ModelCapabilities, Rate, RecommendedPrompt
from storyboard.framing import AUTO
from storyboard.shot import MediaKind

STANDARD = "seedance-2.0-reference-to-video"
FAST = "seedance-2.0-fast-reference-to-video"
FIRST_FRAME = "seedance-2.0-image-to-video"

PRICES_AS_OF = "2026-10"
STANDARD_USD = {"480p": ("0.0919", "0.0560"), "720p": ("0.1985", "0.1209")}
FAST_USD = {"480p": ("0.0745", "0.0443"), "720p": ("0.1608", "0.0957")}
"""Dollars per second of output; and with a reference video, per second of max(in, out) + out."""

MB = 1_000_000
LOW, HIGH = Fraction(2, 5), Fraction(5, 2)
MEDIA = {
    MediaKind.IMAGE: MediaLimits(
        count=9,
        formats=("jpeg", "png", "webp"),
        max_bytes=30 * MB,
        min_side=300,
        max_side=6000,
        min_ratio=LOW,
        max_ratio=HIGH,
    ),
    MediaKind.VIDEO: MediaLimits(
        count=3,
        formats=("mp4", "mov"),
        max_bytes=50 * MB,
        min_side=300,
        max_side=6000,
        min_pixels=409_600,
        max_pixels=927_408,
        min_ratio=LOW,
        max_ratio=HIGH,
        min_s=Decimal(2),
        max_s=Decimal(15),
        total_s=Decimal(15),
        min_fps=Fraction(24),
        max_fps=Fraction(60),
    ),
    MediaKind.AUDIO: MediaLimits(
        count=3,
        formats=("wav", "mp3"),
        max_bytes=15 * MB,
        min_s=Decimal(2),
        max_s=Decimal(15),
        total_s=Decimal(15),
    ),
}
FRAME_SIZES = {
    ("480p", "16:9"): (864, 496),
    ("480p", "4:3"): (752, 560),
    ("480p", "1:1"): (640, 640),
    ("480p", "3:4"): (560, 752),
    ("480p", "9:16"): (496, 864),
    ("480p", "21:9"): (992, 432),
    ("720p", "16:9"): (1280, 720),
    ("720p", "4:3"): (1112, 834),
    ("720p", "1:1"): (960, 960),
    ("720p", "3:4"): (834, 1112),
    ("720p", "9:16"): (720, 1280),
    ("720p", "21:9"): (1470, 630),
}


def capabilities(environment: Mapping[str, str]) -> Capabilities:
    """What EvoLink sells. Raises BadSetting where its base URL cannot be used."""
    return Capabilities(
        provider=VENDOR.name,
        tells_cost=False,
        origin=VENDOR.origin(environment),
        models={
            STANDARD: _model(STANDARD, ("480p", "720p", "1080p"), STANDARD_USD, first_frame_model=FIRST_FRAME),
            FAST: _model(FAST, ("480p", "720p"), FAST_USD, first_frame_model=None),
        },
        default_model=STANDARD,
        tokens={MediaKind.IMAGE: "@Image{n}", MediaKind.VIDEO: "@Video{n}", MediaKind.AUDIO: "@Audio{n}"},
        free_words={kind: f"{kind.value} {{n}}" for kind in MediaKind},
        callback_job=("id",),
        reference_keys={f"{kind.value}_urls": (kind,) for kind in MediaKind},
    )


def _model(
    name: str, resolutions: tuple[str, ...], usd: Mapping[str, tuple[str, str]], *, first_frame_model: str | None
) -> ModelCapabilities:
    return ModelCapabilities(
        name=name,
        lengths=Lengths(min_s=Decimal(4), max_s=Decimal(15)),
        resolutions=resolutions,
        aspect_ratios=(*dict.fromkeys(ratio for _, ratio in FRAME_SIZES), AUTO),
        media=MEDIA,
        references_in_all=15,
        prompt_characters=None,
        recommended_prompt=RecommendedPrompt(chinese_characters=500, words=1000, as_of="2026-10"),
        sound_needs_picture=True,
        seed=False,
        audio_switch=True,
        first_frame_model=first_frame_model,
        last_frame=first_frame_model is not None,
        frame_sizes=FRAME_SIZES,
        prompt_forms=SEEDANCE_2,
        rates={resolution: _rate(*dollars) for resolution, dollars in usd.items()},
    )


def _rate(plain: str, with_video: str) -> Rate:
    return Rate(
        usd_per_second=Decimal(plain),
        usd_per_second_with_video=Decimal(with_video),
        bills_input_video=True,
        as_of=PRICES_AS_OF,
    )
