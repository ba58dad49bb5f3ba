"""Which change makes a reference acceptable to a vendor, decided from facts and limits alone.

A fit is a recipe with a name, and the name is the whole recipe, so two machines make the same file from it and a
fingerprint can hold it:

    image:FORMAT[:WxH][:Nbytes][:srgb|:bare]
    video:FORMAT[:WxH][:Nfps][:A-Bs|:Ns][:Nbytes][:plain]
    audio:FORMAT[:A-Bs|:Ns][:Nbytes][:cut]

    image:jpeg:6000x3375        as JPEG, scaled to exactly 6000 x 3375
    video:mp4:1280x720:24fps:0-15s    as MP4, scaled, at 24 frames a second (or 24000/1001fps), its first 15 seconds
    audio:wav:12.5-17.5s        as WAV, from second 12.5 of it until second 17.5
    audio:wav:5-10s:cut         the same as it lies in the cut: in stereo, at 48 kHz (see `render.media.sound_samples`)
    audio:mp3:15s               as MP3, its first 15 seconds; only earlier versions cut so
    image:jpeg:31457280bytes    as JPEG, compressed until it is no larger
    video:mp4:plain             as MP4, in ordinary colours, upright, progressive (see `storyboard.film_traits`)
    image:png:srgb              as PNG of what viewers show: upright, in 8-bit sRGB, on white, nothing else in the file
    image:jpeg:bare             the same picture without metadata (places, names, texts); its pixels are not touched

A part that is absent is left as it was. Sizes are as displayed, and keep the picture's ratio.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, sqrt

from storyboard.capabilities import MediaLimits
from storyboard.request import ReferenceFacts
from storyboard.shot import MediaKind, Window
from storyboard.text.decimals import plain_decimal

MOST_ENLARGED = 2
"""A picture smaller than this fraction of what a vendor wants is refused: enlarging it would invent the detail."""

FRAME_SLACK_S = Fraction(1, 400)
"""Seconds by which a moment may miss a frame's edge and still mean it."""

PADDING_S = Decimal("0.1")
"""Seconds that encoders of sound may add."""

PARTED = frozenset({"jpeg", "png", "webp"})
"""Formats of pictures whose metadata can be left out without touching a pixel."""

_PNG_BYTES_A_PIXEL = 3.1  # at most, of a picture in 8-bit RGB
_PADDED = frozenset({"mp3", "aac", "m4a", "ogg"})
_WAV_BYTES_A_SECOND = 192_000  # in stereo, at 48 kHz, of 16 bits
_MOST_PNG_BYTES = 30_000_000  # where a vendor says nothing: what most of the others take


class CannotFit(Exception):
    """No change that keeps the reference what it is makes it acceptable. `remedy` says what to give instead."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(f"{problem}. {remedy}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """One recipe, read from its name or about to be named."""

    kind: MediaKind
    format: str
    size: tuple[int, int] | None = None  # pixels, as displayed
    fps: Fraction | None = None
    seconds: Decimal | None = None  # the first so many, as earlier versions cut
    window: Window | None = None  # the part that is kept, counted from the beginning, with both ends
    max_bytes: int | None = None
    srgb: bool = False  # pictures: what viewers show, in the one form that everybody reads alike
    bare: bool = False  # pictures: without metadata
    plain: bool = False  # films: whatever is not ordinary is made so
    as_in_cut: bool = False  # sounds: in stereo, at 48 kHz

    def __str__(self) -> str:
        parts = [self.kind.value, self.format]
        if self.size:
            parts.append(f"{self.size[0]}x{self.size[1]}")
        if self.fps:
            parts.append(f"{self.fps}fps")
        if self.window is not None:
            end_s = self.window.end_s or Decimal(0)
            parts.append(f"{plain_decimal(self.window.start_s)}-{plain_decimal(end_s)}s")
        if self.seconds is not None:
            parts.append(f"{plain_decimal(self.seconds)}s")
        if self.max_bytes is not None:
            parts.append(f"{self.max_bytes}bytes")
        if self.srgb or self.bare:
            parts.append("srgb" if self.srgb else "bare")
        if self.plain:
            parts.append("plain")
        if self.as_in_cut:
            parts.append("cut")
        return ":".join(parts)


def parse_fit(name: str) -> Fit:
    """Read a fit's name back. Raises ValueError where it is none."""
    kind, format_, *parts = name.split(":")
    fit = Fit(kind=MediaKind(kind), format=format_)
    for part in parts:
        fit = _with_part(fit, part, name)
    return fit


