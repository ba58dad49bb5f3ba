"""Messages to the outside as a person reads them: a row a send, then each endpoint with what it answered last."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from flows.terminal.consoles import cell
from render.ledger.outgoing_queries import DEAD, DELIVERED, PENDING

if TYPE_CHECKING:
    from render.ledger.outgoing_queries import SendStanding

__all__ = ["print_sends", "sends_json"]


def print_sends(
    console: Console, endpoints: Sequence[str], answers: Mapping[str, str], sends: "Sequence[SendStanding]"
) -> None:
    """The sends in the order of time, then the endpoints, and how many sends stand how."""
    if sends:
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
        for heading in ("written", "message", "tells", "endpoint", "state", "tries", "last answer"):
            table.add_column(heading, justify="right" if heading == "tries" else "left", no_wrap=heading == "message")
        for each in sends:
            table.add_row(*map(cell, _row(each)))
        console.print(table)
    for name in endpoints:
        console.print(cell(f"{name}: {answers.get(name) or 'never asked'}"))
    if not endpoints:
        console.print(cell("no endpoint: TAILFRAME_WEBHOOK_URL is not set"))
    words = {PENDING: "waiting", DEAD: "given up", DELIVERED: "delivered lately"}
    counts = [f"{sum(each.state == state for each in sends)} {word}" for state, word in words.items()]
    console.print(cell(", ".join(counts), style="bold"))


def sends_json(
    series: str, endpoints: Sequence[str], answers: Mapping[str, str], sends: "Sequence[SendStanding]"
) -> dict[str, Any]:
    """The same for scripts."""
    return {
        "series": series,
        "endpoints": [{"endpoint": name, "last_answer": answers.get(name)} for name in endpoints],
        "sends": [
            {
                "message": each.message,
                "type": each.kind,
                "episode": each.episode,
                "written_at": each.written_at.isoformat(),
                "endpoint": each.endpoint,
                "state": each.state,
                "attempts": each.attempts,
                "next_at": None if each.next_at is None else each.next_at.isoformat(),
                "last_answer": each.told or None,
            }
            for each in sends
        ],
    }


def _row(each: "SendStanding") -> tuple[str, ...]:
    about = f"{each.kind} {each.episode}" if each.episode else each.kind
    state = each.state if each.next_at is None else f"{each.state}, next {each.next_at:%F %T}"
    return (f"{each.written_at:%F %T}", each.message, about, each.endpoint, state, str(each.attempts), each.told)
