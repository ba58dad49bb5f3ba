"""Finds out what a survey needs: which blobs there are, and everything that names any of them.

The order matters: the blobs are listed first. What is put after that is young when it is looked at again, right before
anything is removed; and what names a blob by then, while it was not put once more, was found by a recipe that stood.
"""

from __future__ import annotations

import os
from collections.abc import Container, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from render.concurrency.parallel import side_by_side
from render.errors import StoreUsedElsewhere
from render.garbage_collection.recipe_kinds import kind_of
from render.garbage_collection.survey import Facts
from render.ledger.blob_queries import (
    DIGEST,
    RecipeRow,
    at_vendors_since,
    every_recipe,
    named_digests,
    run_names,
    snapshot_names,
)
from render.ledger.reader import LedgerReader, ReadTransaction
from render.store.blob_ages import USERS
from render.store.blob_store import Store
from render.store.collection import BlobCollection
from render.store.digests import sha256_of_file
from render.store.plain_files import NoPlainFile, read_plain

MANIFEST, CONTACT_SHEET = "manifest.json", "contact_sheet.jpg"
_MOST_BYTES: Final = 64 << 20  # of a manifest
_MOST_TOLD: Final = 1 << 20  # bytes of a text that a recipe gave; what is larger is a film, a sound or a picture
_MOST_NAMED: Final = 3  # runs that are named one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A store, and everything that is known to refer to it."""

    store: Store
    collection: BlobCollection
    ledgers: Sequence[LedgerReader]  # the first is collected in; others only say what stays
    outputs: Sequence[Path]  # output folders of projects
    scratch: Path  # the project's folder for files on their way
    owners: Path  # and of its process locks


def find_facts(place: Place) -> Facts:
    """Look. Raises StoreError where something that may name blobs cannot be read, LedgerError."""
    blobs = tuple(place.collection.blobs())
    there = {blob.sha256: blob.bytes for blob in blobs}
    own, *others = place.ledgers
    named = set(outputs_name(place.outputs, there))
    for ledger in place.ledgers:
        named |= ledger.read(named_digests, there)
        named |= _named_by(place.store, ledger.read(snapshot_names) & there.keys(), there)
    for ledger in others:
        rows = ledger.read(_recipes)
        named |= {row.sha256 for row in rows}.union(*_told(place.store, rows, there).values())
    recipes = own.read(_recipes)
    since = [at for ledger in place.ledgers if (at := ledger.read(at_vendors_since)) is not None]
    return Facts(
        now=place.collection.now(),
        ledger_now=own.read(_now),
        blobs=blobs,
        named=named,
        recipes=recipes,
        told=_told(place.store, recipes, there),
        open_since=min(since, default=None),
        marked_since=min(place.collection.users().values(), default=None),
    )


def refuse_other_users(place: Place) -> None:
    """Raise StoreUsedElsewhere where runs left their names in the store that none of the ledgers knows."""
    known = frozenset[str]().union(*(ledger.read(run_names) for ledger in place.ledgers))
    strange = {run: at for run, at in place.collection.users().items() if run not in known}
    if strange:
        newest = sorted(strange, key=lambda run: strange[run], reverse=True)[:_MOST_NAMED]
        told = ", ".join(f"{run} of {strange[run]:%F}" for run in newest)
        raise StoreUsedElsewhere(
            f"{len(strange)} {'run' if len(strange) == 1 else 'runs'} of other ledgers used the store "
            f"{place.store.url}: {told}",
            "Name the projects of those ledgers too, with --also. Where this ledger was lost or is a copy or a backup, "
            f"leave it: what those runs paid for is in the store alone. Each name is a file in {USERS} there",
        )


def outputs_name(outputs: Iterable[Path], among: Container[str]) -> Iterator[str]:
    """What the manifests in output folders name, and their contact sheets: the next cut knows its own files by it."""
    for folder, _, files in (each for output in outputs for each in os.walk(output)):
        if MANIFEST in files:
            text = read_plain(Path(folder) / MANIFEST, most_bytes=_MOST_BYTES).decode(errors="replace")
            yield from (name for name in DIGEST.findall(text) if name in among)
        if CONTACT_SHEET in files:
            try:
                yield sha256_of_file(Path(folder) / CONTACT_SHEET, links=False)
            except NoPlainFile:
                continue


def _named_by(store: Store, texts: Iterable[str], among: Container[str]) -> set[str]:
    """What these blobs name, which are small texts."""
    found = side_by_side(lambda text: _digests_in(store, text, among), texts)
    return set[str]().union(*found)


def _told(store: Store, rows: Iterable[RecipeRow], there: dict[str, int]) -> dict[str, Set[str]]:
    texts = {
        row.sha256
        for row in rows
        if kind_of(row.key).names_blobs and there.get(row.sha256, _MOST_TOLD + 1) <= _MOST_TOLD
    }
    return dict(zip(texts, side_by_side(lambda text: _digests_in(store, text, there), texts), strict=True))


def _digests_in(store: Store, text: str, among: Container[str]) -> Set[str]:
    return {name for name in DIGEST.findall(store.get(text).decode(errors="replace")) if name in among}


def _recipes(tx: ReadTransaction) -> tuple[RecipeRow, ...]:
    return tuple(every_recipe(tx))


def _now(tx: ReadTransaction) -> datetime:
    return tx.now
