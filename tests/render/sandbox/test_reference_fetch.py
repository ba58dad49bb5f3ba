"""What the sandbox makes of the references of an order: it looks at what they hold, as a vendor does."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from render.sandbox.reference_fetch import Reader, Unreadable
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


def _link(content: bytes) -> str:
    return f"data:audio/mpeg;base64,{base64.b64encode(content).decode()}"
