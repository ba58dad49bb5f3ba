"""`tailframe circle`, `reject` and `waive`: which take the cut uses, and which shot it goes without."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.arguments import Episode, Project, Shot, Take, Why
from flows.cli.project_access import expanded, known_shot
from flows.errors import UsageError
from flows.terminal.printing import tell
from storyboard.shot_key import full_key

if TYPE_CHECKING:
    from render.ledger import Ledger, TakeId

Undo = Annotated[bool, typer.Option("--undo", help="Ask for the shot again.")]


def circle(*, project: Project, episode: Episode, shot: Shot, take: Take) -> None:
    """Choose the take that the cut uses and that the next shots continue from.

    tailframe circle my-series e01 lamp/010 2
    """
    _choose(project, episode, shot, take, reject=False)
    tell(f"{full_key(episode, shot)}: take {take} is circled")


def reject(*, project: Project, episode: Episode, shot: Shot, take: Take) -> None:
    """Never use a take again, here or for any shot like it. The next run makes another.

    tailframe reject my-series e01 lamp/010 1
    """
    _choose(project, episode, shot, take, reject=True)
    tell(f"{full_key(episode, shot)}: take {take} is rejected")


def waive(*, project: Project, episode: Episode, shot: Shot, why: Why = "", undo: Undo = False) -> None:
    """Give a shot up: the cut goes without it, and counts as whole.

    tailframe waive my-series e01 lamp/010 --why "the vendor refuses the storm"
    tailframe waive my-series e01 lamp/010 --undo
    """
    from flows.run.workspace import workspace_of
    from render.ledger import circles

    found = expanded(project, episode)
    key = known_shot(found, shot)
    with workspace_of(project).writing() as workspace:
        if undo:
            workspace.ledger.write(circles.unwaive, found.series, key)
        else:
            workspace.ledger.write(circles.waive, found.series, key, why)
    tell(f"{key} is {'asked for again' if undo else 'waived'}")


def _choose(project: Path, episode: str, shot: str, number: int, *, reject: bool) -> None:
    from flows.run.workspace import workspace_of
    from render.ledger import circles

    found = expanded(project, episode)
    key = known_shot(found, shot)
    with workspace_of(project).writing() as workspace:
        take = _take_id(workspace.ledger, found.series, key, number)
        if reject:
            workspace.ledger.write(circles.reject, take)
        else:
            workspace.ledger.write(circles.circle, found.series, key, take, by_person=True)


def _take_id(ledger: "Ledger", series: str, shot: str, number: int) -> "TakeId":
    from render.ledger import queries

    takes = {take.number: take.id for take in ledger.read(queries.takes, series, shot=shot)}
    if number not in takes:
        known = ", ".join(str(each) for each in sorted(takes)) or "none yet"
        raise UsageError(f"{shot} has no take {number} (it has: {known}); `tailframe status` shows them")
    return takes[number]


COMMANDS = (circle, reject, waive)
