"""What a run stands on is away for a while."""

from __future__ import annotations

import errno

import pytest

from render.concurrency.outages import Outages
from render.errors import (
    LedgerConflict,
    LedgerUnavailable,
    NotSent,
    StoreError,
    StoreUnavailable,
    Terminal,
    UnknownOutcome,
    passes,
)

pytestmark = pytest.mark.anyio


class Away:
    """Something that fails so often before it answers."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.asked = 0

    async def __call__(self) -> str:
        self.asked += 1
        if self.errors:
            raise self.errors.pop(0)
        return "here"


async def test_an_outage_is_waited_through_and_told_once() -> None:
    """Whoever watches hears of it once, and the caller of nothing."""
    told: list[str] = []
    away = Away(LedgerUnavailable("it is away."), LedgerUnavailable("it is away."))
    assert await Outages(told.append).outlast(away) == "here"
    assert (away.asked, len(told)) == (3, 1)
    assert told[0].startswith("it is away. Until then this run waits")


@pytest.mark.parametrize("error", [LedgerConflict("no"), Terminal("no"), LedgerUnavailable("read-only", lasting=True)])
async def test_what_does_not_pass_is_told_at_once(error: Exception) -> None:
    """It is raised as it came, after one try."""
    away = Away(error)
    with pytest.raises(type(error)):
        await Outages().outlast(away)
    assert away.asked == 1


async def test_who_was_told_to_end_waits_no_longer() -> None:
    """The error is raised at once."""
    away = Away(LedgerUnavailable("it is away"))
    with pytest.raises(LedgerUnavailable):
        await Outages(interrupted=lambda: True).outlast(away)
    assert away.asked == 1


def test_which_errors_may_pass_by_themselves() -> None:
    """Outages and full disks; never an order of which nobody knows what became."""
    passing = [
        NotSent("refused"),
        LedgerUnavailable("away"),
        StoreUnavailable("busy"),
        OSError(errno.ENOSPC, "no space left"),
    ]
    lasting = [UnknownOutcome("lost"), Terminal("no"), StoreError("damaged"), OSError(errno.EACCES, "denied")]
    assert all(passes(each) for each in passing)
    assert not any(passes(each) for each in lasting)
