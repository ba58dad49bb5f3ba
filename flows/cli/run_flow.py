"""Runs a flow for a person at a terminal: consent before paying, news while it runs, results at the end."""

import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from flows.cli.exits import ExitCode
from flows.cli.plan_cmd import show, tell_budget, to_pay
from flows.cli.project_access import expanded, ledger_for_reading, places_of, reading, store_of
from flows.errors import UsageError
from flows.terminal.printing import ask, say, tell
from storyboard.text.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.prefect.server import PrefectServer
    from flows.run.planning import Reading
    from flows.run.session import Result
    from render.context import Watcher
    from render.ledger import BudgetLine
    from storyboard.plan.episode_plan import Choices, PlannedShot

__all__ = ["Consent", "agree", "carry_out", "print_result", "run_flow"]

MOST_NAMED = 6
"""Shots that a question names one by one; the plan above it names them all."""

_NOTHING = "nothing was made and nothing was spent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What somebody agreed to: to make this snapshot, for no more than this sum."""

    snapshot: str
    usd: Decimal | None = None  # None: what was said on the command line is enough
    unpriced: frozenset[str] = frozenset()  # shots agreed to beside the sum, as nobody knows what they cost
    anew: bool = False  # also to pay for what is out at another account


def agree(
    project: Path,
    episode: str,
    choices: "Choices",
    *,
    provider: str | None,
    budget_usd: Decimal | None,
    yes: bool,
    until_budget: bool = False,
    anew: bool = False,
) -> Consent | None:
    """What this run may make and spend; None where the person said no.

    The project is frozen first: what is shown, asked about and made is that snapshot, whatever is written meanwhile.
    One that costs nothing is not asked about. With `until_budget` the sum is that of what fits under the caps. Without
    a terminal nobody can be asked: UsageError, unless `yes` or a budget answers beforehand. Neither answers whether to
    pay anew for an order that is out at another account, or for a shot that stands in an archive: only `anew` does.
    """
    snapshot, read, lines = _frozen(project, episode, choices, provider, budget_usd, anew=anew)
    if not anew:
        agreed = _agrees_anew([shot for shot in read.plan.shots if shot.asked], project)
        if agreed is None:
            return None
        anew = agreed
    if yes or (budget_usd is not None and not _at_a_terminal()):
        return Consent(snapshot=snapshot, anew=anew)
    cost_usd, unpriced = to_pay(read, lines, until_budget=until_budget)
    if (cost_usd or unpriced) and not _pays(read, lines, _price(cost_usd, unpriced), until_budget=until_budget):
        return None
    beside = frozenset(shot.key for shot in unpriced) if budget_usd is None else frozenset()
    return Consent(snapshot=snapshot, usd=cost_usd, unpriced=beside, anew=anew)


def _frozen(
    project: Path, episode: str, choices: "Choices", provider: str | None, budget_usd: Decimal | None, *, anew: bool
) -> "tuple[str, Reading, Sequence[BudgetLine]]":
    """The project as it is now: its snapshot's name, the plan of that, and what counts against the caps."""
    from flows.run.freeze import checked_out, freeze

    expanded(project, episode)  # what cannot be made leaves nothing behind
    store = store_of(project)
    snapshot = freeze(project, store)
    with ledger_for_reading(project) as ledger, checked_out(snapshot, store, places_of(project).scratch) as frozen:
        read = reading(
            project,
            episode,
            ledger,
            choices=choices,
            provider=provider,
            budget_usd=budget_usd,
            frozen=frozen,
            anew=anew,
            network=True,
        )
        lines = ledger.budgets(read.episode.series) if ledger else ()
    return snapshot, read, lines


def _pays(read: "Reading", lines: "Sequence[BudgetLine]", price: str, *, until_budget: bool) -> bool:
    """Ask whether this may be spent, with all that it is for. UsageError where nobody can be asked."""
    if not _at_a_terminal():
        raise UsageError(
            f"this would cost {price}, and there is no terminal to ask at",
            "Say --yes, or set the most it may spend with --budget USD",
        )
    show(read)
    tell_budget(read, lines, until_budget=until_budget)
    if ask(f"Spend {price}?"):
        return True
    tell(_NOTHING)
    return False