def _with_part(fit: Fit, part: str, name: str) -> Fit:
    if part in {"srgb", "bare"}:
        return replace(fit, srgb=part == "srgb", bare=part == "bare")
    if part in {"plain", "cut"}:
        return replace(fit, plain=part == "plain", as_in_cut=part == "cut")
    if part.endswith("bytes"):
        return replace(fit, max_bytes=int(part.removesuffix("bytes")))
    if part.endswith("fps"):
        return replace(fit, fps=Fraction(part.removesuffix("fps")))
    if part.endswith("s"):
        return _cut(fit, part.removesuffix("s"))
    if "x" in part:
        width, height = part.split("x")
        return replace(fit, size=(int(width), int(height)))
    raise ValueError(f"{name!r} is not a fit: {part!r} is no size, rate, length or limit")


def _cut(fit: Fit, seconds: str) -> Fit:
    """From one moment to another; or the first so many, as earlier versions cut."""
    start, dash, end = seconds.partition("-")
    if not dash:
        return replace(fit, seconds=_seconds_in(start))
    return replace(fit, window=Window(_seconds_in(start), _seconds_in(end)))


def _seconds_in(text: str) -> Decimal:
    if not text.replace(".", "", 1).isdecimal():
        raise ValueError(f"{text!r} is no number of seconds")
    return Decimal(text)


def fit_for(
    facts: ReferenceFacts, limits: MediaLimits, window: Window | None = None, *, as_in_cut: bool = False
) -> Fit | None:
    """The change this file needs to be sent, or None where it can go as it is. Raises CannotFit.

    `window` is the part that is meant, counted from the beginning, with both ends; None: the whole file. With
    `as_in_cut` a part of a sound is what the master has of it: without loss where the vendor takes that.
    """
    if limits.originals:
        return None
    size = _size(facts, limits)
    fps = _rate(facts, limits)
    _refuse_length(facts, limits, window)
    too_heavy = limits.max_bytes is not None and facts.bytes * _share(facts, window) > limits.max_bytes
    srgb, bare = _form(facts, limits)
    allowed, anew = facts.format in limits.formats and not too_heavy, srgb or bool(facts.traits)
    if allowed and size is None and fps is None and window is None and not anew and not bare:
        return None
    format_ = _format(facts, limits, lighter=too_heavy) if not srgb else _picture_format(facts, limits, size)
    if as_in_cut and window is not None:
        return _as_in_cut(facts, limits, window)
    return Fit(
        kind=facts.kind,
        format=_unpadded(format_, limits, window) if window and not too_heavy else format_,
        size=size,
        fps=fps,
        window=window,
        max_bytes=limits.max_bytes if too_heavy or size is not None or anew else None,
        srgb=srgb,
        bare=bare,
        plain=bool(facts.traits),
    )


def _as_in_cut(facts: ReferenceFacts, limits: MediaLimits, window: Window) -> Fit:
    heavy = limits.max_bytes is not None and (window.length_s or 0) * _WAV_BYTES_A_SECOND + 10_000 > limits.max_bytes
    lossless = "wav" in limits.formats and not heavy
    format_ = "wav" if lossless else _format(facts, limits, lighter=True)
    max_bytes = None if lossless else limits.max_bytes
    return Fit(kind=facts.kind, format=format_, window=window, max_bytes=max_bytes, as_in_cut=True)


