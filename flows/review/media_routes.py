"""The addresses of films, pictures and sounds, and the stream of changes."""

import re
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from flows.review.room import Room
from flows.review.room_answers import Endpoint
from flows.review.served_blobs import Served
from render.clips.browser_media import poster_recipe
from render.errors import MediaError, StoreError
from storyboard.errors import TailframeError
from storyboard.text.printable import printable

__all__ = ["MediaRoutes"]

_SHA256 = re.compile("[0-9a-f]{64}")

COME_BACK_S = 10
"""Seconds after which a page may ask for a stream again, where all are taken."""


class MediaRoutes:
    """Answers with bytes. Nothing is given out, or made of anything, that the series does not name."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def endpoints(self) -> dict[str, Endpoint]:
        """Each by its path."""
        return {
            "/media/{sha256}": self.media,
            "/poster/{sha256}/{frame:int}": self.poster,
            "/still/{sha256}/{frame:int}": self.still,
            "/proxy/{sha256}": self.proxy,
            "/peaks/{sha256}": self.peaks,
            "/events": self.events,
            "/static/{name}": self.static,
        }

    async def media(self, request: Request) -> Response:
        """A clip, a reference, or a file of a cut."""
        return await self._room.media.answer(request, await self._served(request))

    async def poster(self, request: Request) -> Response:
        """One frame of a clip, small."""
        frame = request.path_params["frame"]
        return await self._made(request, "image/jpeg", lambda clip: self._poster(clip, frame), frame=frame)

    async def still(self, request: Request) -> Response:
        """One frame of a clip, exactly."""
        frame = request.path_params["frame"]
        make = self._room.made.still
        return await self._made(request, "image/png", lambda clip: make(clip.sha256, frame), frame=frame)

    async def proxy(self, request: Request) -> Response:
        """A clip as every browser plays it."""
        make = self._room.made.proxy
        return await self._made(request, "video/mp4", lambda clip: make(clip.sha256, sound=clip.sound))

    async def peaks(self, request: Request) -> Response:
        """How loud a film is, from moment to moment."""
        served = await self._served(request)
        if served is None or not served.film:
            return _nothing()
        return await self._blob(request, "application/json", self._room.made.peaks(served.sha256, served.file))

    async def static(self, request: Request) -> Response:
        """One of the room's own files."""
        file = self._room.pages.files.get(request.path_params["name"])
        if file is None:
            return _nothing()
        told = {"etag": f'"{file.version}"', "cache-control": "no-cache"}
        if request.query_params.get("v") == file.version:
            told["cache-control"] = "public, max-age=31536000, immutable"
        if request.headers.get("if-none-match") == told["etag"]:
            return Response(None, 304, told)
        return Response(file.body, 200, told | {"content-type": file.kind})

    async def events(self, request: Request) -> Response:
        """What changes from now on, as a stream of server-sent events."""
        streams = self._room.streams
        if streams.full:
            words = "So many pages are open that no more are told of changes."
            return PlainTextResponse(words, 503, {"retry-after": str(COME_BACK_S)})
        await streams.begin()
        try:
            mark = await self._room.calls.in_thread(self._room.readings.mark)
        except TailframeError:  # mistakes in the storyboard: the page is told when they are mended
            mark = ""
        told = streams.stream(request.headers.get("last-event-id", "")[:80], mark)
        return StreamingResponse(told, media_type="text/event-stream", headers={"x-accel-buffering": "no"})

    async def _served(self, request: Request) -> Served | None:
        sha256 = request.path_params["sha256"]
        if not _SHA256.fullmatch(sha256):
            return None
        return await self._room.calls.in_thread(self._room.served.served, sha256)

    async def _made(
        self, request: Request, kind: str, make: Callable[[Served], Awaitable[str]], *, frame: int = 0
    ) -> Response:
        """What is made of a take's clip; of others nothing is."""
        served = await self._served(request)
        if served is None or frame >= served.frames:
            return _nothing()
        return await self._blob(request, kind, make(served))

    async def _blob(self, request: Request, kind: str, making: Awaitable[str]) -> Response:
        """What was made, or why it could not be."""
        try:
            sha256 = await making
        except (MediaError, StoreError) as error:
            return PlainTextResponse(printable(str(error)), 404)
        return await self._room.media.answer(request, Served(sha256=sha256, kind=kind))

    async def _poster(self, clip: Served, frame: int) -> str:
        """A poster; those of all clips are looked up with the first of them."""
        wanted = {poster_recipe(sha256, frames // 2) for sha256, frames in self._room.served.posters().items()}
        await self._room.made.learn_once(wanted)
        return await self._room.made.poster(clip.sha256, frame)


def _nothing() -> Response:
    return PlainTextResponse("There is nothing of that name.", 404)
