"""Answers browsers that ask for films, pictures and sounds: by ranges, in pieces, straight from where they lie."""

import os
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from flows.review.byte_ranges import Part, Unsatisfiable, part_asked_for
from flows.review.served_blobs import Served
from render.errors import StoreError
from render.store.plain_files import open_plain
from storyboard.paths import link_out

if TYPE_CHECKING:
    from render.concurrency.blocking import InThread
    from render.store import Store

__all__ = ["MediaAnswers"]

PIECE_BYTES = 512 * 1024
"""Of a file that are read at once: so much memory for each browser that plays."""

_KEPT = "private, max-age=31536000, immutable"

Read = Callable[[int, int], bytes]
"""Gives the bytes from one place of a file on, before another. Blocking."""


class MediaAnswers:
    """Sends bytes of the store or of the project's folder to browsers."""

    def __init__(self, store: "Callable[[], Store]", root: Path, in_thread: "InThread") -> None:
        self._store, self._root, self._in_thread = store, root, in_thread

    async def answer(self, request: Request, served: Served | None) -> Response:
        """The bytes that a request asks for. 404 where there are none that may be given out, or they are gone."""
        if served is None:
            return _nothing()
        try:
            size, read = await self._in_thread(self._source, served)
        except (OSError, StoreError):
            return _nothing()
        return _ranged(request, served.kind, _etag(served, size), size, self._threaded(read))

    def _source(self, served: Served) -> tuple[int, Read]:
        """How large it is, and how its parts are read. Raises OSError, StoreError."""
        if served.file is None:
            store = self._store()
            return store.size(served.sha256), partial(store.read_range, served.sha256)
        if link_out(self._root, served.file) is not None:
            raise FileNotFoundError(served.file)
        with open_plain(served.file, links=True) as file:
            return os.fstat(file.fileno()).st_size, partial(_of_file, served.file)

    def _threaded(self, read: Read) -> "Callable[[Part], AsyncIterator[bytes]]":
        async def pieces(part: Part) -> AsyncIterator[bytes]:
            at = part.start
            while at < part.end:
                piece = await self._in_thread(read, at, min(part.end, at + PIECE_BYTES))
                if not piece:
                    return
                at += len(piece)
                yield piece

        return pieces


def _ranged(
    request: Request, kind: str, etag: str, size: int, pieces: "Callable[[Part], AsyncIterator[bytes]]"
) -> Response:
    told = {"etag": etag, "cache-control": _KEPT, "content-type": kind, "content-disposition": "inline"}
    told["content-security-policy"] = "default-src 'none'; sandbox"  # whatever it is, it is no page
    if etag in request.headers.get("if-none-match", ""):
        return Response(None, 304, told)
    try:
        part = part_asked_for(request.headers.get("range"), request.headers.get("if-range"), etag, size)
    except Unsatisfiable:
        return Response(None, 416, told | {"content-range": f"bytes */{size}", "accept-ranges": "bytes"})
    status = 206 if part.partial else 200
    if request.method == "HEAD":
        return Response(None, status, told | part.headers)
    return StreamingResponse(pieces(part), status, told | part.headers)


def _of_file(path: Path, start: int, end: int) -> bytes:
    with open_plain(path, links=True) as file:
        file.seek(start)
        return file.read(end - start)


def _etag(served: Served, size: int) -> str:
    """A blob is always the same; a file of the project is another one when it has another size."""
    return f'"{served.sha256}"' if served.file is None else f'"{served.sha256}-{size}"'


def _nothing() -> Response:
    return PlainTextResponse("There is nothing of that name.", 404)