def _form(facts: ReferenceFacts, limits: MediaLimits) -> tuple[bool, bool]:
    """Whether a picture has to be made what viewers show, and whether its metadata has to be left out."""
    if facts.kind is not MediaKind.IMAGE:
        return False, False
    srgb = bool(facts.unlike_srgb) or (
        facts.format not in PARTED and (facts.metadata or facts.format not in limits.formats)
    )
    return srgb, facts.metadata and not srgb


def _picture_format(facts: ReferenceFacts, limits: MediaLimits, size: tuple[int, int] | None) -> str:
    """For a picture that is saved anew: JPEG stays JPEG; others lose nothing, where that is certain to be light enough.

    How heavy a PNG becomes is known only once it is made, and a vendor's limit is hard.
    """
    width, height = size or (facts.width or 0, facts.height or 0)
    light = width * height * _PNG_BYTES_A_PIXEL + 10_000 <= (limits.max_bytes or _MOST_PNG_BYTES)
    wanted = ("jpeg", "png") if facts.format == "jpeg" or not light else ("png", "jpeg")
    return next((each for each in wanted if each in limits.formats), _format(facts, limits, lighter=True))


def fitted_seconds(facts: ReferenceFacts, fit: Fit | None) -> Decimal | None:
    """How many seconds the reference lasts once it fits; None for pictures and where it is not known."""
    if fit is not None and fit.window is not None:
        return fit.window.length_s
    return fit.seconds if fit and fit.seconds is not None else facts.duration_s


def longest_s(limits: MediaLimits) -> Decimal | None:
    """The longest single file that a vendor takes of a kind; None where no limit is known."""
    return min((each for each in (limits.max_s, limits.total_s) if each is not None), default=None)


def _format(facts: ReferenceFacts, limits: MediaLimits, *, lighter: bool) -> str:
    if not limits.formats:
        raise CannotFit(f"takes no {facts.kind} at all", "Remove the reference, or choose another vendor")
    compact = {MediaKind.IMAGE: "jpeg", MediaKind.VIDEO: "mp4", MediaKind.AUDIO: "mp3"}[facts.kind]
    if facts.format in limits.formats and not lighter:
        return facts.format
    return compact if compact in limits.formats else limits.formats[0]


def _refuse_length(facts: ReferenceFacts, limits: MediaLimits, window: Window | None) -> None:
    lasts_s = facts.duration_s if window is None else _certain_s(window, facts.fps)
    if lasts_s is None:
        return
    what = facts.source if window is None else f"the part of {facts.source} that is meant, {spelled(window)},"
    lasts = f"{what} is {plain_decimal(lasts_s)} s long"
    if limits.min_s is not None and lasts_s < limits.min_s:
        remedy = "Give a longer one, or remove it" if window is None else "Choose a longer part (`from`, `to`)"
        raise CannotFit(f"{lasts}, and at least {limits.min_s} s are asked for", remedy)
    longest = longest_s(limits)
    if longest is not None and lasts_s > longest:
        raise CannotFit(f"{lasts}, and at most {longest} s are taken", "Say which part is meant, by `from` and `to`")


def _certain_s(window: Window, fps: Fraction | None) -> Decimal | None:
    """How long a part is; of a film so long as the frames last that lie within it whole, if that is less."""
    length_s = window.length_s
    if fps is None or length_s is None or window.end_s is None:
        return length_s
    first, after = Fraction(window.start_s) * fps, Fraction(window.end_s) * fps
    frames = floor(after + FRAME_SLACK_S * fps) - ceil(first - FRAME_SLACK_S * fps)
    lasts_s = round(Decimal(frames * fps.denominator) / fps.numerator, 3)
    return min(length_s, lasts_s)


def _share(facts: ReferenceFacts, window: Window | None) -> Fraction:
    """How much of the file's bytes the part has: of a film all of them, as a part of it is encoded anew."""
    if window is None or window.length_s is None or not facts.duration_s or facts.kind is not MediaKind.AUDIO:
        return Fraction(1)
    return Fraction(window.length_s) / Fraction(facts.duration_s)


