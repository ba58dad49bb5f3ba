"""`tailframe approve`: what waits for somebody's word before it is paid for, and that word."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli.approving import write_approval
from flows.cli.arguments import AsJson, Episode, Project, assigned, with_run_options
from flows.cli.exits import ExitCode
from flows.cli.plan_cmd import reading_for
from flows.cli.project_access import person
from flows.errors import UsageError
from flows.terminal.printing import say, say_json, tell
from storyboard.approval_rules import Subject

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from flows.run.episode_approvals import SubjectStanding
    from flows.run.planned_episode import PlannedEpisode

Which = Annotated[
    Subject | None,
    typer.Argument(metavar="[SUBJECT]", help="What to approve: storyboard, animatic or spending. None: only look."),
]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="What to say with it, for whoever reads it later.")]
Withdraw = Annotated[bool, typer.Option("--withdraw", help="Take the approval back: nothing more is ordered on it.")]


@with_run_options(after="as_json")
def approve(
    *,
    project: Project,
    episode: Episode,
    subject: Which = None,
    note: Note = "",
    withdraw: Withdraw = False,
    as_json: AsJson = False,
    **asked: Any,
) -> int:
    """Show what waits for approval and what changed since, and approve it. `approval:` in series.yaml asks for it.

    Spending is approved order by order, each up to its price: give the flags of the `produce` that is to make them.
    A run that waits for it on a Prefect server goes on.

      tailframe approve my-series e01
      tailframe approve my-series e01 storyboard --note "the version of Monday"
      tailframe approve my-series e01 spending --shots lamp/010 --new-take
      tailframe approve my-series e01 storyboard --withdraw
    """
    from flows.run.episode_approvals import episode_approvals
    from flows.run.workspace import workspace_of

    with workspace_of(project).reading() as workspace:
        read = reading_for(workspace, assigned(episode, asked))
        standings = episode_approvals(read, workspace.ledger)
    if subject is None:
        if withdraw:
            raise UsageError("--withdraw takes one approval back: say which, as in storyboard --withdraw")
        _show(read, standings, as_json=as_json)
        return ExitCode.DONE
    standing = _asked_for(standings, subject, project)
    if withdraw:
        _withdraw(project, read, standing)
    else:
        _approve(project, read, standing, note)
    return ExitCode.DONE


def _asked_for(standings: "Sequence[SubjectStanding]", subject: Subject, project: "Path") -> "SubjectStanding":
    standing = next((each for each in standings if each.subject is subject), None)
    if standing is not None:
        return standing
    key = "spend_usd: 20" if subject is Subject.SPENDING else f"{subject}: true"
    raise UsageError(
        f"nothing waits for an approval of the {subject}: the series does not ask for one",
        f"Write `approval: {{{key}}}` in {project / 'series.yaml'}",
    )


def _show(read: "PlannedEpisode", standings: "Sequence[SubjectStanding]", *, as_json: bool) -> None:
    from flows.run.approval_words import approvals_json, lines_of

    if as_json:
        answer = {"series": read.episode.series, "episode": read.episode.episode}
        say_json({**answer, "approvals": approvals_json(standings)})
        return
    if not standings:
        tell(f"{read.episode.series} asks for no approval; `approval:` in series.yaml would")
    for standing in standings:
        for line in lines_of(standing):
            say(line)


def _approve(project: "Path", read: "PlannedEpisode", standing: "SubjectStanding", words: str) -> None:
    from flows.run.approval_words import told_changes
    from render.claim_errors import NotApproved

    subject, episode = standing.subject, read.episode.episode
    if standing.obstacle:
        told = f"the {subject} of {episode} cannot be approved: {standing.obstacle}"
        raise NotApproved(told, "Then look, and approve it", subjects=[subject])
    if subject is Subject.SPENDING and not standing.waits and standing.approval is None:
        tell(f"nothing of {episode} needs an approval: what would be ordered is within the bound")
        return
    written = write_approval(project, read, standing, words=words)
    for told in told_changes(standing.changes):
        tell(told)
    say(f"approved by {written.by}: the {subject} of {episode} ({standing.content.hash[:12]})")
    _let_go_on(read)


def _withdraw(project: "Path", read: "PlannedEpisode", standing: "SubjectStanding") -> None:
    from flows.run.workspace import workspace_of
    from render.ledger import approval_queries, approvals

    episode, subject = read.episode, standing.subject
    with workspace_of(project).writing() as workspace:
        written = workspace.ledger.read(approval_queries.approvals, episode.series, episode.episode)
        standing_ones = [each for each in written if each.subject is subject and each.stands]
        for each in standing_ones:
            workspace.ledger.write(approvals.withdraw, each.id, by=person())
    if not standing_ones:
        tell(f"nobody has approved the {subject} of {episode.episode}")
        return
    say(f"withdrawn: the {subject} of {episode.episode}; nothing more is ordered on it")


def _let_go_on(read: "PlannedEpisode") -> None:
    """Runs that wait for it on a Prefect server look again."""
    from flows.prefect.waiting_runs import let_go_on

    for told in let_go_on(read.episode.series, read.episode.episode):
        tell(told)


COMMANDS = (approve,)
