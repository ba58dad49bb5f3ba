"""`tailframe notes`, `notes import`, `notes markers`: what people noted of takes, by whatever way it came."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.arguments import AsJson, Episode, MaybeEpisode, Project
from flows.cli.project_access import expanded, file_to_write, series_of
from flows.errors import UsageError
from flows.terminal.printing import say, say_json, tell

if TYPE_CHECKING:
    from flows.run.noted_takes import NotedTake

File = Annotated[Path, typer.Argument(metavar="FILE", help="What a reviewer's page saved.")]
Target = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Where to write it, as .edl; else beside the master."),
]


def notes(*, project: Project, episode: MaybeEpisode = None, as_json: AsJson = False) -> None:
    """Show what people noted of takes, and where they wish for another. Reads only.

    tailframe notes my-series
    tailframe notes my-series e01 --json
    """
    from flows.run.noted_takes import noted_json, noted_takes
    from flows.run.workspace import workspace_of

    series = series_of(project) if episode is None else expanded(project, episode).series
    with workspace_of(project).reading() as workspace:
        found = noted_takes(workspace.ledger, series, episode)
    if as_json:
        say_json(noted_json(series, episode, found))
    elif found:
        _print(found)
    else:
        tell(f"nobody noted anything of {episode or series} yet")


def notes_import(*, project: Project, file: File) -> None:
    """Take in what a reviewer noted in a page of `review --export`: all of it, or nothing. Orders nothing.

    Notes stand on the very takes that left for review. A file that is imported twice changes nothing the second time.

    tailframe notes import my-series e01-Ines-notes.json
    """
    from flows.run.workspace import workspace_of
    from render.review_file.notes_file import read_notes_file
    from render.review_file.returned_notes import take_in

    series, returned = series_of(project), read_notes_file(_content(file))
    _refuse_without_takes(project)
    with workspace_of(project).writing() as workspace:
        came = workspace.ledger.write(take_in, series, returned)
    say(f"{came.episode}: {came.told}")
    for wish in came.wishes:
        tell(f"{came.by} wishes for another take of {wish}")


def notes_markers(*, project: Project, episode: Episode, output: Target = None) -> None:
    """Write the notes on the takes of a master as markers for an editor: an EDL that DaVinci Resolve reads.

    In Resolve: Timelines, Import, Timeline Markers from EDL. Each marker stands on the frame of the master that it is
    about, on a timeline that begins at 01:00:00:00.

    tailframe notes markers my-series e01
    tailframe notes markers my-series e01 -o e01-ines.edl
    """
    from flows.run.noted_takes import noted_takes
    from flows.run.notes_markers import marker_list
    from flows.run.workspace import workspace_of
    from render.store.atomic_files import disk_errors, whole_file

    found = expanded(project, episode)
    with workspace_of(project).reading() as workspace:
        folder = workspace.places.output(episode)
        target = file_to_write(output, folder / f"{episode}-notes.edl", project, ".edl")
        count, text = marker_list(found, folder, noted_takes(workspace.ledger, found.series, episode))
    with disk_errors(f"write {target}"), whole_file(target) as file:
        file.write(text.encode())
    tell(f"{count} {'note' if count == 1 else 'notes'} on takes of the master")
    say(str(target))


def _refuse_without_takes(project: Path) -> None:
    """Raises UsageError where there is no ledger: none is made to refuse what cannot be of it."""
    from flows.run.workspace import workspace_of
    from render.ledger.import_notes import ANOTHER_LEDGER

    with workspace_of(project).reading() as workspace:
        if workspace.ledger is None:
            raise UsageError("this project has no takes yet, and so none that a note could be on", ANOTHER_LEDGER)


def _content(file: Path) -> bytes:
    """What is in the file. Raises UsageError where there is none that can be read."""
    from render.review_file.notes_file import MOST_BYTES
    from render.store.plain_files import read_plain

    try:
        return read_plain(file, most_bytes=MOST_BYTES)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}", "Name the file that the page saved") from None


def _print(found: "tuple[NotedTake, ...]") -> None:
    from flows.cli.notes_table import print_notes
    from flows.terminal.consoles import results

    print_notes(results(), found)


COMMANDS = (notes, notes_import, notes_markers)
