"""A ledger that is looked at: what its callers hold, and what a query is given. Knows no database library."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Protocol, Self, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class ReadTransaction(Protocol):
    """What a query asks. A step's `Transaction` is one too, so that the same query serves within a step."""

    @property
    def now(self) -> datetime:
        """What time it is, by the database's own clock, in UTC."""
        ...

    def rows(self, sql: str, /, **values: object) -> Sequence[Mapping[str, Any]]:
        """All rows of one statement in plain SQL with named values (`:name`), each by column name."""
        ...


class LedgerReader:
    """A ledger that is only looked at. Blocking, and safe from any thread."""

    def __init__(
        self, looking: Callable[[], AbstractContextManager[ReadTransaction]], close: Callable[[], None]
    ) -> None:
        self._looking = looking
        self._close = close

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of every connection."""
        self._close()

    def read(self, query: Callable[Concatenate[ReadTransaction, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """The query's answer, as in `ledger.read(queries.takes, series, shot=key)`. Changes nothing.

        Raises LedgerError where the database fails or holds what no Tailframe wrote, and what the query says.
        """
        with self._looking() as tx:
            return query(tx, *args, **kwargs)
