"""What Kinovi sells, as data. Facts from the vendor's own pages and repository, none of them tried with money.

Prices are those that its pages gave in October 2026; `docs/vendors.md` lists all facts, and what the pages leave open.

Two pages of the vendor disagree about how an order is spelled, and about what it may hold. `urls` is the documented
pages' spelling, `typed` that of the newer repository page; KINOVI_DIALECT chooses. What only one page tells is sold in
that dialect alone, as this vendor ignores keys that it does not know: a wrong one costs money and gives a wrong clip.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from render.errors import BadSetting
from render.providers.environment import whole_number
from render.providers.kinovi import VENDOR
from render.providers.seedance import SEEDANCE_2
from storyboard.capabilities import Capabilities, Lengths, MediaLimits, ModelCapabilities, Rate
from storyboard.shot import MediaKind

STANDARD = "seedance-20"
FAST = "seedance2-fast"

USD_PER_CREDIT = Decimal("0.005")
PRICES_AS_OF = "2026-10"
UPSCALE_CREDITS = 28  # a second, on top of any size's, for 4k made out of it
CONCURRENT_JOBS = 5  # as in the vendor's own example of a refusal; accounts differ

ASPECT_RATIOS = ("16:9", "9:16", "1:1", "3:4", "4:3", "21:9")
FRAME_SIZES = {("720p", "16:9"): (1280, 720)}  # the one that the vendor's example shows

STANDARD_CREDITS = {"480p": (15, 19), "720p": (40, 48), "1080p": (83, 100)}
FAST_CREDITS = {"480p": (10, 13), "720p": (28, 34)}
"""Credits per second of output: without a reference video, and with one."""


class Dialect(StrEnum):
    """How an order is spelled: as the documented pages have it, or as the newer repository page has it."""

    URLS = "urls"
    TYPED = "typed"


def capabilities(environment: Mapping[str, str]) -> Capabilities:
    """What Kinovi sells in the dialect that the environment names. Raises BadSetting."""
    dialect = dialect_of(environment)
    return Capabilities(
        provider=VENDOR.name,
        tells_cost=True,
        origin=VENDOR.origin(environment),
        models={model.name: model for model in (_standard(dialect), _fast(dialect))},
        default_model=STANDARD,
        tokens={MediaKind.IMAGE: "@image{n}", MediaKind.VIDEO: "@video{n}", MediaKind.AUDIO: "@audio{n}"},
        reference_keys={
            "urls": (MediaKind.IMAGE, MediaKind.VIDEO),
            "imageUrls": (MediaKind.IMAGE,),
            "videoUrls": (MediaKind.VIDEO,),
            "audioUrls": (MediaKind.AUDIO,),
        },
        concurrent_jobs=whole_number(environment, "KINOVI_CONCURRENT_JOBS", CONCURRENT_JOBS),
        callback_job=("data", "taskId"),
    )


def dialect_of(environment: Mapping[str, str]) -> Dialect:
    """KINOVI_DIALECT, `urls` where it is not set. Raises BadSetting."""
    text = environment.get("KINOVI_DIALECT", "").strip() or Dialect.URLS
    try:
        return Dialect(text)
    except ValueError:
        raise BadSetting("KINOVI_DIALECT", f"must be one of: {', '.join(Dialect)}") from None


def _standard(dialect: Dialect) -> ModelCapabilities:
    rates = {resolution: _rate(*credit) for resolution, credit in STANDARD_CREDITS.items()}
    generated = ("4k",) if dialect is Dialect.TYPED else ()  # that page generates it, and tells no price of it
    return _model(STANDARD, dialect, (*STANDARD_CREDITS, *generated), rates)


def _fast(dialect: Dialect) -> ModelCapabilities:
    rates = {resolution: _rate(*credit) for resolution, credit in FAST_CREDITS.items()}
    return _model(FAST, dialect, tuple(FAST_CREDITS), rates)


def _rate(plain: int, with_video: int) -> Rate:
    return Rate(
        usd_per_second=plain * USD_PER_CREDIT,
        usd_per_second_with_video=with_video * USD_PER_CREDIT,
        as_of=PRICES_AS_OF,
    )


def _model(name: str, dialect: Dialect, resolutions: tuple[str, ...], rates: Mapping[str, Rate]) -> ModelCapabilities:
    typed = dialect is Dialect.TYPED
    return ModelCapabilities(
        name=name,
        lengths=Lengths(min_s=Decimal(4), max_s=Decimal(15)),
        resolutions=resolutions,
        aspect_ratios=ASPECT_RATIOS,
        media={
            MediaKind.IMAGE: MediaLimits(count=9, formats=("jpeg", "png", "webp")),
            MediaKind.VIDEO: MediaLimits(count=3, formats=("mp4",), max_s=Decimal(15)),
            MediaKind.AUDIO: MediaLimits(count=3, formats=("mp3", "wav"), total_s=Decimal(15)),
        },
        references_in_all=15,
        prompt_characters=10_000 if typed else 4000,
        needs_visual_reference=True,
        seed=typed,
        audio_switch=typed,
        first_frame_model=None if typed else name,  # keyframe mode: only the documented pages tell how it is spelled
        last_frame=not typed,
        frame_sizes=FRAME_SIZES,
        rates=rates,
        prompt_forms=SEEDANCE_2,
        upscales={} if typed else {"4k": UPSCALE_CREDITS * USD_PER_CREDIT},
    )
