"""`tailframe circle`, `reject`, `note` and `waive`: which take the cut uses, why, and which shot it goes without."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.arguments import Episode, Project, Shot, Take, Why
from flows.cli.project_access import expanded, known_shot, person
from flows.errors import UsageError
from flows.terminal.printing import tell
from storyboard.shot_key import full_key

if TYPE_CHECKING:
    from render.ledger import Ledger
    from render.ledger import Take as LedgerTake

Words = Annotated[
    str,
    typer.Option("--note", metavar="TEXT", help="What is wrong with it; --with-notes tells it to the next take."),
]
Text = Annotated[str, typer.Argument(metavar="TEXT", help="What to note.")]
Frame = Annotated[int | None, typer.Option("--frame", min=0, metavar="N", help="Of this frame of its clip, from 0.")]
Undo = Annotated[bool, typer.Option("--undo", help="Ask for the shot again.")]


def circle(*, project: Project, episode: Episode, shot: Shot, take: Take) -> None:
    """Choose the take that the cut uses and that the next shots continue from.

    tailframe circle my-series e01 lamp/010 2
    """
    _choose(project, episode, shot, take, reject=False)
    tell(f"{full_key(episode, shot)}: take {take} is circled")


def reject(*, project: Project, episode: Episode, shot: Shot, take: Take, note: Words = "") -> None:
    """Never use a take again, here or for any shot like it. The next run makes another.

    tailframe reject my-series e01 lamp/010 1
    tailframe reject my-series e01 lamp/010 1 --note "the lamp must stay lit"
    """
    _choose(project, episode, shot, take, reject=True, note=note.strip())
    tell(f"{full_key(episode, shot)}: take {take} is rejected")


def note(*, project: Project, episode: Episode, shot: Shot, take: Take, text: Text, frame: Frame = None) -> None:
    """Write a note on a take, for whoever looks at it later. `takes` shows them.

    tailframe note my-series e01 lamp/010 2 "the best of them, a little slow"
    tailframe note my-series e01 lamp/010 2 "a second shadow" --frame 31
    """
    from flows.run.workspace import workspace_of
    from render.ledger import notes

    found = expanded(project, episode)
    key = known_shot(found, shot)
    with workspace_of(project).writing() as workspace:
        named = _take(workspace.ledger, found.series, key, take)
        _refuse(named, text.strip(), frame)
        workspace.ledger.write(notes.add, named.id, text, by=person(), frame=frame)
    tell(f"{key}: noted on take {take}")


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


def _choose(project: Path, episode: str, shot: str, number: int, *, reject: bool, note: str = "") -> None:
    from flows.run.workspace import workspace_of
    from render.ledger import circles

    found = expanded(project, episode)
    key = known_shot(found, shot)
    with workspace_of(project).writing() as workspace:
        take = _take(workspace.ledger, found.series, key, number)
        if note:
            _refuse(take, note)
        if reject:
            workspace.ledger.write(circles.reject, take.id, note, by=person())
        else:
            workspace.ledger.write(circles.circle, found.series, key, take.id, by_person=True)


def _refuse(take: "LedgerTake", note: str, frame: int | None = None) -> None:
    """Raises UsageError for a note that may not be kept, before anything is done."""
    from render.ledger.notes import fault

    if wrong := fault(take, note, frame):
        raise UsageError(wrong)


def _take(ledger: "Ledger", series: str, shot: str, number: int) -> "LedgerTake":
    from render.ledger import queries

    takes = {take.number: take for take in ledger.read(queries.takes, series, shot=shot)}
    if number not in takes:
        known = ", ".join(str(each) for each in sorted(takes)) or "none yet"
        raise UsageError(f"{shot} has no take {number} (it has: {known}); `tailframe status` shows them")
    return takes[number]


COMMANDS = (circle, reject, note, waive)
