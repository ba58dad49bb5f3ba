"""What can be asked of a ledger about some shots, without reading the rest of their series.

A series may hold very many takes, of which one episode concerns few. `shots` are named EPISODE/SCENE/SHOT. Plain SQL,
as in `render.ledger.queries`; each condition is one that an index answers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from render.ledger import rows
from render.ledger.queries import FACTS, TAKE, place_of, rows_in
from render.ledger.reader import ReadTransaction
from render.ledger.records import Take
from storyboard.takes import Circle, TakeFacts

_RIVALS = "SELECT rival AS take FROM takes WHERE series = :series AND rival IS NOT NULL AND shot"
_CIRCLED = "SELECT take FROM circles WHERE series = :series AND take IS NOT NULL AND shot"


def facts_of_shots(tx: ReadTransaction, series: str, shots: Collection[str]) -> tuple[TakeFacts, ...]:
    """The takes of these shots, those that their circles are on, and those to which one of theirs gave way."""
    found = {row["id"]: row for row in rows_in(tx, f"{FACTS} WHERE series = :series AND shot", shots, series=series)}
    others = elsewhere(tx, series, shots) - found.keys()
    return _facts(found | {row["id"]: row for row in rows_in(tx, f"{FACTS} WHERE id", others)})


def facts_of_wishes(
    tx: ReadTransaction, series: str, wishes: Collection[str], known: Collection[str] = ()
) -> tuple[TakeFacts, ...]:
    """The takes of these wishes, whatever their shots are called, but for those `known` by their ids."""
    alike = rows_in(tx, "SELECT id FROM takes WHERE series = :series AND wish", wishes, series=series)
    unknown = {str(row["id"]) for row in alike} - frozenset(known)
    return _facts({row["id"]: row for row in rows_in(tx, f"{FACTS} WHERE id", unknown)})


def takes_of_shots(
    tx: ReadTransaction, series: str, shots: Collection[str], also: Collection[str] = ()
) -> tuple[Take, ...]:
    """The takes of these shots, whole, by shot and number; `also` are the ids of others."""
    found = {row["id"]: row for row in rows_in(tx, f"{TAKE} WHERE t.series = :series AND t.shot", shots, series=series)}
    found |= {row["id"]: row for row in rows_in(tx, f"{TAKE} WHERE t.id", frozenset(also) - found.keys())}
    return tuple(rows.take_from(row) for row in sorted(found.values(), key=place_of))


def circles_of(tx: ReadTransaction, series: str, shots: Collection[str]) -> tuple[Circle, ...]:
    """The choice (a circled take, or a waiver) for each of these shots that has one."""
    sql = "SELECT * FROM circles WHERE series = :series AND (waived OR take IS NOT NULL) AND shot"
    found = sorted(rows_in(tx, sql, shots, series=series), key=lambda row: str(row["shot"]))
    return tuple(rows.circle_from(row) for row in found)


def elsewhere(tx: ReadTransaction, series: str, shots: Collection[str]) -> frozenset[str]:
    """The ids of takes that these shots use, or used, and that may have been made under another name."""
    return frozenset(str(row["take"]) for sql in (_RIVALS, _CIRCLED) for row in rows_in(tx, sql, shots, series=series))


def _facts(found: Mapping[str, Mapping[str, Any]]) -> tuple[TakeFacts, ...]:
    return tuple(rows.facts_from(row) for row in sorted(found.values(), key=place_of))
