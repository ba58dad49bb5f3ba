"""`tailframe cancel`: ends jobs that are out, at vendors that can end them."""

import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from flows.cli.arguments import AsJson, MaybeEpisode, Project, Shots, Yes, shot_keys
from flows.cli.cancel_table import can_end, cancelled_json, is_priced, show_orders, sold_by_vendors_of
from flows.cli.exits import ExitCode
from flows.cli.project_access import series_of, takes_asked_for, written_series
from flows.errors import UsageError
from flows.terminal.news_lines import json_lines
from flows.terminal.printing import ask, say, say_json, tell

if TYPE_CHECKING:
    from render.ledger import Take
    from render.takes.cancel import Cancellation
    from storyboard.capabilities import Capabilities


def cancel(
    *,
    project: Project,
    episode: MaybeEpisode = None,
    shots: Shots = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> int:
    """End jobs that are out at vendors, where a vendor can end them. Nothing is ordered, and no finished clip is lost.

    Shows first which can be ended and what may be charged all the same,
    and asks, unless --yes. Money follows what each vendor reports. What is
    finished is left to be collected; what cannot be ended goes on, and the
    next run follows it. Ends with 1 where anything is still out.

      tailframe cancel my-series
      tailframe cancel my-series e01 --shots lamp/010,lamp/020 --yes
    """
    from flows.run.cancelled_jobs import takes_out

    chosen = takes_asked_for(project, episode, shot_keys(shots), "cancel")
    series = series_of(project)
    takes = takes_out(project, series, chosen)
    sold = sold_by_vendors_of(takes)
    if takes:
        if not json_lines():
            show_orders(takes, sold)
        if not yes and not _agreed(takes, sold):
            tell("nothing was cancelled")
            return ExitCode.NOT_DONE
    ended = _cancel(project, takes) if takes else ()
    left = [each for each in ended if each.out]
    if as_json:
        say_json(cancelled_json(series, episode, ended, sold))
    else:
        for each in left:
            say(f"{each.take.shot}:{each.take.number}")
    if left:
        tell(f"{len(left)} still out; the next run goes on with what is, and so does this command")
        return ExitCode.NOT_DONE
    tell("no order is out" + (f"; {len(ended)} looked at" if ended else ""))
    return ExitCode.DONE


def _agreed(takes: "Sequence[Take]", sold: "Mapping[str, Capabilities]") -> bool:
    """Ask whether these may be ended. Nothing is asked where nothing can be. UsageError where nobody can be asked."""
    from storyboard.text.dollars import usd

    ends = [take for take in takes if can_end(take, sold)]
    if not ends:
        return True
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("there is no terminal to ask at whether these may be cancelled. Say --yes")
    reserved = sum((take.reserved_usd for take in ends), Decimal(0))
    unknown = sum(not is_priced(take, sold) for take in ends)
    beside = f", and an unknown price for {unknown}" if unknown else ""
    tell(f"up to {usd(reserved)} may be charged all the same{beside}: what a vendor charges, it says once they end")
    return ask(f"Cancel {len(ends)} {'order' if len(ends) == 1 else 'orders'}?")


def _cancel(project: Path, takes: "Sequence[Take]") -> "tuple[Cancellation, ...]":
    from flows.run.cancelled_jobs import end_jobs
    from flows.terminal.cancellation import run_in_order
    from flows.terminal.progress import reporting

    series = written_series(project)
    with reporting(series.series) as reporter:
        return run_in_order(end_jobs(project, series, takes, reporter), reporter.note)


COMMANDS = (cancel,)
