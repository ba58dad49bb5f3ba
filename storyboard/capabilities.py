"""What a vendor sells, as data: the storyboard binds shots against it, and never asks a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from storyboard.accounts import account_of
from storyboard.shot import MediaKind, Use


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """The lengths a model sells, in seconds: `min_s` to `max_s` in steps of `step_s` (None: any length)."""

    min_s: Decimal
    max_s: Decimal
    step_s: Decimal | None = Decimal(1)
    auto: bool = False  # the vendor may choose the length itself


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaLimits:
    """How many references of one kind a model takes, and what each of them may be. None: no limit is known.

    Sides and pixels are those of the picture as displayed, ratios are width over height, `_s` is seconds.
    """

    count: int
    formats: tuple[str, ...]  # "jpeg", "png", "webp", "mp4", "mov", "mp3", "wav"
    originals: bool = False  # it opens whatever Tailframe opens, and in the same way: nothing is changed for it
    max_bytes: int | None = None
    min_side: int | None = None  # pixels
    max_side: int | None = None  # pixels
    min_pixels: int | None = None  # width x height of a frame
    max_pixels: int | None = None
    min_ratio: Fraction | None = None
    max_ratio: Fraction | None = None
    min_s: Decimal | None = None  # each, for video and audio
    max_s: Decimal | None = None
    total_s: Decimal | None = None  # all of this kind together
    min_fps: Fraction | None = None
    max_fps: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A dated price: US dollars per second of output at one resolution."""

    usd_per_second: Decimal
    usd_per_second_with_video: Decimal | None = None  # None: the same with a reference video
    bills_input_video: bool = False  # the with-video rate is charged on max(in, out) + out seconds
    as_of: str = ""  # ISO date on which the vendor's page said so


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCapabilities:
    """What one model of one vendor takes and gives."""

    name: str
    lengths: Lengths
    resolutions: tuple[str, ...]
    aspect_ratios: tuple[str, ...]
    media: Mapping[MediaKind, MediaLimits]
    references_in_all: int  # at most, of all kinds together
    prompt_characters: int | None  # at most; None: no limit is known
    needs_visual_reference: bool = False  # at least one image or video (else the vendor refuses)
    sound_needs_picture: bool = False  # sound is taken only beside an image or video
    uses: Mapping[Use, frozenset[MediaKind]] | None = (
        None  # documented jobs of references, and the kinds that each takes; None: nothing is documented about jobs
    )
    seed: bool = False  # it takes a seed
    audio_switch: bool = True  # a clip can be ordered without sound
    first_frame_model: str | None = None  # the model that takes a literal first frame; None: this vendor has none
    frame_sizes: Mapping[tuple[str, str], tuple[int, int]] = field(
        default_factory=dict
    )  # (resolution, ratio) -> pixels
    rates: Mapping[str, Rate] = field(default_factory=dict)  # by resolution; an absent one has no known price


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What one account at one vendor sells, and how it is asked.

    `tokens` maps a kind to how a prompt points at the n-th reference of that kind: "@image{n}".
    """

    provider: str
    origin: str  # scheme and host of its API: "https://api.example.com"
    models: Mapping[str, ModelCapabilities]
    default_model: str
    tokens: Mapping[MediaKind, str]
    paid: bool = True
    fps: Fraction = Fraction(24)
    concurrent_jobs: int | None = None  # the account's bound; None: none is documented
    uploads: frozenset[MediaKind] = frozenset(MediaKind)  # kinds that reach the vendor without a link of our own
    beyond_reach: frozenset[MediaKind] = frozenset()  # kinds that cannot reach it today; a plan fills it, no vendor
    first_frame_vendors: tuple[str, ...] = ()  # others that begin on a literal frame, where it cannot; filled likewise
    reference_keys: Mapping[str, tuple[MediaKind, ...]] = field(default_factory=dict)  # an order's lists of references
    callback_job: tuple[str, ...] | None = None  # where its callback's body names the job; None: it sends no callback
    replays_by_key: bool = (
        False  # documented: the same create with the same key is one job, so a lost answer may be asked again
    )
    cancels: bool = False  # documented: a job that is not finished can be ended by asking
    tells_cost: bool | None = None  # whether it tells what a job cost, in what we count in dollars; None: not known
    account_name: str = ""  # as the operator calls this account of several; the registry fills it, no vendor

    @property
    def account(self) -> str:
        """Who is paid for what is ordered here, in the form of `storyboard.accounts`."""
        return account_of(self.provider, self.origin, self.account_name if self.paid else "")

    def model(self, name: str | None) -> ModelCapabilities:
        """The named model, or the default one. Raises KeyError where the vendor has no such model."""
        return self.models[name or self.default_model]
