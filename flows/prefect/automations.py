"""Automations as code: a run whose heartbeats stop is marked Crashed, and a run that crashed or was cancelled wakes the
sweep.

    python -m flows.prefect.automations     # or apply_automations(): what is there by its name is brought up to date

They are known by their names. Whether one is switched on is left as a person set it.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState, RunDeployment
from prefect.events.schemas.automations import Automation, AutomationCore, EventTrigger, Posture
from prefect.exceptions import ObjectNotFound

from flows.prefect.cancelled_runs import PREFECTS_WORDS
from flows.prefect.crashed_runs import OURS
from flows.prefect.silent_runs import HEARTBEAT, RUN, SILENT_FOR, silent_words

__all__ = ["SWEEP", "apply_automations", "automations"]

SWEEP = "sweep/sweep"
"""The deployment that is woken."""

_BEGINNINGS = ("Pending", "Submitting", "Running")
"""States from which on something is to be heard."""

_WAITING = ("Scheduled", "Late", "AwaitingConcurrencySlot", "Cancelling")
"""States of a run that nobody has, or that is ended by somebody else."""

_ENDS = ("Completed", "BudgetReached", "Failed", "Crashed", "Cancelled", "Suspended", "Paused", "AwaitingRetry")
"""States after which no heartbeat is expected; a run that ends in another one cannot be marked any more."""


def automations(sweep: UUID | None, silent_for: timedelta = SILENT_FOR) -> list[AutomationCore]:
    """All of them; without the id of the sweep's deployment those that need none."""
    found = [_dead_runs(silent_for), _runs_never_heard_of(silent_for)]
    if sweep is not None:
        found.append(_waking(sweep, "Crashed", {}, "a run crashed"))
        words = {"prefect.state-message": PREFECTS_WORDS}
        found.append(_waking(sweep, "Cancelled", words, "a run was cancelled"))
    return found


async def apply_automations(silent_for: timedelta = SILENT_FOR) -> list[str]:
    """Make them on the server that PREFECT_API_URL names, or bring them up to date; says what became of each.

    The sweep is to be deployed by then, else nothing wakes it, which is said. Raises what Prefect's client raises.
    """
    async with get_client() as client:
        sweep = await _deployment(client, SWEEP)
        told = [await _applied(client, each) for each in automations(sweep, silent_for)]
    return told if sweep else [*told, f"nothing wakes the sweep: there is no deployment {SWEEP}"]


async def _applied(client: PrefectClient, automation: AutomationCore) -> str:
    there: Sequence[Automation] = await client.read_automations_by_name(automation.name)
    if not there:
        await client.create_automation(automation)
        return f"{automation.name}: made"
    first, *doubles = sorted(there, key=lambda each: str(each.id))
    await client.update_automation(first.id, automation.model_copy(update={"enabled": first.enabled}))
    for double in doubles:
        await client.delete_automation(double.id)
    return f"{automation.name}: {'up to date' if first.enabled else 'up to date, and switched off'}"


async def _deployment(client: PrefectClient, name: str) -> UUID | None:
    try:
        return (await client.read_deployment_by_name(name)).id
    except ObjectNotFound:
        return None


def _dead_runs(silent_for: timedelta) -> AutomationCore:
    seconds = int(silent_for.total_seconds())
    return _marking(
        "no heartbeat, so the run has crashed",
        f"A run from which nothing was heard for {seconds} s died with its worker. Its jobs go on.",
        after={HEARTBEAT},
        expect={HEARTBEAT, *_named(_ENDS)},
        within=silent_for,
    )


def _runs_never_heard_of(silent_for: timedelta) -> AutomationCore:
    """A worker may die between taking a run and its first heartbeat. Apart from the other, so that no event both begins
    a wait and ends it: Prefect loses waits where several of those come at once.
    """
    seconds = int(silent_for.total_seconds())
    return _marking(
        "taken and never heard of, so the run has crashed",
        f"A run that a worker took {seconds} s ago, and of which no heartbeat came, died with the worker.",
        after=_named(_BEGINNINGS),
        expect={HEARTBEAT, *_named((*_ENDS, *_WAITING))},
        within=silent_for,
    )


def _marking(name: str, does: str, *, after: set[str], expect: set[str], within: timedelta) -> AutomationCore:
    """Marks a run Crashed of which none of the expected events comes in time."""
    return AutomationCore(
        name=f"tailframe: {name}",
        description=does,
        trigger=EventTrigger(
            after=after,
            expect=expect,
            match={"prefect.resource.id": f"{RUN}.*"},
            match_related=[_tagged()],
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=within,
        ),
        actions=[
            ChangeFlowRunState(
                state=StateType.CRASHED,
                message=silent_words(within),
            )
        ],
    )


def _named(states: Iterable[str]) -> set[str]:
    return {f"{RUN}.{state}" for state in states}


def _waking(sweep: UUID, state: str, match: dict[str, str], why: str) -> AutomationCore:
    """The sweep runs for the project of the run that ended so; a run of the sweep itself wakes nothing."""
    return AutomationCore(
        name=f"tailframe: {why}, so the sweep runs",
        description="It settles and collects what that run left at vendors, and orders nothing.",
        trigger=EventTrigger(
            expect={f"{RUN}.{state}"},
            match={"prefect.resource.id": f"{RUN}.*", **match},
            match_related=[
                _tagged(),
                {"prefect.resource.role": "flow", "prefect.resource.name": list(OURS)},
            ],
            posture=Posture.Reactive,
            threshold=1,
            within=timedelta(0),
        ),
        actions=[
            RunDeployment(
                source="selected",
                deployment_id=sweep,
                parameters={"project": "{{ flow_run.parameters.project }}"},
            )
        ],
    )


def _tagged() -> dict[str, str]:
    return {"prefect.resource.role": "tag", "prefect.resource.id": "prefect.tag.tailframe"}


def main() -> None:
    """Apply them, and say what became of each."""
    from flows.terminal.cancellation import run_in_order
    from flows.terminal.printing import tell

    for sentence in run_in_order(apply_automations()):
        tell(sentence)


if __name__ == "__main__":
    main()
