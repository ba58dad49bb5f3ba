"""`tailframe cancel`: ends jobs that are out, at vendors that can end them."""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.cli.arguments import AsJson, MaybeEpisode, Project, Shots, Yes, shot_keys
from flows.cli.exits import ExitCode
from flows.cli.project_access import series_of, takes_asked_for
from flows.errors import UsageError
from flows.terminal.news_lines import json_lines
from flows.terminal.printing import ask, say, say_json, tell

if TYPE_CHECKING:
    from render.ledger import Take
    from render.takes.cancel import Cancellation
    from render.watcher import Watcher
    from storyboard.capabilities import Capabilities

WAITS = timedelta(seconds=30)
"""For the answer to an order that is being sent, and for a vendor that has agreed to end a job."""


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
    chosen = takes_asked_for(project, episode, shot_keys(shots), "cancel")
    series = series_of(project)
    takes = _out(project, series, chosen)
    sold = _sold(takes)
    if takes:
        if not json_lines():
            _show(takes, sold)
        if not yes and not _agreed(takes, sold):
            tell("nothing was cancelled")
            return ExitCode.NOT_DONE
    ended = _cancel(project, series, takes) if takes else ()
    left = [each for each in ended if each.out]
    if as_json:
        say_json(_json(series, episode, ended, sold))
    else:
        for each in left:
            say(f"{each.take.shot}:{each.take.number}")
    if left:
        tell(f"{len(left)} still out; the next run goes on with what is, and so does this command")
        return ExitCode.NOT_DONE
    tell("no order is out" + (f"; {len(ended)} looked at" if ended else ""))
    return ExitCode.DONE


def _out(project: Path, series: str, chosen: "Callable[[Take], bool]") -> "tuple[Take, ...]":
    """The takes that are asked for and out, by shot and number."""
    from flows.run.workspace import workspace_of
    from render.ledger import queries
    from render.takes.cancel import OUT, is_out

    with workspace_of(project).reading() as workspace:
        takes = () if workspace.ledger is None else workspace.ledger.read(queries.takes, series, states=OUT)
    return tuple(take for take in takes if is_out(take) and chosen(take))


def _sold(takes: "Sequence[Take]") -> "dict[str, Capabilities]":
    """What each of the vendors sells that can be loaded today."""
    from render.errors import RenderError
    from render.providers.registry import capabilities_of
    from storyboard.errors import StoryboardError

    sold = {}
    for name in {take.provider for take in takes}:
        try:
            sold[name] = capabilities_of(name, dict(os.environ))
        except (RenderError, StoryboardError) as error:
            tell(f"{name} cannot be asked: {error}")
    return sold


def _can_end(take: "Take", sold: "Mapping[str, Capabilities]") -> bool:
    """Whether its vendor ends jobs."""
    return take.provider in sold and sold[take.provider].cancels


def _show(takes: "Sequence[Take]", sold: "Mapping[str, Capabilities]") -> None:
    """A row a take: where it stands, what is set aside for it, and what can be done."""
    from rich.table import Table

    from flows.terminal.consoles import cell, news
    from storyboard.text.dollars import usd

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("take", "state", "vendor", "reserved", "what can be done"):
        table.add_column(
            heading, justify="right" if heading == "reserved" else "left", no_wrap=heading != "what can be done"
        )
    for take in takes:
        cost = usd(take.reserved_usd) if _priced(take, sold) else "unknown"
        table.add_row(*map(cell, (_name(take), take.state.value, take.provider, cost, _what(take, sold))))
    news().print(table)


def _what(take: "Take", sold: "Mapping[str, Capabilities]") -> str:
    from storyboard.takes import TakeState

    if not _can_end(take, sold):
        return "its vendor has no way to end it; it is asked how it stands"
    if take.state is TakeState.UNKNOWN:
        return "looked up, and ended where it is found"
    if take.state is TakeState.SUBMITTING:
        return "ended, once its order is answered"
    return "ended, unless it is finished by now"


def _agreed(takes: "Sequence[Take]", sold: "Mapping[str, Capabilities]") -> bool:
    """Ask whether these may be ended. Nothing is asked where nothing can be. UsageError where nobody can be asked."""
    from storyboard.text.dollars import usd

    ends = [take for take in takes if _can_end(take, sold)]
    if not ends:
        return True
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("there is no terminal to ask at whether these may be cancelled. Say --yes")
    reserved = sum((take.reserved_usd for take in ends), Decimal(0))
    unknown = sum(not _priced(take, sold) for take in ends)
    beside = f", and an unknown price for {unknown}" if unknown else ""
    tell(f"up to {usd(reserved)} may be charged all the same{beside}: what a vendor charges, it says once they end")
    return ask(f"Cancel {len(ends)} {'order' if len(ends) == 1 else 'orders'}?")


def _priced(take: "Take", sold: "Mapping[str, Capabilities]") -> bool:
    """Whether something is set aside for it, or it costs nothing anyway."""
    found = sold.get(take.provider)
    return bool(take.reserved_usd) or (found is not None and not found.paid)


def _cancel(project: Path, series: str, takes: "Sequence[Take]") -> "tuple[Cancellation, ...]":
    from flows.terminal.cancellation import run_in_order
    from flows.terminal.progress import reporting

    with reporting(series) as reporter:
        return run_in_order(_ask_vendors(project, series, takes, reporter), reporter.note)


async def _ask_vendors(
    project: Path, series: str, takes: "Sequence[Take]", watcher: "Watcher"
) -> "tuple[Cancellation, ...]":
    from flows.run.workspace import open_workspace
    from render.ledger import RunId
    from render.takes.cancel import cancel_takes

    async with open_workspace(project, watcher=watcher) as workspace:
        vendors = {take.provider for take in takes}
        context = await asyncio.to_thread(workspace.run_context, series, RunId("cancel"), (), vendors, patience=WAITS)
        try:
            return await cancel_takes(context, takes)
        finally:
            await context.aclose()


def _name(take: "Take") -> str:
    return f"{take.shot}:{take.number}"


def _json(
    series: str, episode: str | None, ended: "Sequence[Cancellation]", sold: "Mapping[str, Capabilities]"
) -> dict[str, Any]:
    return {
        "series": series,
        "episode": episode,
        "out": sum(each.out for each in ended),
        "takes": [_take_json(each, can_end=_can_end(each.take, sold)) for each in ended],
    }


def _take_json(ended: "Cancellation", *, can_end: bool) -> dict[str, Any]:
    from storyboard.text.dollars import plain_usd

    take = ended.take
    return {
        "take": _name(take),
        "state": take.state.value,
        "out": ended.out,
        "can_end": can_end,
        "provider": take.provider,
        "account": take.account,
        "job_id": take.job_id,
        "charged": ended.charged,
        "cost_usd": None if take.cost_usd is None else plain_usd(take.cost_usd),
        "reserved_usd": plain_usd(take.reserved_usd),
        "message": ended.message,
    }
