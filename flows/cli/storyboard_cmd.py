"""`tailframe storyboard`: the episode on paper, as a PDF."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.arguments import Episode, Project
from flows.cli.project_access import file_to_write
from flows.errors import UsageError
from flows.terminal.printing import say, tell

if TYPE_CHECKING:
    from fractions import Fraction

    from storyboard.paper.page_layout import Grid
    from storyboard.paper.paper_size import Paper

PaperSize = Annotated[
    str, typer.Option("--paper", metavar="SIZE", help="A3, A4, A5, Letter, Legal, Tabloid, or such as 200x250mm.")
]
Turned = Annotated[
    bool | None,
    typer.Option("--landscape/--portrait", help="How the sheet lies; landscape, but measures stay as they are given."),
]
Columns = Annotated[
    int | None, typer.Option("--columns", metavar="N", help="Shots beside each other; none: as many as read well.")
]
WithNotes = Annotated[
    bool, typer.Option("--with-notes", help="Print what people noted of the takes that the cut uses, too.")
]
Target = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Where to write it, as .pdf; else beside the master."),
]


def storyboard(
    *,
    project: Project,
    episode: Episode,
    paper: PaperSize = "A4",
    landscape: Turned = None,
    columns: Columns = None,
    with_notes: WithNotes = False,
    output: Target = None,
) -> None:
    """Print the episode: a PDF with a frame of each shot, its text, length, camera and dialogue, scene by scene.

    Shots that are not made yet are drawn as in a preview. It costs nothing, and changes nothing in the ledger.

    tailframe storyboard my-series e01
    tailframe storyboard my-series e01 --paper Letter --portrait -o e01.pdf
    """
    from flows.run.printed_storyboard import printed_storyboard
    from flows.run.workspace import workspace_of
    from render.paper.storyboard_pdf import write_storyboard

    sheet = _sheet(paper, landscape)
    with workspace_of(project).reading() as workspace:
        usual = workspace.places.output(episode) / f"{episode}-storyboard.pdf"
        target = file_to_write(output, usual, project, ".pdf")
        printed = printed_storyboard(workspace, episode, with_notes=with_notes)
        grid = _grid(sheet, printed.board.ratio, columns)
        language = printed.episode.language or ""
        pages = write_storyboard(printed.board, grid, printed.fonts, printed.frames.picture, target, language=language)
    tell(f"{printed.board.summary}; {pages} {'page' if pages == 1 else 'pages'}")
    say(str(target))


def _sheet(paper: str, landscape: bool | None) -> "Paper":
    """The paper that is asked for, turned. Raises UsageError where it is none."""
    from storyboard.paper.paper_size import SIZES, is_named, paper_of

    sheet = paper_of(paper)
    if sheet is None:
        known = ", ".join(SIZES)
        raise UsageError(f"--paper {paper!r} is no paper", f"Valid values are: {known}, or measures such as 200x250mm")
    if landscape is None and not is_named(paper):
        return sheet
    return sheet.portrait if landscape is False else sheet.landscape


def _grid(sheet: "Paper", ratio: "Fraction", columns: int | None) -> "Grid":
    """The columns on this paper. Raises UsageError where nothing fits, or not in so many columns."""
    from storyboard.paper.page_layout import DoesNotFitPaper, grid_of

    try:
        return grid_of(sheet, ratio, columns)
    except DoesNotFitPaper as error:
        measures = f"{sheet.width_mm:g}x{sheet.height_mm:g}mm"
        if error.most < 1:
            raise UsageError(
                f"no frame with its text fits paper of {measures}", "Choose a larger --paper, or turn it"
            ) from None
        raise UsageError(
            f"--columns {columns} does not fit paper of {measures}", f"Choose 1 to {error.most}, or a larger --paper"
        ) from None


COMMANDS = (storyboard,)
