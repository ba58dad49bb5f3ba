"""Sound of many channels becomes stereo: whatever it changes to midway, and whether its channels have names or not."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

from render.media.mixdown import Stereo, gains
from tests.sounds import RATE, STEREO, make_sound


def test_sound_that_changes_its_channels_midway_goes_on(tmp_path: Path) -> None:
    """Mono, then 5.1, then stereo at another rate: one stream comes out."""
    mixer, count = Stereo(RATE), 0
    for layout, rate in (("mono", 48_000), ("5.1", 48_000), ("stereo", 24_000)):
        channels = STEREO * 3
        number = av.AudioLayout(layout).nb_channels
        path = make_sound(
            tmp_path / "a.wav", "pcm_s16le", seconds=0.1, rate=rate, layout=layout, channels=channels[:number]
        )
        with av.open(str(path)) as container:
            for frame in container.decode(audio=0):
                count += sum(ready.samples for ready in mixer.feed(frame))
    count += sum(ready.samples for ready in mixer.feed(None))
    assert count == pytest.approx(0.3 * RATE, abs=64)


def test_channels_that_nobody_names_are_shared_alike() -> None:
    """By their usual meaning where so many have one; every share of a side adds up to one at most."""
    assert gains(("NONE",) * 6) == gains(("FL", "FR", "FC", "LFE", "BL", "BR"))
    assert gains(("AMBI0",) * 9) == ()
    for channels in (("FL", "FR", "FC", "LFE", "BL", "BR", "FLC", "FRC"), ("FL", "FR", "BC"), ("FC", "LFE", "TFL")):
        for side in zip(*gains(channels), strict=True):
            assert sum(side) <= 1.0 + 1e-9
