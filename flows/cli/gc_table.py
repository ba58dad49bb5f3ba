"""What `tailframe gc` says of a collection: for people as lines, for scripts as JSON."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from render.garbage_collection.whole_collection import Amount, Collected

__all__ = ["collected_json", "lines_of"]

_STAYS = {
    "named": "named by the ledger, a snapshot or an output",
    "wanted": "can be made again, and wanted lately",
    "young": "put lately",
    "open_orders": "put while orders were out that are out still",
    "earlier": "put before runs left their names in the store; --only-these takes them too",
}


def lines_of(collected: "Collected") -> Iterator[str]:
    """First what stays, then what goes."""
    fates, swept = {fate.value: amount for fate, amount in collected.fates.items()}, collected.swept
    yield from (_line("stays", fates[fate], words) for fate, words in _STAYS.items())
    for kind, amount in collected.kinds.items():
        yield _line("unused" if swept is None else "forgotten", amount, f"{kind}; removed by the first gc a day later")
    if swept is None:
        yield _line("goes", fates["unreferenced"], "nothing refers to")
        yield f"goes {collected.scratch:,} leftovers of dead processes"
    else:
        size = sum(blob.bytes for blob in swept.removed)
        yield f"removed {len(swept.removed):,} blobs of {_size(size)} that nothing refers to"
        yield f"removed {collected.scratch + swept.leftovers:,} leftovers of dead processes"


def collected_json(collected: "Collected") -> dict[str, Any]:
    """The same, with bytes as numbers."""
    fates, swept = {fate.value: _amount_json(amount) for fate, amount in collected.fates.items()}, collected.swept
    return {
        "store": collected.store,
        "stays": {fate: fates[fate] for fate in _STAYS},
        "unused": {kind: _amount_json(amount) for kind, amount in collected.kinds.items()},
        "goes": {"unreferenced": fates["unreferenced"], "scratch": collected.scratch},
        "obstacle": collected.obstacle or None,
        "removed": None
        if swept is None
        else {
            "recipes": swept.forgotten,
            "blobs": len(swept.removed),
            "bytes": sum(blob.bytes for blob in swept.removed),
            "leftovers": collected.scratch + swept.leftovers,
        },
    }


def _line(what: str, amount: "Amount", words: str) -> str:
    return f"{what} {amount.count:,} blobs of {_size(amount.bytes)}: {words}"


def _amount_json(amount: "Amount") -> dict[str, int]:
    return {"count": amount.count, "bytes": amount.bytes}


def _size(count: int) -> str:
    """Bytes as people read them."""
    if count < 1_000_000:
        return f"{count / 1_000:.1f} kB"
    return f"{count / 1_000_000:,.1f} MB" if count < 1_000_000_000 else f"{count / 1_000_000_000:,.1f} GB"
