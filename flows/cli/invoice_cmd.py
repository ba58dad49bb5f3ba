"""`tailframe invoice check`: what vendors charged, held against the ledger."""

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.arguments import AsJson, Project, usd
from flows.cli.exits import ExitCode
from flows.errors import UsageError
from flows.terminal.printing import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from render.bookkeeping.invoice_check import InvoiceCheck
    from render.bookkeeping.invoice_columns import InvoiceLine
    from render.ledger import LedgerReader, Take

File = Annotated[Path, typer.Argument(metavar="FILE", help="The vendor's invoice or list of usage: CSV or JSON.")]
Account = Annotated[
    str | None, typer.Option("--account", metavar="A", help="Whose invoice it is; else the one that ordered its jobs.")
]
Job = Annotated[str | None, typer.Option("--job", metavar="COLUMN", help="The column that names the job.")]
Sum = Annotated[str | None, typer.Option("--sum", metavar="COLUMN", help="The column that says what it cost.")]
Unit = Annotated[
    Decimal | None,
    typer.Option("--usd-per-unit", metavar="USD", parser=usd, help="What one credit costs; else it is in dollars."),
]
Comma = Annotated[bool, typer.Option("--decimal-comma", help="A comma stands before the cents.")]
First = Annotated[
    datetime | None,
    typer.Option("--from", metavar="DATE", formats=["%Y-%m-%d"], help="Its first day, in UTC; else as it says."),
]
Last = Annotated[
    datetime | None,
    typer.Option("--to", metavar="DATE", formats=["%Y-%m-%d"], help="Its last day, in UTC; else as it says."),
]


def invoice_check(
    *,
    project: Project,
    file: File,
    account: Account = None,
    job: Job = None,
    sum_: Sum = None,
    usd_per_unit: Unit = None,
    decimal_comma: Comma = False,
    first: First = None,
    last: Last = None,
    as_json: AsJson = False,
) -> int:
    """Hold a vendor's invoice against the ledger, job by job: missing here, missing there, other sums.

    Of all series that share the ledger. Columns are known by the names that vendors give them. Ends with 1 where
    anything differs. Reads only.

    tailframe invoice check my-series november.csv
    tailframe invoice check my-series usage.json --usd-per-unit 0.01
    """
    from flows.cli.invoice_table import check_json, print_check
    from flows.run.workspace import workspace_of
    from flows.terminal.consoles import results
    from render.bookkeeping.invoice_columns import find_columns, invoice_lines
    from render.bookkeeping.invoice_file import read_invoice

    table = read_invoice(file)
    lines = invoice_lines(table, find_columns(table, file, job=job, sum_=sum_), file, decimal_comma=decimal_comma)
    with workspace_of(project).reading() as workspace:
        found = _held_against(workspace.ledger, lines, account, _days(first, last), usd_per_unit or Decimal(1))
    if as_json:
        say(json.dumps(check_json(found), indent=2))
    else:
        print_check(results(), file, found)
    return ExitCode.DONE if found.agrees else ExitCode.NOT_DONE


def _held_against(
    ledger: "LedgerReader | None",
    lines: "Sequence[InvoiceLine]",
    account: str | None,
    days: tuple[date, date] | None,
    usd_per_unit: Decimal,
) -> "InvoiceCheck":
    from render.bookkeeping.invoice_check import account_of, check_invoice, days_of
    from render.ledger import queries

    takes: Sequence[Take] = ledger.read(queries.every_take) if ledger is not None else ()
    name = account or account_of(lines, takes)
    if name is None:
        raise _whose(len({line.job_id for line in lines}), sorted({take.account for take in takes}))
    theirs = [take for take in takes if take.account == name]
    return check_invoice(lines, theirs, account=name, days=days or days_of(lines, theirs), usd_per_unit=usd_per_unit)


def _whose(jobs: int, accounts: "Sequence[str]") -> UsageError:
    told = f"the ledger knows none of the {jobs} jobs on it, so whose invoice it is cannot be told"
    known = ", ".join(accounts) or "none yet"
    return UsageError(told, f"Say --account A (ordered at: {known}), or --job COLUMN if another column names the jobs")


def _days(first: datetime | None, last: datetime | None) -> tuple[date, date] | None:
    if first is None and last is None:
        return None
    begins = date.min if first is None else first.date()
    ends = date.max if last is None else last.date()
    if begins > ends:
        raise UsageError(f"--from {begins} is after --to {ends}")
    return begins, ends


COMMANDS = (invoice_check,)
