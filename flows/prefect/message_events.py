"""Messages to the outside as Prefect events too: what a flow run commits, an automation may react to.

    tailframe.episode.done     of the resource tailframe.episode.SERIES.EPISODE, or tailframe.series.SERIES

The payload is the message's `data`. Prefect itself relates each event to the flow run that is under way.
"""

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
    with listening(_Emitting(contextvars.copy_context())):
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
    """Records come from threads that know no flow run, so events are emitted in the context of the run."""

    def __init__(self, context: contextvars.Context) -> None:
        super().__init__()
        self._context = context

    def emit(self, record: logging.LogRecord) -> None:
        """Emit the event of a record that says that a message was written."""
        message = message_of(record)
        if message is not None:
            self._context.copy().run(emit_message, message)
