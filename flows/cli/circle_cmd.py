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
    from render.ledger import Ledger, TakeId

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
    _choose(project, episode, shot, take, reject=True, note=_bounded(note))
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
    if not (words := _bounded(text)):
        raise UsageError("the note is empty: write it behind the take's number")
    with workspace_of(project).writing() as workspace:
        named = _take_id(workspace.ledger, found.series, key, take)
        _refuse_no_frame(workspace.ledger, named, frame)
        workspace.ledger.write(notes.add, named, words, by=person(), frame=frame)
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
        take = _take_id(workspace.ledger, found.series, key, number)
        if reject:
            workspace.ledger.write(circles.reject, take, note, by=person())
        else:
            workspace.ledger.write(circles.circle, found.series, key, take, by_person=True)


def _refuse_no_frame(ledger: "Ledger", take: "TakeId", frame: int | None) -> None:
    from render.ledger import queries

    clip = ledger.read(queries.take, take).clip
    if frame is not None and (clip is None or frame >= clip.frames):
        has = "no clip" if clip is None else f"frames 0 to {clip.frames - 1}"
        raise UsageError(f"the take has no frame {frame}: it has {has}")


def _bounded(note: str) -> str:
    """A note as it may be kept. Raises UsageError for one that is too long, before anything is rejected."""
    from render.ledger.notes import MOST_CHARACTERS

    if len(note.strip()) > MOST_CHARACTERS:
        raise UsageError(f"the note has {len(note.strip()):,} characters, and a note may have {MOST_CHARACTERS:,}")
    return note.strip()


def _take_id(ledger: "Ledger", series: str, shot: str, number: int) -> "TakeId":
    from render.ledger import queries

    takes = {take.number: take.id for take in ledger.read(queries.takes, series, shot=shot)}
    if number not in takes:
        known = ", ".join(str(each) for each in sorted(takes)) or "none yet"
        raise UsageError(f"{shot} has no take {number} (it has: {known}); `tailframe status` shows them")
    return takes[number]


COMMANDS = (circle, reject, note, waive)
