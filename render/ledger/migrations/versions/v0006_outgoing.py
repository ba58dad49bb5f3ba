"""Messages to the outside and who got them; when a derived blob was last wanted; until when a run may order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, the columns, and indexes for large ledgers. What stands in others stays as it is."""
    op.create_table(
        "outgoing_messages",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("series", sa.Text, nullable=False),
        sa.Column("episode", sa.Text),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_outgoing_messages_at", "outgoing_messages", ["at"])
    op.create_table(
        "outgoing_sends",
        sa.Column("message", sa.Text, sa.ForeignKey("outgoing_messages.id"), primary_key=True),
        sa.Column("endpoint", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True)),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('dead', 'delivered', 'pending')", name="ck_outgoing_sends_state"),
    )
    op.create_index("ix_outgoing_sends_state", "outgoing_sends", ["state", "next_at"])
    op.add_column("derived", sa.Column("used_at", sa.DateTime(timezone=True)))
    op.add_column("runs", sa.Column("orders_until", sa.DateTime(timezone=True)))
    op.create_index("ix_takes_series_state", "takes", ["series", "state"])
    op.create_index("ix_takes_account_submitted", "takes", ["account", "submitted_at"])
    op.create_index("ix_takes_charged", "takes", ["series", "charged_episode"])
    alarms = sa.text("alarm")
    op.create_index("ix_events_alarm", "events", ["id"], sqlite_where=alarms, postgresql_where=alarms)
