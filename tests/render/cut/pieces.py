"""Pieces for cuts: small clips with their facts, a folder that keeps what was conformed, and looks at a master."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import av
from av.audio.resampler import AudioResampler

from render.cut.conform import ClipPart
from render.cut.cut_episode import Score, cut_episode
from render.cut.cut_plan import Piece, timeline_of
from render.cut.join import MasterFacts
from render.media.colour_conversion import is_ordinary
from render.media.decoded_clip import clip_facts
from render.media.measures import sha256_of
from render.media.signature import signature
from render.mix.listening import listened
from storyboard.edit import CUT, Transition
from storyboard.shot import MasterFormat, Music
from storyboard.sounds import LoudnessTarget
from storyboard.timeline.clip_sounds import PieceSound
from storyboard.timeline.episode_sounds import episode_sounds
from storyboard.timeline.master_timeline import Timeline
from storyboard.timeline.source_range import Shown
from tests.clips import make_clip
from tests.sounds import amplitude_of
from tests.storyboard.timeline.sound_stories import episode_of

MASTER = MasterFormat(160, 90, Fraction(24))


def piece(folder: Path, key: str, *, used: int | None = None, **clip: object) -> Piece:
    """A shot whose clip is made by `make_clip(**clip)`, of which the master uses `used` frames (None: all)."""
    path = make_clip(folder / f"{key}.mp4", **clip)  # type: ignore[arg-type]
    facts = clip_facts(path)
    return Piece(key=key, frames=facts.frames if used is None else used, path=path, clip=facts)


def part_of(clip: Path, frames: int) -> ClipPart:
    """So many frames of a clip, from its beginning on."""
    ordinary = is_ordinary(signature(clip))
    return ClipPart(path=clip, clip=clip_facts(clip), shown=Shown(0, frames), ordinary=ordinary)


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


def score_of(
    pieces: Sequence[Piece],
    timeline: Timeline,
    *,
    music: Music | None = None,
    song: Path | None = None,
    loudness: LoudnessTarget | None = None,
) -> Score:
    """The clips' own sound under these pieces, as that of shots a/0, a/1, …, and music under all of them."""
    lasts = [timeline.seconds(span.frames) for span in timeline.spans]
    shots = {f"a/{number}": Decimal(each.numerator) / each.denominator for number, each in enumerate(lasts)}
    episode = episode_of(shots, fps=timeline.fps, music=music, end_transition=CUT)
    clips = {piece.clip.sha256: piece.path for piece in pieces if piece.clip is not None}
    songs = {sha256_of(song): song} if song is not None else {}
    facts = {sha256: listened(path, sha256, clip=True) for sha256, path in clips.items()}
    facts |= {sha256: listened(path, sha256, clip=False) for sha256, path in songs.items()}
    hashes = dict.fromkeys([music.source], next(iter(songs), "")) if music is not None else {}
    named = replace(timeline, keys=tuple(shots))
    sounds = [_sound(key, piece, timeline.fps) for key, piece in zip(shots, pieces, strict=True)]
    plan = episode_sounds(episode, named, sounds, hashes, facts, seams=timeline.seams)
    return Score(plan=plan, sources=clips | songs, loudness=loudness)


def _sound(key: str, piece: Piece, fps: Fraction) -> PieceSound:
    if piece.clip is None:
        return PieceSound(key=key)
    return PieceSound(key=key, footage=piece.footage(fps), sha256=piece.clip.sha256, edit=piece.edit)


def cut(
    pieces: Sequence[Piece],
    folder: Path,
    *,
    master: MasterFormat = MASTER,
    end: Transition = CUT,
    score: Score | None = None,
    name: str = "e01.mp4",
) -> MasterFacts:
    """Cut them into a file in this folder, with the clips' own sound as loud as it is, unless a score is given."""
    timeline = timeline_of(pieces, master.fps, end)
    heard = score if score is not None else score_of(pieces, timeline)
    kept = Folder(folder / "kept")
    return asyncio.run(cut_episode(pieces, timeline, master, folder / name, kept=kept, score=heard))
