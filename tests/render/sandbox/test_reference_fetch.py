"""What the sandbox makes of the references of an order: it looks at what they hold, as a vendor does."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

import pytest

from render.sandbox import aihubmax, oxen
from render.sandbox.reference_fetch import MB, Reader, Unreadable, breach
from render.sandbox.vendor_order import Reference
from storyboard.shot import MediaKind
from tests.render.media.sound_cases import half
from tests.sounds import make_bare_mp3

pytestmark = pytest.mark.anyio


async def test_a_reference_lasts_as_long_as_its_sound_and_is_whole(tmp_path: Path) -> None:
    """So that a rehearsal refuses what a vendor would: half a file, and what is longer than its header says."""
    voice = make_bare_mp3(tmp_path / "a.mp3", (0.4, 0.4), (3.0, 0.05)).read_bytes()
    reader = Reader()
    (read,) = await reader.read_all([_link(voice)], inline=True)
    assert read.seconds == pytest.approx(3.4, abs=0.1)
    with pytest.raises(Unreadable, match="cut off or damaged"):
        await reader.read_all([_link(half(voice))], inline=True)
    await reader.aclose()


def test_videos_are_held_to_their_sums() -> None:
    """At least two seconds in all and less than 50 MB in all, by the pages of AIHubMax and Oxen."""
    film = Reference(
        url="a", kind=MediaKind.VIDEO, format="mp4", bytes=30 * MB, sha256="", width=864, height=480, seconds=1, fps=24
    )
    for limits in (aihubmax.LIMITS, oxen.LIMITS):
        assert breach([], limits) is None
        assert "at least 2 s" in str(breach([film], limits))
        assert "bytes in all" in str(breach([film, replace(film, seconds=3)], limits))
        assert breach([film, replace(film, bytes=20 * MB - 1)], limits) is None


def _link(content: bytes) -> str:
    return f"data:audio/mpeg;base64,{base64.b64encode(content).decode()}"
