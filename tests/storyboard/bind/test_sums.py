"""Limits that references of one kind share: bytes that they have together, and seconds that are asked for in sum."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.bind.binding import bind
from storyboard.bind.fits import parse_fit
from storyboard.errors import CannotBind
from storyboard.request import Request
from storyboard.shot import MediaKind
from tests.storyboard.stories import MASTER, facts, model, reference, shot, vendor

MOST = 50_000_000 - 1
VIDEO = MediaKind.VIDEO
MEDIA = model().media
SUMS = replace(
    MEDIA[VIDEO], max_s=None, min_s=None, total_s=Decimal(15), total_min_s=Decimal(2), total_bytes=MOST, max_side=2000
)
SELLS = vendor(media={**MEDIA, VIDEO: SUMS})
FILMS = [reference(name, kind=VIDEO, source=f"references/{name}.mp4") for name in ("a", "b", "c", "d")]


def ask(*films: dict[str, Any]) -> Request:
    """Bind a shot with films of these facts, two seconds each where nothing else is said."""
    sent = FILMS[: len(films)]
    known = {
        each.source: facts(each, **({"duration_s": Decimal(2)} | film)) for each, film in zip(sent, films, strict=True)
    }
    return bind(shot(references=tuple(sent)), SELLS, series="s", wish="w", master=MASTER, references=known)


def fits(*films: dict[str, Any]) -> list[str | None]:
    """How each film is sent."""
    return [each.fit for each in ask(*films).references]


def heavy(megabytes: int) -> dict[str, Any]:
    """A film of so many megabytes."""
    return {"bytes": megabytes * 1_000_000}


def test_one_film_may_have_all_the_bytes() -> None:
    """Up to the last of them."""
    assert fits({"bytes": MOST}) == [None]
    assert fits({"bytes": MOST + 1}) == [f"video:mp4:{MOST}bytes"]


def test_several_share_them() -> None:
    """As they are where they are light enough together; else each may have as much as the others."""
    assert fits(heavy(25), heavy(24)) == [None, None]
    assert fits(heavy(26), heavy(24)) == ["video:mp4:24999999bytes", None]
    assert fits(heavy(40), heavy(40)) == ["video:mp4:24999999bytes"] * 2
    assert fits(heavy(20), heavy(20), heavy(20)) == ["video:mp4:16666666bytes"] * 3


def test_only_those_that_are_sent_share() -> None:
    """A fourth is one too many, and one that would last too long is left out: neither has a share."""
    assert fits(heavy(16), heavy(16), heavy(16), heavy(40)) == [None] * 3
    assert fits(heavy(30), heavy(30) | {"duration_s": Decimal(14)}) == [None]


def test_a_film_that_is_made_anew_keeps_to_its_share() -> None:
    """How heavy it becomes is known only then."""
    large = {"width": 4000, "height": 2000}
    assert fits(large) == [f"video:mp4:2000x1000:{MOST}bytes"]
    assert fits(large, heavy(30)) == ["video:mp4:2000x1000:24999999bytes", "video:mp4:24999999bytes"]


@given(st.lists(st.integers(1, 80_000_000), min_size=1, max_size=4))
def test_they_never_have_more_together(sizes: list[int]) -> None:
    """Each as it is, or as heavy as its fit lets it be."""
    request = ask(*({"bytes": size} for size in sizes))
    most = [
        parse_fit(each.fit).max_bytes if each.fit else size
        for each, size in zip(request.references, sizes, strict=False)
    ]
    assert sum(size or MOST for size in most) <= MOST


def test_seconds_are_asked_for_in_sum() -> None:
    """Two films of a second each are enough, one alone is not; of a length that nobody knows nothing is said."""
    second = {"duration_s": Decimal(1)}
    assert fits(second, second) == [None, None]
    with pytest.raises(CannotBind, match=r"a\.mp4 lasts 1 s, and at least 2 s of video are asked for in all"):
        ask(second)
    with pytest.raises(CannotBind, match=r"a\.mp4, references/b\.mp4 last 1\.5 s"):
        ask(second, {"duration_s": Decimal("0.5")})
    assert fits({"duration_s": None}) == [None]
