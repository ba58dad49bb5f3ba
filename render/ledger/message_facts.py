"""What each kind of message tells, and what makes it another one: facts of rows, and words that may leave.

No prompt, no link, no key and no path is in any of them. Sums are strings of dollars, times are those of the database.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from render.ledger.database import Transaction
from render.ledger.money import dollars
from render.ledger.outgoing_messages import MessageKind, write_message
from render.ledger.records import BudgetLine, RunId, Take
from render.ledger.tables import approvals, budgets, runs, takes
from render.redaction import redact_for_outsiders
from storyboard.shot_key import ShotKey, full_key
from storyboard.text.dollars import plain_usd
from storyboard.text.printable import one_line

MOST_CHARACTERS = 300
"""Of one sentence that is told."""

_READ_CHARACTERS = 16 * MOST_CHARACTERS
"""Of words, before links make them shorter: whoever wrote longer ones may have wanted that reading them takes hours."""

MOST_SHOTS = 40
"""Shots that failed and are told one by one; a message is to stay below 20 kB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedShot:
    """A shot that a run was to make and did not."""

    key: str  # SCENE/SHOT
    state: str  # as `status --json` calls it
    code: str
    words: str
    prompt: str = ""  # which the words may repeat, and the outside must not read


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnd:
    """How a run of an episode ended, as the outside is told."""

    exit_code: int
    code: str = ""  # of the error that ended it; empty where its shots say why
    words: str = ""
    shots: Mapping[str, int] = field(default_factory=dict)  # how many stand how
    failed: Sequence[FailedShot] = ()
    changed: bool = True  # whether anything was made; else the master is as it was
    master_sha256: str | None = None
    duration_s: Decimal | None = None  # of the master


@dataclass(frozen=True, slots=True)
class WaitingSubject:
    """What somebody has to approve before anything is ordered."""

    subject: str
    hash: str
    usd: Decimal | None  # of spending


def said(words: str, prompt: str = "") -> str:
    """Words of ours, of a vendor or a person, that may leave: on one line, short, and without what nobody may read."""
    line = one_line(redact_for_outsiders(words[:_READ_CHARACTERS], prompt))
    return line if len(line) <= MOST_CHARACTERS else f"{line[: MOST_CHARACTERS - 1]}…"


def tell_unknown(tx: Transaction, take: Take, event: int, words: str, run: str) -> None:
    """Nobody knows whether this order is paid for; `event` says so in the take's history."""
    data = _of_take(take, words, run) | {"reserved_usd": plain_usd(take.reserved_usd)}
    _tell_of_take(tx, MessageKind.TAKE_UNKNOWN, take, event, data)


def tell_alarm(tx: Transaction, take: Take, event: int, words: str, run: str) -> None:
    """A person should look at this take; `event` raised the alarm."""
    _tell_of_take(tx, MessageKind.ALARM, take, event, _of_take(take, words, run))


def tell_near(tx: Transaction, series: str, episode: str, line: BudgetLine) -> None:
    """Little is left under a cap, of whose row this is the first time; again only where the cap is another one."""
    assert line.cap_usd is not None
    about = (_first_run(tx, series), series, line.scope, line.key, plain_usd(line.cap_usd))
    data = {
        "series": series,
        "episode": episode,
        "scope": line.scope,
        "key": line.key,
        "cap_usd": plain_usd(line.cap_usd),
        "spent_usd": plain_usd(line.spent_usd),
        "reserved_usd": plain_usd(line.reserved_usd),
    }
    write_message(tx, MessageKind.BUDGET_NEAR, ("budget", *about), series=series, episode=episode, data=data)


def tell_run_end(tx: Transaction, run: RunId, end: RunEnd) -> None:
    """A run of an episode ended, with its master or without; once a run, and the first time counts."""
    row = tx.conn.execute(select(runs.c.series, runs.c.episode).where(runs.c.id == run)).one()
    done = end.exit_code == 0
    if done and end.master_sha256 is None:  # what was asked for is done, and is less than an episode
        return
    data: dict[str, Any] = {"series": row.series, "episode": row.episode, "run": run}
    data |= {"shots": dict(end.shots), "spent_usd": _spent(tx, row.series, run)}
    data |= _of_master(end) if done else _of_failure(tx, row.series, row.episode, end)
    kind = MessageKind.EPISODE_DONE if done else MessageKind.EPISODE_FAILED
    write_message(tx, kind, ("run", run), series=row.series, episode=row.episode, data=data)


