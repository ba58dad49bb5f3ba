"""What AIHubMax sells, as its model pages said in October 2026.

Its API is EvoLink's with differences, and runs the same model: limits that its own pages leave out (pixels, ratios,
frame rates) are EvoLink's. It publishes no price in dollars per second, so none stands here: a project states it under
`prices:`. A shape that is the vendor's to choose (`auto` in the YAML) is
`adaptive` there.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from render.providers.aihubmax import VENDOR
from render.providers.seedance import SEEDANCE_2
from storyboard.capabilities import Capabilities, Lengths, MediaLimits, ModelCapabilities
from storyboard.framing import AUTO
from storyboard.shot import MediaKind

STANDARD = "seedance-2.0-reference-to-video"
FAST = "seedance-2.0-fast-reference-to-video"
FIRST_FRAME = "seedance-2.0-image-to-video"
"""Takes a literal first frame as `image_url`. No fast model is documented that does."""

ASPECT_RATIOS = ("16:9", "4:3", "1:1", "3:4", "9:16", "21:9")

_SMALLEST_SIDE, _LARGEST_SIDE = 300, 6000
_NARROWEST, _WIDEST = Fraction(2, 5), Fraction(5, 2)

MEDIA = {
    MediaKind.IMAGE: MediaLimits(
        count=9,
        formats=("jpeg", "png", "webp"),
        max_bytes=30_000_000,
        min_side=_SMALLEST_SIDE,
        max_side=_LARGEST_SIDE,
        min_ratio=_NARROWEST,
        max_ratio=_WIDEST,
    ),
    MediaKind.VIDEO: MediaLimits(
        count=3,
        formats=("mp4", "mov"),
        min_side=_SMALLEST_SIDE,
        max_side=_LARGEST_SIDE,
        min_pixels=409_600,
        max_pixels=927_408,
        min_ratio=_NARROWEST,
        max_ratio=_WIDEST,
        total_min_s=Decimal(2),
        total_s=Decimal(15),
        total_bytes=50_000_000 - 1,  # under 50 MB
        min_fps=Fraction(24),
        max_fps=Fraction(60),
    ),
    MediaKind.AUDIO: MediaLimits(count=3, formats=("mp3", "wav"), max_bytes=15_000_000, max_s=Decimal(15)),
}

_SIZES_480P = ((864, 496), (752, 560), (640, 640), (560, 752), (496, 864), (992, 432))
_SIZES_720P = ((1280, 720), (1112, 834), (960, 960), (834, 1112), (720, 1280), (1470, 630))
FRAME_SIZES = {
    (resolution, ratio): size
    for resolution, sizes in (("480p", _SIZES_480P), ("720p", _SIZES_720P))
    for ratio, size in zip(ASPECT_RATIOS, sizes, strict=True)
}


def capabilities(environment: Mapping[str, str]) -> Capabilities:
    """What AIHubMax sells. Raises BadSetting where its base URL cannot be used.

    It documents no bound of jobs, and no key by which a lost order could be asked for again.
    """
    return Capabilities(
        provider=VENDOR.name,
        tells_cost=False,
        origin=VENDOR.origin(environment),
        models={
            STANDARD: _model(STANDARD, ("480p", "720p", "1080p"), FIRST_FRAME),
            FAST: _model(FAST, ("480p", "720p"), None),
        },
        default_model=STANDARD,
        tokens={MediaKind.IMAGE: "@Image{n}", MediaKind.VIDEO: "@Video{n}", MediaKind.AUDIO: "@Audio{n}"},
        reference_keys={
            **{f"{kind.value}_urls": (kind,) for kind in MediaKind},
            **{"image_url": 0, "end_image_url": 1},
        },
    )


def _model(name: str, resolutions: tuple[str, ...], first_frame_model: str | None) -> ModelCapabilities:
    return ModelCapabilities(
        name=name,
        lengths=Lengths(min_s=Decimal(4), max_s=Decimal(15), auto=True),
        resolutions=resolutions,
        aspect_ratios=(*ASPECT_RATIOS, AUTO),
        media=MEDIA,
        references_in_all=12,
        prompt_characters=5000,
        sound_needs_picture=True,
        seed=True,
        audio_switch=True,
        first_frame_model=first_frame_model,
        last_frame=first_frame_model is not None,
        frame_sizes=FRAME_SIZES,
        prompt_forms=SEEDANCE_2,
    )
