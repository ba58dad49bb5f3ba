"""Sends the messages of a ledger to the endpoints that the environment names: beside a run, or by itself.

    async with sending_meanwhile(workspace): ...       # a run: in its background, and for a few seconds at its end
    summary = await send_due(ledger, settings)         # what is due now, as a schedule asks for it

Neither delays or fails what a run does. Rehearsals tell nobody.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from flows.settings import Settings
from render.outgoing.webhook_endpoint import Endpoint, read_endpoints
from render.outgoing.webhook_signature import read_secrets

if TYPE_CHECKING:
    from flows.run.workspace import Workspace
    from render.ledger import Ledger
    from render.outgoing.webhook_sender import SendSummary, WebhookSender

__all__ = ["endpoints_of", "send_due", "sender_for", "sending_meanwhile"]

PARTING_S = 5.0
"""Seconds that a run spends at its end on what is still to be sent; the rest is left to whoever sends next."""


def endpoints_of(settings: Settings) -> tuple[Endpoint, ...]:
    """The endpoints that the environment names; none where it names none, or nothing to sign with."""
    urls, keys = settings.tailframe_webhook_url, settings.tailframe_webhook_secret
    return () if urls is None or keys is None else read_endpoints(urls.get_secret_value())


@contextlib.asynccontextmanager
async def sender_for(ledger: "Ledger", settings: Settings) -> "AsyncIterator[WebhookSender]":
    """Whoever sends this ledger's messages as the environment says; to nobody where it names no endpoint."""
    from render.outgoing.webhook_sender import WebhookSender

    keys = settings.tailframe_webhook_secret
    secrets = () if keys is None else read_secrets(keys.get_secret_value())
    sender = WebhookSender(ledger, endpoints_of(settings), secrets)
    try:
        yield sender
    finally:
        await sender.aclose()


async def send_due(ledger: "Ledger", settings: Settings) -> "SendSummary":
    """Send what is due now, and what became of it. Raises LedgerError; what endpoints do raises nothing."""
    async with sender_for(ledger, settings) as sender:
        return await sender.send_due()


@contextlib.asynccontextmanager
async def sending_meanwhile(workspace: "Workspace[Ledger]") -> AsyncIterator[None]:
    """Send what is written, by whomever, while this block lasts; at its end what is due, for `PARTING_S` at most."""
    if workspace.rehearsal or not endpoints_of(workspace.settings):
        yield
        return
    stop = asyncio.Event()
    async with sender_for(workspace.ledger, workspace.settings) as sender:
        sending = asyncio.create_task(sender.keep_sending(stop))
        try:
            yield
            await _parting(sending, stop)
        except Exception:  # a run that failed has something to tell; one that is interrupted ends at once
            await _parting(sending, stop)
            raise
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)


async def _parting(sending: "asyncio.Task[None]", stop: asyncio.Event) -> None:
    stop.set()
    await asyncio.wait({sending}, timeout=PARTING_S)
