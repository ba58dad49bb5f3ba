"""Whether a ledger is shaped as Tailframe's own steps make it: every table, index and rule, and nothing beside them.

A ledger that comes from somebody else may hold triggers that take the caps away, a view in the place of a table, a rule
that is missing. Its rows would be believed and its code would run, so it is refused as a whole. Knows no database
library, so that a reader can check at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from render.errors import LedgerDamaged

Rows = Sequence[Mapping[str, Any]]

SQLITE_SHAPES = {
    "0001": "9dc86d69314373d72100a187e9b201b9c50584cff0eb621dd56edca2f9a47fe2",
    "0002": "010ccf152736fd86cfde8ae8d86590cfb95415e9324b8e38d9ed56e3927a9ef9",
    "0003": "914fd00dc502832fa447052a4d57c9c755aa776952765436578769f82cad0d72",
    "0004": "e742ee8b1cde5134f67ad9d58b82080cb66750c706147b399b18a46edee545ab",
    "0005": "0368720db8895a822e495fdbe69a9a2b5b9aa6624c1a193f953c792cfd3e427d",
    "0006": "f9e279b01d57e1b467226eff5faa7c2f87e8dff064bb8fa354a2a998767f9508",
}
"""By version: the sha256 of all that `sqlite_master` says of a ledger. A test holds these against the real steps."""

SQLITE_OBJECTS = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"

_OWN_TRIGGERS = ("events_are_never_changed", "events_are_never_deleted")
_SQLITES_OWN = ("sqlite_sequence", "sqlite_stat1", "sqlite_stat4")

_TRIGGERS = (
    "SELECT c.relname AS on_table, t.tgname AS name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace "
    "AND NOT (c.relname = 'events' AND t.tgname = 'events_are_never_changed')"
)
_RULES = (
    "SELECT tablename AS on_table, rulename AS name FROM pg_rules WHERE schemaname = current_schema() "
    "UNION ALL SELECT tablename, policyname FROM pg_policies WHERE schemaname = current_schema()"
)
_COLUMNS = (
    "SELECT c.relname AS on_table, c.relkind AS kind, a.attname AS name FROM pg_class c "
    "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
    "WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
)
_GUARD = (
    "SELECT 1 AS found FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
    "WHERE t.tgrelid = 'events'::regclass AND t.tgname = 'events_are_never_changed' AND t.tgenabled = 'O' "
    "AND p.prosrc LIKE '%RAISE EXCEPTION%'"
)


def check_sqlite_shape(version: str, objects: Rows, where: str) -> None:
    """LedgerDamaged unless these are the objects of a ledger of this version. `objects` answers SQLITE_OBJECTS."""
    found = [each for each in objects if not _is_sqlites_own(each)]
    if sqlite_shape(found) == SQLITE_SHAPES[version]:
        return
    code = (each for each in found if each["type"] == "view" or _is_foreign_trigger(each))
    odd = next((f"the {each['type']} {_shown(each['name'])}" for each in code), "tables that it never makes so")
    raise _refusal(where, odd)


def names_version(objects: Rows, where: str) -> bool:
    """Whether a plain table says of which version this SQLite file is; LedgerDamaged where something else does.

    What a view answers is made by code of whoever wrote it.
    """
    found = [each for each in objects if each["name"] == "alembic_version"]
    if any(each["type"] != "table" or not str(each["sql"]).startswith("CREATE TABLE") for each in found):
        raise _refusal(where, "a version that is not a table")
    return bool(found)


def sqlite_shape(objects: Rows) -> str:
    """All that these objects are, as one hash. Blanks and quotes say nothing: a table made anew is the same."""
    named = ((f"{each['type']} {each['name']} of {each['tbl_name']}", str(each["sql"])) for each in objects)
    told = sorted(f"{name}: {' '.join(sql.replace(chr(34), '').split())}" for name, sql in named)
    return hashlib.sha256("\n".join(told).encode("utf-8", "backslashreplace")).hexdigest()


def check_postgresql_shape(
    fetch: Callable[[str], Rows], columns: Mapping[str, Collection[str]] | None, where: str
) -> None:
    """Raise LedgerDamaged where triggers, rules, policies or views stand where Tailframe makes none.

    `columns` are those of each table; None for an earlier version, whose tables are about to be changed.
    """
    for each in (*fetch(_TRIGGERS), *fetch(_RULES)):
        raise _refusal(where, f"the trigger or rule {_shown(each['name'])} on {_shown(each['on_table'])}")
    if not fetch(_GUARD):
        raise _refusal(where, "events that can be changed")
    found: dict[str, set[str]] = {}
    for each in fetch(_COLUMNS):
        found.setdefault(each["on_table"], set()).add(each["name"])
        if each["kind"] not in {"r", "p", b"r", b"p"}:
            raise _refusal(where, f"the view {_shown(each['on_table'])}")
    for table, names in (columns or {}).items():
        if found.get(table) != set(names):
            raise _refusal(where, f"a table {table} that it never makes so")


def _is_sqlites_own(each: Mapping[str, Any]) -> bool:
    """What SQLite keeps for itself: the indexes of its constraints, and statistics where somebody asked for them."""
    if each["type"] == "index":
        return each["sql"] is None and str(each["name"]).startswith("sqlite_autoindex_")
    return each["type"] == "table" and each["name"] in _SQLITES_OWN


def _is_foreign_trigger(each: Mapping[str, Any]) -> bool:
    return each["type"] == "trigger" and each["name"] not in _OWN_TRIGGERS


def _shown(name: object) -> str:
    """A stranger's word, fit for a terminal."""
    return f"{str(name)[:60]!a}"


def _refusal(where: str, odd: str) -> LedgerDamaged:
    return LedgerDamaged(
        f"the ledger at {where} was not made by Tailframe alone: it has {odd}, so what it says of takes and money "
        "cannot be believed",
        "It is left as it is: restore a backup of it, or name another",
    )
