"""What `tailframe cancel` shows of orders that are out, and of their ends: a table, and JSON."""

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flows.terminal.printing import tell

if TYPE_CHECKING:
    from render.ledger import Take
    from render.takes.cancel import Cancellation
    from storyboard.capabilities import Capabilities

__all__ = ["can_end", "cancelled_json", "is_priced", "show_orders", "sold_by_vendors_of"]


def sold_by_vendors_of(takes: "Sequence[Take]") -> "dict[str, Capabilities]":
    """What each of the vendors sells that can be loaded today."""
    from render.errors import RenderError
    from render.providers.registry import capabilities_of
    from storyboard.errors import StoryboardError

    sold = {}
    for name in {take.provider for take in takes}:
        try:
            sold[name] = capabilities_of(name, dict(os.environ))
        except (RenderError, StoryboardError) as error:
            tell(f"{name} cannot be asked: {error}")
    return sold


def can_end(take: "Take", sold: "Mapping[str, Capabilities]") -> bool:
    """Whether its vendor ends jobs."""
    return take.provider in sold and sold[take.provider].cancels


def is_priced(take: "Take", sold: "Mapping[str, Capabilities]") -> bool:
    """Whether something is set aside for it, or it costs nothing anyway."""
    found = sold.get(take.provider)
    return bool(take.reserved_usd) or (found is not None and not found.paid)


def show_orders(takes: "Sequence[Take]", sold: "Mapping[str, Capabilities]") -> None:
    """A row a take: where it stands, what is set aside for it, and what can be done."""
    from rich.table import Table

    from flows.terminal.consoles import cell, news
    from storyboard.text.dollars import usd

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("take", "state", "vendor", "reserved", "what can be done"):
        table.add_column(
            heading, justify="right" if heading == "reserved" else "left", no_wrap=heading != "what can be done"
        )
    for take in takes:
        cost = usd(take.reserved_usd) if is_priced(take, sold) else "unknown"
        table.add_row(*map(cell, (_name(take), take.state.value, take.provider, cost, _what(take, sold))))
    news().print(table)


def cancelled_json(
    series: str, episode: str | None, ended: "Sequence[Cancellation]", sold: "Mapping[str, Capabilities]"
) -> dict[str, Any]:
    """What became of each order, for scripts."""
    return {
        "series": series,
        "episode": episode,
        "out": sum(each.out for each in ended),
        "takes": [_take_json(each, can_end=can_end(each.take, sold)) for each in ended],
    }


def _what(take: "Take", sold: "Mapping[str, Capabilities]") -> str:
    from storyboard.takes import TakeState

    if not can_end(take, sold):
        return "its vendor has no way to end it; it is asked how it stands"
    if take.state is TakeState.UNKNOWN:
        return "looked up, and ended where it is found"
    if take.state is TakeState.SUBMITTING:
        return "ended, once its order is answered"
    return "ended, unless it is finished by now"


def _name(take: "Take") -> str:
    return f"{take.shot}:{take.number}"


def _take_json(ended: "Cancellation", *, can_end: bool) -> dict[str, Any]:
    from storyboard.text.dollars import plain_usd

    take = ended.take
    return {
        "take": _name(take),
        "state": take.state.value,
        "out": ended.out,
        "can_end": can_end,
        "provider": take.provider,
        "account": take.account,
        "job_id": take.job_id,
        "charged": ended.charged,
        "cost_usd": None if take.cost_usd is None else plain_usd(take.cost_usd),
        "reserved_usd": plain_usd(take.reserved_usd),
        "message": ended.message,
    }
