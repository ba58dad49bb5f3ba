"""Which bytes a browser gets that asks for a part of a film."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.review.byte_ranges import Part, Unsatisfiable, part_asked_for

ETAG = '"abc"'


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-", 0, 100),
        ("bytes=10-19", 10, 20),
        ("bytes=90-500", 90, 100),
        ("bytes=-10", 90, 100),
        ("bytes=-500", 0, 100),
    ],
)
def test_one_range_is_given_as_it_is_asked_for(asked: str, start: int, end: int) -> None:
    """As far as the file goes."""
    part = part_asked_for(asked, None, ETAG, 100)
    assert part == Part(start, end, 100, partial=True)
    assert part.headers["content-range"] == f"bytes {start}-{end - 1}/100"
    assert part.headers["content-length"] == str(end - start)


@pytest.mark.parametrize(
    "asked", [None, "", "bytes=", "bytes=-", "bytes=5-2", "items=0-5", "bytes=0-1,5-6", "bytes=a-b", "bytes=1-²"]
)
def test_what_is_no_single_range_gets_all_of_it(asked: str | None) -> None:
    """A header that is not understood is passed over."""
    assert part_asked_for(asked, None, ETAG, 100) == Part(0, 100, 100, partial=False)


@pytest.mark.parametrize(("asked", "size"), [("bytes=100-", 100), ("bytes=0-", 0), ("bytes=-0", 100)])
def test_a_range_behind_the_end_is_refused(asked: str, size: int) -> None:
    """416, and no bytes."""
    with pytest.raises(Unsatisfiable):
        part_asked_for(asked, None, ETAG, size)


def test_a_range_of_another_version_gets_all_of_this_one() -> None:
    """Else a player would put two files together."""
    assert not part_asked_for("bytes=5-", '"older"', ETAG, 100).partial
    assert part_asked_for("bytes=5-", ETAG, ETAG, 100).partial


@given(st.integers(0, 10**6), st.text(alphabet="bytes=-0123456789, ", max_size=30))
def test_a_part_lies_within_its_file_whatever_is_asked(size: int, asked: str) -> None:
    """And is never empty where it is one."""
    try:
        part = part_asked_for(asked, None, ETAG, size)
    except Unsatisfiable:
        return
    assert 0 <= part.start <= part.end <= size
    assert not part.partial or part.start < part.end
