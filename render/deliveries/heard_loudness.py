"""How loud a file is, measured on what a player hears: decoded, by EBU R 128, to its end."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from math import log10
from pathlib import Path
from tempfile import TemporaryDirectory

from render.errors import MediaError
from render.media.ffmpeg import Progress, run
from render.media.graph import sink, source

SILENT_LUFS = -69.9
"""Below the absolute gate of R 128 nothing is measured."""

_BLOCK_S = 0.1  # it speaks after each whole one, so the last has to be filled
_LINES = "measured.txt"
_INTEGRATED = re.compile(r"lavfi\.r128\.I=(\S+)")
_PEAKS = re.compile(r"lavfi\.r128\.true_peaks_ch\d+=(\S+)")


@dataclass(frozen=True, slots=True)
class Heard:
    """What was measured: integrated loudness in LUFS, the highest true peak in dBTP."""

    lufs: float
    peak_dbtp: float

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing to be heard that has a loudness."""
        return self.lufs <= SILENT_LUFS


async def loudness_of(file: Path, scratch: Path, *, seconds: float, progress: Progress | None = None) -> Heard:
    """Measure a file's sound. `seconds` is how long it is, for `progress`. Raises MediaError."""
    with TemporaryDirectory(prefix="loudness-", dir=scratch) as folder:
        sound = source(file).audio.filter("aresample", 48_000).filter("apad", pad_dur=_BLOCK_S)
        heard = sound.filter("ebur128", peak="true", metadata=1)
        told = heard.filter("ametadata", mode="print", file=_LINES)
        graph = sink([told], Path(folder, "sound.md5"), format="md5", **{"c:a": "pcm_s16le"})
        await run(graph, what=f"measure how loud {file.name} is", total_s=seconds, progress=progress, cwd=Path(folder))
        return _last(Path(folder, _LINES), file)


def _last(lines: Path, file: Path) -> Heard:
    """What the last block but one says of all before it, the last being none of the file's; the highest peak."""
    integrated: deque[float] = deque(maxlen=2)
    peak = 0.0
    with lines.open(encoding="utf-8") as text:
        for line in text:
            if found := _INTEGRATED.match(line):
                integrated.append(float(found[1]))
            elif found := _PEAKS.match(line):
                peak = max(peak, float(found[1]))
    if not integrated:
        raise MediaError(f"{file.name} has no sound that could be measured")
    return Heard(integrated[0], 20 * log10(peak) if peak else float("-inf"))
