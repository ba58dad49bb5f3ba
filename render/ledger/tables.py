"""The ledger's tables, as its code sees them. The migrations make them; a test holds the two to each other.

Amounts are whole micro-dollars within bounds, which the database checks too. Times are UTC and come from the database's
own clock.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.types import TypeDecorator

from render.errors import LedgerDamaged
from render.ledger.money import MOST_MICROS, MOST_SUM_MICROS
from storyboard.takes import LIVE


class Moment(TypeDecorator[datetime]):
    """A point in time: aware and UTC in Python, `timestamptz` in PostgreSQL, plain UTC text in SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """Whatever text stands there: a time, or an error that says so."""
        read = super().result_processor(dialect, coltype)

        def checked(value: Any) -> datetime | None:
            try:
                return value if read is None else read(value)
            except (ValueError, TypeError) as error:
                raise LedgerDamaged(
                    f"the ledger holds a time that no Tailframe wrote ({str(value)[:40]!a})",
                    "Restore a backup of it, or name another",
                ) from error

        return checked

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Naive times are refused: nobody could say what they mean."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time in the ledger needs a time zone, {value} has none")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Always aware, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _one_of(column: str, values: frozenset[str]) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in sorted(values))})"


def _sums(table: str, most: int, *columns: str) -> list[CheckConstraint]:
    """Amounts are whole and within bounds. To SQLite, which takes anything into any column, migrations say both."""
    bounded = (f"{column} BETWEEN 0 AND {most}" for column in columns)
    return [CheckConstraint(check, name=f"ck_{table}_{column}") for column, check in zip(columns, bounded, strict=True)]


LIVE_SQL = _one_of("state", frozenset(LIVE))

metadata = MetaData()

