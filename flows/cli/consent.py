"""Asks a person before anything is paid for: what would be made, what it costs, and whether it may."""

import sys
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from flows.cli.approving import all_approved, approve_waiting
from flows.cli.plan_ahead import tell_budget
from flows.cli.plan_all import Foreseen, foresee
from flows.cli.plan_cmd import show
from flows.cli.project_access import expanded
from flows.errors import UsageError
from flows.run.options import RunOptions
from flows.run.price_ahead import to_pay
from flows.terminal.printing import ask, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.run.every_episode import Met
    from flows.run.frozen_plan import FrozenPlan
    from flows.run.planned_episode import PlannedEpisode
    from render.ledger import BudgetLine
    from storyboard.plan.episode_plan import PlannedShot

__all__ = ["Consent", "agree", "agree_all"]

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

    def of(self, run_options: RunOptions) -> RunOptions:
        """The options of the run as they were agreed to: this snapshot, and no more than this sum."""
        return replace(run_options, snapshot=self.snapshot, agreed_usd=self.usd, unpriced=self.unpriced, anew=self.anew)


def agree(project: Path, run_options: RunOptions, *, yes: bool) -> Consent | None:
    """Show the plan, and ask. Returns what this run may make and spend (US dollars); None where the person said no.

    The project is frozen first: what is shown, asked about and made is that snapshot, whatever is written meanwhile.
    One that costs nothing is not asked about. With `until_budget` the sum is that of what fits under the caps. Without
    a terminal nobody can be asked: UsageError, unless `yes` or a budget answers beforehand. Neither answers whether to
    pay anew for an order that is out at another account, or for a shot that stands in an archive: only `anew` does.
    """
    anew, until_budget, budget_usd = run_options.anew, run_options.until_budget, run_options.budget_usd
    frozen = _frozen(project, run_options)
    snapshot, read, lines = frozen.snapshot, frozen.read, frozen.lines
    if not approve_waiting(project, read, frozen.waiting, yes=yes):
        tell(_NOTHING)
        return None
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


def _frozen(project: Path, run_options: RunOptions) -> "FrozenPlan":
    """The project as it is now, and the plan of that."""
    from flows.run.frozen_plan import frozen_plan
    from flows.run.workspace import workspace_of

    expanded(project, run_options.episode)  # what cannot be made leaves nothing behind
    with workspace_of(project).reading() as opened:
        return frozen_plan(opened, run_options, tell)


def agree_all(project: Path, options: "Sequence[RunOptions]", met: "Met", *, yes: bool) -> "list[RunOptions] | None":
    """The episodes that may be made, each as it was agreed to; None where the person said no.

    As `agree`, for all of them together: one snapshot, one price, one question. `met` hears of each that cannot be
    planned, and of each that the caps would refuse after those before it: nothing is asked about those. Where nobody
    is asked, every run holds the caps, and what stands elsewhere, by itself.
    """
    snapshot, foreseen = _all_frozen(project, options, met, yes=yes)
    anew = all(each.run_options.anew for each in foreseen)
    if not anew and _at_a_terminal():
        agreed = _agrees_anew([shot for each in foreseen for shot in _named(each, each.reading.plan.shots)], project)
        if agreed is None:
            return None
        anew = agreed
    if yes or (not _at_a_terminal() and any(each.run_options.budget_usd is not None for each in foreseen)):
        return [Consent(snapshot=snapshot, anew=anew).of(each.run_options) for each in foreseen]
    if not _pays_all(foreseen):
        return None
    for each in foreseen:
        if each.refused is not None:
            met(each.run_options.episode, each.refused)
    return [_consent(each, snapshot, anew=anew).of(each.run_options) for each in foreseen if each.refused is None]


def _consent(each: Foreseen, snapshot: str, *, anew: bool) -> Consent:
    beside = frozenset(shot.key for shot in each.unpriced) if each.run_options.budget_usd is None else frozenset()
    return Consent(snapshot=snapshot, usd=each.cost_usd, unpriced=beside, anew=anew)


