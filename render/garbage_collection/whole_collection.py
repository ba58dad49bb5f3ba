"""One collection from its beginning to its end: look, decide, and do it or tell what would be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from render.errors import StoreUsedElsewhere
from render.garbage_collection.find_facts import Place, find_facts, refuse_other_users
from render.garbage_collection.removal import Swept, sweep
from render.garbage_collection.scratch import dead_scratch, remove_scratch
from render.garbage_collection.survey import Fate, Rules, bytes_of, survey
from render.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Amount:
    """So many things, of so many bytes together."""

    count: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What stays and what goes, or would go."""

    store: str
    fates: Mapping[Fate, Amount]
    kinds: Mapping[str, Amount]  # of what nobody wants, by the kind of its recipes
    obstacle: str  # why nothing may be removed; empty: it may
    scratch: int  # leftovers of dead processes in the project's own folder
    swept: Swept | None  # None: it was only looked


def collect(place: Place, rules: Rules, *, delete: bool, progress: Callable[[str], None]) -> Collected:
    """Look, and with `delete` remove. Raises StoreError, LedgerError; StoreUsedElsewhere before anything is removed."""
    if delete:
        refuse_other_users(place)
    facts = find_facts(place)
    found = survey(facts, rules)
    fates = {fate: Amount(len(found.of(fate)), bytes_of(facts.blobs, found.of(fate))) for fate in Fate}
    kinds = {name: Amount(len(blobs), bytes_of(facts.blobs, blobs)) for name, blobs in found.kinds().items()}
    dead = dead_scratch(place.scratch, place.owners, older_than=rules.older_than)
    swept = None
    if delete and place.ledgers:
        ledger = place.ledgers[0]
        assert isinstance(ledger, Ledger), "a collection that removes was given a ledger to look at"
        swept = sweep(place, ledger, facts, found, rules, progress=progress)
        remove_scratch(dead)
    return Collected(
        store=place.store.url, fates=fates, kinds=kinds, obstacle=_obstacle(place), scratch=len(dead), swept=swept
    )


def _obstacle(place: Place) -> str:
    try:
        refuse_other_users(place)
    except StoreUsedElsewhere as other:
        return str(other)
    return ""
