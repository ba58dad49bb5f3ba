"""What happens when a vendor calls back? Webhooks: a server that takes calls, and a listener that wakes who waits.

A call is a wake-up and never a fact: it reaches whoever waits through the ledger, and they ask the vendor.

Who serves calls loads a web server, who waits for them does not: so what serves is loaded when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from render.callbacks.callback_server import Callbacks, listen
    from render.callbacks.public_url import read_public_url

__all__ = ["Callbacks", "listen", "read_public_url"]


def __getattr__(name: str) -> object:
    """The server, and what reads its address, with the libraries that they need."""
    if name == "read_public_url":
        from render.callbacks.public_url import read_public_url

        return read_public_url
    if name in {"Callbacks", "listen"}:
        from render.callbacks import callback_server

        return getattr(callback_server, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
