"""Templates to pages: strict about what is missing, escaping whatever is text, with the few words that all share."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from flows.review import room_links
from flows.review.room_texts import iso, length

__all__ = ["Pages", "StaticFile"]

HERE = Path(__file__).parent

KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
"""What the room's own files are, by their ending. No other files are served."""


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One of the room's own files."""

    body: bytes = field(repr=False)
    kind: str
    version: str


class Pages:
    """The templates and own files of the room, read once. Safe to use from any thread."""

    def __init__(self) -> None:
        self.files = _files()
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {"iso": iso, "length_s": length, "digest": digest}
        links = {name: getattr(room_links, name) for name in room_links.__all__}
        self._environment.globals |= {**links, "static": self._static}

    def page(self, request: Request, name: str, values: Mapping[str, Any], *, status: int = 200) -> Response:
        """A page from its template."""
        return HTMLResponse(self.text(name, {"path": request.url.path, **values}), status)

    def text(self, name: str, values: Mapping[str, Any]) -> str:
        """A template with these values."""
        return self._environment.get_template(name).render(values)

    def _static(self, name: str) -> str:
        """The address of one of the room's own files, another for every version of it."""
        return f"/static/{name}?v={self.files[name].version}"


def digest(text: str) -> str:
    """The same for the same text: by it a page that is open knows which of its parts are others now."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _files() -> dict[str, StaticFile]:
    found = {}
    for path in sorted((HERE / "static").iterdir()):
        if path.suffix in KINDS and path.is_file():
            body = path.read_bytes()
            found[path.name] = StaticFile(body, KINDS[path.suffix], hashlib.sha256(body).hexdigest()[:16])
    return found
