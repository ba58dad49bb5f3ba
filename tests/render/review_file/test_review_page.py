"""A page for review holds what it shows, lets in its own script and style alone, and is written whole or not at all."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.exchange_errors import ReviewTooLarge
from render.review_file.review_media import ReviewMedia, small_size
from render.review_file.review_page import ReviewPage, embedded
from render.review_file.review_sheet import ReviewSheet
from render.review_file.review_statement import Signed
from render.store.local_store import LocalStore
from storyboard.paper.panel import Board


class Elements(HTMLParser):
    """What a parser of HTML finds: the text of each script and style, and the policy."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}
        self.policy = ""
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self._open = str(told.get("id") or tag) if tag in {"script", "style"} else ""
        if told.get("http-equiv") == "Content-Security-Policy":
            self.policy = str(told["content"])

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts[self._open] = self.texts.get(self._open, "") + data

    def handle_endtag(self, tag: str) -> None:
        self._open = ""


def page_of(folder: Path, title: str = "The Lamp") -> ReviewPage:
    store = LocalStore(folder / "blobs")
    media = ReviewMedia(store.put(b"clip" * 100), store.put(b"poster"), 640, 360)
    board = Board(series=title, episode="e01", summary="no shots", ratio=Fraction(16, 9), panels=())
    sheet = ReviewSheet(series="lighthouse", episode="e01", board=board, takes={})
    return ReviewPage(sheet=sheet, media={"c" * 64: media}, sent=Signed("{}", "s"), export="e" * 32, store=store)


def test_the_policy_lets_in_the_one_script_and_the_one_style(tmp_path: Path) -> None:
    """By their hashes; nothing may be fetched, and every block of data is whole."""
    page = page_of(tmp_path, title="</title></script><!-- STYLE --> & 'x'")
    size = page.write(tmp_path / "e01.html")
    text = (tmp_path / "e01.html").read_text()
    assert size == len(text.encode())
    found = Elements(text)
    hashes = re.findall(r"'sha256-([^']+)'", found.policy)
    made = [hashlib.sha256(found.texts[each].encode()).digest() for each in ("style", "script")]
    assert hashes == [base64.b64encode(each).decode() for each in made]
    assert found.policy.startswith("default-src 'none'; img-src data:; media-src data: blob:;")
    assert json.loads(found.texts["sheet"])["series"] == page.sheet.board.series
    (clip,) = (text for name, text in found.texts.items() if name.startswith("clip-"))
    assert base64.b64decode(clip) == b"clip" * 100


def test_a_page_that_is_too_large_is_not_written(tmp_path: Path) -> None:
    """Neither it nor a part of it; what was there before stays."""
    target = tmp_path / "e01.html"
    target.write_text("before")
    with pytest.raises(ReviewTooLarge, match="Export fewer takes"):
        page_of(tmp_path).write(target, most_bytes=10_000)
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["e01.html"]
    assert target.read_text() == "before"


JSON = st.recursive(st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@given(JSON | st.sampled_from(["</script>", "<!--<script>", "]]>", "\u2028", "&lt;"]))
def test_nothing_embedded_ends_its_element(value: Any) -> None:
    """And it is read as it was."""
    text = embedded(value)
    assert not re.search("[<>&\u2028\u2029]", text)
    assert json.loads(text) == value


@pytest.mark.parametrize(
    ("size", "small"),
    [((1280, 720), (640, 360)), ((720, 1280), (360, 640)), ((160, 90), (160, 90)), ((161, 91), (160, 92))],
)
def test_a_small_clip_keeps_its_shape(size: tuple[int, int], small: tuple[int, int]) -> None:
    """Upright or not; never larger than it was but for what makes it even."""
    assert small_size(*size) == small
