"""A run's own log: one line for each thing that is decided, with why, and with shot, take, vendor and sums.

    decided(_LOG, "claimed", shot="e01/lamp/010", take=1, vendor="kinovi", reserved_usd=Decimal("0.40"), why="…")

Each is an ordinary record at INFO, so whoever runs this chooses where it goes; what it is made of travels along as
`record.decision`, for logs that are read by programs. Transitions of takes are logged by `render.ledger.transitions`
and nowhere else, each once its transaction is committed.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from decimal import Decimal

from render.redaction import redact
from storyboard.text.dollars import usd
from storyboard.text.printable import printable

__all__ = ["decided", "facts_of", "sentence_of"]

Fact = str | int | float | bool | Decimal | None


def decided(
    log: logging.Logger,
    decision: str,
    *,
    shot: str = "",
    take: int | None = None,
    vendor: str = "",
    why: str = "",
    **facts: Fact,
) -> None:
    """Log a decision. `shot` is EPISODE/SCENE/SHOT where one is meant, `vendor` the account that is asked.

    Facts that are None are left out; names of sums end in `_usd`. Secrets are taken out of every text.
    """
    if not log.isEnabledFor(logging.INFO):
        return
    told = {"decision": decision, "shot": shot, "take": take, "vendor": vendor, **facts, "why": why}
    clean = {name: _clean(value) for name, value in told.items() if value not in (None, "")}
    log.info("%s", sentence_of(clean), extra={"decision": clean})


def facts_of(record: logging.LogRecord) -> Mapping[str, str | int | float | bool]:
    """What a record of a decision is made of; nothing for any other record."""
    facts: Mapping[str, str | int | float | bool] = getattr(record, "decision", {})
    return facts


def _clean(value: Fact) -> str | int | float | bool:
    if isinstance(value, int | float):
        return value
    return usd(value).removeprefix("$") if isinstance(value, Decimal) else redact(printable(str(value)))


def sentence_of(told: Mapping[str, str | int | float | bool]) -> str:
    """What a decision is made of in words: `claimed e01/lamp/010:1 at kinovi, reserved $0.40: claimed by …`."""
    named = {"decision", "shot", "take", "vendor", "why"}
    about = f" {told['shot']}{':' if 'take' in told else ''}{told.get('take', '')}" if "shot" in told else ""
    at = f" at {told['vendor']}" if "vendor" in told else ""
    facts = "".join(f", {_fact(name, value)}" for name, value in told.items() if name not in named)
    why = f": {told['why']}" if "why" in told else ""
    return f"{told['decision']}{about}{at}{facts}{why}"


def _fact(name: str, value: object) -> str:
    if name.endswith("_usd"):
        return f"{name.removesuffix('_usd')} ${value}"
    return f"{name} {value}"