def _all_frozen(
    project: Path, options: "Sequence[RunOptions]", met: "Met", *, yes: bool
) -> "tuple[str, list[Foreseen]]":
    """The project as it is now: its snapshot's name, and each episode of it as it would be made after those before.

    `met` hears of those that nobody approves.
    """
    from flows.run.every_episode import going_on
    from flows.run.freeze import checked_out, freeze
    from flows.run.workspace import workspace_of

    whole: list[RunOptions] = []
    for run_options in options:
        with going_on(run_options.episode, met):
            expanded(project, run_options.episode)  # what cannot be made leaves nothing behind
            whole.append(run_options)
    if not whole:
        return "", []
    workspace = workspace_of(project)
    store, scratch = workspace.store, workspace.places.scratch
    snapshot = freeze(project, store)
    with workspace.reading() as opened, checked_out(snapshot, store, scratch) as frozen:
        foreseen = foresee(opened, whole, met, frozen=frozen, network=True)
    return snapshot, [each for each in foreseen if all_approved(project, each, met, yes=yes)]


def _pays_all(foreseen: "Sequence[Foreseen]") -> bool:
    """Ask whether all that the caps allow may be paid for. Raises UsageError where nobody can be asked."""
    making = [each for each in foreseen if each.refused is None]
    cost_usd = sum((each.cost_usd for each in making), Decimal(0))
    unpriced = [shot for each in making for shot in _named(each, each.unpriced)]
    if not cost_usd and not unpriced:
        return True
    price = _price(cost_usd, unpriced)
    _refuse_unasked(price)
    for each in foreseen:
        show(each.reading)
        tell_budget(each.reading, each.lines, until_budget=each.run_options.until_budget)
    if ask(f"Spend {price}, for {len(making)} {'episode' if len(making) == 1 else 'episodes'} together?"):
        return True
    tell(_NOTHING)
    return False


def _named(each: Foreseen, shots: "Sequence[PlannedShot]") -> "list[PlannedShot]":
    """Those that were asked for, by the names that tell them from shots of other episodes."""
    return [replace(shot, key=f"{each.run_options.episode}/{shot.key}") for shot in shots if shot.asked]


def _pays(read: "PlannedEpisode", lines: "Sequence[BudgetLine]", price: str, *, until_budget: bool) -> bool:
    """Ask whether this may be spent, with all that it is for. Raises UsageError where nobody can be asked."""
    _refuse_unasked(price)
    show(read)
    tell_budget(read, lines, until_budget=until_budget)
    if ask(f"Spend {price}?"):
        return True
    tell(_NOTHING)
    return False


def _refuse_unasked(price: str) -> None:
    if not _at_a_terminal():
        raise UsageError(
            f"this would cost {price}, and there is no terminal to ask at. Say --yes, or set the most it may spend "
            "with --budget USD"
        )


def _agrees_anew(shots: "Sequence[PlannedShot]", project: Path) -> bool | None:
    """Ask whether shots are paid for again that stand elsewhere: False where none does, None where the answer is no.

    Raises UsageError where nobody can be asked.
    """
    from render.episode.elsewhere import told_archived, told_elsewhere

    out, archived = told_elsewhere(shots), told_archived(shots, project)
    if not out and not archived:
        return False
    if not _at_a_terminal():
        remedies = ["ask that account again to go on with what is out"] * bool(out) + ["bring it back"] * bool(archived)
        raise UsageError(
            f"{'; '.join(filter(None, (out, archived)))}. Nothing is ordered twice by itself, and there is no terminal "
            f"to ask at: {', '.join(remedies)}, or pay anew with --anew"
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
    from storyboard.text.dollars import usd_or_unknown

    known = f"up to {usd_or_unknown(cost_usd)}"
    if not unpriced:
        return known
    keys = [shot.key for shot in unpriced[:MOST_NAMED]]
    more = f" and {len(unpriced) - MOST_NAMED} more" if len(unpriced) > MOST_NAMED else ""
    which = "an unknown price for 1 shot" if len(unpriced) == 1 else f"unknown prices for {len(unpriced)} shots"
    return f"{known}, and beside that {which}, which no sum can cap ({', '.join(keys)}{more})"
