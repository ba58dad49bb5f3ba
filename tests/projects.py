"""Small projects for tests, written as YAML into a folder, with references made in code.

`write_project(tmp_path)` gives a valid series of one episode: two scenes, three shots, one cast member with a look, a
prop, two locations and a style. Overrides replace whole top-level keys; a text or bytes in place of a mapping is
written as it is, so that a test may say exactly what stands in which line.
"""

from __future__ import annotations

import io
import json
import struct
import wave
import zlib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

Written = Mapping[str, Any] | str | bytes

SERIES_HEAD = """\
version: 1
series: lighthouse
title: The Last Lamp
"""
"""How a producer begins `series.yaml`, for tests that name lines and columns: what follows stands in line 4."""

EPISODE_HEAD = """\
version: 1
episode: e01
title: The Lamp
scenes:
  - id: lamp
    shots:
      - id: "010"
"""
"""How a producer begins an episode: what follows is the first shot's, from line 8 on, behind eight blanks."""


def write_project(
    folder: Path,
    *,
    series: Written | None = None,
    episodes: Mapping[str, Written] | None = None,
    files: Mapping[str, bytes] | None = None,
) -> Path:
    """Write a project and return its folder.

    `series` overrides top-level keys of the minimal series (None as a value leaves the key out), `episodes` takes the
    place of the one minimal episode `e01`, `files` adds or replaces files by their path within the project.
    """
    root = folder / "project"
    for path, content in {**reference_files(), **(files or {})}.items():
        _write(root / path, content)
    _write(root / "series.yaml", _yaml(series_file(**series) if isinstance(series, Mapping) else series, series_file()))
    for id_, episode in (episodes if episodes is not None else {"e01": episode_file()}).items():
        _write(root / "episodes" / f"{id_}.yaml", _yaml(episode, episode_file()))
    return root


def series_file(**overrides: Any) -> dict[str, Any]:
    """The minimal series, as plain values."""
    minimal = {
        "version": 1,
        "series": "lighthouse",
        "title": "The Last Lamp",
        "defaults": {"provider": "animatic"},
        "cast": {
            "mara": {
                "name": "Mara",
                "description": "keeper of the lamp, forty, grey wool coat",
                "references": ["references/cast/mara.png"],
                "looks": {"storm": {"description": "in an oilskin", "references": ["references/cast/mara-storm.png"]}},
            },
            "tomas": {"description": "a fisherman of sixty", "references": ["references/cast/tomas.png"]},
        },
        "locations": {
            "lamp_room": {
                "name": "the lamp room",
                "description": "a round room of glass and brass",
                "references": ["references/locations/lamp_room.png"],
            },
            "shore": {"description": "black rocks below the tower", "references": ["references/locations/shore.png"]},
        },
        "props": {
            "logbook": {
                "name": "the logbook",
                "description": "a book bound in red leather",
                "references": ["references/props/logbook.png"],
            }
        },
        "styles": {
            "gouache": {"description": "flat gouache, visible paper", "references": ["references/styles/gouache.png"]}
        },
    }
    return _overridden(minimal, overrides)


def episode_file(id_: str = "e01", *scenes: Mapping[str, Any], **overrides: Any) -> dict[str, Any]:
    """An episode as plain values; without scenes, the minimal ones."""
    minimal = {
        "version": 1,
        "episode": id_,
        "title": "The Lamp",
        "style": "gouache",
        "scenes": list(scenes) or _minimal_scenes(),
    }
    return _overridden(minimal, overrides)


def scene(id_: str, *shots: Mapping[str, Any], location: str | None = "lamp_room", **keys: Any) -> dict[str, Any]:
    """A scene as plain values."""
    place = {} if location is None else {"location": location}
    return {"id": id_, **place, **keys, "shots": list(shots)}


def shot(id_: str, prompt: str = "{{ mara }} waits", *, duration: Any = 1, **keys: Any) -> dict[str, Any]:
    """A shot as plain values, one second long."""
    return {"id": id_, "prompt": prompt, "duration": duration, **keys}


def reference_files() -> dict[str, bytes]:
    """The files that the minimal project names, by path; each picture has a colour of its own."""
    pictures = (
        "cast/mara.png",
        "cast/mara-storm.png",
        "cast/tomas.png",
        "locations/lamp_room.png",
        "locations/shore.png",
        "props/logbook.png",
        "styles/gouache.png",
        "extra/sketch.png",
    )
    coloured = {
        f"references/{name}": png(colour=(40 + 24 * index, 200 - 20 * index, 120))
        for index, name in enumerate(pictures)
    }
    return {**coloured, "references/music/theme.wav": wav()}


@cache
def png(width: int = 64, height: int = 64, colour: tuple[int, int, int] = (90, 120, 150)) -> bytes:
    """A plain picture."""
    row = b"\x00" + bytes(colour) * width
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(row * height)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


@cache
def wav(seconds: float = 0.5, *, rate: int = 8000) -> bytes:
    """A quiet square wave, mono."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"".join(struct.pack("<h", 800 if i // 20 % 2 else -800) for i in range(int(seconds * rate))))
    return buffer.getvalue()


def _minimal_scenes() -> list[dict[str, Any]]:
    return [
        scene(
            "lamp",
            shot("010", "{{ mara }} lights the lamp"),
            shot("020", "{{ mara }} opens {{ logbook }}", dialogue=[{"cast": "mara", "line": "One more winter."}]),
        ),
        scene("shore", shot("010", "{{ tomas }} rows against the swell"), location="shore"),
    ]


def _overridden(minimal: dict[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**minimal, **overrides}.items() if value is not None}


def _yaml(written: Written | None, otherwise: Mapping[str, Any]) -> bytes:
    if isinstance(written, bytes):
        return written
    if isinstance(written, str):
        return written.encode()
    return json.dumps(otherwise if written is None else written, indent=2, default=_number, ensure_ascii=False).encode()


def _number(value: object) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{value!r} cannot be written as YAML")


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
