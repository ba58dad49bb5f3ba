"""Takes name accounts in place of origins, and the database itself holds every amount to be a whole number.

What becomes of the rows that meet then, and of sums that are none, says `render.ledger.earlier_values`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from render.ledger.earlier_values import BUDGET_SUMS, MOST_OF_A_TAKE, MOST_OF_ALL, TAKE_SUMS, Row, rewrite

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_LIVE = "state IN ('done', 'generated', 'planned', 'submitted', 'submitting', 'unknown')"
_NOW = {
    "sqlite": "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now') || '000'",
    "postgresql": "SELECT clock_timestamp()",
}


class _Tables:
    """The tables, within this step."""

    def rows(self, sql: str, **values: object) -> Sequence[Row]:
        return [dict(row) for row in op.get_bind().execute(sa.text(sql), values).mappings()]

    def change(self, sql: str, every: Sequence[Row]) -> None:
        if every:
            op.get_bind().execute(sa.text(sql), [dict(values) for values in every])

    def now(self) -> object:
        return op.get_bind().execute(sa.text(_NOW[op.get_bind().dialect.name])).scalar_one()


def upgrade() -> None:
    """Nothing is lost: every take, event and choice stays, and every sum that was one."""
    op.add_column("takes", sa.Column("account", sa.Text))
    op.add_column("takes", sa.Column("reported_micros", sa.BigInteger))
    op.create_table(
        "accounts",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("stopped_why", sa.Text),
        sa.Column("stopped_at", _MOMENT),
        sa.Column("acknowledged_event", sa.Integer, nullable=False),
    )
    rewrite(_Tables())
    op.drop_table("origins")
    if op.get_bind().dialect.name == "sqlite":
        _rebuild()
    else:
        _alter()
    _index_takes()


def _alter() -> None:
    """PostgreSQL changes tables where they stand."""
    op.drop_constraint("uq_takes_origin_job", "takes")
    op.drop_index("uq_takes_live_fingerprint", "takes")
    op.drop_index("ix_takes_origin_state", "takes")
    op.drop_index("ix_takes_series_wish", "takes")
    op.drop_column("takes", "origin")
    op.alter_column("takes", "account", nullable=False)
    op.create_unique_constraint("uq_takes_account_job", "takes", ["account", "job_id"])
    op.drop_constraint("ck_takes_reserved", "takes")
    op.drop_constraint("ck_budgets_sums", "budgets")
    for check in (
        *_checks("takes", MOST_OF_A_TAKE, *TAKE_SUMS, "reported_micros"),
        *_checks("budgets", MOST_OF_ALL, *BUDGET_SUMS),
    ):
        op.create_check_constraint(str(check.name), str(check.name).split("_")[1], check.sqltext)
    op.create_check_constraint("ck_runs_day_cap_micros", "runs", f"day_cap_micros BETWEEN 0 AND {MOST_OF_ALL}")


def _rebuild() -> None:
    """SQLite makes a table anew to give it a rule. Rows of other tables name it, and find it again by its name."""
    _remake("runs", *_run_columns(), *_checks("runs", MOST_OF_ALL, "day_cap_micros"))
    op.create_index("ix_runs_series", "runs", ["series", "created_at"])
    _remake("takes", *_take_columns(), *_take_rules(), *_checks("takes", MOST_OF_A_TAKE, *TAKE_SUMS, "reported_micros"))
    _remake("budgets", *_budget_columns(), *_checks("budgets", MOST_OF_ALL, *BUDGET_SUMS))


def _remake(table: str, *parts: sa.Column[Any] | sa.Constraint) -> None:
    new = f"new_{table}"
    op.create_table(new, *parts)
    names = ", ".join(f'"{part.name}"' for part in parts if isinstance(part, sa.Column))
    op.execute(f"INSERT INTO {new} ({names}) SELECT {names} FROM {table}")  # noqa: S608  names of this very step
    op.drop_table(table)
    op.rename_table(new, table)


def _checks(table: str, most: int, *columns: str) -> list[sa.CheckConstraint]:
    """An amount is a whole number within bounds. SQLite alone has to be told that it is a number."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    whole = "typeof({0}) IN ('integer', 'null') AND " if sqlite else ""
    check = whole + f"{{0}} BETWEEN 0 AND {most}"
    return [sa.CheckConstraint(check.format(column), name=f"ck_{table}_{column}") for column in columns]


def _index_takes() -> None:
    op.create_index("ix_takes_series_wish", "takes", ["series", "wish"])
    op.create_index("ix_takes_account_state", "takes", ["account", "state"])
    op.create_index(
        "uq_takes_live_fingerprint",
        "takes",
        ["series", "account", "fingerprint"],
        unique=True,
        sqlite_where=sa.text(_LIVE),
        postgresql_where=sa.text(_LIVE),
    )


def _run_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("series", sa.Text, nullable=False),
        sa.Column("episode", sa.Text, nullable=False),
        sa.Column("snapshot", sa.Text, sa.ForeignKey("snapshots.id"), nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("day_cap_micros", sa.BigInteger),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
    ]


def _take_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Text, primary_key=True),
        *_needed(sa.Text, "series", "shot"),
        *_needed(sa.Integer, "number"),
        sa.Column("run", sa.Text, sa.ForeignKey("runs.id"), nullable=False),
        *_needed(sa.Integer, "ordinal"),
        *_needed(sa.Text, "state", "wish"),
        *_needed(sa.Integer, "variation"),
        *_needed(sa.Text, "provider", "account", "model"),
        *_needed(sa.Boolean, "asked_for", "rejected", "refused"),
        *_optional(sa.Text, "fingerprint", "request_json", "continuity_clip"),
        *_optional(sa.Integer, "continuity_frame"),
        *_optional(sa.Text, "job_id"),
        sa.Column("rival", sa.Text, sa.ForeignKey("takes.id")),
        *_optional(sa.BigInteger, "estimate_micros"),
        *_needed(sa.BigInteger, "reserved_micros"),
        *_optional(sa.BigInteger, "cost_micros", "reported_micros"),
        *_needed(sa.Text, "usage"),
        sa.Column("charged_run", sa.Text, sa.ForeignKey("runs.id")),
        *_optional(sa.Text, "charged_episode", "charged_day", "clip", "clip_url"),
        *_optional(_MOMENT, "clip_url_expires_at"),
        *_optional(sa.Text, "error_code", "error_message"),
        *_needed(_MOMENT, "created_at"),
        *_optional(_MOMENT, "submitted_at", "ended_at"),
    ]


def _take_rules() -> list[sa.Constraint]:
    return [
        sa.UniqueConstraint("run", "shot", "ordinal", name="uq_takes_run_shot_ordinal"),
        sa.UniqueConstraint("series", "shot", "number", name="uq_takes_series_shot_number"),
        sa.UniqueConstraint("account", "job_id", name="uq_takes_account_job"),
        sa.CheckConstraint("state NOT IN ('submitted', 'generated') OR job_id IS NOT NULL", name="ck_takes_job"),
        sa.CheckConstraint("state <> 'submitting' OR fingerprint IS NOT NULL", name="ck_takes_fingerprint"),
        sa.CheckConstraint("state <> 'done' OR clip IS NOT NULL", name="ck_takes_clip"),
    ]


def _budget_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("series", sa.Text, primary_key=True),
        sa.Column("scope", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        *_optional(sa.BigInteger, "cap_micros"),
        *_needed(sa.BigInteger, "spent_micros", "reserved_micros"),
    ]


def _needed(kind: Any, *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name in names]


def _optional(kind: Any, *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind) for name in names]
