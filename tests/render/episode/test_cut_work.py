"""What a cut made is counted by kind, and said in words."""

from __future__ import annotations

from render.episode.cut_work import CutWork, PartWork


def test_each_kind_of_part_has_one_line() -> None:
    """With what there is of it; a kind of which there is nothing has none."""
    work = CutWork((PartWork(what="pieces", copied=97, made=1, reused=2),)).plus(
        PartWork(what="tail frames", made=1), PartWork(what="sound blocks")
    )
    assert [*work.lines()] == ["master: cut now", "pieces: 97 copied, 1 made, 2 reused", "tail frames: 1 made"]


def test_a_master_that_stood_is_told_so() -> None:
    """Whatever else was made."""
    assert [*CutWork(cut=False).plus(PartWork(what="thumbnails", made=2)).lines()] == [
        "master: not cut again, it stands as it was",
        "thumbnails: 2 made",
    ]


def test_a_kind_is_found_by_its_name() -> None:
    """Also one that the cut has none of."""
    work = CutWork((PartWork(what="pieces", made=3),))
    assert (work.of("pieces").made, work.of("stems")) == (3, PartWork(what="stems"))
