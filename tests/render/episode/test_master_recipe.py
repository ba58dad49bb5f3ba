"""A master that was cut before is found again: its name holds what it always held, and more where more is heard."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from render.cut.music_bed import MusicBed
from render.cut.music_cues import Score

from render.cut.cut_plan import Piece
from render.episode.master_cut import master_recipe
from storyboard.shot import MasterFormat
from storyboard.timeline.master_timeline import Timeline
from tests.storyboard.stories import FPS, clip, shot, story

BED = MusicBed(path=Path("theme.mp3"), sha256="5" * 64, gain_db=Decimal(-18), fade_out_s=Decimal(2))
EPISODE = replace(story(shot("a/1"), shot("a/2")), master=MasterFormat(160, 90, FPS))
PIECES = [
    Piece(key="a/1", frames=72, path=Path("a.mp4"), clip=clip("a")),
    Piece(key="a/2", frames=72, path=Path("slate.mp4"), clip=None),
]
TIMELINE = Timeline.laid([("a/1", 72), ("a/2", 72)], FPS)


def earlier(music: object) -> str:
    """The name that earlier versions gave such a master."""
    said = {
        "house": "house-1",
        "master": [160, 90, "24"],
        "pieces": [[clip("a").sha256, 72], ["slate a/2", 72]],
        "music": music,
    }
    return f"master:{hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()}"


def test_masters_of_before_are_found_again() -> None:
    """With a bed and without one."""
    nothing = Score().recipe(TIMELINE)
    assert master_recipe(EPISODE, PIECES, TIMELINE, bed=None, sound=[], score=nothing) == earlier(None)
    assert master_recipe(EPISODE, PIECES, TIMELINE, bed=BED, sound=[], score=nothing) == earlier(["5" * 64, "-18", "2"])


def test_muted_clips_are_another_master() -> None:
    """Though all pictures and the bed are the same."""
    muted = Score(muted=frozenset({"a/1"})).recipe(TIMELINE)
    assert master_recipe(EPISODE, PIECES, TIMELINE, bed=BED, sound=[], score=muted) != earlier(["5" * 64, "-18", "2"])
