"""`tailframe ledger export`: what the ledger holds, for other tools."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.arguments import Project
from flows.cli.project_access import series_of
from flows.errors import UsageError
from flows.terminal.printing import tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from render.bookkeeping.charges import Charge

File = Annotated[Path, typer.Argument(metavar="FILE", help="What to write: .csv or .parquet; - for CSV on the output.")]
AllSeries = Annotated[bool, typer.Option("--all-series", help="Of every series that shares the ledger.")]

_FORMS = (".csv", ".parquet")


def ledger_export(*, project: Project, file: File, all_series: AllSeries = False) -> None:
    """Write what every order cost, for the bookkeeping: one row an order, with its job, times and sums. Reads only.

    tailframe ledger export my-series charges.csv
    tailframe ledger export my-series charges.parquet --all-series
    """
    from flows.run.workspace import workspace_of
    from render.bookkeeping.charges import charges

    if file.suffix not in _FORMS and file != Path("-"):
        raise UsageError(f"{file} is neither a .csv nor a .parquet, and nothing else is written", "Name one of these")
    series = None if all_series else series_of(project)
    with workspace_of(project).reading() as workspace:
        found = workspace.ledger.read(charges, series) if workspace.ledger is not None else ()
    _write(file, found)
    tell(f"{len(found):,} {'order' if len(found) == 1 else 'orders'} written to {file}")


def _write(file: Path, found: "Sequence[Charge]") -> None:
    from render.bookkeeping.charge_files import write_csv, write_parquet
    from render.store.atomic_files import disk_errors, whole_file

    if file == Path("-"):
        write_csv(found, sys.stdout.buffer)
        return
    with disk_errors(f"write {file}"), whole_file(file) as part:
        (write_csv if file.suffix == ".csv" else write_parquet)(found, part)


COMMANDS = (ledger_export,)
