"""What lies where in an archived episode, and the two small records beside the manifest.

SERIES/EPISODE/latest.json          which version is the newest
SERIES/EPISODE/<manifest sha256>/
    manifest.json                   written last: without it there is no archive
    contents.json                   every other file here with its sha256 and bytes
    snapshot.json                   the snapshot that the episode was made from …
    project/…                       … and its files
    e01.mp4, e01-web.mp4, clips/…   where the manifest says
    tail_frames/<sha256>.png
    references/<sha256>             what was sent and is none of the files above
    takes.json                      the ledger's record of the takes
    contact_sheet.jpg, …            what else a producer opens
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from render.episode.archive_errors import ArchiveError, DamagedRecord
from render.episode.manifest import Manifest
from render.json_bounds import is_crowded
from render.store.digests import is_digest
from render.store.safe_names import why_unsafe_together

MANIFEST: Final = "manifest.json"
CONTENTS: Final = "contents.json"
SNAPSHOT: Final = "snapshot.json"
TAKES: Final = "takes.json"
LATEST: Final = "latest.json"
CONTACT_SHEET: Final = "contact_sheet.jpg"
PROJECT: Final = "project/"
TAIL_FRAMES: Final = "tail_frames/"
REFERENCES: Final = "references/"
_RECORDS: Final = frozenset({MANIFEST, CONTENTS, SNAPSHOT, TAKES})
_VERSION: Final = 1


@dataclass(frozen=True, slots=True, order=True)
class ArchivedFile:
    """One file of an archived version, as contents.json lists it; `name` is relative to the version's folder."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Latest:
    """Which version of an episode is the newest, as latest.json says."""

    manifest_sha256: str
    created_at: datetime


def files_by_manifest(manifest: Manifest, tree: Mapping[str, str]) -> dict[str, str]:
    """Name and sha256 of every file that the manifest and its snapshot (`tree`) promise."""
    files: dict[str, str] = {SNAPSHOT: manifest.snapshot}
    for name, sha256 in _promised(manifest, tree):
        if name in _RECORDS and files.get(name) != sha256:
            raise ArchiveError(f"the manifest uses the name {name!r}, which an archive needs for its own record")
        if files.setdefault(name, sha256) != sha256:
            raise ArchiveError(f"the manifest names two different files {name!r}")
    known = {*files.values()}
    files |= {f"{REFERENCES}{sha256}": sha256 for sha256 in sorted(_sent(manifest) - known)}
    check_names(files, "the manifest")
    return files


def check_names(names: Iterable[str], what: str) -> None:
    """ArchiveError unless all these names can be files of one folder, and lie in it."""
    if problem := why_unsafe_together(names):
        raise ArchiveError(f"{what} has a file whose name is refused: {problem}")


def contents_to_json(files: Iterable[ArchivedFile]) -> bytes:
    """contents.json of these files, in the one form that `contents_from_json` accepts."""
    return _pretty({"version": _VERSION, "files": [asdict(file) for file in sorted(files)]})


def contents_from_json(content: bytes) -> tuple[ArchivedFile, ...]:
    """Read contents.json strictly: every byte of it must be as it was written, else ArchiveError."""
    try:
        files = tuple(ArchivedFile(**entry) for entry in json.loads(b"" if is_crowded(content) else content)["files"])
        usable = all(_is_usable(file) for file in files) and contents_to_json(files) == content
    except (ValueError, TypeError, KeyError, RecursionError):
        usable = False
    names = {file.name for file in files} if usable else set()
    if not usable or len(names) < len(files) or names & {MANIFEST, CONTENTS}:
        raise DamagedRecord(CONTENTS, "is damaged")
    if problem := why_unsafe_together(names):
        raise DamagedRecord(CONTENTS, f"has a file whose name is refused: {problem}")
    return files


def latest_to_json(latest: Latest) -> bytes:
    """latest.json, in the one form that is written."""
    return _pretty({"manifest_sha256": latest.manifest_sha256, "created_at": latest.created_at.isoformat()})


def latest_from_json(content: bytes) -> Latest:
    """Read latest.json; ArchiveError where it is damaged."""
    try:
        read = json.loads(content)
        latest = Latest(read["manifest_sha256"], datetime.fromisoformat(read["created_at"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        raise ArchiveError(
            f"{LATEST} is damaged", "Name a version in full instead: …/SERIES/EPISODE/<sha256>"
        ) from None
    if not is_digest(latest.manifest_sha256) or latest.created_at.tzinfo is None:
        raise ArchiveError(f"{LATEST} names no version", "Name one in full instead: …/SERIES/EPISODE/<sha256>")
    return latest


def _promised(manifest: Manifest, tree: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield from manifest.made().items()
    for clip in manifest.clips():
        yield clip.path, clip.sha256
    for shot in manifest.shots:
        if shot.tail_frame is not None:
            yield f"{TAIL_FRAMES}{shot.tail_frame.sha256}.png", shot.tail_frame.sha256
    for path, sha256 in tree.items():
        yield f"{PROJECT}{path}", sha256


def _sent(manifest: Manifest) -> set[str]:
    return {reference.sha256 for shot in manifest.shots for reference in shot.references}


def _is_usable(file: ArchivedFile) -> bool:
    return isinstance(file.name, str) and is_digest(file.sha256) and isinstance(file.bytes, int) and file.bytes >= 0


def _pretty(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()
