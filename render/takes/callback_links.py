"""Where a vendor may call back about one take, and whether a call that never came is worth waiting for.

Calls are answered by `render.callbacks`, in a process of its own; `render.ledger.callback_tokens` keeps the tokens.
"""

from __future__ import annotations

from render.context import RunContext
from render.errors import ForbiddenAddress, LedgerError
from render.ledger import Take, callback_tokens, queries
from render.net.addresses import check_url, is_loopback_url

LONGEST_LINK = 2048
"""Characters: the longest link for callbacks that a vendor's page allows."""


async def callback_link(context: RunContext, take: Take) -> str | None:
    """The link that this claim's order may carry, a secret between us and its vendor; None where nobody would answer.

    An order is never held up for it: where the ledger fails, it goes without.
    """
    capabilities = context.provider_of(take).capabilities
    if capabilities.callback_job is None:
        return None
    try:
        public_url = await context.read(callback_tokens.callback_server_url)
        if public_url is None or not _reaches(public_url, capabilities.origin):
            return None
        token = await context.write(callback_tokens.open_callback_link, take.id, context.owner.name)
    except LedgerError as error:
        context.watcher.note(f"{take.shot} is ordered without a callback, as its link could not be kept: {error}")
        return None
    return None if token is None else link_of(public_url, token)


def link_of(public_url: str, token: str) -> str:
    """The callback link with this token; `render.callbacks.callback_app` answers it."""
    return f"{public_url}/t/{token}"


async def may_be_called(context: RunContext, take: Take) -> bool:
    """Whether a vendor may still tell by a call what became of this order, and somebody is there to answer.

    Not where the vendor can simply be asked again, and not for longer than jobs take.
    """
    if context.provider_of(take).capabilities.replays_by_key or take.submitted_at is None:
        return False
    if await context.read(queries.now) - take.submitted_at > context.callback_patience:
        return False
    return (
        await context.read(queries.has_callback_link, take.id)
        and await context.read(callback_tokens.callback_server_url) is not None
    )


def _reaches(public_url: str, origin: str) -> bool:
    """Whether a vendor could call there: https for all the world, or this machine for a vendor that is on it."""
    try:
        check_url(public_url, allow_loopback=is_loopback_url(origin))
    except ForbiddenAddress:
        return False
    if is_loopback_url(public_url) and not is_loopback_url(origin):
        return False
    return len(link_of(public_url, "x" * 43)) <= LONGEST_LINK
