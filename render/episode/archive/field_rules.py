"""What each field of an archived take may hold: what the ledger itself would write, and nothing that it would not.

An archive may be a stranger's. Its takes come into a ledger that others trust, so every value is within the bounds that
every database, every folder and every terminal bears.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from render.errors import LedgerError
from render.ledger import Note, Take
from render.ledger.drawings import Drawing, read_drawing
from render.ledger.money import is_sum
from render.ledger.records import MOST_CHARACTERS
from render.ledger.stored_request import read_order
from render.store.digests import is_digest
from storyboard.accounts import is_account_name, name_of, vendor_of
from storyboard.film_traits import Trait
from storyboard.model.fields import SLUG
from storyboard.shot_key import ShotKey
from storyboard.takes import Circle, TakeState
from storyboard.text.printable import is_printable

Holds = Callable[[Any], bool]
Rule = tuple[str, Holds, str]
"""A field, whether its value may stand there, and what it must be, as the end of a sentence."""

MOST: Final = 1_000_000
"""Of takes of one shot, retakes of one wish, seconds of one clip."""

MOST_BYTES_OF_AN_ORDER: Final = 1 << 20
_MOST_BYTES_OF_A_CLIP: Final = 1 << 40
_MOST_FRAMES: Final = 100_000_000
_MOST_DECIMALS: Final = 30  # as a manifest writes
_YEARS: Final = range(1970, 3000)

_ID = re.compile("[0-9a-f]{32}")
_PROVIDER = re.compile(r"[^\s:/@\\]{1,64}")
_SLUG = re.compile(SLUG)


def is_id(value: object) -> bool:
    """Whether this may be a take's id."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def is_shot(value: str) -> bool:
    """Whether it is EPISODE/SCENE/SHOT or EPISODE@preview/SCENE/SHOT, of ids that a producer may write."""
    try:
        key = ShotKey.parse(value)
    except ValueError:
        return False
    return all(_SLUG.fullmatch(part) for part in (key.episode, key.scene, key.shot))


def is_job_id(value: str) -> bool:
    """Whether a vendor may name a job so: as `render.net.responses.read_job_id` takes it, or with blanks in it."""
    return _is_short(200)(value) and value.strip(". ") != ""


def mistakes_of_take(take: Take) -> Iterator[str]:
    """What the ledger would not write of a take that is done, a sentence's end each, beginning with the field."""
    yield from _mistakes(take, _TAKE)
    if take.state is not TakeState.DONE or take.clip is None:
        yield "state must be done, with a clip: nothing else is brought back"
    else:
        yield from _mistakes(take.clip, _CLIP, "clip.")
        yield from _mistakes_of_times(take.clip.frame_times_us, take.clip.frames)
    if take.continuity is not None:
        yield from _mistakes(take.continuity, _FRAME, "continuity.")
    if not _pays(take.account, take.provider):
        yield "account must be one of its provider's"
    yield from _mistakes_of_order(take.request_json or "")


def mistakes_of_circle(circle: Circle) -> Iterator[str]:
    """What the ledger would not write of a shot's choice, a sentence's end each, beginning with the field."""
    yield from _mistakes(circle, _CIRCLE)


def mistakes_of_note(note: Note, take: Take | None) -> Iterator[str]:
    """The same of a note on this take; None: it is not archived."""
    yield from _mistakes(note, _NOTE)
    frames = 0 if take is None or take.clip is None else take.clip.frames
    if take is None:
        yield "take must be one that is archived"
    elif note.frame is not None and not 0 <= note.frame < frames:
        yield "frame must be one of its clip"
    elif note.drawing and note.frame is None:
        yield "drawing must be on a frame"


def _mistakes(value: object, rules: tuple[Rule, ...], within: str = "") -> Iterator[str]:
    return (f"{within}{field} must be {must}" for field, holds, must in rules if not holds(getattr(value, field)))


def _mistakes_of_times(times: tuple[int, ...] | None, frames: int) -> Iterator[str]:
    if times is None:
        return
    rising = all(before <= after for before, after in pairwise(times))
    if len(times) != frames or not rising or not 0 <= times[0] <= times[-1] <= MOST * 1_000_000:
        yield "clip.frame_times_us must be one rising time a frame"


