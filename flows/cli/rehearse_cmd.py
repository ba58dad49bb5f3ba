"""`tailframe rehearse`: a whole production against the sandbox, for nothing."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.arguments import AsJson, Episode, Faults, Project, job_seconds, run_option
from flows.cli.exits import ExitCode
from flows.errors import UsageError
from flows.run.options import RunOptions
from flows.terminal.printing import say, say_json, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from flows.rehearsal import Audit
    from flows.run.session import Result, RunOptions
    from render.sandbox import Fault
    from render.watcher import Watcher

Provider = Annotated[str | None, run_option("provider", "Ask this vendor's stand-in, whatever the storyboard names")]
JobSeconds = Annotated[float, job_seconds(longest=3_600)]
Fresh = Annotated[
    bool, typer.Option("--fresh", help="Begin anew: remove what earlier rehearsals of this project made.")
]

PATIENCE_S = 120.0
SHOWN = 5
"""Of the files that stay where a rehearsal begins anew."""

JOBS_IN_A_ROW = 20  # so many may be waited for one after another, where an account's bound makes them queue


def rehearse(
    *,
    project: Project,
    episode: Episode,
    provider: Provider = None,
    faults: Faults = None,
    job_seconds: JobSeconds = 1.0,
    fresh: Fresh = False,
    as_json: AsJson = False,
) -> int:
    """Make the whole episode against a sandbox on this machine: no key, no network, no money.

    What goes wrong on the way is settled as a producer would settle it,
    and told with the command that does it. Afterwards: what happened, and
    what it would have cost. Goes on where the last rehearsal of the project
    ended; its own ledger, clips, output and archive are not touched.

      tailframe rehearse my-series e01 --provider evolink
      tailframe rehearse my-series e01 --provider kinovi --faults 7
    """
    from flows.prefect.server import prefect_server
    from flows.rehearsal import rehearsal_environment, take_account
    from flows.rehearsal import rehearse as in_rounds
    from flows.terminal.progress import reporting

    _refuse_what_cannot_be_rehearsed(project, episode, provider)
    plan = _plan(faults)
    asked = RunOptions(episode=episode, provider=provider, rehearsal=True)
    with (
        prefect_server() as server,
        rehearsal_environment(project, faults=plan, job_seconds=job_seconds, fresh=fresh) as environment,
        server.connected(),
    ):
        with reporting(episode) as reporter:
            for sentence in staying(environment.stays):
                reporter.note(sentence)
            produce = _producing(project, reporter, PATIENCE_S + JOBS_IN_A_ROW * job_seconds)
            rehearsed = in_rounds(environment, asked, produce, reporter)
        return _conclude(take_account(environment, episode, rehearsed), as_json=as_json)


def staying(paths: "Sequence[Path]") -> "Iterator[str]":
    """What `--fresh` left where it was, and that it did."""
    for path in paths[:SHOWN]:
        yield f"{path} was not made by a rehearsal; it stays"
    if len(paths) > SHOWN:
        yield f"so do {len(paths) - SHOWN} more beside it"


def _refuse_what_cannot_be_rehearsed(project: Path, episode: str, provider: str | None) -> None:
    """Raises UsageError where the sandbox speaks for none, or not for all, of the vendors that the episode names.

    Whatever else stands in the way of a run is told too, before anything is started.
    """
    from flows.run.planning import read_plan
    from render.providers.registry import provider_names
    from render.sandbox import VENDORS
    from storyboard.expand.expansion import expand
    from storyboard.loading import load_project

    expanded = expand(load_project(project), episode, provider=provider)
    named = {name for shot in expanded.shots for name in shot.providers}
    spoken, choose = ", ".join(VENDORS), "Choose one with --provider"
    strangers = sorted((named - set(VENDORS) - {"animatic"}) & set(provider_names()))
    if strangers:
        raise UsageError(f"the sandbox stands in for {spoken}, and not for {', '.join(strangers)}", choose)
    if named == {"animatic"}:
        raise UsageError(
            "every shot is drawn by the animatic, which is free, so there is nothing to rehearse: produce it",
            f"Or rehearse it with a vendor's stand-in: --provider and one of {spoken}",
        )
    read_plan(project, episode, ledger=None, environment=os.environ, provider=provider)


def _plan(faults: str | None) -> "list[Fault]":
    from render.sandbox import BadPlan, planned

    try:
        return planned(faults) if faults else []
    except BadPlan as error:
        raise UsageError(f"--faults: {error}") from None


def _producing(project: Path, watcher: "Watcher", patience_s: float) -> "Callable[[RunOptions], Result]":
    """Runs the episode once against the sandbox, by the flow that Prefect knows; waits `patience_s` for a job."""
    from flows.cli.run_flow import carry_out

    def produce(run_options: RunOptions) -> "Result":
        asked = replace(run_options, patience=timedelta(seconds=patience_s))
        return carry_out("rehearse", watcher, project=str(project), **asked.parameters("rehearse"))

    return produce


def _conclude(audit: "Audit", *, as_json: bool) -> int:
    from flows.rehearsal import account_json, account_lines

    rehearsed = audit.rehearsed
    if as_json:
        say_json(account_json(audit))
    else:
        if rehearsed.master is not None:
            say(rehearsed.master)
        for line in account_lines(audit):
            say(line)
    if rehearsed.refused is not None:
        tell(f"refused: {rehearsed.refused}")
    if rehearsed.refused is not None or rehearsed.over_cap:
        return ExitCode.BUDGET
    return ExitCode.DONE if audit.good else ExitCode.NOT_DONE


COMMANDS = (rehearse,)
