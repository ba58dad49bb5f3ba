"""Doors for vendors' callbacks, and who keeps them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make both tables. What stands in the others stays as it is."""
    op.create_table(
        "doors",
        sa.Column("take", sa.Text, sa.ForeignKey("takes.id"), primary_key=True),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("rung_at", _MOMENT),
        sa.Column("rings", sa.Integer, nullable=False),
        sa.Column("told_job", sa.Text),
        sa.UniqueConstraint("secret", name="uq_doors_secret"),
    )
    op.create_table(
        "doorkeepers",
        sa.Column("url", sa.Text, primary_key=True),
        sa.Column("seen_at", _MOMENT, nullable=False),
    )
