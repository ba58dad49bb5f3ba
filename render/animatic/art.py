"""The stills that an animatic is made of: a request's references, opened, cut out and sorted by what they show."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from render.errors import MediaError, Terminal
from render.media.pictures import decoded
from storyboard.request import BoundReference, Request
from storyboard.shot import MediaKind, Role

_LONGEST_SIDE = 2560  # pixels; nothing here is shown larger
_CUT_OUT_SHARE = 0.06  # of the pixels see-through: then a picture is a figure cut out of its ground

_LEAST_SIDE = 8  # pixels; narrower than that a picture is all edge

BlobPath = Callable[[str], Path]
"""Finds the file of the bytes that have this sha256."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A cut-out (RGBA, trimmed). `stature` is its share of its sheet's height: a child's is less than its mother's."""

    picture: Image.Image
    stature: float


@dataclass(frozen=True, slots=True)
class Art:
    """What there is to show. Plates fill the frame; figures stand in front of them."""

    opening: Image.Image | None = None  # the frame on which the shot begins
    closing: Image.Image | None = None  # the one on which it ends
    strips: tuple[bool, bool] = (True, True)  # whether they may carry the strip of the shot that they are taken from
    plate: Image.Image | None = None
    mood: Image.Image | None = None  # the style board: colours, never shown sharp
    cast: tuple[Figure, ...] = ()
    props: tuple[Figure, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to stage and a card must speak instead."""
        return not (self.opening or self.plate or self.cast or self.props)


def gather(request: Request, blob_path: BlobPath) -> Art:
    """Open a request's references. Raises Terminal, naming the reference, where one cannot be read."""
    references = [reference for reference in request.references if reference.kind is not MediaKind.AUDIO]
    extras = _stills(references, Role.EXTRA, blob_path)
    styles = _stills(references, Role.STYLE, blob_path)
    plates = [*_stills(references, Role.LOCATION, blob_path), *(still for still in extras if not _cut_out(still))]
    props = [*_stills(references, Role.PROP, blob_path), *(still for still in extras if _cut_out(still))]
    begins, ends = _first_of(references, Role.CONTINUITY, Role.FIRST_FRAME), _first_of(references, Role.LAST_FRAME)
    return Art(
        opening=_flat(_open(begins, blob_path)) if begins else None,
        closing=_flat(_open(ends, blob_path)) if ends else None,
        strips=(_is_drawn(begins), _is_drawn(ends)),
        plate=_flat(plates[0]) if plates else None,
        mood=_flat(styles[0]) if styles else None,
        cast=tuple(_figure(still) for still in _stills(references, Role.CAST, blob_path)),
        props=tuple(_figure(still) for still in props),
    )


def _first_of(references: Iterable[BoundReference], *roles: Role) -> BoundReference | None:
    return next((each for each in references if each.role in roles), None)


def _is_drawn(reference: BoundReference | None) -> bool:
    """Whether a picture was taken from a clip: a producer's own has no strip to paint over."""
    return reference is not None and (reference.role is Role.CONTINUITY or reference.frame is not None)


def _stills(references: Iterable[BoundReference], role: Role, blob_path: BlobPath) -> list[Image.Image]:
    """One still for each name of a role: a second picture of the same face is the same figure."""
    first: dict[str, BoundReference] = {}
    for reference in references:
        if reference.role is role:
            first.setdefault(reference.name, reference)
    return [_open(reference, blob_path) for reference in first.values()]


def _open(reference: BoundReference, blob_path: BlobPath) -> Image.Image:
    if reference.sha256 is None:
        raise _unreadable(reference, "its file is not in the store")
    path = blob_path(reference.sha256)
    try:
        if reference.kind is MediaKind.VIDEO:
            return _still_of(path, last=reference.role is Role.CONTINUITY)
        still = decoded(path, about=_LONGEST_SIDE).convert("RGBA")
    except (MediaError, OSError) as error:
        raise _unreadable(reference, str(error)) from error
    still.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE), Image.Resampling.LANCZOS)
    return still


def _still_of(clip: Path, *, last: bool) -> Image.Image:
    from render.media.tail_frame import extract_frame  # only clips need a decoder

    with TemporaryDirectory() as folder:
        frame = Path(folder) / "frame.png"
        extract_frame(clip, None if last else 0, frame)
        with Image.open(frame) as picture:
            return picture.convert("RGBA")


def _unreadable(reference: BoundReference, why: str) -> Terminal:
    return Terminal(
        f"the animatic cannot read the {reference.role} reference {reference.name!r} ({reference.source}): {why}",
        "Replace the file, or take it out of the shot",
        code="reference_unreadable",
        charged=False,
        input_name=reference.name,
    )


def _flat(still: Image.Image) -> Image.Image:
    """Without transparency, on a dark ground."""
    ground = Image.new("RGBA", still.size, (24, 26, 30, 255))
    return Image.alpha_composite(ground, still).convert("RGB")


def _cut_out(still: Image.Image) -> bool:
    see_through = still.getchannel("A").histogram()
    return sum(see_through[:128]) > _CUT_OUT_SHARE * still.width * still.height


def _figure(still: Image.Image) -> Figure:
    """Trim a cut-out to what it shows; a picture with its ground gets soft edges, to sit in the frame."""
    shown = still if _cut_out(still) else _softened(still)
    box = shown.getchannel("A").point(lambda alpha: 255 if alpha > 8 else 0).getbbox()
    trimmed = shown.crop(box) if box else shown
    return Figure(trimmed, trimmed.height / still.height)


def _softened(still: Image.Image) -> Image.Image:
    if min(still.size) < _LEAST_SIDE:
        return still
    edge = max(2, min(still.size) // 14)
    mask = Image.new("L", still.size)
    ImageDraw.Draw(mask).rounded_rectangle(
        (edge, edge, still.width - edge, still.height - edge), radius=edge * 2, fill=255
    )
    soft = still.copy()
    soft.putalpha(ImageChops.multiply(still.getchannel("A"), mask.filter(ImageFilter.GaussianBlur(edge / 2))))
    return soft
