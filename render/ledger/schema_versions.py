"""The versions of the ledger's schema by name. Knows no database library, so that a reader can check at once."""

from __future__ import annotations

from render.errors import LedgerVersion

KNOWN = ("0001", "0002", "0003", "0004", "0005", "0006")
"""Every version there ever was, in order."""

HEAD = KNOWN[-1]
"""The version this Tailframe reads and writes."""


def check_version(version: str | None, where: str, *, older_is_fine: bool = False) -> None:
    """Raise LedgerVersion unless the tables are of this version.

    `older_is_fine` where that is about to be mended, or where nothing is asked that older tables could not tell.
    """
    if version == HEAD or (older_is_fine and version in KNOWN):
        return
    if version is None:
        raise LedgerVersion(f"the ledger at {where} has no tables yet", "Run `tailframe migrate` once, then try again")
    if version in KNOWN:
        raise LedgerVersion(
            f"the ledger at {where} is of version {version}, and this Tailframe needs {HEAD}",
            "Run `tailframe migrate` while nothing else uses it",
        )
    raise LedgerVersion(
        f"the ledger at {where} was written by a newer Tailframe (its version is {version!a:.40}, this one knows "
        f"{HEAD})",
        "Install that Tailframe or a later one; `tailframe migrate` never goes back",
    )