snapshots = Table(
    "snapshots",
    metadata,
    Column("id", Text, primary_key=True),
    Column("series", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("series", Text, nullable=False),
    Column("episode", Text, nullable=False),
    Column("snapshot", Text, ForeignKey("snapshots.id"), nullable=False),
    Column("host", Text, nullable=False),
    Column("asked", Text, nullable=False),  # the retakes it was asked for, in one form; empty where it was not
    Column("day_cap_micros", BigInteger),
    Column("created_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("orders_until", Moment),  # no claim of it is granted after this
    *_sums("runs", MOST_SUM_MICROS, "day_cap_micros"),
    Index("ix_runs_series", "series", "created_at"),
)

takes = Table(
    "takes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("series", Text, nullable=False),
    Column("shot", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("run", Text, ForeignKey("runs.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("wish", Text, nullable=False),
    Column("variation", Integer, nullable=False),
    Column("provider", Text, nullable=False),
    Column("account", Text, nullable=False),  # see `storyboard.accounts`
    Column("model", Text, nullable=False),
    Column("asked_for", Boolean, nullable=False),
    Column("rejected", Boolean, nullable=False),
    Column("refused", Boolean, nullable=False),
    Column("fingerprint", Text),
    Column("request_json", Text),
    Column("continuity_clip", Text),
    Column("continuity_frame", Integer),
    Column("job_id", Text),
    Column("rival", Text, ForeignKey("takes.id")),
    Column("estimate_micros", BigInteger),  # what the claim reserved; stays for comparison
    Column("reserved_micros", BigInteger, nullable=False),
    Column("cost_micros", BigInteger),
    Column("reported_micros", BigInteger),  # what the vendor itself told; NULL where it told nothing, or nonsense
    Column("usage", Text, nullable=False),
    Column("charged_run", Text, ForeignKey("runs.id")),  # with the next two: the budget rows that it counts in
    Column("charged_episode", Text),
    Column("charged_day", Text),
    Column("clip", Text),  # JSON of its facts
    Column("clip_url", Text),
    Column("clip_url_expires_at", Moment),
    Column("error_code", Text),
    Column("error_message", Text),
    Column("created_at", Moment, nullable=False),
    Column("submitted_at", Moment),
    Column("ended_at", Moment),
    UniqueConstraint("run", "shot", "ordinal", name="uq_takes_run_shot_ordinal"),
    UniqueConstraint("series", "shot", "number", name="uq_takes_series_shot_number"),
    UniqueConstraint("account", "job_id", name="uq_takes_account_job"),
    *_sums("takes", MOST_MICROS, "estimate_micros", "reserved_micros", "cost_micros", "reported_micros"),
    CheckConstraint("state NOT IN ('submitted', 'generated') OR job_id IS NOT NULL", name="ck_takes_job"),
    CheckConstraint("state <> 'submitting' OR fingerprint IS NOT NULL", name="ck_takes_fingerprint"),
    CheckConstraint("state <> 'done' OR clip IS NOT NULL", name="ck_takes_clip"),
    Index("ix_takes_series_wish", "series", "wish"),
    Index("ix_takes_account_state", "account", "state"),
    Index("ix_takes_series_state", "series", "state"),
    Index("ix_takes_account_submitted", "account", "submitted_at"),
    Index("ix_takes_charged", "series", "charged_episode"),
)
Index(
    "uq_takes_live_fingerprint",
    takes.c.series,
    takes.c.account,
    takes.c.fingerprint,
    unique=True,
    sqlite_where=text(LIVE_SQL),
    postgresql_where=text(LIVE_SQL),
)

openings = Table(
    "openings",
    metadata,
    Column("id", Integer, primary_key=True),  # rises with time: a later wish of a shot outranks an earlier one
    Column("run", Text, ForeignKey("runs.id"), nullable=False),
    Column("shot", Text, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("take", Text, ForeignKey("takes.id"), nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("run", "shot", "ordinal", name="uq_openings_run_shot_ordinal"),
    Index("ix_openings_take", "take"),
)

leases = Table(
    "leases",
    metadata,
    Column("take", Text, ForeignKey("takes.id"), primary_key=True),
    Column("owner", Text, nullable=False),
    Column("granted_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

budgets = Table(
    "budgets",
    metadata,
    Column("series", Text, primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("cap_micros", BigInteger),
    Column("spent_micros", BigInteger, nullable=False),
    Column("reserved_micros", BigInteger, nullable=False),
    *_sums("budgets", MOST_SUM_MICROS, "cap_micros", "spent_micros", "reserved_micros"),
)

circles = Table(
    "circles",
    metadata,
    Column("series", Text, primary_key=True),
    Column("shot", Text, primary_key=True),
    Column("take", Text, ForeignKey("takes.id")),
    Column("by_person", Boolean, nullable=False),
    Column("waived", Boolean, nullable=False),
    Column("words", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("take", Text, ForeignKey("takes.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("from_state", Text),
    Column("to_state", Text, nullable=False),
    Column("run", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("alarm", Boolean, nullable=False),
    Index("ix_events_take", "take"),
)
Index("ix_events_alarm", events.c.id, sqlite_where=text("alarm"), postgresql_where=text("alarm"))

accounts = Table(
    "accounts",
    metadata,
    Column("account", Text, primary_key=True),
    Column("stopped_why", Text),
    Column("stopped_at", Moment),
    Column("acknowledged_event", Integer, nullable=False),
)

holds = Table(
    "holds",
    metadata,
    Column("series", Text, primary_key=True),
    Column("held_by", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

notes = Table(
    "notes",
    metadata,
    Column("id", Text, primary_key=True),  # of whoever wrote it: the same note comes in once
    Column("take", Text, ForeignKey("takes.id"), nullable=False),
    Column("frame", Integer),  # of the clip, from 0; NULL: the whole of it
    Column("words", Text, nullable=False),
    Column("written_by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("retake", Boolean, nullable=False, server_default=false()),  # asks for another take
    Column("drawing", Text),  # JSON of its strokes; see `render.ledger.drawings`
    Index("ix_notes_take", "take"),
)

approvals = Table(
    "approvals",
    metadata,
    Column("id", Text, primary_key=True),
    Column("series", Text, nullable=False),
    Column("episode", Text, nullable=False),
    Column("subject", Text, nullable=False),  # storyboard, animatic, spending
    Column("hash", Text, nullable=False),  # of what was approved
    Column("content", Text, nullable=False),  # JSON of what was approved, from which a change is told
    Column("usd_micros", BigInteger),  # of spending: up to this
    Column("approved_by", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("withdrawn_by", Text),
    Column("withdrawn_at", Moment),
    CheckConstraint("subject IN ('animatic', 'spending', 'storyboard')", name="ck_approvals_subject"),
    *_sums("approvals", MOST_SUM_MICROS, "usd_micros"),
    Index("ix_approvals_series", "series", "episode"),
)

derived = Table(
    "derived",
    metadata,
    Column("key", Text, primary_key=True),
    Column("sha256", Text, nullable=False),  # of a blob; see `render.ledger.signing_secret` for the one that is not
    Column("at", Moment, nullable=False),
    Column("used_at", Moment),  # when it was last wanted, to the day; NULL: not since it was made
)

outgoing_messages = Table(
    "outgoing_messages",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("series", Text, nullable=False),
    Column("episode", Text),
    Column("content", Text, nullable=False),  # JSON, as it is sent and signed
    Column("at", Moment, nullable=False),
    Index("ix_outgoing_messages_at", "at"),
)

outgoing_sends = Table(
    "outgoing_sends",
    metadata,
    Column("message", Text, ForeignKey("outgoing_messages.id"), primary_key=True),
    Column("endpoint", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Moment),
    Column("told", Text, nullable=False),  # what the endpoint answered last
    Column("at", Moment, nullable=False),
    CheckConstraint("state IN ('dead', 'delivered', 'pending')", name="ck_outgoing_sends_state"),
    Index("ix_outgoing_sends_state", "state", "next_at"),
)

# The names `doors`, `doorkeepers`, `rings` and `rung_at` are those of the released schema, and stay; everywhere else
# these are callback links, callback servers, and callbacks that came. `rings` counts them.
callback_links = Table(
    "doors",
    metadata,
    Column("take", Text, ForeignKey("takes.id"), primary_key=True),
    Column("secret", Text, nullable=False),  # sha256 of the token in the link; the token itself is kept nowhere
    Column("opened_at", Moment, nullable=False),
    Column("rung_at", Moment),  # the last callback
    Column("rings", Integer, nullable=False),
    Column("told_job", Text),  # what a callback names; believed by nobody before the vendor confirms it
    UniqueConstraint("secret", name="uq_doors_secret"),
)

callback_servers = Table(
    "doorkeepers",
    metadata,
    Column("url", Text, primary_key=True),
    Column("seen_at", Moment, nullable=False),
)
