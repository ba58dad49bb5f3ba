"""The voices of the machines: espeak-ng, installed, speaks the lines, and filters make them who they are."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import wave
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from synth import RATE, Sound, band, edges, later, levelled, noise, peak, room, seconds, write

LINES: dict[str, tuple[str, str]] = {  # file: who speaks, and what, as espeak-ng reads it best
    "e01-hello": ("vera", "Hello Moon, this is Vera."),
    "e01-hello-back": ("moon", "Hello Moon, this is Vera."),
    "e01-my-name": ("vera", "She said my name!"),
    "e01-she-did": ("bolo", "She did."),
    "e01-echo": ("penny", "That's an echo. You should tell her."),
    "e01-waits": ("bolo", "She waits two seconds. She's happy all night."),
    "e01-rate": ("penny", "Hm. That's a good rate."),
    "e01-reception": ("bolo", "Better reception, up here."),
    "e01-goodnight": ("vera", "Good night, Moon."),
    "e01-goodnight-back": ("moon", "Good night, Moon."),
    "e01-copies": ("vera", "She always copies me."),
    "e01-listens": ("bolo", "That's how you know she listens."),
    "e02-hello": ("vera", "Hello, Moon? Hello?"),
    "e02-new-moon": ("penny", "New moon. Nobody home."),
    "e02-one-wash": ("bolo", "Penny. One wash, please."),
    "e02-nothing": ("penny", "There's nothing in it."),
    "e02-not-yet": ("bolo", "Not yet."),
    "e02-is-that-you": ("vera", "Moon? Is that you?"),
    "e02-hello-back": ("bolo_moon", "Hello, Vera."),
    "e02-different": ("vera", "Your voice is different."),
    "e02-a-cold": ("bolo_moon", "I have a cold."),
    "e02-only-says": ("vera", "The Moon only says what I say."),
    "e02-something-new": ("vera", "You said something new."),
    "e02-hang-up": ("vera", "Don't hang up."),
    "e02-until-six": ("bolo", "I'm on until six."),
}


@dataclass(frozen=True, slots=True)
class Voice:
    """How espeak-ng is asked to speak, and what is made of it. `pace` is in words a minute, `pitch` from 0 to 99."""

    name: str
    pitch: int
    pace: int
    made: Callable[[Sound], Sound]
    lufs: float = -20.0


def radio(sound: Sound) -> Sound:
    """Vera: a small loudspeaker in a wooden case, valves that warm up on loud vowels, a breath of static."""
    heard = peak(band(sound, 260, 4_300, 3), 1_500, 5, 0.9)
    driven = np.tanh(2.4 * heard / np.max(np.abs(heard)))
    wood = peak(driven, 420, 4, 0.6)
    near = _envelope(wood)
    hiss = band(noise(len(wood), 17), 900, 4_000)
    return later(wood * 0.5 + hiss * (0.008 + 0.05 * near), _sway(len(wood), 0.0004, 1.3))


def robot(sound: Sound) -> Sound:
    """Bolo: three of him a few milliseconds apart, in a body of sheet metal."""
    body = peak(peak(peak(sound, 190, 4, 0.7), 640, 3, 0.4), 2_300, 5, 0.6)
    body = band(body, 90, 6_500)
    chorus = 0.7 * body + 0.42 * later(body, 0.011 + _sway(len(body), 0.0016, 0.7))
    chorus = chorus + 0.36 * later(body, 0.017 + _sway(len(body), 0.002, 0.47))
    ring = 0.86 + 0.14 * np.sin(2 * np.pi * 58 * np.arange(len(body)) / RATE)
    tin = chorus * ring
    return tin + 0.22 * later(tin, 0.0043) + 0.07 * room(tin, 0.25, 23, 3_500)[: len(tin)]


def in_the_drum(sound: Sound) -> Sound:
    """Bolo as the moon: softly, into the door of number seven."""
    soft = band(robot(sound), 120, 2_600)
    longer = np.pad(soft, (0, round(0.7 * RATE)))
    return longer + 0.42 * room(soft, 0.9, 29, 2_400)[: len(longer)] + 0.3 * later(longer, 0.028)


def change_machine(sound: Sound) -> Sound:
    """Penny: dry and close, read from few bits, with a rattle of sheet metal."""
    crisp = peak(band(sound, 170, 7_000), 2_900, 6, 0.7)
    crisp = crisp / np.max(np.abs(crisp))
    few = np.round(crisp * 40) / 40 * np.minimum(1, _envelope(crisp) * 4)
    dull = band(0.6 * crisp + 0.4 * few, 170, 6_000)
    return dull + 0.3 * later(dull, 0.0027) + 0.08 * room(dull, 0.18, 37, 5_000)[: len(dull)]


def from_the_moon(sound: Sound) -> Sound:
    """What comes back after 2.56 s: Vera's own words, thin, fluttering, with all that space around them."""
    far = band(radio(sound), 420, 2_100, 3)
    flutter = far * (0.72 + 0.28 * np.sin(2 * np.pi * 7.3 * np.arange(len(far)) / RATE + 0.6))
    longer = np.pad(later(flutter, _sway(len(far), 0.0011, 3.1)), (0, round(0.9 * RATE)))
    return longer + 0.5 * room(flutter, 1.3, 41, 2_600)[: len(longer)]


