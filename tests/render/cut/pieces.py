"""Pieces for cuts: small clips with their facts, a folder that keeps what was conformed, and looks at a master."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.audio.resampler import AudioResampler

from render.cut.cut_plan import Piece
from render.media.decoded_clip import clip_facts
from storyboard.continuity.master_timeline import Timeline
from storyboard.shot import MasterFormat
from tests.clips import make_clip
from tests.sounds import amplitude_of

MASTER = MasterFormat(160, 90, Fraction(24))


def piece(folder: Path, key: str, *, used: int | None = None, **clip: object) -> Piece:
    """A shot whose clip is made by `make_clip(**clip)`, of which the master uses `used` frames (None: all)."""
    path = make_clip(folder / f"{key}.mp4", **clip)  # type: ignore[arg-type]
    facts = clip_facts(path)
    return Piece(key=key, frames=facts.frames if used is None else used, path=path, clip=facts)


def end_to_end(*frames: int, fps: Fraction = MASTER.fps) -> Timeline:
    """The timeline of a master whose pieces have so many frames each."""
    return Timeline.laid(((str(number), each) for number, each in enumerate(frames)), fps)


@dataclass(frozen=True)
class Folder:
    """Keeps conformed pieces in a folder, under names made from their keys."""

    root: Path

    def find(self, key: str) -> Path | None:
        """The piece kept under this key."""
        return path if (path := self._path(key)).exists() else None

    def keep(self, key: str, piece: Path) -> Path:
        """Move the piece here."""
        self.root.mkdir(exist_ok=True)
        return piece.rename(self._path(key))

    def _path(self, key: str) -> Path:
        return self.root / f"{key.replace('/', '_').replace(':', '-')}.mp4"


@dataclass(frozen=True)
class Lengths:
    """When picture and sound of a master start and end, in seconds."""

    picture_start: float
    picture_end: float
    sound_start: float
    sound_end: float


def lengths(master: Path) -> Lengths:
    """Measured on the decoded master, not read from its header."""
    with av.open(str(master)) as container:
        pictures = list(container.decode(video=0))
        last = pictures[-1]
        step = float(1 / container.streams.video[0].average_rate)
        starts, ends = float(pictures[0].time), float(last.time) + step
    with av.open(str(master)) as container:
        heard = list(container.decode(audio=0))
    final = heard[-1]
    return Lengths(starts, ends, float(heard[0].time), float(final.time) + final.samples / final.sample_rate)


def samples(clip: Path) -> array[float]:
    """The left channel at 48 kHz."""
    heard: array[float] = array("f")
    with av.open(str(clip)) as container:
        resampler = AudioResampler(format="fltp", layout="stereo", rate=48_000)
        for frame in container.decode(audio=0):
            for ready in resampler.resample(frame):
                heard.frombytes(bytes(ready.planes[0])[: ready.samples * 4])
    return heard


def loudness_at(heard: array[float], hz: float, second: float, window_s: float = 0.2) -> float:
    """How much of a tone is heard around a moment: its amplitude (Goertzel)."""
    first = max(0, int((second - window_s / 2) * 48_000))
    part = heard[first : first + int(window_s * 48_000)]
    return amplitude_of(part, hz, rate=48_000)
