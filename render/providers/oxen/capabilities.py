"""What Oxen.ai sells, as its model page said in October 2026.

It publishes no price where it could be read, so none stands here: a project states it under `prices:`. No model
of its that begins on a literal first frame is documented.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from render.providers.oxen import VENDOR
from render.providers.seedance import SEEDANCE_2
from storyboard.capabilities import Capabilities, Lengths, MediaLimits, ModelCapabilities
from storyboard.framing import AUTO, frame_size
from storyboard.shot import MediaKind

REFERENCE_TO_VIDEO = "bytedance-seedance-2-0-reference-to-video"

RESOLUTIONS = ("480p", "720p")
ASPECT_RATIOS = ("16:9", "9:16", "1:1", "4:3", "3:4", "21:9")

INLINE_BYTES = 4_000_000
"""The largest picture that is sent within an order. Oxen.ai takes 30 MB of each by a link; where the store gives none
they travel inline, and an order that takes long to send is one whose answer may be lost."""

MODELS = {
    REFERENCE_TO_VIDEO: ModelCapabilities(
        name=REFERENCE_TO_VIDEO,
        lengths=Lengths(min_s=Decimal(4), max_s=Decimal(15), auto=True),
        resolutions=RESOLUTIONS,
        aspect_ratios=(*ASPECT_RATIOS, AUTO),
        media={
            MediaKind.IMAGE: MediaLimits(count=9, formats=("jpeg", "png", "webp"), max_bytes=30_000_000),
            MediaKind.VIDEO: MediaLimits(
                count=3,
                formats=("mp4", "mov"),
                min_pixels=409_600,  # "about 480p to 720p": the figures of the same model at other vendors
                max_pixels=927_408,
                total_min_s=Decimal(2),
                total_s=Decimal(15),
                total_bytes=50_000_000 - 1,  # under 50 MB
            ),
            MediaKind.AUDIO: MediaLimits(
                count=3,
                formats=("mp3", "wav"),
                max_bytes=15_000_000,
                max_s=Decimal(15),
                total_s=Decimal(15),
            ),
        },
        references_in_all=12,
        prompt_characters=None,
        sound_needs_picture=True,
        seed=True,
        audio_switch=True,
        frame_sizes={(size, ratio): frame_size(size, ratio) for size in RESOLUTIONS for ratio in ASPECT_RATIOS},
        prompt_forms=SEEDANCE_2,
    )
}


def capabilities(environment: Mapping[str, str]) -> Capabilities:
    """What Oxen.ai sells. Raises BadSetting where its base URL cannot be used.

    It queues without a bound, and takes no key by which a lost order could be asked for again. Its uploads are commits
    to a repository, so only pictures reach it by themselves: within the order.
    """
    return Capabilities(
        provider=VENDOR.name,
        tells_cost=False,
        cancels=True,
        origin=VENDOR.origin(environment),
        models=MODELS,
        default_model=REFERENCE_TO_VIDEO,
        tokens={MediaKind.IMAGE: "@Image{n}", MediaKind.VIDEO: "@Video{n}", MediaKind.AUDIO: "@Audio{n}"},
        reference_keys={f"input_{kind.value}s": (kind,) for kind in MediaKind},
        uploads=frozenset({MediaKind.IMAGE}),
        inline_bytes=INLINE_BYTES,
    )
