"""The three forms in which EvoLink and AIHubMax take files: a form (`file`), base64 in JSON, a link to fetch."""

from __future__ import annotations

import base64
import binascii
import mimetypes
from email.message import Message
from email.parser import BytesParser

from render.sandbox.backend import Backend
from render.sandbox.dialect import Call
from render.sandbox.reference_fetch import Unreadable
from render.sandbox.vendor_books import Upload

LIFE_S = 72 * 3_600.0
FORMS = ("base64", "stream", "url")


class BadUpload(Exception):
    """What came is no file in the form that was chosen."""


async def received(call: Call, backend: Backend, vendor: str, form: str, most_bytes: int) -> Upload:
    """Keep the file that came. Raises BadUpload where there is none in what came."""
    title, kind, content = await _FORMS[form](call, backend)
    if not content:
        raise BadUpload("the file is empty")
    if len(content) > most_bytes:
        raise BadUpload(f"the file has {len(content)} bytes, at most {most_bytes} are taken")
    return backend.books.expect_upload(vendor, title, kind, LIFE_S, content)


async def _stream(call: Call, _: Backend) -> tuple[str, str, bytes]:
    """Read a form by hand: the one file that it holds."""
    head = f"Content-Type: {call.request.headers.get('content-type', '')}\r\n\r\n".encode()
    message: Message = BytesParser().parsebytes(head + call.raw)
    for part in message.walk():
        if part.get_param("name", header="content-disposition") == "file" and (title := part.get_filename()):
            content = part.get_payload(decode=True)
            return title, part.get_content_type(), content if isinstance(content, bytes) else b""
    raise BadUpload("the form holds no file named `file`")


async def _base64(call: Call, _: Backend) -> tuple[str, str, bytes]:
    given = next((call.object[key] for key in ("base64_data", "data", "file") if key in call.object), None)
    if not isinstance(given, str):
        raise BadUpload("base64_data is missing")
    head, comma, body = given.partition(",")
    kind = head.removeprefix("data:").removesuffix(";base64") if comma else ""
    try:
        content = base64.b64decode(body if comma else given, validate=True)
    except (binascii.Error, ValueError):
        raise BadUpload("base64_data is no base64") from None
    title = str(call.object.get("file_name") or f"file{mimetypes.guess_extension(kind) or ''}")
    return title, kind or mimetypes.guess_type(title)[0] or "application/octet-stream", content


async def _url(call: Call, backend: Backend) -> tuple[str, str, bytes]:
    link = call.object.get("file_url") or call.object.get("url")
    if not isinstance(link, str):
        raise BadUpload("file_url is missing")
    try:
        content = await backend.reader.fetch(link)
    except Unreadable as error:
        raise BadUpload(str(error)) from None
    title = link.partition("?")[0].rpartition("/")[2] or "file"
    return title, mimetypes.guess_type(title)[0] or "application/octet-stream", content


_FORMS = {"stream": _stream, "base64": _base64, "url": _url}
