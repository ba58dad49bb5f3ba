"""An order, as the ledger keeps it: the request that was claimed, so that any process can carry the take on."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError

from render.errors import LedgerError
from storyboard.request import Request

_REQUEST: TypeAdapter[Request] = TypeAdapter(Request)


def order_json(request: Request) -> str:
    """The request as text; `read_order` gives back an equal one."""
    return _REQUEST.dump_json(request).decode()


def read_order(text: str) -> Request:
    """The request that `order_json` wrote. Raises LedgerError where another version of Tailframe wrote it otherwise."""
    try:
        return _REQUEST.validate_json(text)
    except ValidationError as error:
        raise LedgerError(
            "an order in the ledger cannot be read; it was written by another version of Tailframe. "
            f"Finish it with that version, or settle it with `tailframe reconcile`.\n{error}"
        ) from error
