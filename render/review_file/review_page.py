"""Writes the page for review: one HTML file that reaches nothing outside of itself.

A storyboard's and a vendor's words are strangers' words. They stand in the page as JSON alone, in which nothing can end
the element around it, and become text there, never markup. The one script and the one style are let in by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

from render.exchange_errors import ReviewTooLarge
from render.review_file.review_media import ReviewMedia
from render.review_file.review_sheet import ReviewSheet, sheet_json
from render.review_file.review_statement import Signed
from render.store.atomic_files import disk_errors, whole_file
from render.store.blob_store import Store

MOST_BYTES: Final = 300 << 20
"""Of one page: more is sent by no mail, and opened by no phone."""

_SCRIPTS = ("basics", "keeping", "drawing", "player", "notes", "shots", "keys")
"""The parts of the script, in their order: together they are one function."""

_ESCAPED = str.maketrans({each: f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """A page that is ready to be written."""

    sheet: ReviewSheet
    media: Mapping[str, ReviewMedia]  # by the sha256 of the original clip
    sent: Signed
    export: str
    store: Store

    def write(self, target: Path, *, most_bytes: int = MOST_BYTES) -> int:
        """Write it to `target`, whole or not at all; returns its bytes. Raises ReviewTooLarge, StoreError."""
        with disk_errors(f"write {target}"), whole_file(target) as file:
            size = 0
            for part in self._parts():
                size += file.write(part.encode())
                if size > most_bytes:
                    raise ReviewTooLarge(
                        f"the review would be larger than {most_bytes >> 20} MB",
                        "Export fewer takes (--takes circled), or some of the shots at a time (--shots)",
                    )
        return size

    def _parts(self) -> Iterator[str]:
        style, script = _part("review.css"), _script()
        title = html.escape(f"{self.sheet.board.series}: {self.sheet.board.episode}")
        head = _part("review.html").replace("<!-- POLICY -->", _policy(style, script)).replace("<!-- STYLE -->", style)
        yield head.replace("<!-- TITLE -->", title)
        yield f'<script type="application/json" id="sheet">{self._data()}</script>\n'
        for clip in sorted({each.clip for each in self.media.values()}):
            content = base64.b64encode(self.store.get(clip)).decode()
            yield f'<script type="text/plain" id="clip-{clip}">{content}</script>\n'
        yield f"<script>{script}</script>\n</body>\n</html>\n"

    def _data(self) -> str:
        """What the page shows, and what it sends back unchanged."""
        pictures = {each.poster for each in self.media.values()}
        posters = {
            each: f"data:image/jpeg;base64,{base64.b64encode(self.store.get(each)).decode()}" for each in pictures
        }
        told = sheet_json(self.sheet, self.media, posters)
        sent = {"export": self.export, "statement": self.sent.text, "signature": self.sent.signature}
        return embedded({**told, **sent})


def embedded(value: Any) -> str:
    """JSON that can stand within an element of a page, whatever its texts hold."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPED)


def _policy(style: str, script: str) -> str:
    """What the page may do: show what is in it, run this script, look like this, and reach nothing."""
    return "; ".join(
        (
            "default-src 'none'",
            "img-src data:",
            "media-src data: blob:",
            f"style-src {_hash(style)}",
            f"script-src {_hash(script)}",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
        )
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _script() -> str:
    return '\n"use strict";\n(() => {\n' + "\n".join(_part(f"{name}.js") for name in _SCRIPTS) + "})();\n"


@cache
def _part(name: str) -> str:
    return (resources.files("render.review_file") / "page" / name).read_text(encoding="utf-8")
