"""Draws captions into a picture by libass, in the project's font, and encodes it as the house does.

A piece of the master is drawn upon by itself: those in which nothing is said stay as they are, and a changed word
touches the pieces in which it stands.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory

from render.captions.caption_fonts import BurnFont
from render.cut import house_encoder
from render.cut.segment_files import ConformedPieces
from render.media.ffmpeg import Progress, run
from render.media.ffmpeg_needs import need_for_subtitles
from render.media.graph import Stream, source
from storyboard.captions.ass_script import BurnStyle, ass_script, letter_size
from storyboard.captions.caption import Caption
from storyboard.shot import MasterFormat

RECIPE = "burn-1"
"""A part of the key of a picture that was drawn upon. Changes with anything below."""

_OUTLINE = 0.07
"""How thick the line around letters is, of their size."""

_SCRIPT, _FONTS = "captions.ass", "fonts"


@dataclass(frozen=True, slots=True)
class Lettering:
    """In which font, and how large, all captions of a master are drawn."""

    font: BurnFont
    style: BurnStyle


def lettering(font: BurnFont, captions: Sequence[Caption], size: Decimal, master: MasterFormat) -> Lettering:
    """Letters of the size that is asked (in percent of the shorter side), or less, so that the longest line fits."""
    letters = letter_size(size, master.width, master.height)
    style = BurnStyle(
        width=master.width,
        height=master.height,
        family=font.family,
        line_height=font.line_height(letters),
        outline=max(1.0, letters * _OUTLINE),
        bold=font.bold,
        italic=font.italic,
    )
    lines = {line for each in captions for line in each.lines}
    widest = max((font.width(line, style.line_height) for line in lines), default=0.0)
    room = master.width - 2 * style.side_margin
    if widest > room:
        style = replace(style, line_height=max(6, int(style.line_height * room / widest)))
    return Lettering(font, style)


def burn_key(picture: str, captions: Sequence[Caption], letters: Lettering, master: MasterFormat) -> str:
    """The name of all that decides how a picture (by its own key) looks with these captions in it."""
    script = ass_script(captions, master.fps, letters.style)
    said = json.dumps([picture, RECIPE, house_encoder.RECIPE, script, letters.font.sha256])
    return f"burnt:{hashlib.sha256(said.encode()).hexdigest()}"


async def burnt(
    picture: Path,
    key: str,
    captions: Sequence[Caption],
    letters: Lettering,
    master: MasterFormat,
    *,
    kept: ConformedPieces,
    scratch: Path,
    what: str,
) -> Path:
    """A piece's picture with its captions in it: the one that is kept, else drawn now and kept.

    `picture` is conformed already, and `key` says all that it was made of. `captions` are those of the piece, see
    `captions_within`; without any, the picture stays as it is.
    """
    if not captions:
        return picture
    recipe = burn_key(key, captions, letters, master)
    if found := await asyncio.to_thread(kept.find, recipe):
        return found
    target = scratch / f"burnt-{token_hex(8)}.mp4"
    try:
        await burn_in(picture, captions, letters, master, target, what=what)
        return await asyncio.to_thread(kept.keep, recipe, target)
    finally:
        target.unlink(missing_ok=True)


async def burn_in(
    picture: Path,
    captions: Sequence[Caption],
    letters: Lettering,
    master: MasterFormat,
    target: Path,
    *,
    what: str,
    progress: Progress | None = None,
) -> None:
    """Write `target` (.mp4): a picture of the master's size and rate with these captions in it, without sound.

    Their frames count from the picture's first. `what` names it in errors. Raises MediaError, and then leaves no file.
    """
    await asyncio.to_thread(need_for_subtitles, burnt_in=True)
    with TemporaryDirectory(prefix=f".{target.stem}.", dir=target.parent) as folder:
        await asyncio.to_thread(lay_out, Path(folder), captions, letters, master)
        await run(
            house_encoder.output(drawn_upon(source(picture).video), None, target, master),
            what=f"draw the subtitles of {what}",
            progress=progress,
            cwd=Path(folder),
        )


def drawn_upon(picture: Stream) -> Stream:
    """A picture with what was laid out in the folder where ffmpeg runs drawn upon it."""
    return picture.filter("ass", filename=_SCRIPT, fontsdir=_FONTS)


def lay_out(folder: Path, captions: Sequence[Caption], letters: Lettering, master: MasterFormat) -> None:
    """The script and the font under names of ours, which a filter can be given whatever theirs are."""
    (folder / _FONTS).mkdir()
    (folder / _FONTS / "font").write_bytes(letters.font.content)
    (folder / _SCRIPT).write_text(ass_script(captions, master.fps, letters.style), encoding="utf-8")
