"""How a run of an episode ends on Prefect's pages."""

import pytest

from flows.prefect.final_states import final_state
from flows.run.run_result import Result, concluded
from render.errors import StoreUnavailable, Terminal
from render.takes.outcomes import Outcome, ShotState, spoilt

DONE = Outcome(key="lamp/010", state=ShotState.DONE)


def ended(*outcomes: Outcome) -> Result:
    """A run of these shots, all of which were asked for, without a cut."""
    return concluded(outcomes, frozenset(each.key for each in outcomes), None, "")


@pytest.mark.parametrize(
    ("error", "deployed", "state"),
    [
        (StoreUnavailable("no space left"), True, "CRASHED"),
        (StoreUnavailable("no space left"), False, "FAILED"),
        (Terminal("the model gave up"), True, "FAILED"),
    ],
)
def test_what_an_outage_stood_in_the_way_of_is_given_back(error: Exception, deployed: bool, state: str) -> None:
    """By a run of a worker's: others may make it. What somebody asked for at a terminal has failed, for a person."""
    result = ended(DONE, spoilt("lamp/020", error))
    assert final_state(result, deployed=deployed).type.value == state


def test_what_was_made_is_complete() -> None:
    """Whatever was met on the way."""
    assert final_state(ended(DONE), deployed=True).type.value == "COMPLETED"
