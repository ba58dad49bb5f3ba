"""Removes what a survey found that nothing refers to, in an order that leaves a usable store wherever it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from render.garbage_collection.find_facts import Place, refuse_other_users
from render.garbage_collection.survey import Facts, Fate, Rules, Survey
from render.ledger import Ledger, recipes
from render.ledger.blob_queries import run_names
from render.store.blob_ages import YOUNG, StoredBlob

_RECIPES_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What was done."""

    forgotten: int  # recipes
    removed: tuple[StoredBlob, ...]
    leftovers: int  # half-written files and uploads of dead processes


def sweep(
    place: Place, ledger: Ledger, facts: Facts, found: Survey, rules: Rules, *, progress: Callable[[str], None]
) -> Swept:
    """Forget recipes that nobody wants, and remove what is unreferenced, as both stand in the moment of it.

    Safe to end at any moment and to call again. Raises StoreError, LedgerError; StoreUsedElsewhere before anything.
    """
    refuse_other_users(place)
    before = facts.now - max(rules.older_than, YOUNG)
    leftovers = place.collection.sweep(before=before)
    forgotten = 0
    for keys in _some(sorted(found.unwanted)):
        forgotten += _forget(place, ledger, found, keys, rules)
    removed = []
    for blob in place.collection.remove(found.of(Fate.UNREFERENCED), before=before):
        removed.append(blob)
        progress(f"removed {len(removed):,} blobs")
    _forget_users(place, older_than=rules.older_than)
    return Swept(forgotten=forgotten, removed=tuple(removed), leftovers=leftovers)


def _forget(place: Place, ledger: Ledger, found: Survey, keys: Sequence[str], rules: Rules) -> int:
    """Make their blobs young first: whoever found one a moment ago has a day to be done with it."""
    blobs: Set[str] = frozenset().union(*(found.unwanted[key] for key in keys))
    place.collection.renew({blob for blob in blobs if found.fates.get(blob) is Fate.UNWANTED})
    return len(ledger.write(recipes.forget_unwanted, keys, for_days=rules.unused_for_days))


def _forget_users(place: Place, *, older_than: timedelta) -> None:
    """Of the names of runs, leave the first, since when there are any, and each ledger's last, by which it is known."""
    users, before = place.collection.users(), place.collection.now() - max(older_than, YOUNG)
    kept, known = {min(users, key=lambda run: users[run], default="")}, set[str]()
    for ledger in place.ledgers:
        own = users.keys() & ledger.read(run_names)
        kept.add(max(own, key=lambda run: users[run], default=""))
        known |= own
    place.collection.forget_users([run for run in known - kept if users[run] < before])


def _some(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), _RECIPES_AT_ONCE):
        yield keys[start : start + _RECIPES_AT_ONCE]
