"""Captions as files beside a master."""

from __future__ import annotations

from pathlib import Path

import pytest

from render.captions.caption_files import caption_files, keep_captions, write_captions
from render.errors import StoreError
from render.store import LocalStore
from tests.render.captions.captioned import track

TRACKS = (track("en", (6, 20, "One more winter.")), track("zh-Hant", (6, 20, "再過一個冬天。")), track("de"))


def test_each_language_with_captions_has_two_files(tmp_path: Path) -> None:
    """Named by the master and the tag; in UTF-8."""
    written = write_captions(caption_files(TRACKS, "e01"), tmp_path / "output")
    assert [each.name for each in written] == ["e01.en.srt", "e01.en.vtt", "e01.zh-Hant.srt", "e01.zh-Hant.vtt"]
    assert "再過一個冬天。" in written[2].read_text(encoding="utf-8")
    assert written[3].read_bytes().startswith(b"WEBVTT\n")


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    """Where it cannot be written, what lay there is untouched, and nothing is left beside it."""
    (tmp_path / "e01.en.vtt").mkdir()
    with pytest.raises(StoreError, match="cannot write"):
        write_captions(caption_files(TRACKS[:1], "e01"), tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["e01.en.srt", "e01.en.vtt"]


def test_they_are_kept_as_blobs(tmp_path: Path) -> None:
    """By name, so that a manifest can tell them."""
    store = LocalStore(tmp_path / "store")
    kept = keep_captions(caption_files(TRACKS[:1], "e01"), store)
    assert sorted(kept) == ["e01.en.srt", "e01.en.vtt"]
    assert store.get(kept["e01.en.vtt"]).startswith(b"WEBVTT\n")
