"""Serves a room on a socket that listens already, so that its port is known before its link is printed."""

import os
import socket
from dataclasses import dataclass

import uvicorn

from flows.errors import UsageError
from flows.review.room import Room
from flows.review.room_app import application
from render.net.impatient_http import impatient_config

__all__ = ["Listening", "listen"]


@dataclass(frozen=True, slots=True)
class Listening:
    """A port that was had. Whoever opens it serves a room on it."""

    socket: socket.socket

    @property
    def port(self) -> int:
        """Its number."""
        number: int = self.socket.getsockname()[1]
        return number

    def serve(self, room: Room) -> None:
        """Answer until a signal ends the process. Pages that are open are let go of after two seconds."""
        uvicorn.Server(self.config(room)).run(sockets=[self.socket])

    def config(self, room: Room) -> uvicorn.Config:
        """How it is served."""
        return impatient_config(application(room), log_level="critical")


def listen(host: str, port: int) -> Listening:
    """Bind and listen on the port (0: any that is free). Raises UsageError where it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        standing = socket.create_server((host, port), family=family)
        standing.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else an answer's body waits for its head's ACK
        return Listening(standing)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise UsageError(f"{host} port {port} cannot be had ({why})", "Name others, or --port 0") from None
