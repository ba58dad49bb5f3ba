"""Notes as a person reads them: a row a note, by shot and take."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.terminal.consoles import cell

if TYPE_CHECKING:
    from flows.run.noted_takes import NotedTake

__all__ = ["print_notes"]


def print_notes(console: Console, notes: "Sequence[NotedTake]") -> None:
    """Each note with where it is, what it says, and who wrote it; then how many wish for another take."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("shot", "take", "frame", "note", "by"):
        table.add_column(
            heading, justify="right" if heading == "frame" else "left", no_wrap=heading not in {"note", "by"}
        )
    for each in notes:
        table.add_row(*_cells(each))
    console.print(table)
    wishes = sum(each.note.retake for each in notes)
    told = f", {wishes} of them {'wishes' if wishes == 1 else 'wish'} for another take" if wishes else ""
    console.print(cell(f"{len(notes)} {'note' if len(notes) == 1 else 'notes'}{told}", style="bold"))


def _cells(each: "NotedTake") -> tuple[Text, ...]:
    note, take = each.note, each.take
    marks = ", ".join(["another take"] * note.retake + ["drawn"] * bool(note.drawing))
    return (
        cell(take.shot),
        cell(f"{take.number}{'*' * each.circled}"),
        cell("" if note.frame is None else str(note.frame)),
        cell(f"{note.words} [{marks}]" if marks else note.words, lines=True),
        cell(f"{note.by}, {note.at:%F}"),
    )
