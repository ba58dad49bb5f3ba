"""What `tailframe invoice check` shows of an invoice and the ledger: a table of what differs, sums, and JSON."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from flows.terminal.consoles import cell
from storyboard.text.dollars import plain_usd, usd

if TYPE_CHECKING:
    from decimal import Decimal

    from render.bookkeeping.invoice_check import Difference, InvoiceCheck

__all__ = ["check_json", "print_check"]

_HEADINGS = ("difference", "job", "line", "invoice", "ledger", "take")


def print_check(console: Console, file: Path, found: "InvoiceCheck") -> None:
    """A row for each job of which they say different things, and what all of it comes to."""
    rows = list(_rows(found))
    if rows:
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
        for heading in _HEADINGS:
            table.add_column(heading, justify="right" if heading in {"line", "invoice", "ledger"} else "left")
        for row in rows:
            table.add_row(*map(cell, row))
        console.print(table)
    for line in _sums(file, found):
        console.print(cell(line, lines=True))


def check_json(found: "InvoiceCheck") -> dict[str, Any]:
    """The same for scripts. Money is strings of dollars; null where there is none."""
    return {
        "account": found.account,
        "from": None if found.days is None else found.days[0].isoformat(),
        "to": None if found.days is None else found.days[1].isoformat(),
        "same": found.same,
        "missing_here": [_json(each) for each in found.missing_here],
        "missing_there": [_json(each) for each in found.missing_there],
        "other_sums": [_json(each) for each in found.other_sums],
        "invoice_usd": plain_usd(found.invoice_usd),
        "ledger_usd": plain_usd(found.ledger_usd),
        "unknown_takes": [f"{take.series}/{take.shot}:{take.number}" for take in found.unknown],
    }


def _rows(found: "InvoiceCheck") -> Iterator[tuple[str, ...]]:
    kinds = (
        ("not in the ledger", found.missing_here),
        ("not on the invoice", found.missing_there),
        ("another sum", found.other_sums),
    )
    for kind, differences in kinds:
        for each in differences:
            lines = ", ".join(map(str, each.lines))
            yield kind, each.job_id, lines, _usd(each.invoice_usd), _usd(each.ledger_usd), _take(each)


def _sums(file: Path, found: "InvoiceCheck") -> Iterator[str]:
    days = "" if found.days is None else f", orders of {found.days[0]} to {found.days[1]}"
    yield f"{file} beside the ledger ({found.account}{days}): {found.same} of the same sum"
    more = found.invoice_usd - found.ledger_usd
    yield f"invoice {usd(found.invoice_usd)}, ledger {usd(found.ledger_usd)}, {usd(abs(more))} {_which(more)}"
    if found.missing_here and found.unknown:
        names = ", ".join(f"{take.shot}:{take.number}" for take in found.unknown[:6])
        yield f"of unknown outcome in that time: {names}; `tailframe reconcile` gives them their jobs"


def _which(more: "Decimal") -> str:
    if not more:
        return "apart"
    return "more on the invoice" if more > 0 else "more in the ledger"


def _usd(amount: "Decimal | None") -> str:
    return "–" if amount is None else usd(amount)


def _take(difference: "Difference") -> str:
    take = difference.take
    return "" if take is None else f"{take.series} {take.shot} take {take.number}, {take.state.value}"


def _json(difference: "Difference") -> dict[str, Any]:
    take = difference.take
    return {
        "job_id": difference.job_id,
        "lines": list(difference.lines),
        "invoice_usd": None if difference.invoice_usd is None else plain_usd(difference.invoice_usd),
        "ledger_usd": None if difference.ledger_usd is None else plain_usd(difference.ledger_usd),
        "series": None if take is None else take.series,
        "shot": None if take is None else take.shot,
        "take": None if take is None else take.number,
        "state": None if take is None else take.state.value,
    }
