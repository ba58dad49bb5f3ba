"""Writes tracks of captions as files beside a master, each whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from render.store import Store
from render.store.atomic_files import disk_errors, whole_file
from storyboard.captions.caption import CaptionTrack
from storyboard.captions.srt import srt
from storyboard.captions.webvtt import webvtt


@dataclass(frozen=True, slots=True)
class CaptionFile:
    """One file of captions: its name ("e01.de.srt"), its language, its bytes."""

    name: str
    language: str
    content: bytes


def caption_files(tracks: Iterable[CaptionTrack], stem: str) -> tuple[CaptionFile, ...]:
    """A SubRip and a WebVTT file of each track that has captions; the same of the same tracks, byte for byte.

    `stem` is the master's name without its suffix.
    """
    return tuple(
        CaptionFile(f"{stem}.{track.language}.{suffix}", track.language, text.encode())
        for track in tracks
        if track.captions
        for suffix, text in (
            ("srt", srt(track.captions, track.fps)),
            ("vtt", webvtt(track.captions, track.fps, track.language)),
        )
    )


def write_captions(files: Iterable[CaptionFile], folder: Path) -> tuple[Path, ...]:
    """Write them into a folder. Raises StoreError where that cannot be."""
    written = []
    for each in files:
        target = folder / each.name
        with disk_errors(f"write {target}"), whole_file(target) as file:
            file.write(each.content)
        written.append(target)
    return tuple(written)


def keep_captions(files: Iterable[CaptionFile], store: Store) -> dict[str, str]:
    """Keep them as blobs: the sha256 of each by its name. Blocking."""
    return {each.name: store.put(each.content) for each in files}
