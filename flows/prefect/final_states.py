"""How a flow run that made an episode ends on Prefect's pages. The flow decides that itself."""

from typing import Any

from prefect.client.schemas.objects import State
from prefect.states import Completed, Crashed, Failed

from flows.run.run_result import Result
from render.takes.outcomes import headline
from storyboard.text.printable import printable

__all__ = ["BUDGET_REACHED", "final_state", "given_back"]

BUDGET_REACHED = "BudgetReached"
"""How the state is called of a run that made what it might pay for, and no more."""


def final_state(result: Result, *, deployed: bool = False) -> State[Any]:
    """Siblings of a failed shot went on, and the run is failed all the same; one that a worker made and that an outage
    stood in the way of has crashed: it is asked for again, by whoever can make it.
    """
    if result.exit_code == 0:
        return Completed(message=headline(result.outcomes))
    told = printable(result.message, lines=True) or "not everything that was asked for is done"
    if deployed and result.may_pass:
        return Crashed(message=told)
    return Failed(name=BUDGET_REACHED if result.budget_reached else None, message=told)


def given_back(error: Exception) -> State[Any]:
    """The end of a run that its machine cannot make now: what crashed is asked for again, by whoever can."""
    return Crashed(message=printable(str(error), lines=True))
