"""Approvals as people read them, on a terminal, in a form, at a run's end: what waits, what changed, who said yes."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from storyboard.approval.content_changes import WHOLE, ContentChange, PartChange
from storyboard.approval_rules import Subject
from storyboard.text.dollars import plain_usd, usd
from storyboard.text.printable import printable

if TYPE_CHECKING:
    from flows.run.episode_approvals import SubjectStanding
    from render.ledger import Approval

__all__ = ["approvals_json", "lines_of", "told_changes", "told_waiting"]

_MOST_CHANGES = 12
"""Changes that are told one by one."""

_MOST_CHARACTERS = 60
"""Of a text that is told."""


def told_waiting(standing: "SubjectStanding", episode: str) -> Iterator[str]:
    """What a run waits for, and beneath it what changed."""
    approved = _approved(standing.before) if standing.changes else ""
    changed = f" (it changed since {approved})" if approved else ""
    usd_ = standing.content.usd
    what = f"the {standing.subject} of {episode}" if usd_ is None else f"spending {usd(usd_)} on {episode}"
    yield f"{what} is not approved{changed}{f'; {standing.obstacle}' if standing.obstacle else ''}"
    yield from (f"  {line}" for line in told_changes(standing.changes))


def lines_of(standing: "SubjectStanding") -> Iterator[str]:
    """One subject as a list shows it: how it stands, and beneath it what changed."""
    yield f"{_heading(standing)}: {_state(standing)}"
    for told in told_changes(standing.changes):
        yield f"  {told}"


def told_changes(changes: Sequence[ContentChange]) -> Iterator[str]:
    """Each change in a line; after some, how many more there are."""
    yield from map(_change, changes[:_MOST_CHANGES])
    if len(changes) > _MOST_CHANGES:
        yield f"… and {len(changes) - _MOST_CHANGES} more"


def approvals_json(standings: "Sequence[SubjectStanding]") -> list[dict[str, object]]:
    """The same for scripts: `plan --json`, `status --json` and `approve --json`."""
    return [
        {
            "subject": each.subject.value,
            "hash": each.content.hash,
            "usd": None if each.content.usd is None else plain_usd(each.content.usd),
            "waits": each.waits,
            "obstacle": each.obstacle or None,
            "approved": None if each.approval is None else _approved_json(each.approval),
            "before": None if each.before is None else _approved_json(each.before),
            "changes": list(map(_change_json, each.changes)),
        }
        for each in standings
    ]


def _change_json(change: ContentChange) -> dict[str, object]:
    parts = [{"part": each.part, "before": each.before, "now": each.now} for each in change.parts]
    return {"kind": change.kind.value, "shot": change.shot or None, "parts": parts}


def _approved_json(approval: "Approval") -> dict[str, object]:
    return {
        "id": approval.id,
        "hash": approval.hash,
        "by": approval.by,
        "at": approval.at.isoformat(),
        "words": approval.words,
    }


def _heading(standing: "SubjectStanding") -> str:
    if standing.subject is Subject.SPENDING and standing.content.usd:
        return f"spending of up to {usd(standing.content.usd)}"
    return str(standing.subject)


def _state(standing: "SubjectStanding") -> str:
    if standing.approval is not None:
        words = f": {standing.approval.words}" if standing.approval.words else ""
        return printable(f"approved by {_who(standing.approval)}{words}")
    if standing.subject is Subject.SPENDING and not standing.waits:
        return "within what needs no approval"
    waits = "waits for approval" if standing.waits else "not approved"
    if standing.obstacle:
        return f"{waits}; {standing.obstacle}"
    return f"{waits}; it changed since {_approved(standing.before)}" if standing.changes else waits


def _who(approval: "Approval | None") -> str:
    return "" if approval is None else printable(f"{approval.by} on {approval.at:%F %R} UTC")


def _approved(approval: "Approval | None") -> str:
    """`ann on studio-2 approved it on 2026-11-30 12:40 UTC`; empty for none."""
    return "" if approval is None else printable(f"{approval.by} approved it on {approval.at:%F %R} UTC")


def _change(change: ContentChange) -> str:
    what = "the whole" if change.shot == WHOLE else change.shot
    parts = "; ".join(map(_part, change.parts))
    return printable(f"{what} {change.kind}{f': {parts}' if parts else ''}")


def _part(part: PartChange) -> str:
    if not part.before and not part.now:
        return part.part
    return f"{part.part} from {_shortened(part.before)} to {_shortened(part.now)}"


def _shortened(text: str) -> str:
    short = text if len(text) <= _MOST_CHARACTERS else f"{text[: _MOST_CHARACTERS - 1]}…"
    return f'"{short}"' if text else "nothing"