def _unpadded(format_: str, limits: MediaLimits, window: Window) -> str:
    """A format that ends with the part, where what an encoder adds could pass the longest that is taken."""
    longest, length_s = longest_s(limits), window.length_s
    tight = longest is not None and length_s is not None and length_s + PADDING_S > longest
    return "wav" if tight and format_ in _PADDED and "wav" in limits.formats else format_


def spelled(window: Window) -> str:
    """How a part reads: `12.5 to 17.5 s`."""
    end = "its end" if window.end_s is None else f"{plain_decimal(window.end_s)} s"
    return f"{plain_decimal(window.start_s)} to {end}"


def _rate(facts: ReferenceFacts, limits: MediaLimits) -> Fraction | None:
    if facts.fps is None:
        return None
    if limits.min_fps is not None and facts.fps < limits.min_fps:
        return limits.min_fps
    if limits.max_fps is not None and facts.fps > limits.max_fps:
        return limits.max_fps
    return None


def _size(facts: ReferenceFacts, limits: MediaLimits) -> tuple[int, int] | None:
    """The nearest acceptable size of the same ratio, or None where the size is acceptable."""
    if not facts.width or not facts.height:
        return None
    _refuse_ratio(facts, limits)
    width, height = facts.width, facts.height
    smallest, largest = _smallest_scale(width, height, limits), _largest_scale(width, height, limits)
    if smallest <= 1 <= largest:
        return None
    if smallest > largest or smallest > MOST_ENLARGED:
        raise CannotFit(
            f"{facts.source} is {width}x{height}, and {_wanted(limits)}",
            "Give a picture of another size" if smallest > largest else "Give a larger picture",
        )
    return _scaled(width, height, largest) if largest < 1 else _enlarged(width, height, smallest)


def _refuse_ratio(facts: ReferenceFacts, limits: MediaLimits) -> None:
    assert facts.width
    assert facts.height
    ratio = Fraction(facts.width, facts.height)
    low, high = limits.min_ratio, limits.max_ratio
    if (low is not None and ratio < low) or (high is not None and ratio > high):
        raise CannotFit(
            f"{facts.source} is {facts.width}x{facts.height}: {'narrower' if low and ratio < low else 'wider'} than "
            f"the vendor takes (width / height of {_plain(low)} to {_plain(high)})",
            "Crop it",
        )


def _largest_scale(width: int, height: int, limits: MediaLimits) -> float:
    bounds = [limits.max_side / max(width, height)] if limits.max_side else []
    bounds += [sqrt(limits.max_pixels / (width * height))] if limits.max_pixels else []
    return min(bounds, default=float("inf"))


def _smallest_scale(width: int, height: int, limits: MediaLimits) -> float:
    bounds = [limits.min_side / min(width, height)] if limits.min_side else []
    bounds += [sqrt(limits.min_pixels / (width * height))] if limits.min_pixels else []
    return max(bounds, default=0.0)


def _scaled(width: int, height: int, scale: float) -> tuple[int, int]:
    """Down, to even sides, so that the result never exceeds what the scale allows."""
    return max(2, int(width * scale) // 2 * 2), max(2, int(height * scale) // 2 * 2)


def _enlarged(width: int, height: int, scale: float) -> tuple[int, int]:
    """Up, to even sides, so that the result never falls short of what the scale asks for."""
    return -(-int(width * scale + 1) // 2) * 2, -(-int(height * scale + 1) // 2) * 2


def _wanted(limits: MediaLimits) -> str:
    sides = f"{limits.min_side or 1} to {limits.max_side or 'any number of'} pixels a side"
    if limits.min_pixels is None and limits.max_pixels is None:
        return f"the vendor takes {sides}"
    return f"the vendor takes {sides} and {limits.min_pixels or 1} to {limits.max_pixels or 'any number of'} in all"


def _plain(ratio: Fraction | None) -> str:
    return "any" if ratio is None else f"{float(ratio):g}"
