"""The room as an ASGI application: its routes, who watches beside them, and the guard before all of it."""

import asyncio
import contextlib
import traceback
from collections.abc import AsyncIterator
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from flows.review.deeds import Deeds
from flows.review.episode_pages import EpisodePages
from flows.review.form_data import FormRefused, read_form
from flows.review.gate import Session
from flows.review.media_routes import MediaRoutes
from flows.review.request_guard import RequestGuard
from flows.review.retakes import Retakes
from flows.review.room import Room
from flows.review.room_answers import answering, shown
from flows.review.series_pages import SeriesPages

__all__ = ["application"]


def application(room: Room) -> ASGIApp:
    """The application of one room, which lives as long as its server does."""
    retakes = Retakes(room)
    looked_at = {**SeriesPages(room).endpoints(), **EpisodePages(room).endpoints(), **retakes.pages()}
    looked_at |= MediaRoutes(room).endpoints()
    done = {**Deeds(room).endpoints(), **retakes.deeds()}
    routes = [Route(path, answering(room, each), methods=["GET"]) for path, each in looked_at.items()]
    routes += [Route(path, answering(room, each), methods=["POST"]) for path, each in done.items()]
    door = _Door(room)
    routes.append(Route("/enter", door.enter, methods=["POST"]))

    async def failed(request: Request, error: Exception) -> Response:
        return await _unexpected(room, request, error)

    async def refused(request: Request, error: Exception) -> Response:
        return await _not_there(room, request, error)

    app = Starlette(
        routes=routes,
        lifespan=lambda _: _beside(room),
        exception_handlers={HTTPException: refused, Exception: failed},
    )
    app.router.redirect_slashes = False
    return RequestGuard(app, gate=room.gate, door=door.answer)


@contextlib.asynccontextmanager
async def _beside(room: Room) -> AsyncIterator[None]:
    """What goes on beside the pages."""
    room.loop = asyncio.get_running_loop()
    room.readings.begin()
    watching = asyncio.create_task(room.streams.watch())
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await room.made.aclose()
        room.loop = None


class _Door:
    """Lets browsers in: by a link's token, or by one that a person types."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def answer(self, request: Request) -> Response:
        """What somebody without a session is told, whatever they asked for."""
        token = request.query_params.get("token", "")
        if request.method == "GET" and request.url.path == "/" and token:
            return self._entered(token)
        if request.method != "GET" or "text/html" not in request.headers.get("accept", "text/html"):
            return PlainTextResponse("Enter the room first.", 403)
        return self._shown("Follow the link that `tailframe review` printed, or type the token that you were given.")

    async def enter(self, request: Request) -> Response:
        """Somebody typed a token."""
        try:
            form = await read_form(request)
        except FormRefused as refused:
            return PlainTextResponse(refused.words, refused.status)
        return self._entered(form.fields.get("token", "")[:200].strip())

    def _entered(self, token: str) -> Response:
        session = self._room.gate.lets_in(token)
        if session is None:
            return self._shown("That token opens nothing, or not any more: a link lets one browser in, once.")
        if not self._room.gate.lasting_token:
            self._room.tell(f"another browser comes in by {self._room.gate.link()}")
        return self._shown("", session)

    def _shown(self, words: str, session: Session | None = None) -> Response:
        """A page, and no redirect: a browser that came from elsewhere sends its new cookie only from here."""
        values = {"words": words, "entered": "/" if session else ""}
        answer = HTMLResponse(self._room.pages.text("enter.html", values), 200 if session else 403)
        if session is not None:
            answer.headers["set-cookie"] = self._room.gate.session_cookie(session)
        return answer


async def _not_there(room: Room, request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = HTTPStatus(error.status_code).phrase
    values = {"heading": words, "words": "There is no such page.", "code": "http", "back": "/"}
    if request.state.session is None or request.url.path.startswith(("/media/", "/poster/", "/still/", "/static/")):
        return PlainTextResponse(words, error.status_code)
    return await shown(room, request, "message.html", "message", values, status=error.status_code)


async def _unexpected(room: Room, request: Request, error: Exception) -> Response:
    """A mistake of ours: told to who started the room, with its place in a file, and to nobody's browser."""
    if isinstance(error, ClientDisconnect):
        return Response(None, 499)  # nobody is there to read it
    last = traceback.extract_tb(error.__traceback__)[-1]
    room.tell(f"{request.method} {request.url.path}: {type(error).__name__}: {error} ({last.name}, line {last.lineno})")
    return PlainTextResponse("This did not work, by a mistake in Tailframe. Nothing that was paid for is lost.", 500)