def _mistakes_of_order(text: str) -> Iterator[str]:
    if len(text) > MOST_BYTES_OF_AN_ORDER:
        yield f"request_json must be an order of up to {MOST_BYTES_OF_AN_ORDER} characters"
        return
    try:
        order = read_order(text)
    except LedgerError:
        yield "request_json must be an order that can be read"
        return
    yield from _mistakes(order, _ORDER, "request_json.")
    for reference in order.references:
        yield from _mistakes(reference, _REFERENCE, "request_json.references.")
        if reference.frame is not None:
            yield from _mistakes(reference.frame, _FRAME, "request_json.references.frame.")
    if order.auto_length is not None:
        yield from _mistakes(order.auto_length, _AUTO_LENGTH, "request_json.auto_length.")
    if order.stated is not None:
        yield from _mistakes(order.stated, _STATED, "request_json.stated.")


def _pays(account: str, provider: str) -> bool:
    name = name_of(account)
    return vendor_of(account).removesuffix("@stand-in") == provider and (not name or is_account_name(name))


def _maybe(holds: Holds) -> Holds:
    return lambda value: value is None or holds(value)


def _is_short(most: int, *, least: int = 1, lines: bool = False) -> Holds:
    return lambda text: least <= len(text) <= most and is_printable(text, lines=lines)


def _is_whole(least: int, most: int) -> Holds:
    return lambda number: least <= number <= most


def _is_plain(number: Decimal) -> bool:
    """Written out it is no longer than a line, and no arithmetic on it takes long."""
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -_MOST_DECIMALS


def _is_seconds(number: Decimal) -> bool:
    return 0 <= number <= MOST and _is_plain(number)


def _is_share(number: Decimal) -> bool:
    return 0 <= number <= 1 and _is_plain(number)


def _is_length(number: Decimal) -> bool:
    return number > 0 and _is_seconds(number)


def _is_money(usd: Decimal) -> bool:
    return is_sum(usd) and _is_plain(usd)


def _is_rate(fps: Fraction) -> bool:
    return 0 < fps <= 1000


def _is_moment(moment: datetime) -> bool:
    return moment.tzinfo is not None and moment.year in _YEARS


def _are_different(values: tuple[Trait, ...]) -> bool:
    return len(set(values)) == len(values)


def _is_name(text: str) -> bool:
    return _is_short(200)(text) and "/" not in text


def _is_note(words: str) -> bool:
    return _is_short(MOST_CHARACTERS, lines=True)(words) and words.strip() != ""


def _is_drawing(drawing: Drawing) -> bool:
    try:
        return read_drawing(drawing) == drawing
    except ValueError:
        return False


def _is_provider(text: str) -> bool:
    return text.isprintable() and _PROVIDER.fullmatch(text) is not None


_SHOT: Final[Rule] = ("shot", is_shot, "EPISODE/SCENE/SHOT")
_HASH: Final = "a sha256"
_COUNT: Final = f"a whole number up to {MOST}"
_SUM: Final = "a sum of dollars that an order may cost"
_SECONDS: Final = f"a number of seconds up to {MOST}"
_TIME: Final = f"a time with its zone, of the years {_YEARS[0]} to {_YEARS[-1]}"
_TEXT: Final = "a short text that can be printed"
_SHARE: Final = "a number from 0 to 1"
_PIXELS: Final = "a number of pixels"
_RATE: Final = "a rate of up to 1000 frames a second"

_TAKE: Final[tuple[Rule, ...]] = (
    ("id", is_id, "32 hex digits"),
    ("series", _is_name, _TEXT),
    _SHOT,
    ("number", _is_whole(1, MOST), f"{_COUNT}, from 1"),
    ("run", _is_short(300), _TEXT),
    ("ordinal", _is_whole(0, MOST), _COUNT),
    ("wish", is_digest, _HASH),
    ("variation", _is_whole(0, MOST), _COUNT),
    ("provider", _is_provider, "a vendor's name"),
    ("account", _is_short(200), _TEXT),
    ("model", _is_short(200), _TEXT),
    ("fingerprint", _maybe(is_digest), _HASH),
    ("job_id", _maybe(is_job_id), "a job's id: up to 200 characters that can be printed"),
    ("owner", _maybe(_is_short(500)), _TEXT),
    ("lease_expires_at", _maybe(_is_moment), _TIME),
    ("reserved_usd", _is_money, _SUM),
    ("cost_usd", _maybe(_is_money), _SUM),
    ("usage", _is_short(4000, least=0, lines=True), _TEXT),
    ("clip_url", _maybe(_is_short(16_000)), _TEXT),
    ("clip_url_expires_at", _maybe(_is_moment), _TIME),
    ("error_code", _maybe(_is_short(200, least=0)), _TEXT),
    ("error_message", _maybe(_is_short(8000, least=0, lines=True)), _TEXT),
    ("created_at", _is_moment, _TIME),
    ("submitted_at", _maybe(_is_moment), _TIME),
    ("ended_at", _maybe(_is_moment), _TIME),
    ("rival", _maybe(is_id), "32 hex digits"),
    ("reported_usd", _maybe(_is_money), _SUM),
)

