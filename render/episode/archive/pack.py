"""Writes a finished episode into an archive: everything it was made of, the manifest last.

An archive that has a manifest is whole and is never written to again. One that has none is not there yet: whatever
killed its writer, running again writes what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from render.concurrency.parallel import side_by_side
from render.episode.archive.consistency import refuse_disagreement
from render.episode.archive.copy_progress import Meter, Progress, silent
from render.episode.archive.find_tree import open_tree
from render.episode.archive.layout import (
    CONTACT_SHEET,
    CONTENTS,
    LATEST,
    MANIFEST,
    TAKES,
    ArchivedFile,
    Latest,
    check_names,
    contents_to_json,
    files_by_manifest,
    latest_from_json,
    latest_to_json,
)
from render.episode.archive.take_records import read_books
from render.episode.archive.tree import ObjectTree, Vouched, already_different
from render.episode.archive_errors import ArchiveError
from render.episode.manifest import Manifest, from_json, to_json
from render.store.atomic_files import disk_errors
from render.store.blob_store import Store
from render.store.digests import sha256_of, sha256_of_file
from render.store.snapshot import files_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveParts:
    """What goes into an archive beside that which the manifest names in the store."""

    manifest: Manifest
    takes: str  # JSON, the ledger's record of the takes that the cut uses; handed back as it is by `restore`
    master: Path | None = None  # None: it is in the store, as all else that the manifest names
    contact_sheet: Path | None = None
    extras: Mapping[str, Path] = field(
        default_factory=dict
    )  # what else a producer opens, by its name in output/EPISODE


@dataclass(frozen=True, slots=True)
class ArchivedEpisode:
    """Where an episode is archived. `already_there`: this very version was, and nothing was written."""

    url: str
    manifest_sha256: str
    already_there: bool


@dataclass(frozen=True, slots=True)
class _Piece:
    file: Path
    listed: ArchivedFile
    vouched: Vouched | None = None  # by the store, of what it holds


def archive_episode(
    parts: ArchiveParts,
    archive_url: str | Path,
    store: Store,
    *,
    within: Path | None = None,
    progress: Progress = silent,
) -> ArchivedEpisode:
    """Archive an episode under SERIES/EPISODE/<manifest sha256> and name it in latest.json.

    `within` is the project whose own folder the archive is: no link that leads out of it is written through.
    Raises ArchiveError where something else is there already or a part is not what the manifest says, StoreError
    where a blob is missing or the archive cannot be written, InvalidTakeRecords where takes could not be restored.
    """
    tree = open_tree(archive_url, within=within)
    text = to_json(parts.manifest).encode()
    from_json(text)  # what could not be read back is not worth keeping
    name = sha256_of(text)
    episode = f"{parts.manifest.series}/{parts.manifest.episode}"
    already_there = _is_there(tree, f"{episode}/{name}/{MANIFEST}", text)
    if not already_there:
        pieces = _pieces(parts, store)
        sizes = {piece.listed.sha256: piece.listed.bytes for piece in pieces}
        refuse_disagreement(read_books(parts.takes.encode()), parts.manifest, sizes)
        _write(tree, f"{episode}/{name}", pieces, parts.takes.encode(), progress)
        already_there = not _put_record(tree, f"{episode}/{name}/{MANIFEST}", text)
    _point_latest(tree, f"{episode}/{LATEST}", Latest(name, parts.manifest.created_at))
    progress(1.0)
    return ArchivedEpisode(f"{tree.url}/{episode}/{name}", name, already_there)


def _is_there(tree: ObjectTree, name: str, content: bytes) -> bool:
    found = tree.get(name)
    if found not in (None, content):
        raise ArchiveError(f"{tree.url}/{name} is damaged: it is not the manifest that its folder is named by")
    return found is not None


def _pieces(parts: ArchiveParts, store: Store) -> list[_Piece]:
    """Every file to write, found and hashed before the first is written."""
    named = files_by_manifest(parts.manifest, files_of(parts.manifest.snapshot, store))
    master = parts.manifest.master.path
    blobs = {name: sha256 for name, sha256 in named.items() if name != master or parts.master is None}
    beside = {**parts.extras, **({CONTACT_SHEET: parts.contact_sheet} if parts.contact_sheet else {})}
    for name in beside:
        if name in named or name in {MANIFEST, CONTENTS, TAKES}:
            raise ArchiveError(f"an archive needs the name {name!r} for another file", "Give this one another name")
    check_names([*named, *beside], "the archive")
    made = parts.manifest.made()
    pieces = side_by_side(lambda item: _of_the_store(store, *item, made=item[0] in made), blobs.items())
    pieces += side_by_side(lambda item: _piece(item[0], item[1], None), beside.items())
    return pieces if parts.master is None else [*pieces, _master(parts.manifest, parts.master)]


def _of_the_store(store: Store, name: str, sha256: str, *, made: bool) -> _Piece:
    """A blob. What was bought is copied, so that there are two of it; what was made of it may be shared."""
    piece = _piece(name, store.local_path(sha256), sha256)
    return replace(piece, vouched=Vouched(partial(store.copy_into, sha256), shared=made))


def _piece(name: str, file: Path, sha256: str | None) -> _Piece:
    with disk_errors(f"read {file}"):
        return _Piece(file, ArchivedFile(name, sha256 or sha256_of_file(file), file.stat().st_size))


def _master(manifest: Manifest, file: Path) -> _Piece:
    piece = _piece(manifest.master.path, file, None)
    if piece.listed.sha256 != manifest.master.sha256:
        raise ArchiveError(f"{file} is not the master that its manifest names", "Make the cut again")
    return piece


def _write(tree: ObjectTree, version: str, pieces: list[_Piece], takes: bytes, progress: Progress) -> None:
    meter = Meter(sum(piece.listed.bytes for piece in pieces), progress)

    def put(piece: _Piece) -> None:
        tree.put_file(f"{version}/{piece.listed.name}", piece.file, piece.listed.sha256, piece.vouched)
        meter.add(piece.listed.bytes)

    side_by_side(put, pieces)
    _put_record(tree, f"{version}/{TAKES}", takes)
    listed = [piece.listed for piece in pieces] + [ArchivedFile(TAKES, sha256_of(takes), len(takes))]
    _put_record(tree, f"{version}/{CONTENTS}", contents_to_json(listed))


def _put_record(tree: ObjectTree, name: str, content: bytes) -> bool:
    """Whether it was written just now; ArchiveError where another stands in its place."""
    if tree.put_if_absent(name, content):
        return True
    if tree.get(name) != content:
        raise already_different(f"{tree.url}/{name}")
    return False


def _point_latest(tree: ObjectTree, name: str, latest: Latest) -> None:
    """Name this version as the newest, unless a newer one is named. Two writers at once settle it between them."""
    content = latest_to_json(latest)
    while not tree.put_if_absent(name, content):
        seen = tree.get(name)
        if seen is not None and (_is_as_new(seen, latest) or tree.replace(name, content, seen=seen)):
            return


def _is_as_new(seen: bytes, latest: Latest) -> bool:
    try:
        return latest_from_json(seen).created_at >= latest.created_at
    except ArchiveError:
        return False  # a damaged one is replaced
