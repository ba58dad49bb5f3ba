"""What was opened and closed is let go, with all that its decoders held."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from av.container import InputContainer

from render.media.signature import signature
from tests.clips import make_clip


def test_decoders_go_with_their_files(tmp_path: Path) -> None:
    """One after another none stays but the last; side by side, no more than were looked at since all were swept."""
    clip = make_clip(tmp_path / "clip.mp4", frames=2)

    def alive() -> int:
        return sum(isinstance(each, InputContainer) for each in gc.get_objects())

    gc.collect()
    for _ in range(20):
        signature(clip)
    assert alive() <= 2
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: signature(clip), range(100)))
    assert alive() <= 40
