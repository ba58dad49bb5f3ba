"""Approves at a terminal what a run waits for: shows each subject with what changed, asks, and writes the answer."""

import sys
from typing import TYPE_CHECKING

from flows.cli.project_access import person
from flows.errors import UsageError
from flows.terminal.printing import ask, tell

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from flows.cli.plan_all import Foreseen
    from flows.run.episode_approvals import SubjectStanding
    from flows.run.every_episode import Met
    from flows.run.planned_episode import PlannedEpisode
    from render.ledger import Approval

__all__ = ["all_approved", "approve_waiting", "write_approval"]


def approve_waiting(
    project: "Path", read: "PlannedEpisode", waiting: "Sequence[SubjectStanding]", *, yes: bool
) -> bool:
    """Whether all of it is approved now: by whoever sits at this terminal, who is shown each and asked.

    Raises NotApproved where nobody can be asked, be it that `yes` was said beforehand (that is about money, and no
    person's word on what was shown), and where something cannot be approved as it is.
    """
    from flows.run.approval_words import lines_of
    from flows.run.unapproved_plan import not_approved

    if not waiting:
        return True
    if yes or not (sys.stdin.isatty() and sys.stderr.isatty()) or any(each.obstacle for each in waiting):
        raise not_approved(waiting, read.episode.episode, project)
    for each in waiting:
        for line in lines_of(each):
            tell(line)
        if not ask(f"Approve the {each.subject} of {read.episode.episode}?"):
            return False
        write_approval(project, read, each, words="")
    return True


def all_approved(project: "Path", each: "Foreseen", met: "Met", *, yes: bool) -> bool:
    """Whether all that this episode waits for is approved now. `met` hears why it is not."""
    from flows.run.unapproved_plan import not_approved, waiting_among
    from render.claim_errors import NotApproved

    episode, waiting = each.run_options.episode, waiting_among(each.standings, each.run_options)
    try:
        if approve_waiting(project, each.reading, waiting, yes=yes):
            return True
        met(episode, not_approved(waiting, episode, project))
    except NotApproved as refused:
        met(episode, refused)
    return False


def write_approval(project: "Path", read: "PlannedEpisode", standing: "SubjectStanding", *, words: str) -> "Approval":
    """Write down that whoever types approves this. Raises UsageError where more is said with it than is kept."""
    from flows.run.workspace import workspace_of
    from render.ledger import approvals

    episode = read.episode
    if wrong := approvals.fault(person(), words.strip()):
        raise UsageError(wrong)
    with workspace_of(project).writing() as workspace:
        return workspace.ledger.write(
            approvals.approve, episode.series, episode.episode, standing.content, by=person(), words=words
        )
