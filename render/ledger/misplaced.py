"""A ledger that an earlier version kept beside its project, because it read the folder's name as part of a URL.

What followed a `?` was taken for options and left out, and `%20` for a space: the ledger of `/films/who?` is the file
`/films/who`, and that of `/films/my%20film` lies in `/films/my film/.tailframe`. Other projects may have written into
the same file, rehearsals too. So nothing is taken over by itself: a person looks, and says so by `tailframe migrate`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import unquote

from render.errors import LedgerError, LedgerUnavailable
from render.ledger.sqlite_snapshot import file_uri
from render.store.atomic_files import part_file
from storyboard.paths import typed

_TAKES = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('takes', 'alembic_version')"


def misplaced(ledger: Path) -> Path | None:
    """Where an earlier version kept this ledger, if it was elsewhere, a ledger lies there, and none in its own place.

    Only where something was made in this project before: its folder for ledger and blobs is there.
    """
    before = Path(unquote(str(ledger).partition("?")[0]))
    if before == ledger or ledger.exists() or not ledger.parent.is_dir():
        return None
    return before if _is_ledger(before) else None


def refuse_misplaced(ledger: Path, project: Path) -> None:
    """Raises LedgerError where this project's ledger lies where an earlier version put it: else all is bought again."""
    before = misplaced(ledger)
    if before is not None:
        raise LedgerError(
            f"this project has no ledger at {ledger}, and an earlier version kept it at {before}, as it read the "
            f"folder's name as part of a URL",
            f"`tailframe migrate {typed(project)}` copies it to its place; "
            "if it is another project's, make an empty file there, and all is made anew",
        )


def take_over(ledger: Path) -> Path | None:
    """Copy such a ledger to its own place, whole or not at all; returns where it was, None where there was none.

    The one that an earlier version wrote stays as it is: other projects may need it.
    """
    before = misplaced(ledger)
    if before is None:
        return None
    try:
        with part_file(ledger.parent, mode=0o600) as part:
            with closing(sqlite3.connect(part.path)) as copy, _opened(before) as found:
                found.backup(copy)
            part.publish_new(ledger)
    except (OSError, sqlite3.Error) as error:
        raise LedgerUnavailable(f"{before} cannot be copied to {ledger}: {error}", "Nothing was changed") from error
    return before


def _is_ledger(path: Path) -> bool:
    try:
        if not path.is_file() or not path.stat().st_size:
            return False
        with _opened(path) as found:
            return bool(found.execute(_TAKES).fetchone()[0] == 2)
    except (OSError, ValueError, sqlite3.Error):
        return False


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The database to read, with what its log still holds."""
    with closing(sqlite3.connect(file_uri(path, "mode=ro"), uri=True, timeout=10)) as connection:
        yield connection