def _agrees_anew(shots: "Sequence[PlannedShot]", project: Path) -> bool | None:
    """Ask whether shots are paid for again that stand elsewhere: False where none does, None where the answer is no.

    UsageError where nobody can be asked.
    """
    from render.episode.elsewhere import told_archived, told_elsewhere

    out, archived = told_elsewhere(shots), told_archived(shots, project)
    if not out and not archived:
        return False
    if not _at_a_terminal():
        remedies = ["ask that account again to go on with what is out"] * bool(out) + ["bring it back"] * bool(archived)
        raise UsageError(
            f"{'; '.join(filter(None, (out, archived)))}",
            f"Nothing is ordered twice by itself, and there is no terminal "
            f"to ask at: {', '.join(remedies)}, or pay anew with --anew",
        )
    if out:
        tell(f"{out}. Asked as that account again, the run goes on with what is out.")
    if archived:
        tell(f"{archived}. Nothing that was brought back is paid for again.")
    if ask("Pay anew?"):
        return True
    tell(_NOTHING)
    return None


def _at_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _price(cost_usd: Decimal, unpriced: "Sequence[PlannedShot]") -> str:
    from flows.terminal.progress import dollars

    known = f"up to {dollars(cost_usd)}"
    if not unpriced:
        return known
    keys = [shot.key for shot in unpriced[:MOST_NAMED]]
    more = f" and {len(unpriced) - MOST_NAMED} more" if len(unpriced) > MOST_NAMED else ""
    which = "an unknown price for 1 shot" if len(unpriced) == 1 else f"unknown prices for {len(unpriced)} shots"
    return f"{known}, and beside that {which}, which no sum can cap ({', '.join(keys)}{more})"


def run_flow(server: "PrefectServer", flow: Literal["produce", "preview"], **parameters: Any) -> int:
    """Run one of `flows.prefect.produce`'s flows to its end, tell its news, and print what it made. Returns the exit code."""
    with server.connected():
        from flows.terminal.progress import reporting

        with reporting(parameters["episode"]) as reporter:
            result = carry_out(flow, reporter, **parameters)
        return print_result(result)


def carry_out(flow: Literal["produce", "preview", "rehearse"], watcher: "Watcher", **parameters: Any) -> "Result":
    """Run one of those flows to its end on the server that is connected. Raises whatever ended it before its result.

    A server that is gone by the end changes nothing about what was made. ServerError where it went before the start.
    """
    import flows.prefect.produce as made
    from flows.prefect.caller import CALLER, Caller
    from flows.terminal.cancellation import run_in_order

    caller, gone, state = Caller(watcher=watcher), None, None
    token = CALLER.set(caller)
    try:
        state = run_in_order(getattr(made, flow)(**parameters, return_state=True), watcher.note)
    except Exception as error:  # not of the run itself, which keeps its own on the desk
        gone = error
    finally:
        CALLER.reset(token)
    if caller.error is not None:
        raise caller.error
    if caller.result is None:
        raise _not_begun(gone, state)
    if gone is not None:
        watcher.note(
            f"the Prefect server cannot be told how this run ended ({_words(gone)}). Its pages may show the run as "
            "running; what was made is in its place, and the ledger knows all of it"
        )
    return caller.result


def _not_begun(gone: Exception | None, state: Any) -> Exception:
    """Why a flow has neither a result nor an error of its own."""
    import httpx

    from flows.errors import ServerError

    if gone is None:
        why = f"Prefect ended the run before it began: {state.name}: {state.message}"
    elif isinstance(gone, httpx.HTTPError | OSError):
        why = f"the Prefect server did not let the run begin ({_words(gone)})"
    else:
        return gone
    return ServerError(why, "Nothing was ordered; run the same command again")


def _words(error: Exception) -> str:
    return printable(str(error)).partition("\n")[0] or type(error).__name__


def print_result(result: "Result") -> int:
    """Print where the master is, and say what is left to do. Returns the run's exit code."""
    if result.assembly is not None:
        say(result.assembly.master.path)
    if result.exit_code != ExitCode.DONE and result.message:
        tell(result.message, lines=True)
    return result.exit_code
