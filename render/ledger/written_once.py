"""A step that must not be made twice, through a server that may go away while the step is committed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar, cast

from render.errors import Unconfirmed
from render.ledger.reader import ReadTransaction
from render.ledger.records import TakeId

if TYPE_CHECKING:
    from render.ledger.database import Transaction
    from render.ledger.ledger import Ledger

P = ParamSpec("P")
T = TypeVar("T")


def written_once(
    ledger: Ledger,
    step: Callable[Concatenate[Transaction, TakeId, P], T],
    made: Callable[[ReadTransaction, TakeId, T], bool],
    take: TakeId,
    *args: P.args,
    **kwargs: P.kwargs,
) -> Callable[[], T]:
    """A call that makes the step, and may be repeated until it returns: the step is made once all the same.

    Where nobody could tell whether it was committed, `made` is asked first whether what it returned is written.
    """
    lost: list[T] = []

    def attempt() -> T:
        if lost:
            before = lost[0]
            if ledger.read(made, take, before):
                return before
            lost.clear()
        try:
            return ledger.write(step, take, *args, **kwargs)
        except Unconfirmed as broke_off:
            lost.append(cast(T, broke_off.result))
            raise

    return attempt
