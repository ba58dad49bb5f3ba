"""What becomes of each blob of a store, decided from facts alone. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from render.garbage_collection.recipe_kinds import kind_of
from render.ledger.blob_queries import RecipeRow
from render.store.blob_ages import YOUNG, StoredBlob

CLOCKS_APART = timedelta(hours=12)
"""By how much the clocks of ledger and store may differ."""


class Fate(StrEnum):
    """Why a blob stays, or how it goes."""

    NAMED = "named"  # by the ledger, a snapshot or an output folder
    WANTED = "wanted"  # a recipe gave it that was wanted lately, or that is kept for ever
    UNWANTED = "unwanted"  # nobody has wanted its recipes for long: they are forgotten, and it goes a day later
    YOUNG = "young"  # put lately
    OPEN_ORDERS = "open_orders"  # put while orders were out that are out still: it may be the clip of one of them
    EARLIER = "earlier"  # put before runs left their names in the store: it may be of another ledger
    UNREFERENCED = "unreferenced"  # it goes


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a person asked for."""

    older_than: timedelta = YOUNG
    unused_for_days: int = 30
    alone: bool = False  # no other ledger ever used the store


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was found out, the blobs before everything else."""

    now: datetime  # by the store's clock
    ledger_now: datetime  # by the ledger's
    blobs: tuple[StoredBlob, ...]
    named: Set[str]
    recipes: tuple[RecipeRow, ...]  # of the ledger that is collected in
    told: Mapping[str, Set[str]] = field(default_factory=dict)  # what texts that recipes gave name, by the text
    open_since: datetime | None = None  # since when an order is out
    marked_since: datetime | None = None  # since when runs leave their names


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The fate of each blob, and the recipes that are to be forgotten, with the blobs of each."""

    fates: Mapping[str, Fate]
    unwanted: Mapping[str, Set[str]]  # by recipe

    def of(self, fate: Fate) -> frozenset[str]:
        """The blobs that meet it."""
        return frozenset(sha256 for sha256, each in self.fates.items() if each is fate)

    def kinds(self) -> Mapping[str, Set[str]]:
        """The blobs that nobody wants, by the kind of their recipes."""
        found: dict[str, set[str]] = defaultdict(set)
        for key, blobs in self.unwanted.items():
            found[kind_of(key).name] |= {blob for blob in blobs if self.fates.get(blob) is Fate.UNWANTED}
        return {name: blobs for name, blobs in sorted(found.items()) if blobs}


def survey(facts: Facts, rules: Rules) -> Survey:
    """Decide. Whatever anything names or wants stays, however old it is and whatever else is said of it."""
    wanted: set[str] = set()
    unwanted: dict[str, Set[str]] = {}
    before = facts.ledger_now - timedelta(days=rules.unused_for_days)
    for row in facts.recipes:
        if not kind_of(row.key).needs_blob:
            continue
        blobs = {row.sha256, *facts.told.get(row.sha256, ())}
        if kind_of(row.key).remade and row.wanted_at < before:
            unwanted[row.key] = blobs
        else:
            wanted |= blobs
    forgotten = {blob for blobs in unwanted.values() for blob in blobs}

    def fate(blob: StoredBlob) -> Fate:
        if blob.sha256 in facts.named:
            return Fate.NAMED
        if blob.sha256 in wanted:
            return Fate.WANTED
        return Fate.UNWANTED if blob.sha256 in forgotten else _of_unreferenced(blob, facts, rules)

    fates = {blob.sha256: fate(blob) for blob in facts.blobs}
    gone = {key: blobs for key, blobs in unwanted.items() if any(fates.get(each) is Fate.UNWANTED for each in blobs)}
    return Survey(fates=fates, unwanted=gone)


def _of_unreferenced(blob: StoredBlob, facts: Facts, rules: Rules) -> Fate:
    if facts.now - blob.at < max(rules.older_than, YOUNG):
        return Fate.YOUNG
    if facts.open_since is not None and blob.at >= facts.open_since - CLOCKS_APART:
        return Fate.OPEN_ORDERS
    marked = facts.marked_since is not None and blob.at >= facts.marked_since
    return Fate.UNREFERENCED if marked or rules.alone else Fate.EARLIER


def bytes_of(blobs: Iterable[StoredBlob], which: Set[str]) -> int:
    """How many bytes those have together."""
    return sum(blob.bytes for blob in blobs if blob.sha256 in which)
