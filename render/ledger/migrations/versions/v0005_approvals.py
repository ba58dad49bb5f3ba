"""What people approved before anything was paid for; notes that ask for a retake, and drawings on frames."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and room for what a note may hold beside its words. What stands in others stays as it is."""
    op.create_table(
        "approvals",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("series", sa.Text, nullable=False),
        sa.Column("episode", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("usd_micros", sa.BigInteger),
        sa.Column("approved_by", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.Text),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("subject IN ('animatic', 'spending', 'storyboard')", name="ck_approvals_subject"),
        sa.CheckConstraint("usd_micros BETWEEN 0 AND 1000000000000000000", name="ck_approvals_usd_micros"),
    )
    op.create_index("ix_approvals_series", "approvals", ["series", "episode"])
    op.add_column("notes", sa.Column("retake", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("notes", sa.Column("drawing", sa.Text))
