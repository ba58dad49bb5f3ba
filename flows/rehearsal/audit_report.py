"""The audit of a rehearsal in words for a person, and as JSON for scripts."""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from flows.rehearsal.audit import Audit, Bill
from flows.rehearsal.lost_answers import LostAnswer
from storyboard.text.dollars import plain_usd, usd

__all__ = ["account_json", "account_lines"]

_WIDTH = 14
_SETTLED = {
    "list": "found in the vendor's own list of jobs",
    "key": "named again by its key",
    "late": "the answer came after all",
    "": "still not settled",
}


def account_lines(audit: Audit) -> Iterator[str]:
    """The audit, line by line: how it ended, what was done, what went wrong, what it would have cost."""
    yield _headline(audit)
    for left in audit.rehearsed.left:
        yield f"  {left.key} {left.state.value}{f': {left.message}' if left.message else ''}"
    yield from ("", *_what_was_done(audit), *_what_went_wrong(audit), *_what_it_would_have_cost(audit))


def _headline(audit: Audit) -> str:
    rehearsed, name = audit.rehearsed, f"{audit.series} {audit.episode}"
    rounds = _count(rehearsed.rounds, "round")
    if rehearsed.nothing_new:
        return f"{name} was rehearsed to its end before; nothing was ordered now. --fresh begins anew"
    if rehearsed.complete:
        return f"{name} is complete after {rounds}, and nothing was paid"
    if not rehearsed.outcomes:
        return f"{name} was refused before anything was ordered"
    left = f"{len(rehearsed.left)} of {_count(len(rehearsed.outcomes), 'shot')} missing"
    return f"{name} is not complete after {rounds}, {left}; nothing was paid. The same command goes on from here"


def _what_was_done(audit: Audit) -> Iterator[str]:
    jobs = sum(bill.jobs for bill in audit.bills)
    yield _line("ordered", f"{_count(audit.orders, 'order')} sent, {_count(jobs, 'job')} at the vendors")
    yield _line("takes", ", ".join(f"{count} {state}" for state, count in audit.takes.items() if count) or "none")


def _what_went_wrong(audit: Audit) -> Iterator[str]:
    met: Counter[str] = Counter()
    for (_, where, what, when), times in audit.faults_met.items():
        met[f"{where} {what}{' after the job existed' if when == 'after' else ''}"] += times
    waiting = f"; {audit.faults_waiting} planned and not met" if audit.faults_waiting else ""
    yield _line("faults met", f"{met.total()}{waiting}")
    yield from _line_each(f"{times} x {fault}" for fault, times in sorted(met.items()))
    yield _line("lost answers", str(len(audit.lost)))
    yield from _line_each(_lost_line(each) for each in audit.lost)


def _lost_line(lost: LostAnswer) -> str:
    how = f"by a look at its page: {lost.command}" if lost.command else _SETTLED[lost.settled]
    return f"{lost.take} at {lost.provider}, {how}"


def _what_it_would_have_cost(audit: Audit) -> Iterator[str]:
    yield _line("would cost", _sum(audit.spent_usd, audit.unpriced_takes))
    for bill in audit.bills:
        yield from _line_each(_bill_lines(bill))
    if audit.produce_refuses:
        yield _line("budget", "not held, as a price is unknown: `produce` refuses this until it is stated")
    if audit.disagreements:
        yield _line("BOOKS DISAGREE", "this is a mistake in Tailframe; please report it with .tailframe/rehearsals")
        yield from _line_each(audit.disagreements)
    else:
        yield _line("books", "the ledger and the vendors' own books agree")


def _bill_lines(bill: Bill) -> Iterator[str]:
    parts = [f"{bill.provider} {_sum(bill.spent_usd, bill.unpriced_takes)}"]
    parts += [f"by {bill.prices}"] if bill.prices else ["no price is published; state one under `prices:`"]
    if bill.failed_usd:
        parts.append(f"{usd(bill.failed_usd)} of it for takes that gave no clip")
    yield ", ".join(parts)
    own = "no price" if bill.charged_usd is None else usd(bill.charged_usd)
    more = Decimal(0) if bill.charged_usd is None else bill.spent_usd - bill.charged_usd
    upper = f" (the ledger keeps {usd(more)} more: the most that those orders may cost)" if more > 0 else ""
    yield f"  in its own books: {_count(bill.jobs, 'job')}, {own}{upper}"


def _sum(spent_usd: Decimal, unpriced_takes: int) -> str:
    unknown = f"unknown for {_count(unpriced_takes, 'take')}" if unpriced_takes else ""
    known = usd(spent_usd) if spent_usd or not unknown else ""
    return ", and ".join(filter(None, [known, unknown]))


def _line(title: str, text: str) -> str:
    return f"{title:<{_WIDTH}}  {text}"


def _line_each(texts: Iterable[str]) -> Iterator[str]:
    return (f"{'':<{_WIDTH}}  {text}" for text in texts)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def account_json(audit: Audit) -> dict[str, Any]:
    """The audit as `rehearse --json` prints it. Money is strings of US dollars; null where nobody knows."""
    rehearsed = audit.rehearsed
    return {
        "series": audit.series,
        "episode": audit.episode,
        "complete": rehearsed.complete,
        "master": None if rehearsed.master is None else str(rehearsed.master),
        "rounds": rehearsed.rounds,
        "orders": audit.orders,
        "takes": dict(audit.takes),
        "left": [{"key": each.key, "state": each.state.value, "message": each.message} for each in rehearsed.left],
        "lost_answers": [
            {
                "take": each.take,
                "provider": each.provider,
                "job_id": each.job_id,
                "settled": each.settled or None,
                "command": each.command,
            }
            for each in audit.lost
        ],
        "faults": {
            "met": [
                {"vendor": vendor, "where": where, "what": what, "when": when, "times": times}
                for (vendor, where, what, when), times in audit.faults_met.items()
            ],
            "waiting": audit.faults_waiting,
        },
        "cost_usd": plain_usd(audit.spent_usd),
        "unpriced_takes": audit.unpriced_takes,
        "produce_refuses": audit.produce_refuses,
        "vendors": [_bill_json(bill) for bill in audit.bills],
        "disagreements": list(audit.disagreements),
    }


def _bill_json(bill: Bill) -> dict[str, Any]:
    return {
        "provider": bill.provider,
        "takes": bill.takes,
        "jobs": bill.jobs,
        "cost_usd": plain_usd(bill.spent_usd),
        "failed_usd": plain_usd(bill.failed_usd),
        "charged_usd": None if bill.charged_usd is None else plain_usd(bill.charged_usd),
        "unpriced_takes": bill.unpriced_takes,
        "prices": bill.prices or None,
    }
