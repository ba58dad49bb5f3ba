"""An invoice beside the ledger: planted differences of each kind are found, and none in a true one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from render.bookkeeping.invoice_check import InvoiceCheck, account_of, check_invoice, days_of
from render.bookkeeping.invoice_columns import InvoiceLine
from render.ledger.records import Take
from storyboard.takes import TakeState
from tests.render.bookkeeping.ledger_takes import ledger_take

DAY = date(2026, 11, 2)


def line(take: Take, units: str | None = None, number: int = 2) -> InvoiceLine:
    """What a true invoice says of a take."""
    return InvoiceLine(number, str(take.job_id), Decimal(units or take.cost_usd or 0), DAY)


def checked(lines: Sequence[InvoiceLine], takes: Sequence[Take], **how: Decimal) -> InvoiceCheck:
    return check_invoice(lines, takes, account="acme", days=days_of(lines, takes), **how)


TAKES = st.lists(st.decimals("0.01", "99", places=2), min_size=1, max_size=8).map(
    lambda sums: [ledger_take(number, cost_usd=usd) for number, usd in enumerate(sums)]
)


@given(TAKES, st.data())
def test_each_planted_difference_is_found_and_no_other(takes: list[Take], data: st.DataObject) -> None:
    """Of every job: left out, added, another sum, or true."""
    lines, lacking, wrong = [], [], []
    for take in takes:
        what = data.draw(st.sampled_from(["true", "left out", "another sum", "in two lines"]))
        if what == "left out":
            lacking.append(take.job_id)
        elif what == "another sum":
            wrong.append(take.job_id)
            lines.append(line(take, str((take.cost_usd or 0) + Decimal("0.01"))))
        elif what == "in two lines":
            lines += [line(take, "100"), line(take, str((take.cost_usd or 0) - 100), 3)]
        else:
            lines.append(line(take))
    strange = [InvoiceLine(9, f"stranger-{at}", Decimal(1), DAY) for at in range(data.draw(st.integers(0, 3)))]
    found = checked([InvoiceLine(1, "free", Decimal(0), DAY), *lines, *strange], takes)
    assert [each.job_id for each in found.missing_here] == [each.job_id for each in strange]
    assert sorted(each.job_id for each in found.missing_there) == sorted(map(str, lacking))
    assert sorted(each.job_id for each in found.other_sums) == sorted(map(str, wrong))
    assert found.same == len(takes) - len(lacking) - len(wrong)
    assert found.agrees == (not lacking and not wrong and not strange)


def test_what_is_charged_for_no_job_is_told_too() -> None:
    """A fee, or a total: one difference, with its lines."""
    take = ledger_take(1)
    found = checked([line(take), InvoiceLine(7, "", Decimal(20), None), InvoiceLine(8, "", Decimal(5), None)], [take])
    assert [(each.job_id, each.lines, each.invoice_usd) for each in found.missing_here] == [("", (7, 8), Decimal(25))]
    assert not found.agrees


def test_credits_are_counted_at_their_rate() -> None:
    """A true invoice in credits agrees; half a cent is the rounding of a cent."""
    take = ledger_take(1, cost_usd=Decimal("0.804"))
    assert checked([line(take, "80")], [take], usd_per_unit=Decimal("0.01")).agrees
    assert not checked([line(take, "82")], [take], usd_per_unit=Decimal("0.01")).agrees


def test_orders_of_other_days_are_not_missed() -> None:
    """An invoice of November says nothing of October. Where it has no dates, its own jobs say from when it is."""
    november, october = ledger_take(1), ledger_take(2, submitted_at=datetime(2026, 10, 30, tzinfo=UTC))
    assert checked([line(november)], [november, october]).agrees
    undated = replace(line(november), day=None)
    assert days_of([undated], [november, october]) == (DAY, DAY)
    assert checked([undated], [november, october]).agrees
    late = ledger_take(3, submitted_at=datetime(2026, 11, 2, 23, 59, tzinfo=UTC) + timedelta(minutes=2))
    assert checked([line(november)], [november, late]).agrees


def test_what_is_free_here_and_charged_there_is_told() -> None:
    """A failed job that was to be given back; an order that is not settled yet; and what nobody knows is named."""
    failed = ledger_take(1, state=TakeState.FAILED, cost_usd=Decimal(0))
    running = ledger_take(2, state=TakeState.SUBMITTED, cost_usd=None)
    unknown = ledger_take(3, state=TakeState.UNKNOWN, job_id=None, cost_usd=None)
    found = checked([line(failed, "0.80"), line(running, "0.80")], [failed, running, unknown])
    assert [(each.job_id, each.ledger_usd) for each in found.other_sums] == [("job-1", Decimal(0)), ("job-2", None)]
    assert [take.number for take in found.unknown] == [3]


def test_the_account_is_the_one_that_ordered_most_of_it() -> None:
    """None where the ledger knows no job of it."""
    takes = [ledger_take(1), ledger_take(2), ledger_take(3, account="other")]
    assert account_of([line(take) for take in takes], takes) == "acme"
    assert account_of([InvoiceLine(2, "stranger", Decimal(1), DAY)], takes) is None
