"""Composes the pictures of a shot: the cast over its location, seen by a moving camera.

Everything is scaled by boxes with fractions of pixels, so that the slowest move is smooth. What stands near moves more
than what lies far, which is what makes two flat pictures look like a place.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter, ImageOps

from render.animatic.art import Art, Figure
from render.animatic.brief import Brief, Setup
from render.animatic.camera import Move, Size, View
from render.animatic.card import draw_backdrop, draw_card
from render.animatic.strip import strip_height

_PLATE_SHARE = {Size.WIDE: 0.94, Size.MEDIUM: 0.76, Size.CLOSE: 0.56}  # of the location that a framing shows
_PLATE_BLUR = {Size.WIDE: 0.0, Size.MEDIUM: 0.0012, Size.CLOSE: 0.0036}  # of the frame's width: depth of field
_PLATE_EYE = {Size.WIDE: 0.5, Size.MEDIUM: 0.47, Size.CLOSE: 0.42}  # height of the middle of the framing
_FIGURE_HEIGHT = {Size.WIDE: 0.72, Size.MEDIUM: 1.2, Size.CLOSE: 1.9}  # of the frame's height
_FIGURE_TOP = {Size.WIDE: 0.22, Size.MEDIUM: 0.15, Size.CLOSE: 0.1}
_FAR = 0.55  # how much of the camera's move the location follows
_HOLD_S, _DISSOLVE_S = 0.3, 0.8  # of the frame that a shot continues from


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a figure stands: its middle in frame widths, its top and height in frame heights."""

    x: float
    top: float
    height: float
    phase: float  # of its breathing


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cut-out, ready to be drawn. `margin` is the room around it for its shadow, in its own pixels."""

    picture: Image.Image  # RGBa: colours multiplied by alpha, so that edges scale without fringes
    margin: int
    spot: _Spot


class Stage:
    """The art of one shot, set up for its framings. Give it a frame's number and it draws that frame."""

    def __init__(self, brief: Brief, art: Art) -> None:
        self._brief = brief
        self._size = brief.width, brief.height
        ends = zip((art.opening, art.closing), art.strips, strict=True)
        self._opening, self._closing = (
            _end(picture, brief, strip=strip) if picture else None for picture, strip in ends
        )
        self._card = draw_card(brief, art.mood) if art.empty else None
        self._only_opening = self._opening is not None and not (art.plate or art.cast or art.props)
        self._plate = _shaded(_bounded(art.plate or self._opening or draw_backdrop(brief, art.mood), self._size))
        self._plates: dict[Size, Image.Image] = {}
        self._art = art
        self._figures: dict[Setup, list[_Placed]] = {}

    def draw(self, frame: int) -> Image.Image:
        """The picture of one frame, without its strip."""
        shown = self._shown(frame)
        return shown if self._closing is None else self._come_to(self._closing, shown, frame)

    def _shown(self, frame: int) -> Image.Image:
        setup = next(setup for setup in reversed(self._brief.setups) if setup.start <= frame)
        if self._card is not None:
            return _seen(self._card, View(zoom=1 + 0.035 * frame / self._brief.frames), self._size)
        if self._opening is None or (self._only_opening and setup.start > 0):
            return self._compose(setup, frame)
        if self._only_opening:
            return _seen(self._opening, _from_whole(setup.move).at(setup.progress(frame)), self._size)
        return self._continue(self._opening, setup, frame)

    def _continue(self, opening: Image.Image, setup: Setup, frame: int) -> Image.Image:
        """Begin exactly on the frame before, hold it for a moment, and dissolve into the shot's own picture."""
        first = self._brief.setups[0].end
        hold = max(1, min(round(_HOLD_S * self._brief.fps), first // 6))
        dissolve = max(1, min(round(_DISSOLVE_S * self._brief.fps), first // 3))
        share = (frame - hold + 1) / (dissolve + 1)
        if share >= 1:
            return self._compose(setup, frame)
        before = _seen(opening, View(zoom=1 + 0.0012 * frame), self._size)
        if share <= 0:
            return before
        return Image.blend(before, self._compose(setup, frame), share * share * (3 - 2 * share))

    def _come_to(self, closing: Image.Image, shown: Image.Image, frame: int) -> Image.Image:
        """Dissolve into the frame on which the shot ends, and hold it for a moment."""
        count = self._brief.frames
        hold = max(1, min(round(_HOLD_S * self._brief.fps), count // 6))
        dissolve = max(1, min(round(_DISSOLVE_S * self._brief.fps), count // 3))
        share = min(1.0, (dissolve + hold - (count - 1 - frame)) / (dissolve + 1))
        return shown if share <= 0 else Image.blend(shown, closing, share * share * (3 - 2 * share))

    def _compose(self, setup: Setup, frame: int) -> Image.Image:
        view = setup.move.at(setup.progress(frame))
        picture = self._ground(setup, view)
        for figure in self._cast(setup):
            self._place(picture, figure, view, frame)
        return picture

    def _ground(self, setup: Setup, view: View) -> Image.Image:
        if setup.size not in self._plates:
            blur = _PLATE_BLUR[setup.size] * self._plate.width if self._art.cast else 0
            self._plates[setup.size] = self._plate.filter(ImageFilter.GaussianBlur(blur)) if blur else self._plate
        alone = not (self._art.cast or self._art.props)
        share = _PLATE_SHARE[setup.size] if not alone else 0.5 + 0.5 * _PLATE_SHARE[setup.size]
        follow = 1.0 if alone else _FAR
        far = View(
            view.x * follow + setup.side * 0.5 * (1 - share),
            view.y * follow + _PLATE_EYE[setup.size] - 0.5,
            (1 + (view.zoom - 1) * follow) / share,
        )
        return _seen(self._plates[setup.size], far, self._size)

    def _cast(self, setup: Setup) -> list[_Placed]:
        if setup not in self._figures:
            self._figures[setup] = _line_up(self._art, setup, self._size)
        return self._figures[setup]

    def _place(self, picture: Image.Image, figure: _Placed, view: View, frame: int) -> None:
        width, height = self._size
        spot = figure.spot
        breath = 0.0014 * math.sin(2 * math.pi * (float(frame / self._brief.fps) / 4.3 + spot.phase))
        scale = spot.height * view.zoom * height / (figure.picture.height - 2 * figure.margin)
        left = ((spot.x - 0.5 - view.x) * view.zoom + 0.5) * width - figure.picture.width * scale / 2
        top = ((spot.top + breath - 0.5 - view.y) * view.zoom + 0.5) * height - figure.margin * scale
        box = (
            math.ceil(max(0.0, left)),
            math.ceil(max(0.0, top)),
            math.floor(min(float(width), left + figure.picture.width * scale)),
            math.floor(min(float(height), top + figure.picture.height * scale)),
        )
        if box[0] >= box[2] or box[1] >= box[3]:
            return
        part = ((box[0] - left) / scale, (box[1] - top) / scale, (box[2] - left) / scale, (box[3] - top) / scale)
        size = box[2] - box[0], box[3] - box[1]
        shown = figure.picture.resize(size, Image.Resampling.BILINEAR, box=part).convert("RGBA")
        picture.paste(shown, box[:2], shown)


def _line_up(art: Art, setup: Setup, size: tuple[int, int]) -> list[_Placed]:
    """Stand the cast side by side, the first one named in front, and show the props on the free side."""
    frame = size[0] / size[1]
    tall = _cast_height(art, setup, frame)
    placed = []
    for place, (member, middle) in enumerate(zip(art.cast, _places(len(art.cast), setup.side), strict=True)):
        height = tall * _stature(member, art, setup) * (1 if place == 0 else 0.96)
        x = _inside(middle, height * member.picture.width / member.picture.height / frame, setup.size)
        top = max(_FIGURE_TOP[setup.size], (0.95 if setup.size is Size.WIDE else 1.06) - tall) + tall - height
        placed.append(_prepared(member.picture, _Spot(x, top, height, place * 0.37), size))
    props = art.props[:2] if setup.size is not Size.CLOSE or not art.cast else ()
    for place, prop in enumerate(props):
        spot = _prop_spot(prop, place, setup, frame, alone=not art.cast)
        placed.insert(0, _prepared(prop.picture, spot, size))
    return placed[::-1]


def _places(count: int, side: float) -> list[float]:
    """The middles of so many figures, in frame widths."""
    if count == 1:
        return [0.5 + 0.17 * side]
    spread = min(0.34, 0.17 * count)
    return [0.5 + 0.02 * side + spread * (2 * place / max(1, count - 1) - 1) / 1.15 for place in range(count)]


def _inside(x: float, width: float, size: Size) -> float:
    """The middle of a figure, moved so that the frame's side does not cut it: a wide framing shows the whole of it."""
    least = min(0.5, width * (0.5 if size is Size.WIDE else 0.42))
    return min(max(x, least), 1 - least)


def _cast_height(art: Art, setup: Setup, frame: float) -> float:
    """As tall as the framing asks, as long as everyone fits the frame's width."""
    wanted = _FIGURE_HEIGHT[setup.size] if len(art.cast) == 1 else min(_FIGURE_HEIGHT[setup.size], 1.4)
    shapes = ((member.picture.width / member.picture.height, member) for member in art.cast)
    together = sum(shape * _stature(member, art, setup) for shape, member in shapes) * wanted
    room = frame if setup.size is Size.WIDE else 1.2 * frame
    return wanted * min(1.0, room / max(0.01, together))


def _stature(member: Figure, art: Art, setup: Setup) -> float:
    """How tall a figure stands among the others. Nearer framings lift the small ones, whose faces would be lost."""
    share = member.stature / max(other.stature for other in art.cast)
    return share if setup.size is Size.WIDE else share**0.6


def _prop_spot(prop: Figure, place: int, setup: Setup, frame: float, *, alone: bool) -> _Spot:
    height = 0.55 if alone else 0.22
    height *= min(1.0, 0.6 * frame / (height * prop.picture.width / prop.picture.height))
    if alone:
        return _Spot(0.5 + 0.1 * setup.side + 0.3 * place, (1 - height) / 2, height, 0.0)
    free = -1 if setup.side > 0 else 1
    return _Spot(0.5 + free * (0.2 - 0.17 * place), 0.87 - height, height, 0.0)


def _prepared(picture: Image.Image, spot: _Spot, size: tuple[int, int]) -> _Placed:
    """Scale a cut-out to what the frame needs at its nearest, and give it a soft shadow."""
    most = max(1, round(spot.height * size[1] * 1.25))
    if picture.height > most:
        picture = picture.resize((max(1, round(picture.width * most / picture.height)), most), Image.Resampling.LANCZOS)
    margin = max(3, round(picture.height * 0.03))
    framed = Image.new("RGBA", (picture.width + 2 * margin, picture.height + 2 * margin))
    framed.paste(picture, (margin, margin))
    shade = framed.getchannel("A").filter(ImageFilter.GaussianBlur(margin / 2.4)).point(lambda level: level * 2 // 5)
    shadow = Image.new("RGBA", framed.size, (10, 12, 18, 255))
    shadow.putalpha(shade)
    return _Placed(Image.alpha_composite(shadow, framed).convert("RGBa"), margin, spot)


def _seen(picture: Image.Image, view: View, size: tuple[int, int]) -> Image.Image:
    """What of a picture the camera sees. The box keeps the frame's ratio and never leaves the picture."""
    ratio = size[0] / size[1]
    width = min(picture.width, picture.height * ratio) / max(1.0, view.zoom)
    height = width / ratio
    left = picture.width / 2 + view.x * width - width / 2
    top = picture.height / 2 + view.y * height - height / 2
    left = min(max(0.0, left), picture.width - width)
    top = min(max(0.0, top), picture.height - height)
    box = (left, top, min(left + width, picture.width), min(top + height, picture.height))
    return picture.resize(size, Image.Resampling.BILINEAR, box=box)


def _from_whole(move: Move) -> Move:
    """The same intention, starting on the whole picture: a literal first frame has nothing outside it to show."""
    return Move(View(), View((move.end.x - move.start.x) / 2, (move.end.y - move.start.y) / 2, 1.12), move.handheld / 2)


def _end(picture: Image.Image, brief: Brief, *, strip: bool) -> Image.Image:
    """A frame on which the shot begins or ends, as large as the clip."""
    return _fill(_without_strip(picture, brief) if strip else picture, (brief.width, brief.height))


def _fill(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    return picture if picture.size == size else ImageOps.fit(picture, size, Image.Resampling.LANCZOS)


def _bounded(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """No larger than the nearest framing needs, since every frame is scaled from it."""
    share = max(size[0] / picture.width, size[1] / picture.height) * 1.7
    if share >= 1:
        return picture
    return picture.resize(
        (math.ceil(picture.width * share), math.ceil(picture.height * share)), Image.Resampling.LANCZOS
    )


def _without_strip(opening: Image.Image, brief: Brief) -> Image.Image:
    """Paint over the strip that the shot before may have left in its tail frame, with what stands above it."""
    high = round(strip_height(brief.width, brief.height) * opening.height / brief.height)
    top = opening.height - high
    band = ImageOps.flip(opening.crop((0, max(0, top - high), opening.width, top)))
    mask = Image.linear_gradient("L").resize(band.size).point(lambda level: min(255, level * 5))
    clean = opening.copy()
    clean.paste(band.filter(ImageFilter.GaussianBlur(high / 9)), (0, top), mask)
    return clean


def _shaded(plate: Image.Image) -> Image.Image:
    """Darker toward the corners, so that the eye stays inside. Once on the plate costs less than on every frame."""
    fall = ImageOps.invert(Image.radial_gradient("L")).point(lambda level: min(255, 150 + level))
    return ImageChops.multiply(plate, fall.resize(plate.size, Image.Resampling.BICUBIC).convert("RGB"))
