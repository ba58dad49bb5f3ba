"""Which pixels each resolution and ratio has. Those of 480p and 720p are EvoLink's page; no page gives larger ones."""

from __future__ import annotations

from collections.abc import Sequence

from render.sandbox.vendor_order import Reference
from storyboard.shot import MediaKind

RATIOS = ("16:9", "4:3", "1:1", "3:4", "9:16", "21:9")
_PIXELS = {
    "480p": ((864, 496), (752, 560), (640, 640), (560, 752), (496, 864), (992, 432)),
    "720p": ((1280, 720), (1112, 834), (960, 960), (834, 1112), (720, 1280), (1470, 630)),
    "1080p": ((1920, 1080), (1664, 1248), (1440, 1440), (1248, 1664), (1080, 1920), (2206, 946)),
    "4k": ((3840, 2160), (3328, 2496), (2880, 2880), (2496, 3328), (2160, 3840), (4412, 1892)),
}


def pixels(resolution: str, ratio: str, references: Sequence[Reference] = ()) -> tuple[int, int]:
    """Width and height in pixels. A ratio that adapts is the one nearest to the first picture's, else 16:9."""
    if ratio not in RATIOS:
        ratio = _nearest(references)
    return _PIXELS[resolution][RATIOS.index(ratio)]


def _nearest(references: Sequence[Reference]) -> str:
    seen = next((each for each in references if each.kind is not MediaKind.AUDIO and each.height), None)
    if seen is None:
        return "16:9"
    shape = seen.width / seen.height
    return min(RATIOS, key=lambda ratio: abs(_shape(ratio) - shape))


def _shape(ratio: str) -> float:
    width, _, height = ratio.partition(":")
    return int(width) / int(height)
