"""Holds an invoice against the ledger, job by job: missing here, missing there, other sums. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from render.bookkeeping.invoice_columns import InvoiceLine
from render.ledger.records import Take
from storyboard.takes import TakeState

SAME_WITHIN_USD = Decimal("0.005")
"""US dollars. Vendors' invoices are rounded to the cent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One job of which invoice and ledger say different things. Sums in US dollars."""

    job_id: str
    lines: tuple[int, ...]  # of the invoice; none where it lacks the job
    invoice_usd: Decimal | None  # None: not on the invoice
    ledger_usd: Decimal | None  # None: not in the ledger, or not settled there
    take: Take | None  # None: no take has this job


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceCheck:
    """What came of it. Each list is in the order of the invoice, or of time."""

    account: str
    days: tuple[date, date] | None  # the orders it was held against, first and last day; None: all
    same: int
    missing_here: tuple[Difference, ...]  # charged for jobs that no take has
    missing_there: tuple[Difference, ...]  # paid takes that the invoice lacks
    other_sums: tuple[Difference, ...]
    invoice_usd: Decimal
    ledger_usd: Decimal
    unknown: tuple[Take, ...]  # takes of unknown outcome in that time: a job that is missing here may be one of them

    @property
    def agrees(self) -> bool:
        """Whether they say the same of every job."""
        return not (self.missing_here or self.missing_there or self.other_sums)


def account_of(lines: Iterable[InvoiceLine], takes: Iterable[Take]) -> str | None:
    """The account at which most of the invoice's jobs were ordered; None where the ledger knows none of them."""
    named, found = {line.job_id for line in lines}, dict[str, int]()
    for take in takes:
        if take.job_id in named:
            found[take.account] = found.get(take.account, 0) + 1
    return max(found, key=lambda account: (found[account], account), default=None)


def days_of(lines: Sequence[InvoiceLine], takes: Iterable[Take]) -> tuple[date, date] | None:
    """From which day to which the invoice is: by its own dates, else by the orders of the jobs that it names."""
    days = [line.day for line in lines if line.day is not None]
    if not days:
        named = {line.job_id for line in lines}
        days = [take.submitted_at.date() for take in takes if take.job_id in named and take.submitted_at is not None]
    return (min(days), max(days)) if days else None


def check_invoice(
    lines: Sequence[InvoiceLine],
    takes: Sequence[Take],
    *,
    account: str,
    days: tuple[date, date] | None,
    usd_per_unit: Decimal = Decimal(1),
) -> InvoiceCheck:
    """Compare. `takes` are all that were ever ordered at the account, of every series.

    `days`: takes that were ordered in none of them are not missed. Several lines of one job are one sum: what was given
    back counts against what was charged.
    """
    ours = {take.job_id: take for take in takes if take.job_id is not None}
    charged = _by_job(lines)
    here = [_difference(job, found, ours[job], usd_per_unit) for job, found in charged.items() if job in ours]
    others = tuple(each for each in here if not _same(each))
    expected = [take for job, take in ours.items() if job not in charged and _within(take, days) and _paid(take)]
    return InvoiceCheck(
        account=account,
        days=days,
        same=len(here) - len(others),
        missing_here=tuple(
            each
            for job, found in charged.items()
            if job not in ours and (each := _difference(job, found, None, usd_per_unit)).invoice_usd
        ),
        missing_there=tuple(_difference(str(take.job_id), (), take, usd_per_unit) for take in expected),
        other_sums=others,
        invoice_usd=sum((line.units for line in lines), Decimal(0)) * usd_per_unit,
        ledger_usd=sum(
            (_cost(take) for take in (*(ours[job] for job in charged if job in ours), *expected)), Decimal(0)
        ),
        unknown=tuple(take for take in takes if take.state is TakeState.UNKNOWN and _within(take, days)),
    )


def _by_job(lines: Iterable[InvoiceLine]) -> Mapping[str, tuple[InvoiceLine, ...]]:
    found: dict[str, list[InvoiceLine]] = {}
    for line in lines:
        found.setdefault(line.job_id, []).append(line)
    return {job: tuple(each) for job, each in found.items()}


def _difference(job: str, lines: Sequence[InvoiceLine], take: Take | None, usd_per_unit: Decimal) -> Difference:
    return Difference(
        job_id=job,
        lines=tuple(line.line for line in lines),
        invoice_usd=sum((line.units for line in lines), Decimal(0)) * usd_per_unit if lines else None,
        ledger_usd=None if take is None else take.cost_usd,
        take=take,
    )


def _same(difference: Difference) -> bool:
    """A take that is not settled yet agrees with nothing but a charge of nothing."""
    ours = difference.ledger_usd or Decimal(0)
    return abs((difference.invoice_usd or Decimal(0)) - ours) <= SAME_WITHIN_USD


def _paid(take: Take) -> bool:
    return _cost(take) > SAME_WITHIN_USD


def _cost(take: Take) -> Decimal:
    return take.cost_usd or Decimal(0)


def _within(take: Take, days: tuple[date, date] | None) -> bool:
    if days is None:
        return True
    return take.submitted_at is not None and days[0] <= take.submitted_at.date() <= days[1]
