"""The kinds of sound of `docs/media.md`, one a row: how to make a small one, and what has to become of it.

Each is made of tones by formula: 440 Hz on the left and 660 Hz on the right, both at 0.4, for half a second. Of sounds
with more channels each is given, and what has to be heard follows from ITU-R BS.775, written out here by hand.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from render.media.ffmpeg import run
from render.media.graph import sink, source
from tests.sounds import LEFT_HZ, LOUD, RIGHT_HZ, STEREO, make_sound

SECONDS = 0.5
VARIABLE: Mapping[str, str] = {"flags": "+qscale", "global_quality": "472"}
WITHOUT_HEADER: Mapping[str, str] = {"write_xing": "0"}
_POWER = sqrt(0.5)
_THIRD_HZ, _FOURTH_HZ, _FIFTH_HZ = 1000.0, 1400.0, 1800.0

Heard = tuple[Mapping[float, float], Mapping[float, float]]
"""Amplitudes by frequency, on the left and on the right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One kind of sound. `refused` is what an error has to say of it; None: it is taken."""

    make: Callable[[Path], Path]
    seconds: float = SECONDS
    slack_s: float = 0.0005  # codecs that work in blocks deliver whole ones
    heard: Heard = ({LEFT_HZ: LOUD}, {RIGHT_HZ: LOUD})
    slack: float = 0.01  # of an amplitude, as a share
    refused: str | None = None


def _plain(name: str, codec: str, **how: object) -> Callable[[Path], Path]:
    return lambda folder: make_sound(folder / name, codec, seconds=SECONDS, **how)  # type: ignore[arg-type]


def _patched(make: Callable[[Path], Path], patch: Callable[[bytes], bytes]) -> Callable[[Path], Path]:
    def made(folder: Path) -> Path:
        path = make(folder)
        path.write_bytes(patch(path.read_bytes()))
        return path

    return made


def _vorbis(folder: Path) -> Path:
    """PyAV comes without an encoder for it; ffmpeg has one."""
    plain, target = make_sound(folder / "a.wav", "pcm_s16le", seconds=SECONDS), folder / "a.ogg"
    asyncio.run(run(sink([source(plain)], target, **{"c:a": "libvorbis"}), what="make Vorbis"))
    return target


def _trimmed(folder: Path) -> Path:
    """An edit list leaves out the first and the last eighth, and all packets stay."""
    whole, target = make_sound(folder / "a.m4a", "alac", seconds=SECONDS), folder / "b.m4a"
    asyncio.run(run(sink([source(whole, ss=0.17)], target, c="copy", format="ipod"), what="trim"))
    return target


def _xing(content: bytes, frames: Callable[[int], int]) -> bytes:
    at = max(content.find(b"Xing"), content.find(b"Info")) + 8
    (count,) = struct.unpack_from(">I", content, at)
    return content[:at] + struct.pack(">I", frames(count)) + content[at + 4 :]


def _wav_size(content: bytes, size: int) -> bytes:
    at = content.index(b"data") + 4
    return content[:at] + struct.pack("<I", size) + content[at + 4 :]


def _flac_total(content: bytes, total: int) -> bytes:
    """The last 36 bits of the eight bytes that begin with rate, channels and depth."""
    (word,) = struct.unpack_from(">Q", content, 18)
    return content[:18] + struct.pack(">Q", word >> 36 << 36 | total) + content[26:]


def times_ten(content: bytes) -> bytes:
    """An MP4 in which every header says that it lasts ten times as long as it does."""
    said = bytearray(content)
    for name, offset in ((b"mvhd", 20), (b"tkhd", 24), (b"mdhd", 20)):
        at = content.find(name)
        while at >= 0:
            (length,) = struct.unpack_from(">I", said, at + offset)
            struct.pack_into(">I", said, at + offset, length * 10)
            at = content.find(name, at + 4)
    return bytes(said).replace(b"elst", b"free")


def half(content: bytes) -> bytes:
    """The first half of a file."""
    return content[: len(content) // 2]


def holed(content: bytes) -> bytes:
    """A file with a hole in its middle, as a bad disk leaves it."""
    at = len(content) // 2
    return content[:at] + bytes(600) + content[at + 600 :]


def _sixth(left: float, right: float) -> tuple[tuple[float, float], ...]:
    """Tones for 5.1: front left and right, centre, low effects, surround left and right."""
    return ((LEFT_HZ, left), (RIGHT_HZ, right), (_THIRD_HZ, LOUD), (50.0, LOUD), (_FOURTH_HZ, LOUD), (_FIFTH_HZ, LOUD))


def _five(whole: float) -> Heard:
    """What is heard of it: each share over the sum of all shares of one side."""
    front, other = LOUD / whole, LOUD * _POWER / whole
    return (
        {LEFT_HZ: front, _THIRD_HZ: other, _FOURTH_HZ: other, RIGHT_HZ: 0.0, _FIFTH_HZ: 0.0, 50.0: 0.0},
        {RIGHT_HZ: front, _THIRD_HZ: other, _FIFTH_HZ: other, LEFT_HZ: 0.0, _FOURTH_HZ: 0.0, 50.0: 0.0},
    )


_FIVE = {"channels": _sixth(LOUD, LOUD), "layout": "5.1"}
_FIVE_SIDE = {"channels": _sixth(LOUD, LOUD), "layout": "5.1(side)"}
_SEVEN = {"channels": (*_sixth(LOUD, LOUD), (_FOURTH_HZ, LOUD), (_FIFTH_HZ, LOUD)), "layout": "7.1"}
_QUAD = {"channels": (*STEREO, (_FOURTH_HZ, LOUD), (_FIFTH_HZ, LOUD)), "layout": "quad"}
_SEVEN_HEARD = (
    {LEFT_HZ: LOUD / (1 + 3 * _POWER), _FOURTH_HZ: 2 * LOUD * _POWER / (1 + 3 * _POWER)},
    {RIGHT_HZ: LOUD / (1 + 3 * _POWER), _FIFTH_HZ: 2 * LOUD * _POWER / (1 + 3 * _POWER)},
)
_QUAD_HEARD = (
    {LEFT_HZ: LOUD / (1 + _POWER), _FOURTH_HZ: LOUD * _POWER / (1 + _POWER), _FIFTH_HZ: 0.0},
    {RIGHT_HZ: LOUD / (1 + _POWER), _FIFTH_HZ: LOUD * _POWER / (1 + _POWER), _FOURTH_HZ: 0.0},
)
_MONO_HEARD = ({LEFT_HZ: LOUD * _POWER}, {LEFT_HZ: LOUD * _POWER})
_WITH_A_SEAM: Heard = ({}, {})  # where the wave jumps, so that its tones are smeared
_MP3 = _plain("a.mp3", "libmp3lame", options=VARIABLE)
_BARE_MP3 = _plain("a.mp3", "libmp3lame", options=VARIABLE, muxing=WITHOUT_HEADER)

CODECS: Mapping[str, Case] = {
    "WAV, 8 bits": Case(make=_plain("a.wav", "pcm_u8")),
    "WAV, 16 bits": Case(make=_plain("a.wav", "pcm_s16le")),
    "WAV, 24 bits": Case(make=_plain("a.wav", "pcm_s24le")),
    "WAV, 32 bits": Case(make=_plain("a.wav", "pcm_s32le")),
    "WAV, 32 bits, floating": Case(make=_plain("a.wav", "pcm_f32le")),
    "MP3, constant rate": Case(make=_plain("a.mp3", "libmp3lame"), slack=0.06),
    "MP3, variable rate": Case(make=_MP3),
    "AAC in M4A": Case(make=_plain("a.m4a", "aac"), slack_s=0.013, slack=0.05),
    "AAC in ADTS": Case(make=_plain("a.aac", "aac", muxer="adts"), slack_s=0.045, slack=0.05),
    "ALAC in M4A": Case(make=_plain("a.m4a", "alac")),
    "FLAC": Case(make=_plain("a.flac", "flac")),
    "Vorbis in Ogg": Case(make=_vorbis, slack_s=0.003, slack=0.03),
    "Opus in Ogg": Case(make=_plain("a.ogg", "libopus"), slack_s=0.01, slack=0.03),
    "Opus in WebM": Case(make=_plain("a.webm", "libopus"), slack_s=0.01, slack=0.03),
    "AC-3 in MP4": Case(make=_plain("a.mp4", "ac3"), slack_s=0.01),
    **{
        f"{rate / 1000:g} kHz": Case(make=_plain("a.wav", "pcm_s16le", rate=rate))
        for rate in (8000, 11_025, 22_050, 32_000, 44_100, 88_200, 96_000, 192_000)
    },
}

LAYOUTS: Mapping[str, Case] = {
    "mono": Case(make=_plain("a.flac", "flac", layout="mono", channels=STEREO[:1]), heard=_MONO_HEARD),
    "2.1": Case(make=_plain("a.flac", "flac", layout="2.1", channels=(*STEREO, (50.0, LOUD)))),
    "quad": Case(make=_plain("a.wav", "pcm_s16le", **_QUAD), heard=_QUAD_HEARD),
    "5.1": Case(make=_plain("a.wav", "pcm_f32le", **_FIVE), heard=_five(1 + 2 * _POWER)),
    "5.1 with side channels": Case(make=_plain("a.flac", "flac", **_FIVE_SIDE), heard=_five(1 + 2 * _POWER)),
    "5.1 in AAC": Case(
        make=_plain("a.m4a", "aac", options={"b": "600000"}, **_FIVE),
        heard=_five(1 + 2 * _POWER),
        slack_s=0.013,
        slack=0.06,
    ),
    "7.1": Case(make=_plain("a.wav", "pcm_s16le", **_SEVEN), heard=_SEVEN_HEARD),
}

LIARS: Mapping[str, Case] = {
    "MP3 without a header of its length": Case(make=_BARE_MP3, slack_s=0.08),
    "MP3 that counts ten times its frames": Case(
        make=_patched(_MP3, lambda content: _xing(content, lambda frames: frames * 10)), slack_s=0.08
    ),
    "MP3 that counts half its frames": Case(
        make=_patched(_MP3, lambda content: _xing(content, lambda frames: frames // 2)),
        slack_s=0.08,
        heard=_WITH_A_SEAM,
    ),
    "MP3 made of two": Case(
        make=_patched(_BARE_MP3, lambda content: content * 2), seconds=1.0, slack_s=0.12, heard=_WITH_A_SEAM
    ),
    "MP3 with tags behind it": Case(make=_patched(_MP3, lambda content: content + b"TAG" + bytes(125))),
    "WAV whose data has no size yet": Case(
        make=_patched(_plain("a.wav", "pcm_s16le"), lambda content: _wav_size(content, 0xFFFF_FFFF))
    ),
    "WAV whose data has no size": Case(
        make=_patched(_plain("a.wav", "pcm_s16le"), lambda content: _wav_size(content, 0))
    ),
    "WAV whose data is said to be shorter": Case(
        make=_patched(_plain("a.wav", "pcm_s16le"), lambda content: _wav_size(content, 48_000)), seconds=0.25
    ),
    "FLAC without its number of samples": Case(
        make=_patched(_plain("a.flac", "flac"), lambda content: _flac_total(content, 0))
    ),
    "FLAC with too few samples": Case(
        make=_patched(_plain("a.flac", "flac"), lambda content: _flac_total(content, 1000))
    ),
    "M4A that says ten times its length": Case(make=_patched(_plain("a.m4a", "alac"), times_ten)),
    "M4A trimmed by its edit list": Case(make=_trimmed, seconds=SECONDS - 0.17, slack_s=0.1),
}

REFUSED: Mapping[str, Case] = {
    "WAV that ends half-way": Case(make=_patched(_plain("a.wav", "pcm_s16le"), half), refused="lacks 48,039 of"),
    "MP3 that ends half-way": Case(make=_patched(_MP3, half), refused="of its last frame"),
    "MP3 that ends half-way, without a header of its length": Case(
        make=_patched(_BARE_MP3, half), refused="of its last frame"
    ),
    "MP3 that ends between two frames": Case(
        make=_patched(_plain("a.mp3", "libmp3lame"), lambda content: content[: content.index(b"\xff\xfb") + 384 * 5]),
        refused="bytes",
    ),
    "MP3 with a hole": Case(make=_patched(_MP3, holed), refused="something else stands there"),
    "AAC that ends half-way": Case(
        make=_patched(_plain("a.aac", "aac", muxer="adts"), half), refused="of its last frame"
    ),
    "AAC with a hole": Case(
        make=_patched(_plain("a.aac", "aac", muxer="adts"), holed), refused="something else stands there"
    ),
    "FLAC that ends half-way": Case(make=_patched(_plain("a.flac", "flac"), half), refused="cut off or damaged"),
    "FLAC with too many samples": Case(
        make=_patched(_plain("a.flac", "flac"), lambda content: _flac_total(content, 10**6)), refused="it says 20.8 s"
    ),
    "Ogg that ends half-way": Case(make=_patched(_plain("a.ogg", "libopus"), half), refused="last page"),
    "M4A that ends half-way": Case(make=_patched(_plain("a.m4a", "alac"), half), refused="cut off or damaged"),
    "WebM that ends half-way": Case(make=_patched(_plain("a.webm", "libopus"), half), refused="lacks"),
    "AC-3 by itself": Case(make=_plain("a.ac3", "ac3"), refused="is no image, video or sound"),
    "a sound of no length": Case(
        make=_patched(
            _plain("a.wav", "pcm_s16le"), lambda content: _wav_size(content, 0)[: content.index(b"data") + 8]
        ),
        refused="holds no sound",
    ),
}
