"""Which blob a recipe gave: a fitted reference, a last frame, a conformed piece, a cut, what a link held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from render.ledger import queries
from render.ledger.database import Transaction
from render.ledger.tables import derived

if TYPE_CHECKING:
    from render.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class DerivedBlobs:
    """The ledger's memory of recipes, for what knows no ledger (`render.references`, `render.cut`). Blocking."""

    ledger: Ledger

    def derived(self, key: str) -> str | None:
        """The blob that this recipe gave before, None if it was never made."""
        return self.ledger.read(queries.derived, key)

    def remember_derived(self, key: str, sha256: str) -> None:
        """Keep the blob that this recipe gave."""
        self.ledger.write(remember_derived, key, sha256)


def remember_derived(tx: Transaction, key: str, sha256: str) -> None:
    """This recipe gave this blob, whatever it gave before."""
    tx.conn.execute(delete(derived).where(derived.c.key == key))
    tx.conn.execute(insert(derived).values(key=key, sha256=sha256, at=tx.now))


def remember_all(tx: Transaction, blobs: Mapping[str, str]) -> None:
    """Each of these recipes gave this blob, whatever it gave before."""
    for key, sha256 in blobs.items():
        remember_derived(tx, key, sha256)


def import_derived(tx: Transaction, archived: Mapping[str, str]) -> None:
    """Learn which blob a recipe gave, such as what a link held, where nothing is known of it here."""
    known = {*tx.conn.execute(select(derived.c.key)).scalars()} if archived else set()
    for key, sha256 in archived.items():
        if key not in known:
            tx.conn.execute(insert(derived).values(key=key, sha256=sha256, at=tx.now))
