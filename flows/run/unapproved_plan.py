"""Holds a plan against its approvals before anything is claimed. Claims ask again; a producer hears it here first."""

from typing import TYPE_CHECKING

from flows.run.approval_words import told_waiting
from flows.run.episode_approvals import episode_approvals, spending_beyond
from render.claim_errors import NotApproved
from storyboard.approval_rules import Subject
from storyboard.paths import typed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from flows.run.episode_approvals import SubjectStanding
    from flows.run.options import RunOptions
    from flows.run.planned_episode import PlannedEpisode
    from render.ledger import Ledger, LedgerReader

__all__ = ["not_approved", "refuse_unapproved_plan", "tell_waiting_outside", "waiting_among", "waiting_for"]


def waiting_for(
    read: "PlannedEpisode", ledger: "LedgerReader | None", run_options: "RunOptions"
) -> "list[SubjectStanding]":
    """What a run of this plan waits for."""
    return waiting_among(episode_approvals(read, ledger), run_options)


def waiting_among(standings: "Iterable[SubjectStanding]", run_options: "RunOptions") -> "list[SubjectStanding]":
    """Those that a run of these options waits for. Spending keeps nobody waiting who makes as much as they may."""
    if run_options.rehearsal or not run_options.buys:
        return []
    without = {Subject.SPENDING} if run_options.until_budget else set[Subject]()
    return [each for each in standings if each.waits and each.subject not in without]


def refuse_unapproved_plan(read: "PlannedEpisode", ledger: "Ledger", run_options: "RunOptions") -> frozenset[str]:
    """Raise NotApproved where a run of this plan would order what somebody has to approve first, and tell outside.

    Where it makes as much as it may, the shots that go beyond what needs no approval are left out, and given.
    """
    standings = episode_approvals(read, ledger)
    waiting = waiting_among(standings, run_options)
    if waiting:
        tell_waiting_outside(read, ledger, waiting)
        raise not_approved(waiting, read.episode.episode)
    if not (run_options.until_budget and run_options.buys and not run_options.rehearsal):
        return frozenset()
    beyond = spending_beyond(read, ledger)
    if beyond:
        tell_waiting_outside(read, ledger, [each for each in standings if each.waits])
    return beyond


def tell_waiting_outside(read: "PlannedEpisode", ledger: "Ledger", waiting: "Sequence[SubjectStanding]") -> None:
    """Write down, once, that this waits for approval, for whoever listens outside."""
    from render.ledger.message_facts import WaitingSubject, tell_waiting

    subjects = [WaitingSubject(each.subject.value, each.content.hash, each.content.usd) for each in waiting]
    ledger.write(tell_waiting, read.episode.series, read.episode.episode, subjects)


def not_approved(waiting: "Sequence[SubjectStanding]", episode: str, project: "Path | None" = None) -> NotApproved:
    """The refusal of a run for which these wait, with what changed of each."""
    told = [line for each in waiting for line in told_waiting(each, episode)]
    told.append(f"nothing of {episode} was ordered")
    where = f"{'PROJECT' if project is None else typed(project)} {episode}"
    remedy = f"`tailframe approve {where}` shows what waits, and approves it"
    return NotApproved("\n".join(told), remedy, subjects=[each.subject for each in waiting])
