"""A deployed run whose surroundings are away begins again by itself."""

import pytest

from flows.prefect.outage_retries import DELAYS_S, may_be_made_elsewhere, through_outages
from render.errors import LedgerVersion, StoreError, StoreUnavailable

pytestmark = pytest.mark.anyio


class Run:
    """A run that ends so often with an error."""

    def __init__(self, error: Exception, times: int) -> None:
        self.error, self.left, self.begun = error, times, 0

    async def __call__(self) -> str:
        self.begun += 1
        if self.begun <= self.left:
            raise self.error
        return "made"


async def test_a_run_begins_again_until_its_store_is_back() -> None:
    """Each wait is told."""
    told: list[str] = []
    run = Run(StoreUnavailable("it cannot be reached"), 2)
    assert await through_outages(run, told.append, delays_s=(0, 0, 0)) == "made"
    assert (run.begun, len(told)) == (3, 2)
    assert told[0] == "it cannot be reached\nThis run begins again in 0 seconds; nothing is paid twice"


async def test_it_gives_up_in_the_end() -> None:
    """The last error is raised."""
    run = Run(StoreUnavailable("it cannot be reached"), 9)
    with pytest.raises(StoreUnavailable):
        await through_outages(run, lambda _: None, delays_s=(0, 0))
    assert run.begun == 3


async def test_what_does_not_pass_ends_it_at_once() -> None:
    """A ledger of another version stays so."""
    run = Run(LedgerVersion("another version"), 1)
    with pytest.raises(LedgerVersion):
        await through_outages(run, lambda _: None, delays_s=(0, 0))
    assert run.begun == 1


def test_it_waits_for_minutes() -> None:
    """Long enough for a machine that is started anew."""
    assert 300 <= sum(DELAYS_S) <= 900


def test_a_machine_that_cannot_make_a_run_gives_it_back() -> None:
    """Away, full, or of another version: others are asked. What is wrong with the run itself, nobody can mend."""
    assert may_be_made_elsewhere(LedgerVersion("a newer one"))
    assert may_be_made_elsewhere(StoreUnavailable("no space left"))
    assert not may_be_made_elsewhere(StoreError("damaged"))
