"""Keeps what lies on a machine for its runs within a bound: what was wanted longest ago goes first.

    kept = [BlobCopies(cache)]
    keep_within(20_000_000_000, kept, unused_since=oldest_run_began)

Nothing goes that was wanted since `unused_since`, be the bound passed: that of a live run. A file that somebody reads
is read to its end, as an open file outlasts its name.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Protocol

from render.store.digests import is_digest
from render.store.usage_marks import NOTED_EVERY_S, UsageMarks


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One thing that may go: a copy of a blob, a project's folder."""

    place: KeptThings
    name: str
    path: Path
    bytes: int
    used_at: float  # seconds since the epoch
    names: Sequence[Path] = ()  # that it has beside its own


class KeptThings(Protocol):
    """Things of one kind in one folder."""

    def every(self) -> Iterator[Kept]:
        """All that lie there."""
        ...

    def remove(self, kept: Kept, *, unused_since: float) -> bool:
        """Remove one unless it was wanted since; whether it is gone."""
        ...


@dataclass(frozen=True, slots=True)
class BlobCopies:
    """The copies of blobs in a cache (`ab/cd…`), and their names with an ending (`.named/SHA256.mp4`)."""

    folder: Path

    def every(self) -> Iterator[Kept]:
        """One for each copy; whatever else lies there is left alone."""
        marks, named = UsageMarks(self.folder), self._named()
        for shelf in _entries(self.folder):
            if len(shelf.name) == 2:
                for entry in _entries(Path(shelf)):
                    sha256 = shelf.name + entry.name
                    if is_digest(sha256) and entry.is_file(follow_symlinks=False):
                        status = entry.stat(follow_symlinks=False)
                        at = _used_at(marks, sha256, status)
                        yield Kept(
                            place=self,
                            name=sha256,
                            path=Path(entry),
                            bytes=status.st_size,
                            used_at=at,
                            names=named.get(sha256, ()),
                        )

    def remove(self, kept: Kept, *, unused_since: float) -> bool:
        """Remove a copy, and its names with an ending."""
        return UsageMarks(self.folder).take_away(kept.name, [*kept.names, kept.path], unused_since=unused_since)

    def _named(self) -> dict[str, list[Path]]:
        """By SHA-256 the names with an ending."""
        named: dict[str, list[Path]] = {}
        for entry in _entries(self.folder / ".named"):
            named.setdefault(entry.name.partition(".")[0], []).append(Path(entry))
        return named


@dataclass(frozen=True, slots=True)
class Folders:
    """Whole folders beside each other, each with all that lies in it."""

    folder: Path

    def every(self) -> Iterator[Kept]:
        """One for each folder without a dot before its name."""
        self._clear_halves()
        marks = UsageMarks(self.folder)
        for entry in _entries(self.folder):
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                at = _used_at(marks, entry.name, entry.stat(follow_symlinks=False))
                yield Kept(place=self, name=entry.name, path=Path(entry), bytes=_size(Path(entry)), used_at=at)

    def remove(self, kept: Kept, *, unused_since: float) -> bool:
        """Remove a folder with all that lies in it."""
        aside = self.folder / f".{token_hex(8)}.gone"
        marks = UsageMarks(self.folder)
        if not marks.take_away(kept.name, [kept.path], aside=aside, unused_since=unused_since):
            return False
        shutil.rmtree(aside, ignore_errors=True)
        return True

    def _clear_halves(self) -> None:
        """Remove what a process left that ended while it removed."""
        for half in self.folder.glob(".*.gone"):
            shutil.rmtree(half, ignore_errors=True)


def keep_within(most_bytes: int, things: Sequence[KeptThings], *, unused_since: float) -> int:
    """Remove what was wanted longest ago until no more than `most_bytes` lie there; how many bytes are gone.

    `unused_since` is in seconds since the epoch: what was wanted since then stays. What cannot be removed is left.
    """
    every = sorted((kept for each in things for kept in each.every()), key=lambda kept: kept.used_at)
    total, gone = sum(kept.bytes for kept in every), 0
    unused_since -= 2 * NOTED_EVERY_S
    for kept in every:
        if total - gone <= most_bytes or kept.used_at >= unused_since:
            break
        with suppress(OSError):
            gone += kept.bytes if kept.place.remove(kept, unused_since=unused_since) else 0
    return gone


def _used_at(marks: UsageMarks, name: str, status: os.stat_result) -> float:
    """Of what nobody noted, its last change counts."""
    last = marks.last(name)
    return max(status.st_mtime, status.st_ctime) if last is None else last


def _size(folder: Path) -> int:
    return sum(_sizes(folder))


def _sizes(folder: Path) -> Iterable[int]:
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                yield (Path(parent) / name).lstat().st_size


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []
