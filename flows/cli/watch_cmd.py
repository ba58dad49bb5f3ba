"""`tailframe watch`: what `status` shows, kept on screen while anybody works on the series."""

import contextlib
import io
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.arguments import MaybeEpisode, Project
from flows.cli.status_cmd import print_tables, statuses
from flows.terminal.printing import say

if TYPE_CHECKING:
    from rich.text import Text

    from flows.run.shot_status import EpisodeStatus, ShotStatus
    from flows.run.workspace import Workspace
    from render.ledger import LedgerReader

Every = Annotated[
    float, typer.Option("--every", metavar="SECONDS", min=0.2, max=3600, help="How often to look.", show_default=True)
]

_BESIDE = 8
"""Lines of a screen that are not shots: headings, sums, what to do next, and money."""


def watch(*, project: Project, episode: MaybeEpisode = None, every: Every = 2.0) -> None:
    """Keep `status` on screen, live, from whatever process or machine it is worked on. Reads only; Ctrl-C ends it.

    Where there are more shots than lines, those that are done are counted and not listed.
    Where the output is no terminal, each shot that changes is told in a line.
    Mistakes in the storyboard are shown for as long as they are there.

    tailframe watch my-series
    tailframe watch my-series e01 --every 10
    """
    with contextlib.suppress(KeyboardInterrupt):
        if sys.stdout.isatty():
            _on_screen(project, episode, every)
        else:
            _in_lines(project, episode, every)


@dataclass(frozen=True, slots=True)
class _Look:
    """How things stand at one moment; `wrong` where that cannot be told, as while somebody edits the storyboard."""

    workspace: "Workspace[LedgerReader | None] | None" = None
    found: "Sequence[EpisodeStatus]" = ()
    wrong: str = ""


def _looks(project: Path, episode: str | None, every_s: float) -> Iterator[_Look]:
    """Again and again. The ledger is opened each time: it may be made, or moved, meanwhile."""
    from flows.run.workspace import workspace_of
    from storyboard.errors import TailframeError

    while True:
        try:
            with workspace_of(project).reading() as workspace:
                yield _Look(workspace, [status for _, status in statuses(workspace, project, episode)])
        except TailframeError as error:
            yield _Look(wrong=str(error))
        time.sleep(every_s)


def _on_screen(project: Path, episode: str | None, every_s: float) -> None:
    from rich.live import Live

    from flows.terminal.consoles import results

    console = results()
    with Live(console=console, auto_refresh=False, screen=False, transient=False) as live:
        for look in _looks(project, episode, every_s):
            live.update(_picture(project, look, console.width, console.height), refresh=True)


def _picture(project: Path, look: _Look, width: int, height: int) -> "Text":
    """All that is shown at once."""
    from rich.text import Text

    from flows.terminal.consoles import SafeConsole, cell

    if look.workspace is None:
        return cell(look.wrong, style="red", lines=True)
    drawn = SafeConsole(file=io.StringIO(), width=width, force_terminal=True, highlight=False)
    most = max(1, (height - _BESIDE * len(look.found)) // max(1, len(look.found)))
    with drawn.capture() as capture:
        print_tables(drawn, project, look.workspace, look.found, most=most)
    return Text.from_ansi(capture.get())


def _in_lines(project: Path, episode: str | None, every_s: float) -> None:
    told: Mapping[str, str] = {}
    for look in _looks(project, episode, every_s):
        now = {f"{each.episode}/{shot.key}": _line(shot) for each in look.found for shot in each.shots}
        if look.wrong:
            now = {**told, str(project): look.wrong}
        for key, line in now.items():
            if told.get(key) != line:
                say(f"{time.strftime('%T')} {key} {line}", lines=True)
        sys.stdout.flush()
        told = now


def _line(shot: "ShotStatus") -> str:
    takes = " ".join(f"{each.take.number}:{each.take.state.value}{'*' * each.circled}" for each in shot.takes)
    return f"{shot.state.value} {takes}".rstrip()


COMMANDS = (watch,)
