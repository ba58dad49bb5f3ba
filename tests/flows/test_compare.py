"""`tailframe compare` lays takes beside each other in one film, each with its line, and touches nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from render.clips.comparison import grid_of
from storyboard.shot import MasterFormat
from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import buys_from, film, shoot
from tests.projects import scene, shot

Picture = NDArray[np.uint8]
TINY = MasterFormat(160, 90, Fraction(24))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, acme_clips: Path) -> Iterator[Path]:
    """A shot with three takes, of which the second is circled by a person."""
    vendor = Acme(tmp_path_factory.mktemp("acme"), acme_clips)
    vendor.start(job_seconds=0)
    with pytest.MonkeyPatch.context() as environment:
        buys_from(vendor, environment)
        made = film(tmp_path_factory.mktemp("film"), scene("lamp", shot("010", "the lamp", takes=3)))
        assert shoot(made).exit_code == 0
        assert tailframe("circle", made, "e01", "lamp/010", "2").exit_code == 0
        yield made
    vendor.close()


def first_frame_of(clip: Path) -> Picture:
    with av.open(str(clip)) as container:
        return next(container.decode(video=0)).to_ndarray(format="rgb24")


def compared(project: Path, *words: str) -> Path:
    done = tailframe("compare", project, "e01", "lamp/010", *words)
    assert done.exit_code == 0, done.output
    return Path(done.stdout.strip())


def test_each_has_its_line_and_the_circled_one_is_heard(project: Path) -> None:
    """In rows under each other where asked; the film lies beside the master."""
    film = compared(project, "--stacked")
    assert film == project / "output/e01/compare/lamp-010-takes-1-2-3.mp4"
    grid = grid_of(3, TINY, stacked=True)
    first = first_frame_of(film)
    assert first.shape[:2] == (3 * (grid.height + grid.line), grid.width)
    for place in range(3):
        _, y = grid.at(place)
        line = first[y + grid.height : y + grid.height + grid.line]
        assert line.max() > 180
        assert np.median(line) < 40
    with av.open(str(film)) as container:
        assert len(container.streams.audio) == 1
    assert not [each for each in film.parent.iterdir() if each != film]


def test_what_cannot_be_compared_is_told(project: Path, tmp_path: Path) -> None:
    """With what there is; nothing is written."""
    for words, told in (
        (("1",), "2 to 9 takes"),
        (("1", "7"), "no take 7 with a clip (it has: 1, 2, 3)"),
        (("1", "2", "-o", str(tmp_path / "film.mov")), "is no .mp4"),
    ):
        done = tailframe("compare", project, "e01", "lamp/010", *words)
        assert (done.exit_code, told in done.output) == (2, True), done.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [("compare", "lamp/010"), ("storyboard",)], ids=lambda words: words[0])
def test_nothing_is_written_through_a_link_out_of_the_project(
    project: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    """Where the usual place lies behind one; a place that is named is the producer's own to choose."""
    output, elsewhere = project / "output", tmp_path / "elsewhere"
    kept = output.rename(tmp_path / "kept") if output.exists() else None
    elsewhere.mkdir()
    output.symlink_to(elsewhere)
    try:
        done = tailframe(command[0], project, "e01", *command[1:])
        assert (done.exit_code, "output" in done.output) == (2, True), done.output
        assert list(elsewhere.iterdir()) == []
    finally:
        output.unlink()
        if kept is not None:
            kept.rename(output)
