"""Takes the picture that stands for an episode where it does not play: the first that is not black, as a JPEG."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory

from PIL import Image, ImageStat

from render.errors import MediaError
from render.media.tail_frame import extract_frame
from storyboard.timeline.markers import PosterFrame

FrameAt = Callable[[PosterFrame], tuple[Path, int]]
"""Gives the film in which a frame stands, and its number there, from 0: a piece's, or the whole master's."""

_QUALITY = 90
_DARK = 24  # of 255: a picture of whose pixels hardly any is brighter is black to the eye
_SHARE = 0.02  # of the pixels that must be brighter
_FLAT = 4.0  # standard deviation of its grey levels under which a picture shows nothing


def take_poster(frames: Sequence[PosterFrame], frame_at: FrameAt, target: Path) -> PosterFrame:
    """Write the first of these frames that shows something to `target` (.jpg), the brightest where none does.

    It is as large as the film, and holds no metadata: the same frame is the same file. Blocks; not to be called where
    an event loop runs. Raises MediaError where a frame cannot be decoded, or there is none.
    """
    if not frames:
        raise MediaError(f"there is no frame for {target.name}: the master has no shots")
    with TemporaryDirectory(prefix="poster-", dir=target.parent) as folder:
        best: tuple[float, PosterFrame, Image.Image] | None = None
        for place, frame in enumerate(frames):
            picture = _shown(*frame_at(frame), Path(folder, f"{place}.png"))
            if len(frames) == 1 or shows_something(picture):
                best = (0.0, frame, picture)
                break
            brightness = ImageStat.Stat(picture.convert("L")).mean[0]
            if best is None or brightness > best[0]:
                best = (brightness, frame, picture)
        assert best is not None
        _, taken, picture = best
        part = target.with_name(f".{target.stem}.{token_hex(4)}.part")
        try:
            picture.save(part, format="JPEG", quality=_QUALITY, subsampling=0)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    return taken


def shows_something(picture: Image.Image) -> bool:
    """Whether a picture is more than black, or than one even colour."""
    grey = picture.convert("L")
    bright = sum(grey.histogram()[_DARK:])
    return bright >= _SHARE * grey.width * grey.height and ImageStat.Stat(grey).stddev[0] >= _FLAT


def _shown(film: Path, number: int, still: Path) -> Image.Image:
    extract_frame(film, number, still)
    with Image.open(still) as picture:
        return picture.convert("RGB")