VOICES = {
    "vera": Voice("en-gb-x-rp+f4", 58, 138, radio),
    "moon": Voice("en-gb-x-rp+f4", 58, 138, from_the_moon, -23),
    "bolo": Voice("en-us+m3", 26, 128, robot),
    "bolo_moon": Voice("en-us+m3", 20, 108, in_the_drum, -21),
    "penny": Voice("en-gb-x-rp+f5", 22, 156, change_machine),
}


def write_voices(folder: Path) -> None:
    """Write a file for each line. Without espeak-ng those that are there stay as they are."""
    if shutil.which("espeak-ng") is None:
        return
    for name, (who, words) in LINES.items():
        write(spoken(who, words), folder / f"{name}.ogg", 36)


def spoken(who: str, words: str) -> Sound:
    """One line as it is heard, from 30 ms before its first sound."""
    voice = VOICES[who]
    heard = voice.made(_trimmed(_raw(voice, words)))
    end = np.flatnonzero(_envelope(heard) > 0.004)[-1] + round(0.05 * RATE)
    return levelled(edges(heard[:end]), voice.lufs)


def _raw(voice: Voice, words: str) -> Sound:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "line.wav"
        how = ["-v", voice.name, "-p", str(voice.pitch), "-s", str(voice.pace), "-a", "80", "-w", str(target)]
        subprocess.run(["espeak-ng", *how, words], check=True)  # noqa: S607 - whichever is installed
        with wave.open(str(target)) as file:
            rate, samples = file.getframerate(), file.readframes(file.getnframes())
    sound = np.frombuffer(samples, "<i2") / 32_768
    count = round(len(sound) * RATE / rate)
    wide = np.zeros(count // 2 + 1, complex)
    spectrum = np.fft.rfft(sound)
    wide[: len(spectrum)] = spectrum
    return np.asarray(np.fft.irfft(wide, count) * count / len(sound))


def _trimmed(sound: Sound) -> Sound:
    """From 30 ms before its first sound to 120 ms after its last."""
    loud = np.flatnonzero(np.abs(sound) > 0.01 * np.max(np.abs(sound)))
    before, after = round(0.03 * RATE), round(0.12 * RATE)
    return np.pad(sound, (before, after))[loud[0] : loud[-1] + before + after]


def _envelope(sound: Sound) -> Sound:
    """How loud it is around each sample, over 30 ms."""
    width = round(0.03 * RATE)
    total = np.cumsum(np.pad(sound**2, (width // 2, width - width // 2)))
    return np.asarray(np.sqrt(np.maximum(0, total[width:] - total[:-width]) / width))[: len(sound)]


def _sway(count: int, depth_s: float, hertz: float) -> Sound:
    """A delay that goes up and down slowly, never below zero."""
    return np.asarray(depth_s * (1 + np.sin(2 * np.pi * hertz * seconds(count / RATE)[:count])))
