"""Finds an archived episode and reads its records strictly."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from render.episode.archive.consistency import refuse_disagreement
from render.episode.archive.find_tree import open_tree
from render.episode.archive.layout import (
    CONTENTS,
    LATEST,
    MANIFEST,
    SNAPSHOT,
    TAKES,
    ArchivedFile,
    contents_from_json,
    files_by_manifest,
    latest_from_json,
)
from render.episode.archive.take_records import TakeRecords, read_books
from render.episode.archive.tree import ObjectTree
from render.episode.archive_errors import ArchiveError, DamagedRecord, InvalidManifest
from render.episode.manifest import Manifest, from_json
from render.errors import StoreError
from render.store.digests import is_digest, sha256_of
from render.store.snapshot import parse_tree


@dataclass(frozen=True, slots=True)
class Version:
    """One archived version, its records read and found to agree. Its files are still to be checked."""

    url: str
    tree: ObjectTree
    manifest: Manifest
    manifest_bytes: bytes
    contents: tuple[ArchivedFile, ...]
    take_records: TakeRecords


def resolve(url: str | Path) -> str:
    """The address of a version: of the one that `url` names in full, or of the newest in SERIES/EPISODE."""
    tree = open_tree(url)
    if is_digest(tree.url.rpartition("/")[2]):
        return tree.url
    latest = tree.get(LATEST)
    if latest is None:
        raise ArchiveError(
            f"there is no archived episode at {tree.url}", "Name …/SERIES/EPISODE in the archive, or one version in it"
        )
    return f"{tree.url}/{latest_from_json(latest).manifest_sha256}"


def read_version(url: str) -> Version:
    """A version's records; ArchiveError where one is missing, damaged, or contradicts another."""
    tree = open_tree(url)
    try:
        text = record(tree, MANIFEST)
        if sha256_of(text) != url.rpartition("/")[2]:
            raise DamagedRecord(MANIFEST, "is not the one that its folder is named by")
        manifest = from_json(text)
        contents = contents_from_json(record(tree, CONTENTS))
        snapshot = record(tree, SNAPSHOT)
        if sha256_of(snapshot) != manifest.snapshot:
            raise DamagedRecord(SNAPSHOT, "is not the one that its manifest names")
        _agree(files_by_manifest(manifest, parse_tree(snapshot, SNAPSHOT)), contents)
        take_records = _take_records(tree, manifest, contents)
    except (ArchiveError, InvalidManifest, StoreError) as error:
        raise ArchiveError(f"the archive {url} cannot be used: {error.message}", error.remedy) from error
    return Version(url, tree, manifest, text, contents, take_records)


def record(tree: ObjectTree, name: str) -> bytes:
    """The bytes of a record that must be there; ArchiveError where it is not."""
    content = tree.get(name)
    if content is None:
        raise ArchiveError(f"it has no {name}" + (": it was never finished" if name == MANIFEST else ""))
    return content


def _take_records(tree: ObjectTree, manifest: Manifest, contents: tuple[ArchivedFile, ...]) -> TakeRecords:
    content = record(tree, TAKES)
    if all(sha256_of(content) != file.sha256 for file in contents if file.name == TAKES):
        raise DamagedRecord(TAKES, "has other bytes than it was archived with")
    records = read_books(content)
    refuse_disagreement(records, manifest, {file.sha256: file.bytes for file in contents})
    return records


def _agree(promised: dict[str, str], contents: tuple[ArchivedFile, ...]) -> None:
    listed = {file.name: file.sha256 for file in contents}
    for name, sha256 in promised.items():
        if listed.get(name) != sha256:
            raise DamagedRecord(CONTENTS, f"does not list the {name} that its manifest names")
    if TAKES not in listed:
        raise DamagedRecord(CONTENTS, f"lists no {TAKES}")
