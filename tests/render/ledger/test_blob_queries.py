"""What a ledger names of a store, and which recipes are wanted: what garbage collection goes by."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Boolean, DateTime, Table, Text, insert, update

from render.ledger import Ledger, blob_queries, circles, recipes, settlement
from render.ledger.blob_queries import every_recipe, named_digests
from render.ledger.database import Transaction
from render.ledger.recipes import DerivedBlobs
from render.ledger.tables import derived, metadata
from tests.render.ledger.stage import Stage, clip

DAY = timedelta(days=1)


def digest(name: object) -> str:
    """The name of a blob."""
    return hashlib.sha256(str(name).encode()).hexdigest()


def age(tx: Transaction, key: str, made: timedelta, used: timedelta | None = None) -> None:
    """Let a recipe have been made, and wanted, so long ago."""
    row = {"at": tx.now - made, "used_at": None if used is None else tx.now - used}
    tx.conn.execute(update(derived).where(derived.c.key == key).values(**row))


def give(ledger: Ledger, key: str, made: timedelta, used: timedelta | None = None) -> None:
    """A recipe that gave a blob, made and wanted so long ago."""
    ledger.write(recipes.remember_derived, key, digest(key))
    ledger.write(age, key, made, used)


def keys(ledger: Ledger) -> list[str]:
    """The recipes that the ledger remembers."""
    return [row.key for row in ledger.read(lambda tx: tuple(every_recipe(tx)))]


@pytest.mark.parametrize("state", ["done", "rejected", "submitted"])
def test_clips_and_references_of_takes_are_named_whatever_became_of_them(stage: Stage, state: str) -> None:
    """A rejected take was paid for too, and an order that is out may be asked for again with its references."""
    take, reference = stage.planned(), digest("mara.png")
    stage.claim(take, request_json=f'{{"references": [{{"sha256": "{reference}"}}]}}')
    asked = {reference}
    if state != "submitted":
        asked.add(clip().sha256)
        stage.generate(stage.submit(stage.now(take)))
        stage.ledger.write(settlement.done, take.id, clip())
    if state == "rejected":
        stage.ledger.write(circles.reject, take.id)
    there = {reference, clip().sha256, digest("another")}
    assert stage.ledger.read(named_digests, there) == asked


def test_every_text_of_every_table_counts(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name in any text is found, also beyond one page: whoever adds a table or a column need not think of it."""
    monkeypatch.setattr(blob_queries, "_PAGE", 2)
    written = ledger.write(_fill)
    assert len(written) > 40
    assert ledger.read(named_digests, written | {digest("absent")}) == written


def _fill(tx: Transaction) -> set[str]:
    """Write three rows into each table of which every text that may be anything holds a name of its own."""
    names: set[str] = set()
    for table in (each for each in metadata.sorted_tables if each is not derived and not each.foreign_keys):
        for number in range(3):
            texts = [column.name for column in table.columns if isinstance(column.type, Text)]
            row = {name: digest(f"{table.name} {name} {number}") for name in texts if name not in _CHECKED}
            names |= {*row.values()}
            row = {name: f"see {name_}." for name, name_ in row.items()}
            tx.conn.execute(insert(table).values(**row, **_others(tx, table, number)))
    return names


_CHECKED = {"subject": "storyboard"}
"""Texts of which the database takes a few alone."""


def _others(tx: Transaction, table: Table, number: int) -> dict[str, object]:
    """Values for columns that must be there and are no texts of ours."""
    found: dict[str, object] = {name: text for name, text in _CHECKED.items() if name in table.columns}
    for column in table.columns:
        if column.nullable or isinstance(column.type, Text):
            continue
        kind = getattr(column.type, "impl", column.type)
        found[column.name] = tx.now if isinstance(kind, DateTime) else number
        if isinstance(kind, Boolean):
            found[column.name] = False
    return found


def test_recipes_come_in_pages(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them, each once, with when they were last wanted; made counts where nobody wanted them since."""
    monkeypatch.setattr(blob_queries, "_PAGE", 2)
    for number in range(5):
        give(ledger, f"frame:2:{number}", number * DAY, None if number % 2 else 0 * DAY)
    found = ledger.read(lambda tx: [(row.key, (tx.now - row.wanted_at).days) for row in every_recipe(tx)])
    assert found == [(f"frame:2:{number}", number if number % 2 else 0) for number in range(5)]


def test_a_cut_marks_what_it_asked_for_by_one_write_a_day(ledger: Ledger) -> None:
    """What was made or wanted within a day is not written again, and what was not asked for is left alone."""
    for key, made, used in (("a", 3, None), ("b", 3, 2), ("c", 3, 0), ("d", 0, None), ("e", 3, None)):
        give(ledger, key, made * DAY, None if used is None else used * DAY)
    blobs = DerivedBlobs(ledger)
    assert blobs.derived("a") == digest("a")
    assert set(blobs.derived_blobs(["b", "c", "d", "never made"])) == {"b", "c", "d"}
    assert set(ledger.read(recipes.not_lately_wanted, blobs.asked)) == {"a", "b"}

    blobs.mark_wanted()

    assert ledger.read(recipes.not_lately_wanted, blobs.asked) == ()
    marked = ledger.read(
        lambda tx: {row["key"] for row in tx.rows("SELECT key FROM derived WHERE used_at IS NOT NULL")}
    )
    assert marked == {"a", "b", "c"}


def test_only_what_nobody_wants_by_now_is_forgotten(ledger: Ledger) -> None:
    """What was wanted since it was looked at stays, as it stands in the moment of forgetting."""
    for key, made, used in (("a", 60, None), ("b", 60, 29), ("c", 60, 31), ("d", 29, None)):
        give(ledger, key, made * DAY, None if used is None else used * DAY)
    assert ledger.write(recipes.forget_unwanted, ["c"], for_days=90) == ()
    assert set(ledger.write(recipes.forget_unwanted, ["a", "b", "c", "d", "e"], for_days=30)) == {"a", "c"}
    assert keys(ledger) == ["b", "d"]


def test_marking_and_forgetting_at_once_lose_nothing(ledger: Ledger) -> None:
    """A recipe is wanted and stays, or is forgotten; never is one written anew by a mark."""
    names = [f"piece:{number}" for number in range(40)]
    for name in names:
        give(ledger, name, 60 * DAY)
    with ThreadPoolExecutor(2) as both:
        forgotten = both.submit(ledger.write, recipes.forget_unwanted, names, for_days=30)
        marked = both.submit(ledger.write, recipes.mark_wanted, names[:20])
        marked.result()
    gone = set(forgotten.result())
    assert set(keys(ledger)) == set(names) - gone
    assert gone in (set(names), set(names[20:]))


def test_since_when_orders_are_out(stage: Stage) -> None:
    """The oldest of those whose end is not written down; none where all are."""
    assert stage.ledger.read(blob_queries.at_vendors_since) is None
    take = stage.submitted()
    since = stage.ledger.read(blob_queries.at_vendors_since)
    assert isinstance(since, datetime)
    assert since == stage.now(take).submitted_at
    stage.generate(take)
    stage.ledger.write(settlement.done, take.id, clip())
    assert stage.ledger.read(blob_queries.at_vendors_since) is None
    assert stage.run in stage.ledger.read(blob_queries.run_names)
    assert stage.ledger.read(blob_queries.snapshot_names) == {"snapshot"}
