"""Cards as clips in the house format: found where the very same was drawn before, else drawn and kept."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from pathlib import Path
from secrets import token_hex
from typing import Any

from render.cards.card_art import card_frames, draw_ground
from render.cards.card_fonts import CardFonts, FileOf
from render.cards.card_layout import DoesNotFit, lay_out
from render.cards.typesetting import can_shape
from render.cut import house_encoder
from render.cut.segment_files import ConformedPieces
from render.errors import MediaError
from render.media.ffmpeg import Progress, run
from render.media.graph import raw_frames
from render.media.measures import sha256_of
from storyboard.card_piece import Card
from storyboard.shot import MasterFormat

_RECIPE = "card-2"
"""Changes with anything in this package that changes pictures: cards kept under the old name are then drawn anew."""


async def kept_card(
    card: Card,
    master: MasterFormat,
    file_of: FileOf,
    kept: ConformedPieces,
    scratch: Path,
    *,
    still: Path | None = None,
) -> Path:
    """The card's clip: the one that these very inputs gave before, else drawn now and kept.

    `still` is the frame that it holds, where it holds one: a picture, at any size. Raises MediaError.
    """
    key = await asyncio.to_thread(card_key, card, master, file_of, still)
    return await found_or_drawn(
        key, kept, scratch, lambda target: draw_card(card, master, file_of, target, still=still)
    )


async def found_or_drawn(
    key: str, kept: ConformedPieces, scratch: Path, draw: Callable[[Path], Awaitable[None]]
) -> Path:
    """The clip that is kept under this key; else `draw` writes it into `scratch`, and it is kept."""
    if found := await asyncio.to_thread(kept.find, key):
        return found
    target = scratch / f"drawn-{token_hex(8)}.mp4"
    try:
        await draw(target)
        return await asyncio.to_thread(kept.keep, key, target)
    finally:
        target.unlink(missing_ok=True)


async def draw_card(
    card: Card,
    master: MasterFormat,
    file_of: FileOf,
    target: Path,
    *,
    still: Path | None = None,
    progress: Progress | None = None,
) -> None:
    """Write the card to `target` (.mp4), silent, of exactly its frames, as the cut can copy it. Raises MediaError."""
    picture = _picture(card, file_of, still)
    try:
        layout = await asyncio.to_thread(lay_out, card.look, master, CardFonts(file_of).faces)
    except DoesNotFit as error:
        raise MediaError(f"the card {card.key} cannot be drawn: {error.why}", f"Shorten it: {error.text.at}") from error
    ground = await asyncio.to_thread(draw_ground, card.look.ground, picture, master)
    bare = await asyncio.to_thread(draw_ground, replace(card.look.ground, darken=Decimal(0)), picture, master)
    await run(
        house_encoder.output(raw_frames(master.width, master.height, master.fps), None, target, master),
        what=f"draw the card {card.key}",
        total_s=float(card.frames / master.fps),
        progress=progress,
        feed=card_frames(card, layout, ground, master, bare=bare),
    )


def card_key(card: Card, master: MasterFormat, file_of: FileOf, still: Path | None = None) -> str:
    """The name under which its clip is kept: the same key always means the same frames.

    It holds what every file is made of and none of their names, so that moving a font draws nothing anew.
    """
    said = {
        "look": _values(card.look, card.look.sources),
        "frames": card.frames,
        "files": [sha256_of(file_of(source)) for source in card.look.sources],
        "still": None if still is None else sha256_of(still),
        "master": [master.width, master.height, str(master.fps)],
        "shaped": can_shape(),
    }
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    return f"{_RECIPE}:{house_encoder.RECIPE}:{digest}"


def _values(value: Any, sources: tuple[str, ...]) -> Any:
    """A look as JSON: every field that is compared, but of a source only its place among all of them."""
    if is_dataclass(value):
        named: dict[str, Any] = {each.name: getattr(value, each.name) for each in fields(value) if each.compare}
        placed = {name: _places(named[name], sources) for name in ("picture", "fonts") if name in named}
        return {name: _values(each, sources) for name, each in (named | placed).items()}
    if isinstance(value, tuple):
        return [_values(each, sources) for each in value]
    return value if value is None or isinstance(value, bool) else str(value)


def _places(value: str | tuple[str, ...] | None, sources: tuple[str, ...]) -> tuple[str, ...]:
    named = (value,) if isinstance(value, str) else value or ()
    return tuple(str(sources.index(each)) for each in named)


def _picture(card: Card, file_of: FileOf, still: Path | None) -> Path | None:
    """What stands behind the texts, where it is more than a colour."""
    ground = card.look.ground
    if ground.picture is not None:
        return file_of(ground.picture)
    return still if ground.hold is not None else None
