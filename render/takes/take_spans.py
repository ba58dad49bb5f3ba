"""The spans of a take's life, and what they say of the take."""

from __future__ import annotations

from contextlib import AbstractContextManager

from render.ledger import Take
from render.ledger.take_figures import facts_of_take
from render.telemetry import COST, ERROR_CODE, LOOK_UP, STATE, TAKE_WORK, WAIT, annotate, span

__all__ = ["looking_up", "tell_of", "waiting", "work_on_take"]


def work_on_take() -> AbstractContextManager[None]:
    """All that one call of `render.takes.life.make_take` does."""
    return span(TAKE_WORK)


def waiting() -> AbstractContextManager[None]:
    """While a vendor works on it."""
    return span(WAIT)


def looking_up() -> AbstractContextManager[None]:
    """While an order is searched for whose answer was lost."""
    return span(LOOK_UP)


def tell_of(take: Take) -> None:
    """Say which take is worked on, and how it stands now."""
    stands = {STATE: take.state.value, COST: take.cost_usd, ERROR_CODE: take.error_code}
    annotate(facts_of_take(take) | stands)
