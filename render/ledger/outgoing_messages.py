"""Messages to the outside: each is written in the transaction of the fact that it tells, so it is told if that is true.

The id of a message is made of what it is about. A step that is repeated, by whomever, so writes none twice, and
whoever receives one twice knows it again. Who is sent a message, and when, stands in `render.ledger.outgoing_sends`;
here nobody knows who listens. What each kind tells is in `render.ledger.message_facts`.
"""

from __future__ import annotations

import functools
import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select

from render.ledger.database import Transaction
from render.ledger.tables import outgoing_messages

_LOG = logging.getLogger(__name__)


class MessageKind(StrEnum):
    """What a message tells, as its `type` says it."""

    EPISODE_DONE = "episode.done"
    EPISODE_FAILED = "episode.failed"
    EPISODE_WAITS = "episode.waiting_for_approval"
    BUDGET_NEAR = "budget.near"
    ALARM = "alarm.raised"
    TAKE_UNKNOWN = "take.unknown"
    TEST = "webhook.test"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """One message, as it is kept and sent."""

    id: str  # `msg_` and 32 digits of hex; no full stop, which signatures part by
    kind: MessageKind
    series: str
    episode: str | None
    content: str  # JSON of `type`, `timestamp` and `data`; ASCII, the very text that is signed
    at: datetime


def message_id(*about: str) -> str:
    """The id of the message about this; the same for the same, whoever asks."""
    return f"msg_{hashlib.sha256(json.dumps(about).encode()).hexdigest()[:32]}"


def write_message(
    tx: Transaction,
    kind: MessageKind,
    about: tuple[str, ...],
    *,
    series: str,
    episode: str | None,
    data: Mapping[str, Any],
) -> OutgoingMessage | None:
    """Write a message down, and let the run's log say so once it is committed; None where it was written before.

    `about` names what it is about, once for all ledgers; `data` is JSON without secrets, see `said` for words.
    """
    message = OutgoingMessage(
        id=message_id(*about), kind=kind, series=series, episode=episode, content=_content(tx, kind, data), at=tx.now
    )
    if tx.conn.execute(select(outgoing_messages.c.id).where(outgoing_messages.c.id == message.id)).one_or_none():
        return None
    columns = {"id": message.id, "kind": kind.value, "content": message.content, "at": tx.now}
    tx.conn.execute(insert(outgoing_messages).values(**columns, series=series, episode=episode))
    tx.after_commit.append(functools.partial(_announce, message))
    return message


def message_of(record: logging.LogRecord) -> OutgoingMessage | None:
    """The message that a record of the run's log says was written; None for any other record."""
    found = getattr(record, "outgoing_message", None)
    return found if isinstance(found, OutgoingMessage) else None


def _content(tx: Transaction, kind: MessageKind, data: Mapping[str, Any]) -> str:
    at = tx.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"type": kind.value, "timestamp": at, "data": data}, separators=(",", ":"))


def _announce(message: OutgoingMessage) -> None:
    about = f"{message.series} {message.episode}" if message.episode else message.series
    _LOG.info("message %s of %s: %s", message.kind.value, about, message.id, extra={"outgoing_message": message})
