"""Takes beside each other run in step, each in a place of its own."""

from __future__ import annotations

import asyncio
from fractions import Fraction
from pathlib import Path

import av
import pytest

from render.clips.comparison import MOST, Compared, compare, grid_of
from render.errors import MediaError
from render.media.decoded_clip import clip_facts
from storyboard.shot import MasterFormat
from tests.clips import SIZE, make_clip, number_in

MASTER = MasterFormat(*SIZE, Fraction(24))


def compared(clip: Path, line: str = "take 1") -> Compared:
    return Compared(clip=clip, facts=clip_facts(clip), line=line)


def test_takes_run_in_step_and_the_shorter_is_held(tmp_path: Path) -> None:
    """Frame for frame each cell shows the very frame of its own take, in the order asked for."""
    short = make_clip(tmp_path / "short.mp4", frames=12, sound_s=0.5)
    long = make_clip(tmp_path / "long.mp4", frames=20, first_number=100)
    target = tmp_path / "both.mp4"
    asyncio.run(compare([compared(long), compared(short), compared(long)], MASTER, target, heard=1))

    grid = grid_of(3, MASTER, stacked=False)
    seen: list[list[int]] = [[], [], []]
    with av.open(str(target)) as container:
        assert len(container.streams.audio) == 1
        for frame in container.decode(video=0):
            picture = frame.to_image()
            for place, numbers in enumerate(seen):
                x, y = grid.at(place)
                numbers.append(number_in(picture.crop((x, y, x + grid.width, y + grid.height)).resize(SIZE)))
    assert seen[0] == seen[2] == list(range(100, 120))
    assert seen[1] == [*range(12), *[11] * 8]


def test_a_take_that_cannot_be_decoded_leaves_no_film(tmp_path: Path) -> None:
    """And nothing half-written beside it."""
    good, bad = make_clip(tmp_path / "good.mp4", frames=12), tmp_path / "bad.mp4"
    lost = Compared(clip=bad, facts=clip_facts(good), line="take 2")
    bad.write_bytes(good.read_bytes()[:900])
    (tmp_path / "out").mkdir()
    with pytest.raises(MediaError):
        asyncio.run(compare([compared(good), lost], MASTER, tmp_path / "out/both.mp4"))
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (720, 720), (160, 90), (4096, 1716)], ids=str)
@pytest.mark.parametrize("stacked", [False, True])
@pytest.mark.parametrize("count", range(2, MOST + 1))
def test_every_grid_fits_a_screen_and_no_cell_covers_another(count: int, stacked: bool, size: tuple[int, int]) -> None:
    """Even sizes, every take in a place of its own, near the master's shape."""
    grid = grid_of(count, MasterFormat(*size, Fraction(24)), stacked=stacked)
    places = [grid.at(place) for place in range(count)]
    assert len({*places}) == count
    assert all(x % 2 == y % 2 == 0 for x, y in places)
    assert grid.columns * grid.width <= 1940
    assert grid.rows * grid.height <= 1100
    assert abs(grid.width / grid.height - size[0] / size[1]) < 0.15 * size[0] / size[1]
