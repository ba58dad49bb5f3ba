"""Reads every byte of an archived episode and says of each file whether it is as it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from render.concurrency.parallel import side_by_side
from render.episode.archive.consistency import refuse_disagreement
from render.episode.archive.copy_progress import Meter, Progress, silent
from render.episode.archive.find_tree import open_tree
from render.episode.archive.layout import (
    CONTENTS,
    MANIFEST,
    REFERENCES,
    SNAPSHOT,
    TAKES,
    contents_from_json,
    files_by_manifest,
)
from render.episode.archive.read_archive import resolve
from render.episode.archive.take_records import read_books
from render.episode.archive.tree import MOST_BYTES_OF_A_RECORD, ObjectTree
from render.episode.archive_errors import ArchiveError, DamagedRecord, InvalidManifest, InvalidTakeRecords
from render.episode.manifest import Manifest, from_json
from render.errors import StoreError
from render.store.digests import Digesting, sha256_of
from render.store.snapshot import parse_tree


class Problem(StrEnum):
    """What can be wrong with a file of an archive, as a `Finding` says it."""

    MISSING = "missing"
    SIZE = "size"
    DAMAGED = "damaged"
    EXTRA = "extra"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One file that is not as it was written, or what it says that no ledger writes."""

    name: str  # within the version's folder
    problem: Problem
    message: str

    def __str__(self) -> str:
        return f"{self.name}: {self.message}"


@dataclass(frozen=True, slots=True)
class _Promise:
    """What a file must be; `bytes` is None where only its hash is known."""

    name: str
    sha256: str
    bytes: int | None


def verify(url: str | Path, *, progress: Progress = silent) -> tuple[Finding, ...]:
    """Everything that is wrong with an archived episode, by name; empty: it is whole.

    One finding a file, and of takes.json one a mistake: its takes must be what a ledger writes, and those of the cut.

    `url` is a version's folder, or SERIES/EPISODE for the newest. ArchiveError where there is no archive at all.
    """
    version = resolve(url)
    tree = open_tree(version)
    found = tree.list()
    if not found:
        raise ArchiveError(f"there is no archived episode at {version}", "Name …/SERIES/EPISODE, or one version in it")
    findings, promises, manifest = _records(tree, version.rpartition("/")[2])
    findings += _checked(tree, found, promises, progress)
    if all(finding.name != CONTENTS for finding in findings):  # else nobody knows what belongs there
        if manifest is not None and all(finding.name != TAKES for finding in findings):
            findings += _of_take_records(tree, manifest, promises)
        extra = found.keys() - promises.keys() - {MANIFEST, CONTENTS}
        findings += [Finding(name, Problem.EXTRA, "belongs to no archived file") for name in extra]
    progress(1.0)
    return tuple(sorted(findings))


def _records(tree: ObjectTree, version: str) -> tuple[list[Finding], dict[str, _Promise], Manifest | None]:
    """What the records promise. Where they differ the manifest is right, since its hash is the folder's name."""
    findings: list[Finding] = []
    manifest = _manifest(tree, version, findings)
    listed = _listed(tree, findings)
    by_manifest = _by_manifest(tree, manifest, findings) if manifest is not None else {}
    for name, sha256 in by_manifest.items():
        known = listed.get(name)
        if known is None or known.sha256 != sha256:
            listed[name] = _Promise(name, sha256, None)
            if not any(finding.name == CONTENTS for finding in findings):
                findings.append(Finding(CONTENTS, Problem.DAMAGED, f"does not list the {name} that the manifest names"))
    return findings, listed, manifest


def _manifest(tree: ObjectTree, version: str, findings: list[Finding]) -> Manifest | None:
    text = tree.get(MANIFEST)
    if text is None:
        findings.append(Finding(MANIFEST, Problem.MISSING, "is missing: the archive was never finished"))
        return None
    if sha256_of(text) != version:
        findings.append(Finding(MANIFEST, Problem.DAMAGED, "is not the one that the folder is named by"))
        return None
    try:
        return from_json(text)
    except InvalidManifest as error:
        findings.append(Finding(MANIFEST, Problem.DAMAGED, error.problem))
        return None


def _listed(tree: ObjectTree, findings: list[Finding]) -> dict[str, _Promise]:
    content = tree.get(CONTENTS)
    if content is None:
        findings.append(Finding(CONTENTS, Problem.MISSING, "is missing"))
        return {}
    try:
        return {file.name: _Promise(file.name, file.sha256, file.bytes) for file in contents_from_json(content)}
    except DamagedRecord as error:
        findings.append(Finding(CONTENTS, Problem.DAMAGED, error.problem))
        return {}


def _of_take_records(tree: ObjectTree, manifest: Manifest, promises: Mapping[str, _Promise]) -> list[Finding]:
    """What the take records say and no ledger would write. Their bytes are those that the contents name."""
    promised = promises.get(TAKES)
    if promised is None:
        return [Finding(CONTENTS, Problem.DAMAGED, f"lists no {TAKES}")]
    if promised.bytes is not None and promised.bytes > MOST_BYTES_OF_A_RECORD:
        return [Finding(TAKES, Problem.SIZE, f"is larger than {MOST_BYTES_OF_A_RECORD} bytes, which no record is")]
    sizes = {promise.sha256: promise.bytes for promise in promises.values() if promise.bytes is not None}
    try:
        refuse_disagreement(read_books(tree.get(TAKES) or b""), manifest, sizes)
    except InvalidTakeRecords as error:
        return [Finding(TAKES, Problem.INVALID, mistake) for mistake in error.mistakes]
    return []


def _by_manifest(tree: ObjectTree, manifest: Manifest, findings: list[Finding]) -> dict[str, str]:
    snapshot = tree.get(SNAPSHOT)
    try:
        if snapshot is not None and sha256_of(snapshot) == manifest.snapshot:
            return files_by_manifest(manifest, parse_tree(snapshot, SNAPSHOT))
        files = files_by_manifest(manifest, {})
    except (ArchiveError, StoreError) as error:
        findings.append(Finding(MANIFEST, Problem.DAMAGED, str(error)))
        return {}
    return {name: sha256 for name, sha256 in files.items() if not name.startswith(REFERENCES)}  # they hang on it


def _checked(
    tree: ObjectTree, found: Mapping[str, int], promises: Mapping[str, _Promise], progress: Progress
) -> list[Finding]:
    meter = Meter(sum(max(found.get(name, 0), 0) for name in promises), progress)

    def check(promise: _Promise) -> Finding | None:
        size = found.get(promise.name)
        if size is None:
            return Finding(promise.name, Problem.MISSING, "is missing")
        if size < 0:
            return Finding(promise.name, Problem.DAMAGED, "is no plain file any more")
        if promise.bytes not in (None, size):
            return Finding(promise.name, Problem.SIZE, f"has {size} bytes instead of {promise.bytes}")
        if _sha256_of(tree, promise.name, size, meter) != promise.sha256:
            return Finding(promise.name, Problem.DAMAGED, "has other bytes than it was archived with")
        return None

    return [finding for finding in side_by_side(check, promises.values()) if finding is not None]


def _sha256_of(tree: ObjectTree, name: str, size: int, meter: Meter) -> str:
    """The hash of a file that had this size a moment ago. ArchiveError where it does not end there."""

    def take_in(chunk: bytes) -> None:
        digesting.write(chunk)
        if digesting.bytes > size:
            raise ArchiveError(f"{tree.url}/{name} grows while it is read", "Verify it when nobody writes to it")
        meter.add(len(chunk))

    digesting = Digesting()
    tree.read_into(name, take_in)
    return digesting.sha256
