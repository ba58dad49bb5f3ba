"""`tailframe reconcile`: settles takes whose outcome is unknown, by the vendor's own word or a person's."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.arguments import Project
from flows.cli.exits import ExitCode
from flows.cli.project_access import series_of, written_series
from flows.errors import UsageError
from flows.terminal.printing import say, tell

if TYPE_CHECKING:
    from render.ledger import Ledger, Take
    from render.watcher import Watcher

Which = Annotated[
    str | None,
    typer.Option("--take", metavar="SHOT:N", help="Which take, such as e01/lamp/010:2; not needed if there is one."),
]
Adopt = Annotated[str | None, typer.Option("--adopt", metavar="ID", help="It became this job at the vendor.")]
NotCharged = Annotated[bool, typer.Option("--not-charged", help="The vendor never charged it: release its money.")]
Charged = Annotated[bool, typer.Option("--charged", help="It was charged and its clip is lost: count it as spent.")]


def reconcile(
    *,
    project: Project,
    take: Which = None,
    adopt: Adopt = None,
    not_charged: NotCharged = False,
    charged: Charged = False,
) -> int:
    """Settle takes whose order left and whose answer never came. Nothing is ever ordered again by itself.

    Without options: carries on what vendors have, and adopts a job where
    exactly one fits. What stays unknown is listed, and ends with 1: look at
    the vendor's own pages, then say what happened.

      tailframe reconcile my-series
      tailframe reconcile my-series --take e01/lamp/010:1 --adopt job_8f2
      tailframe reconcile my-series --not-charged
    """
    from flows.run.workspace import workspace_of

    if sum((adopt is not None, not_charged, charged)) > 1:
        raise UsageError("say one of --adopt ID, --not-charged and --charged")
    if take is not None and adopt is None and not (not_charged or charged):
        raise UsageError(f"say what became of {take}: --adopt ID, --not-charged or --charged")
    series = series_of(project)
    if not_charged or charged:
        with workspace_of(project).writing() as workspace:
            ledger = workspace.ledger
            _settle(ledger, _chosen(_settleable(ledger, series), take), charged=charged)
    else:
        _ask(project, series, take, adopt)
    with workspace_of(project).writing() as workspace:
        return _tell(_unknown(workspace.ledger, series))


def _unknown(ledger: "Ledger", series: str) -> "tuple[Take, ...]":
    from render.ledger import claims, queries
    from storyboard.takes import TakeState

    ledger.write(claims.expire_leases, series)
    return ledger.read(queries.takes, series, states=(TakeState.UNKNOWN,))


def _settleable(ledger: "Ledger", series: str) -> "tuple[Take, ...]":
    """Those whose outcome is unknown first; then those at a vendor that may no longer know them."""
    from render.ledger import queries
    from storyboard.takes import TakeState

    at_vendor = ledger.read(queries.takes, series, states=(TakeState.SUBMITTED, TakeState.GENERATED))
    return (*_unknown(ledger, series), *at_vendor)


def _chosen(takes: "Sequence[Take]", name: str | None) -> "Take":
    """The take of this name; without one the only unknown one."""
    from storyboard.takes import TakeState

    unknown = [take for take in takes if take.state is TakeState.UNKNOWN]
    named = [take for take in takes if name in {str(take.id), f"{take.shot}:{take.number}"}]
    fitting = unknown if name is None else named
    if len(fitting) == 1:
        return fitting[0]
    names = ", ".join(f"{take.shot}:{take.number} ({take.state})" for take in takes) or "none"
    asked = "name the take with --take SHOT:N" if name is None else f"--take {name} is none that can be settled"
    raise UsageError(asked, f"Those that can be settled are: {names}")


def _settle(ledger: "Ledger", take: "Take", *, charged: bool) -> None:
    from render.ledger import settlement

    ledger.write(settlement.settle_by_hand, take.id, charged=charged)
    said = "counts as spent; a new one may be made" if charged else "was not charged; its money is free again"
    tell(f"{take.shot}:{take.number} {said}")


def _ask(project: Path, series: str, name: str | None, adopt: str | None) -> None:
    from flows.terminal.cancellation import run_in_order
    from flows.terminal.progress import reporting

    with reporting(series) as reporter:
        run_in_order(_ask_vendors(project, series, reporter, name, adopt), reporter.note)


async def _ask_vendors(project: Path, series: str, watcher: "Watcher", name: str | None, adopt: str | None) -> None:
    import asyncio

    from flows.run.workspace import open_workspace
    from render.ledger import RunId, queries
    from render.takes.reconcile import adopt_named, bury_dead_senders, look_up_all
    from render.takes.resume import carry_on
    from storyboard.takes import TakeState

    async with open_workspace(project, watcher=watcher) as opened:
        workspace = opened.for_series(written_series(project))
        ordered = (TakeState.SUBMITTING, TakeState.UNKNOWN, TakeState.SUBMITTED, TakeState.GENERATED)
        takes = await asyncio.to_thread(workspace.ledger.read, queries.takes, series, states=ordered)
        context = workspace.run_context(series, RunId("reconcile"), (), also={take.provider for take in takes})
        try:
            await bury_dead_senders(context)
            if adopt is not None:
                chosen = _chosen(await asyncio.to_thread(_unknown, workspace.ledger, series), name)
                await adopt_named(context, chosen, adopt)
                watcher.note(f"{chosen.shot}:{chosen.number} is job {adopt}")
            await look_up_all(context)  # with one named, the next may be certain
            await carry_on(context)
        finally:
            await context.aclose()


def _tell(unknown: "Sequence[Take]") -> int:
    for take in unknown:
        say(f"{take.shot}:{take.number} {take.provider} {take.error_message or 'its outcome is unknown'}")
    if not unknown:
        tell("no outcome is unknown")
        return ExitCode.DONE
    tell(
        f"{len(unknown)} unknown. Look at the vendor's own list of jobs, then settle each with --take SHOT:N and one "
        "of --adopt ID, --not-charged, --charged"
    )
    return ExitCode.NOT_DONE


COMMANDS = (reconcile,)
