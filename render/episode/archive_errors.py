"""What can be wrong with a manifest or an archive: both stand under RenderError.

Manifests and archives may come from anybody, so each says what of them cannot be believed.

    InvalidManifest            a manifest.json cannot be read as one
    ArchiveError               an archive is incomplete, damaged or already different
    ├── DamagedRecord          one of its records has other bytes than it should, or contradicts another
    └── InvalidTakeRecords     its record of takes holds what no ledger writes, or contradicts its manifest
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from render.errors import RenderError


class InvalidManifest(RenderError):
    """A manifest.json is not what this Tailframe writes. `problem` names the fields."""

    code = "invalid_manifest"

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(f"this manifest.json cannot be used: {problem}", "Make the cut again, or restore the archive")


class ArchiveError(RenderError):
    """An archive is incomplete, damaged, or already holds something else."""

    code = "archive_error"


class DamagedRecord(ArchiveError):
    """An archive's own record cannot be believed. `problem` goes on from the name: "is damaged"."""

    code = "damaged_record"

    def __init__(self, record: str, problem: str) -> None:
        self.record, self.problem = record, problem
        super().__init__(f"its {record} {problem}")


class InvalidTakeRecords(ArchiveError):
    """An archive's record of takes is not what a ledger writes. `mistakes` name take and field, a sentence each."""

    code = "invalid_take_records"
    _MOST_MISTAKES: Final = 100
    _MOST_TOLD: Final = 3

    def __init__(self, mistakes: Sequence[str]) -> None:
        more = len(mistakes) - self._MOST_MISTAKES
        self.mistakes = (*mistakes[: self._MOST_MISTAKES], *([f"and {more} more"] if more > 0 else []))
        told, left = "; ".join(mistakes[: self._MOST_TOLD]), len(mistakes) - self._MOST_TOLD
        rest = f"; and {left} more, which `tailframe verify` names" if left > 0 else ""
        super().__init__(f"its takes.json is not what a ledger writes: {told}{rest}", "Nothing can be restored from it")
