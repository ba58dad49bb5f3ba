"""How it is said of a stale shot since when it is that, and what it costs to make again."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from storyboard.text.dollars import plain_usd, usd

__all__ = ["stale_json", "told_again", "told_since"]


def told_since(since: datetime | None, edit: str) -> str:
    """Since when a shot is stale, as it stands behind why; empty where nobody knows."""
    if since is None:
        return ""
    at = f"{since.astimezone(UTC):%F %R} UTC"
    return f" (an edit of {edit}, at {at} or before)" if edit else f" (since {at})"


def told_again(most_usd: Decimal | None) -> str:
    """What it would cost to make again, alone; None: not known."""
    return f"made again, {'at a price that is not known' if most_usd is None else f'{usd(most_usd)} at most'}"


def stale_json(why: str, since: datetime | None, edit: str, again_usd: Decimal | None) -> dict[str, Any]:
    """The same for scripts."""
    return {
        "why": why,
        "since": None if since is None else since.isoformat(),
        "edited": edit or None,
        "again_usd": None if again_usd is None else plain_usd(again_usd),
    }
