"""An order, as the ledger keeps it: the request that was claimed, so that any process can carry the take on."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, TypeAdapter, ValidationError

from render.errors import LedgerVersion
from storyboard.accounts import account_of
from storyboard.continuity.timing import with_rate
from storyboard.request import Request


def with_account(written: Any) -> Any:
    """What was written before there were accounts named an origin, scheme and host: whose account that was, as now."""
    match written:
        case {"provider": str(provider), "origin": str(origin)} if "account" not in written:
            return {**written, "account": account_of(provider, origin)}
    return written


_REQUEST: TypeAdapter[Request] = TypeAdapter(
    Annotated[Request, BeforeValidator(with_account), BeforeValidator(with_rate)]
)


def order_json(request: Request) -> str:
    """The request as text; `read_order` gives back an equal one."""
    return _REQUEST.dump_json(request).decode()


def read_order(text: str) -> Request:
    """The request that `order_json` wrote. Raises LedgerError where another version of Tailframe wrote it otherwise."""
    try:
        return _REQUEST.validate_json(text)
    except ValidationError as error:
        raise LedgerVersion(
            "an order in the ledger cannot be read; it was written by another version of Tailframe",
            f"Finish it with that version, or settle it with `tailframe reconcile`.\n{error}",
        ) from error