def tell_waiting(tx: Transaction, series: str, episode: str, waiting: Sequence[WaitingSubject]) -> None:
    """Nothing of the episode is ordered before somebody approves it; once, until it is another, or somebody spoke."""
    same = (approvals.c.series == series, approvals.c.episode == episode)
    said_before = tx.conn.execute(select(func.count(), func.count(approvals.c.withdrawn_at)).where(*same)).one()
    hashes = [text for each in waiting for text in (each.subject, each.hash)]
    about = ("approval", _first_run(tx, series), series, episode, *map(str, said_before), *hashes)
    subjects = [
        {"subject": each.subject, "hash": each.hash, "usd": None if each.usd is None else plain_usd(each.usd)}
        for each in waiting
    ]
    data = {"series": series, "episode": episode, "subjects": subjects}
    write_message(tx, MessageKind.EPISODE_WAITS, about, series=series, episode=episode, data=data)


def _tell_of_take(tx: Transaction, kind: MessageKind, take: Take, event: int, data: Mapping[str, Any]) -> None:
    about = (kind.value, take.id, str(event))
    write_message(tx, kind, about, series=take.series, episode=ShotKey.parse(take.shot).episode, data=data)


def _of_take(take: Take, words: str, run: str) -> dict[str, Any]:
    return {
        "series": take.series,
        "episode": ShotKey.parse(take.shot).episode,
        "shot": take.shot,
        "take": take.number,
        "account": take.account,
        "run": run,
        "message": said(words, _prompt_of(take)),
    }


def _of_master(end: RunEnd) -> dict[str, Any]:
    length = None if end.duration_s is None else float(end.duration_s)
    return {"changed": end.changed, "master": {"sha256": end.master_sha256, "duration_s": length}}


def _of_failure(tx: Transaction, series: str, episode: str, end: RunEnd) -> dict[str, Any]:
    told = end.failed[:MOST_SHOTS]
    numbers = _newest_takes(tx, series, [full_key(episode, each.key) for each in told])
    shots = [
        {
            "shot": full_key(episode, each.key),
            "take": numbers.get(full_key(episode, each.key)),
            "state": each.state,
            "code": each.code,
            "message": said(each.words, each.prompt),
        }
        for each in told
    ]
    told_end = {"exit_code": end.exit_code, "code": end.code, "message": said(end.words)}
    return {**told_end, "failed": shots, "not_listed": len(end.failed) - len(told)}


def _newest_takes(tx: Transaction, series: str, shots: Sequence[str]) -> dict[str, int]:
    found = select(takes.c.shot, func.max(takes.c.number).label("number")).where(
        takes.c.series == series, takes.c.shot.in_(shots)
    )
    return {row.shot: row.number for row in tx.conn.execute(found.group_by(takes.c.shot))}


def _spent(tx: Transaction, series: str, run: RunId) -> str:
    own = (budgets.c.series == series, budgets.c.scope == "run", budgets.c.key == run)
    return plain_usd(dollars(tx.conn.execute(select(budgets.c.spent_micros).where(*own)).scalar_one_or_none() or 0))


def _first_run(tx: Transaction, series: str) -> str:
    """Names this ledger's history of the series: another ledger of the same series tells for itself."""
    first = select(runs.c.id).where(runs.c.series == series).order_by(runs.c.created_at, runs.c.id).limit(1)
    return tx.conn.execute(first).scalar_one_or_none() or ""


def _prompt_of(take: Take) -> str:
    try:
        prompt = json.loads(take.request_json or "{}").get("prompt")
    except (ValueError, AttributeError, RecursionError):
        return ""
    return prompt if isinstance(prompt, str) else ""