_CLIP: Final[tuple[Rule, ...]] = (
    ("sha256", is_digest, _HASH),
    ("bytes", _is_whole(1, _MOST_BYTES_OF_A_CLIP), "the bytes of a clip"),
    ("width", _is_whole(1, 65_536), _PIXELS),
    ("height", _is_whole(1, 65_536), _PIXELS),
    ("frames", _is_whole(1, _MOST_FRAMES), "a number of frames"),
    ("fps", _is_rate, _RATE),
    ("duration_s", _is_length, _SECONDS),
    ("audio_s", _maybe(_is_seconds), _SECONDS),
    ("audio_channels", _maybe(_is_whole(1, 1024)), "a number of channels"),
    ("traits", _are_different, "what is not ordinary about the picture, each once"),
    ("first_apart", _maybe(_is_share), _SHARE),
    ("last_apart", _maybe(_is_share), _SHARE),
)

_FRAME: Final[tuple[Rule, ...]] = (
    ("clip_sha256", is_digest, _HASH),
    ("index", _is_whole(0, _MOST_FRAMES), "a frame's number"),
)

_ORDER: Final[tuple[Rule, ...]] = (
    ("series", _is_name, _TEXT),
    _SHOT,
    ("provider", _is_provider, "a vendor's name"),
    ("account", _is_short(200), _TEXT),
    ("model", _is_short(200), _TEXT),
    ("duration_s", _maybe(_is_length), _SECONDS),
    ("billed_s", _is_length, _SECONDS),
    ("resolution", _is_short(100, least=0), _TEXT),
    ("aspect_ratio", _is_short(100, least=0), _TEXT),
    ("seed", _maybe(_is_whole(-(1 << 64), 1 << 64)), "a whole number"),
    ("variation", _is_whole(0, MOST), _COUNT),
    ("wish", is_digest, _HASH),
    ("width", _is_whole(1, 65_536), _PIXELS),
    ("height", _is_whole(1, 65_536), _PIXELS),
    ("fps", _is_rate, _RATE),
    ("estimated_usd", _maybe(_is_money), _SUM),
    ("upscale", _maybe(_is_short(100)), _TEXT),
)

_REFERENCE: Final[tuple[Rule, ...]] = (
    ("token", _is_short(200, least=0), _TEXT),  # empty for a picture that no prompt points at
    ("name", _is_short(500, least=0), _TEXT),
    ("source", _is_short(16_000), _TEXT),
    ("sha256", _maybe(is_digest), _HASH),
    ("fit", _maybe(_is_short(200)), _TEXT),
    ("tail_s", _maybe(_is_length), _SECONDS),
)

_AUTO_LENGTH: Final[tuple[Rule, ...]] = (
    ("shortest_s", _is_length, _SECONDS),
    ("longest_s", _is_length, _SECONDS),
    ("step_s", _maybe(_is_length), _SECONDS),
    ("input_video_s", _maybe(_is_seconds), _SECONDS),
)

_STATED: Final[tuple[Rule, ...]] = (
    ("account", _is_short(200), _TEXT),
    ("model", _is_short(200), _TEXT),
    ("resolution", _is_short(100, least=0), _TEXT),
    ("usd_per_second", _is_money, _SUM),
    ("seconds", _is_seconds, _SECONDS),
    ("published_usd", _maybe(_is_money), _SUM),
    ("upscale", _maybe(_is_short(100)), _TEXT),
)

_NOTE: Final[tuple[Rule, ...]] = (
    ("id", is_id, "32 hex digits"),
    ("words", _is_note, f"a text of up to {MOST_CHARACTERS} characters that can be printed"),
    ("by", _is_short(500), _TEXT),
    ("at", _is_moment, _TIME),
    ("drawing", _is_drawing, "strokes of points from 0 to 1"),
)

_CIRCLE: Final[tuple[Rule, ...]] = (_SHOT, ("take", _maybe(is_id), "a take's id, 32 hex digits"))
