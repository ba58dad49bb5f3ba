"""What can be asked of a ledger about approvals, for `ledger.read(approval_queries.approvals, series, episode)`.

Plain SQL, as in `render.ledger.queries`.
"""

from __future__ import annotations

from render.ledger import approval_rows as rows
from render.ledger.reader import ReadTransaction
from render.ledger.records import Approval
from storyboard.approval.covered_spending import SpendingCover, cover_of
from storyboard.approval_rules import Subject

_APPROVALS = "SELECT * FROM approvals WHERE series = :series AND episode = :episode"
_CHARGED = (
    "SELECT wish, variation, account, model, estimate_micros, reserved_micros, cost_micros, submitted_at FROM takes "
    "WHERE series = :series AND charged_episode = :episode AND submitted_at IS NOT NULL"
)


def approvals(tx: ReadTransaction, series: str, episode: str) -> tuple[Approval, ...]:
    """Everything that was ever approved of an episode, oldest first: what stands, and what was withdrawn."""
    found = tx.rows(f"{_APPROVALS} ORDER BY at, id", series=series, episode=episode)
    return tuple(rows.approval_from(row) for row in found)


def approval(tx: ReadTransaction, name: str) -> Approval | None:
    """The approval of this id; None where there is none."""
    found = tx.rows("SELECT * FROM approvals WHERE id = :id", id=name)
    return rows.approval_from(found[0]) if found else None


def standing(tx: ReadTransaction, series: str, episode: str, subject: Subject, hash_: str) -> Approval | None:
    """The oldest approval of this very content that nobody has withdrawn; None where there is none."""
    sql = f"{_APPROVALS} AND subject = :subject AND hash = :hash AND withdrawn_at IS NULL ORDER BY at, id"
    found = tx.rows(sql, series=series, episode=episode, subject=subject.value, hash=hash_)
    return rows.approval_from(found[0]) if found else None


def spending(tx: ReadTransaction, series: str, episode: str) -> SpendingCover:
    """What approvals of spending cover still, and what the episode has spent beyond them."""
    values = {"series": series, "episode": episode}
    approved = tx.rows(f"{_APPROVALS} AND subject = 'spending' ORDER BY at, id", **values)
    charged = tx.rows(_CHARGED, **values)
    return cover_of([rows.approved_spending_from(row) for row in approved], map(rows.charged_order_from, charged))
