"""What Meadow sells, as data."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from render.providers.meadow import VENDOR

from storyboard.capabilities import Capabilities, Lengths, MediaLimits, ModelCapabilities
from storyboard.shot import MediaKind

MODEL = ModelCapabilities(
    name="meadow-1",
    lengths=Lengths(min_s=Decimal(4), max_s=Decimal(15)),
    resolutions=("480p",),
    aspect_ratios=("16:9",),
    media={
        MediaKind.IMAGE: MediaLimits(count=9, formats=("png",)),
        MediaKind.VIDEO: MediaLimits(count=3, formats=("mp4",)),
        MediaKind.AUDIO: MediaLimits(count=3, formats=("wav",)),
    },
    references_in_all=9,
    prompt_characters=None,
    seed=False,
    audio_switch=True,
    first_frame_model=None,
    frame_sizes={},
)


def capabilities(environment: Mapping[str, str]) -> Capabilities:
    """What Meadow sells. Raises BadSetting where its base URL cannot be used."""
    return Capabilities(
        provider=VENDOR.name,
        tells_cost=False,
        origin=VENDOR.origin(environment),
        models={MODEL.name: MODEL},
        default_model=MODEL.name,
        tokens={kind: f"@{kind.value}{{n}}" for kind in MediaKind},
        reference_keys={f"{kind.value}_urls": (kind,) for kind in MediaKind},
    )
