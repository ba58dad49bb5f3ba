"""Which blob a recipe gave: a fitted reference, a last frame, a conformed piece, a cut, what a link held.

When each was last wanted is written down to the day, all of a cut's at its end, so that what nobody has wanted for long
can be collected (`render.garbage_collection`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, insert, select, update

from render.ledger import queries
from render.ledger.blob_queries import recipes_of
from render.ledger.database import Transaction
from render.ledger.reader import ReadTransaction
from render.ledger.tables import derived

if TYPE_CHECKING:
    from render.ledger.ledger import Ledger

DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DerivedBlobs:
    """The ledger's memory of recipes, for what knows no ledger (`render.references`, `render.cut`). Blocking."""

    ledger: Ledger
    asked: set[str] = field(default_factory=set)  # the recipes that were asked for

    def derived(self, key: str) -> str | None:
        """The blob that this recipe gave before, None if it was never made."""
        self.asked.add(key)
        return self.ledger.read(queries.derived, key)

    def derived_blobs(self, keys: Collection[str]) -> dict[str, str]:
        """The blob that each of these recipes gave before, by recipe; those that were never made are absent."""
        self.asked.update(keys)
        return self.ledger.read(queries.derived_blobs, keys)

    def remember_derived(self, key: str, sha256: str) -> None:
        """Keep the blob that this recipe gave."""
        self.ledger.write(remember_derived, key, sha256)

    def mark_wanted(self) -> None:
        """Write down that what was asked for is wanted still. One write, and none where all of it is of today."""
        stale = self.ledger.read(not_lately_wanted, self.asked)
        if stale:
            self.ledger.write(mark_wanted, stale)


def remember_derived(tx: Transaction, key: str, sha256: str) -> None:
    """This recipe gave this blob, whatever it gave before."""
    tx.conn.execute(delete(derived).where(derived.c.key == key))
    tx.conn.execute(insert(derived).values(key=key, sha256=sha256, at=tx.now))


def not_lately_wanted(tx: ReadTransaction, keys: Collection[str]) -> tuple[str, ...]:
    """Of these recipes, those that were neither made nor wanted within a day."""
    since = tx.now - DAY
    return tuple(row.key for row in recipes_of(tx, keys) if row.wanted_at < since)


def mark_wanted(tx: Transaction, keys: Collection[str]) -> None:
    """These recipes are wanted today. One that was forgotten meanwhile stays so."""
    for some in _some(sorted(keys)):
        tx.conn.execute(update(derived).where(derived.c.key.in_(some)).values(used_at=tx.now))


def forget_unwanted(tx: Transaction, keys: Collection[str], *, for_days: int) -> tuple[str, ...]:
    """Of these recipes, forget those that were not wanted for so long as it stands now; returns which.

    What they gave stays in the store until it is collected; whoever wants it makes it anew.
    """
    wanted_at = func.coalesce(derived.c.used_at, derived.c.at)
    before, gone = tx.now - for_days * DAY, list[str]()
    for some in _some(sorted(keys)):
        old = derived.c.key.in_(some) & (wanted_at < before)
        gone += tx.conn.execute(delete(derived).where(old).returning(derived.c.key)).scalars()
    return tuple(gone)


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


def _some(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    """As many at a time as one statement takes."""
    for start in range(0, len(keys), queries.MOST_VALUES):
        yield keys[start : start + queries.MOST_VALUES]
