"""The first ledger: takes and their moves, money, choices, and what every run worked on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_LIVE = "state IN ('done', 'generated', 'planned', 'submitted', 'submitting', 'unknown')"

_UNCHANGED_SQLITE = """
CREATE TRIGGER events_are_never_{done} BEFORE {verb} ON events
BEGIN SELECT RAISE(ABORT, 'the ledger''s events are never {done}'); END
"""
_UNCHANGED_POSTGRESQL = (
    """
CREATE FUNCTION refuse_to_change_events() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the ledger''s events are never changed'; END $$
""",
    """
CREATE TRIGGER events_are_never_changed BEFORE UPDATE OR DELETE ON events
FOR EACH ROW EXECUTE FUNCTION refuse_to_change_events()
""",
)


def upgrade() -> None:
    """Make every table."""
    _make_runs()
    _make_takes()
    _make_openings_and_leases()
    _make_money()
    _make_choices()
    _make_events()


def _make_runs() -> None:
    op.create_table(
        "snapshots",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("series", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("series", sa.Text, nullable=False),
        sa.Column("episode", sa.Text, nullable=False),
        sa.Column("snapshot", sa.Text, sa.ForeignKey("snapshots.id"), nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("day_cap_micros", sa.BigInteger),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
    )
    op.create_index("ix_runs_series", "runs", ["series", "created_at"])


def _make_takes() -> None:
    op.create_table("takes", *_what_a_take_is(), *_what_it_costs(), *_what_it_gave(), *_what_holds_for_takes())
    op.create_index("ix_takes_series_wish", "takes", ["series", "wish"])
    op.create_index("ix_takes_origin_state", "takes", ["origin", "state"])
    op.create_index(
        "uq_takes_live_fingerprint",
        "takes",
        ["series", "origin", "fingerprint"],
        unique=True,
        sqlite_where=sa.text(_LIVE),
        postgresql_where=sa.text(_LIVE),
    )


def _what_a_take_is() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("series", sa.Text, nullable=False),
        sa.Column("shot", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("run", sa.Text, sa.ForeignKey("runs.id"), nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("wish", sa.Text, nullable=False),
        sa.Column("variation", sa.Integer, nullable=False),
        sa.Column("provider", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("asked_for", sa.Boolean, nullable=False),
        sa.Column("rejected", sa.Boolean, nullable=False),
        sa.Column("refused", sa.Boolean, nullable=False),
        sa.Column("fingerprint", sa.Text),
        sa.Column("request_json", sa.Text),
        sa.Column("continuity_clip", sa.Text),
        sa.Column("continuity_frame", sa.Integer),
        sa.Column("job_id", sa.Text),
        sa.Column("rival", sa.Text, sa.ForeignKey("takes.id")),
    ]


def _what_it_costs() -> list[sa.Column[object]]:
    return [
        sa.Column("estimate_micros", sa.BigInteger),
        sa.Column("reserved_micros", sa.BigInteger, nullable=False),
        sa.Column("cost_micros", sa.BigInteger),
        sa.Column("usage", sa.Text, nullable=False),
        sa.Column("charged_run", sa.Text, sa.ForeignKey("runs.id")),
        sa.Column("charged_episode", sa.Text),
        sa.Column("charged_day", sa.Text),
    ]


def _what_it_gave() -> list[sa.Column[object]]:
    return [
        sa.Column("clip", sa.Text),
        sa.Column("clip_url", sa.Text),
        sa.Column("clip_url_expires_at", _MOMENT),
        sa.Column("error_code", sa.Text),
        sa.Column("error_message", sa.Text),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("submitted_at", _MOMENT),
        sa.Column("ended_at", _MOMENT),
    ]


def _what_holds_for_takes() -> list[sa.Constraint]:
    return [
        sa.UniqueConstraint("run", "shot", "ordinal", name="uq_takes_run_shot_ordinal"),
        sa.UniqueConstraint("series", "shot", "number", name="uq_takes_series_shot_number"),
        sa.UniqueConstraint("origin", "job_id", name="uq_takes_origin_job"),
        sa.CheckConstraint("reserved_micros >= 0", name="ck_takes_reserved"),
        sa.CheckConstraint("state NOT IN ('submitted', 'generated') OR job_id IS NOT NULL", name="ck_takes_job"),
        sa.CheckConstraint("state <> 'submitting' OR fingerprint IS NOT NULL", name="ck_takes_fingerprint"),
        sa.CheckConstraint("state <> 'done' OR clip IS NOT NULL", name="ck_takes_clip"),
    ]


def _make_openings_and_leases() -> None:
    op.create_table(
        "openings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run", sa.Text, sa.ForeignKey("runs.id"), nullable=False),
        sa.Column("shot", sa.Text, nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("take", sa.Text, sa.ForeignKey("takes.id"), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.UniqueConstraint("run", "shot", "ordinal", name="uq_openings_run_shot_ordinal"),
    )
    op.create_index("ix_openings_take", "openings", ["take"])
    op.create_table(
        "leases",
        sa.Column("take", sa.Text, sa.ForeignKey("takes.id"), primary_key=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("granted_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
    )


def _make_money() -> None:
    op.create_table(
        "budgets",
        sa.Column("series", sa.Text, primary_key=True),
        sa.Column("scope", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("cap_micros", sa.BigInteger),
        sa.Column("spent_micros", sa.BigInteger, nullable=False),
        sa.Column("reserved_micros", sa.BigInteger, nullable=False),
        sa.CheckConstraint("spent_micros >= 0 AND reserved_micros >= 0", name="ck_budgets_sums"),
    )
    op.create_table(
        "origins",
        sa.Column("origin", sa.Text, primary_key=True),
        sa.Column("stopped_why", sa.Text),
        sa.Column("stopped_at", _MOMENT),
        sa.Column("acknowledged_event", sa.Integer, nullable=False),
    )
    op.create_table(
        "holds",
        sa.Column("series", sa.Text, primary_key=True),
        sa.Column("held_by", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )


def _make_choices() -> None:
    op.create_table(
        "circles",
        sa.Column("series", sa.Text, primary_key=True),
        sa.Column("shot", sa.Text, primary_key=True),
        sa.Column("take", sa.Text, sa.ForeignKey("takes.id")),
        sa.Column("by_person", sa.Boolean, nullable=False),
        sa.Column("waived", sa.Boolean, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )
    op.create_table(
        "derived",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )


def _make_events() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("take", sa.Text, sa.ForeignKey("takes.id"), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("from_state", sa.Text),
        sa.Column("to_state", sa.Text, nullable=False),
        sa.Column("run", sa.Text, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("alarm", sa.Boolean, nullable=False),
    )
    op.create_index("ix_events_take", "events", ["take"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_UNCHANGED_SQLITE.format(verb="UPDATE", done="changed"))
        op.execute(_UNCHANGED_SQLITE.format(verb="DELETE", done="deleted"))
    else:
        for statement in _UNCHANGED_POSTGRESQL:
            op.execute(statement)
