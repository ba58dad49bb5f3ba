"""Messages to the outside as Prefect events too: what a flow run commits, an automation may react to.

    tailframe.episode.done     of the resource tailframe.episode.SERIES.EPISODE, or tailframe.series.SERIES

The payload is the message's `data`. Prefect itself relates each event to the flow run that is under way.
"""

import asyncio
import contextlib
import contextvars
import json
import logging
from collections.abc import Iterator

from prefect.context import FlowRunContext
from prefect.events import emit_event

from flows.run.run_log import listening
from render.ledger.outgoing_messages import OutgoingMessage, message_of

__all__ = ["emit_message", "messages_emitted"]

_LOG = logging.getLogger(__name__)


@contextlib.contextmanager
def messages_emitted() -> Iterator[None]:
    """Emit each message that is committed within this block, by any thread, as an event of the flow run under way.

    Nothing without a flow run.
    """
    if FlowRunContext.get() is None:
        yield
        return
    with listening(_Emitting(asyncio.get_running_loop(), contextvars.copy_context())):
        yield


def emit_message(message: OutgoingMessage) -> None:
    """One message as an event. Where Prefect cannot be told, nothing is the worse for it."""
    about = f"{message.series}.{message.episode}" if message.episode else message.series
    resource = f"tailframe.{'episode' if message.episode else 'series'}.{about}"
    try:
        emit_event(
            f"tailframe.{message.kind.value}",
            {"prefect.resource.id": resource, "prefect.resource.name": about.replace(".", " ")},
            occurred=message.at,
            payload={"message": message.id, **json.loads(message.content)["data"]},
        )
    except Exception as error:  # whatever Prefect meets is no matter of the run's
        _LOG.warning("Prefect is not told of %s: %s", message.id, type(error).__name__)


class _Emitting(logging.Handler):
    """Records come from threads that know no flow run, so events are emitted from the run's own loop and context."""

    def __init__(self, loop: asyncio.AbstractEventLoop, context: contextvars.Context) -> None:
        super().__init__()
        self._loop, self._context = loop, context

    def emit(self, record: logging.LogRecord) -> None:
        """Emit the event of a record that says that a message was written."""
        message = message_of(record)
        if message is None:
            return
        with contextlib.suppress(RuntimeError):  # the loop is closed: the run is over
            self._loop.call_soon_threadsafe(emit_message, message, context=self._context)
