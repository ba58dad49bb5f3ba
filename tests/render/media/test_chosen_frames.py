"""Several frames of one clip, taken in one pass, are those that decoding all of it gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from render.errors import MediaError
from render.media.av_input import need_picture, opened, pixel_ratio_of
from render.media.displayed_frame import displayed
from render.media.tail_frame import frames_shown
from tests.clips import make_clip, number_in
from tests.thinning import one_in

KINDS: dict[str, dict[str, object]] = {
    "one_group_of_b_frames": {"frames": 40, "bf": 4, "g": 250},
    "pyramid": {"frames": 40, "bf": 8, "g": 250, "x264-params": "b-pyramid=strict"},
    "many_groups": {"frames": 40, "bf": 3, "g": 6},
    "open_groups": {"frames": 40, "g": 10, "x264-params": "open-gop=1"},
    "interlaced": {"frames": 30, "size": (160, 96), "x264-params": "interlaced=1"},
    "variable_rate": {"frames": 24, "times": "N*40+mod(N*N,7)*5"},
    "mpeg4": {"frames": 24, "c:v": "mpeg4", "q:v": 3, "bf": 2},
}


@one_in(3)
@pytest.mark.parametrize("kind", KINDS)
def test_frames_taken_together_are_those_of_the_whole_clip(kind: str, tmp_path: Path) -> None:
    """To the last bit, near each other and far apart, whatever lies between them and is passed over."""
    clip = make_clip(tmp_path / "clip.mp4", **KINDS[kind])  # type: ignore[arg-type]
    frames = int(str(KINDS[kind]["frames"]))
    with opened(clip) as container:
        stream = need_picture(container, clip)
        every = [displayed(frame, pixel_ratio_of(stream)).tobytes() for frame in container.decode(stream)]
    for chosen in ([frames // 2, frames - 1], [frames - 1, 0, 7], list(range(frames))):
        taken = frames_shown(clip, chosen, tmp_path)
        assert list(taken) == chosen
        assert [number_in(picture) for picture in taken.values()] == chosen
        if kind != "interlaced":  # such a clip's frames are brought to the master's colours, and woven
            assert [picture.tobytes() for picture in taken.values()] == [every[index] for index in chosen]


def test_a_frame_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """It says how many there are."""
    clip = make_clip(tmp_path / "clip.mp4", frames=5)
    with pytest.raises(MediaError, match="has no frame 5: it has 5"):
        frames_shown(clip, [0, 5], tmp_path)
