"""`tailframe compare`: takes of a shot beside each other, in one film."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.arguments import Episode, Project, Shot
from flows.cli.project_access import expanded, file_to_write, known_shot
from flows.errors import UsageError
from flows.terminal.printing import say, tell

if TYPE_CHECKING:
    from flows.run.workspace import Workspace
    from render.clips.comparison import Compared
    from render.ledger import LedgerReader, Take

Numbers = Annotated[
    list[int] | None,
    typer.Argument(metavar="TAKE", help="The takes by their numbers, in this order; none: all that have a clip."),
]
Stacked = Annotated[bool, typer.Option("--stacked", help="One above the other instead of side by side.")]
Target = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Where to write it, as .mp4; else beside the master."),
]


def compare(
    *,
    project: Project,
    episode: Episode,
    shot: Shot,
    takes: Numbers = None,
    stacked: Stacked = False,
    output: Target = None,
) -> None:
    """Lay takes of a shot beside each other in one film, in step, each with its number, state and cost.

    What is heard is the circled one, or the first. Costs nothing, and changes nothing in the ledger.

    tailframe compare my-series e01 lamp/010
    tailframe compare my-series e01 lamp/010 1 3 --stacked -o both.mp4
    """
    from flows.run.workspace import workspace_of
    from flows.terminal.cancellation import run_in_order
    from render.clips.comparison import compare as laid
    from render.store.atomic_files import disk_errors, make_folder

    found = expanded(project, episode)
    key = known_shot(found, shot)
    with workspace_of(project).reading() as workspace:
        chosen = _chosen(workspace.ledger, found.series, key, takes)
        target = file_to_write(output, _beside(workspace, episode, shot, chosen), project, ".mp4")
        with disk_errors(f"write {target}"):
            make_folder(target.parent)
        circled = _circled(workspace.ledger, found.series, key)
        beside = [_compared(workspace, take, circled=take.id == circled) for take in chosen]
        heard = next((place for place, take in enumerate(chosen) if take.id == circled), 0)
        run_in_order(laid(beside, found.master, target, heard=heard, stacked=stacked))
    tell(f"{key}: takes {', '.join(str(take.number) for take in chosen)}, left to right and down")
    say(str(target))


def _chosen(ledger: "LedgerReader | None", series: str, key: str, numbers: "Sequence[int] | None") -> "list[Take]":
    """The takes to show. Raises UsageError where they are fewer than two, too many, or have no clip."""
    from render.clips.comparison import MOST
    from render.ledger import queries

    every = [] if ledger is None else ledger.read(queries.takes, series, shot=key)
    having = {take.number: take for take in every if take.clip is not None}
    known = ", ".join(str(number) for number in having) or "none"
    for number in numbers or ():
        if number not in having:
            raise UsageError(f"{key} has no take {number} with a clip (it has: {known}); `tailframe takes` shows them")
    chosen = [having[number] for number in dict.fromkeys(numbers)] if numbers else list(having.values())
    if not 2 <= len(chosen) <= MOST:
        raise UsageError(f"{key}: 2 to {MOST} takes with clips can be compared, not {len(chosen)}; it has: {known}")
    return chosen


def _circled(ledger: "LedgerReader | None", series: str, key: str) -> str | None:
    from render.ledger import queries

    circles = () if ledger is None else ledger.read(queries.circles, series)
    return next((circle.take for circle in circles if circle.shot == key), None)


def _beside(workspace: "Workspace[LedgerReader | None]", episode: str, shot: str, chosen: "Sequence[Take]") -> Path:
    numbers = "-".join(str(take.number) for take in chosen)
    return workspace.places.output(episode) / "compare" / f"{shot.replace('/', '-')}-takes-{numbers}.mp4"


def _compared(workspace: "Workspace[LedgerReader | None]", take: "Take", *, circled: bool) -> "Compared":
    from render.clips.comparison import Compared
    from storyboard.text.dollars import usd_or_unknown

    assert take.clip is not None
    marks = ["circled"] * circled + ["rejected"] * take.rejected
    line = " · ".join([f"take {take.number}", *marks, f"{take.clip.duration_s:.1f} s", usd_or_unknown(take.cost_usd)])
    return Compared(clip=workspace.store.local_path(take.clip.sha256, ".mp4"), facts=take.clip, line=line)


COMMANDS = (compare,)
