"""`tailframe produce --all`: a run for each episode, one after the other, under one price and one consent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.cli.consent import agree_all
from flows.cli.exits import ExitCode, told
from flows.cli.plan_all import assigned_all
from flows.cli.project_access import series_of
from flows.cli.run_flow import carry_out, print_result
from flows.run.options import RunOptions
from flows.terminal.printing import tell

if TYPE_CHECKING:
    from flows.prefect.server import PrefectServer

__all__ = ["produce_all"]


@dataclass(frozen=True, slots=True)
class _Ends:
    """How the run of each episode ended: its exit code."""

    project: Path
    codes: dict[str, int] = field(default_factory=dict)

    def met(self, episode: str, error: Exception) -> None:
        """Say what keeps an episode from being made, as its own run would."""
        tell(f"{episode} is not made:")
        self.codes[episode] = told(error, self.project)

    def conclude(self) -> int:
        """Say how many are done, and which are not; the exit code of all."""
        from flows.run.every_episode import exit_code_of

        left = sorted(episode for episode, code in self.codes.items() if code)
        done = f"{len(self.codes) - len(left)} of {len(self.codes)} episodes are done"
        tell(f"{done}; {', '.join(left)} {'is' if len(left) == 1 else 'are'} not" if left else done)
        return exit_code_of(self.codes.values())


def produce_all(project: Path, asked: Mapping[str, Any], *, yes: bool) -> int:
    """Make every episode that can be made. Returns the exit code: see `flows.run.every_episode.exit_code_of`."""
    from flows.prefect.server import prefect_server

    ends = _Ends(project)
    with prefect_server() as server:
        agreed = agree_all(project, assigned_all(project, asked), ends.met, yes=yes)
        if agreed is None:
            return ExitCode.NOT_DONE
        _make(server, project, agreed, asked["budget_usd"], ends)
    return ends.conclude()


def _make(
    server: "PrefectServer", project: Path, agreed: Sequence[RunOptions], budget_usd: Decimal | None, ends: _Ends
) -> None:
    """Run them in turn, each with what is left of the budget that is for all."""
    from flows.run.every_episode import going_on
    from flows.terminal.progress import reporting

    runs: list[str] = []
    with server.connected():
        for number, run_options in enumerate(agreed, 1):
            left = None if budget_usd is None else max(budget_usd - _spent(project, runs), Decimal(0))
            asked = replace(run_options, budget_usd=left).parameters("produce")
            with going_on(run_options.episode, ends.met):
                with reporting(f"{run_options.episode} ({number} of {len(agreed)})") as reporter:
                    result = carry_out("produce", reporter, counted_under=runs.append, project=str(project), **asked)
                ends.codes[run_options.episode] = print_result(result)


def _spent(project: Path, runs: Sequence[str]) -> Decimal:
    """What these runs have spent and reserved, in US dollars, by the ledger: also where one was interrupted."""
    from flows.run.retry_budget import spent_by
    from flows.run.workspace import workspace_of
    from render.ledger import queries

    with workspace_of(project).reading() as workspace:
        lines = workspace.ledger.read(queries.budgets, series_of(project)) if workspace.ledger else ()
    return sum((spent_by(lines, run) for run in runs), Decimal(0))
