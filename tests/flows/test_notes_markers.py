"""Notes become markers on the frames of the master that show what they are about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from flows.errors import UsageError
from flows.run.noted_takes import NotedTake
from flows.run.notes_markers import marker_list
from render.episode.manifest import Cost, Manifest, Master, ShotRecord, UsedClip, to_json
from render.ledger import Note
from storyboard.expand.expansion import expand
from storyboard.loading import load_project
from storyboard.shot import Episode
from tests.flows.cli.in_process import make
from tests.projects import episode_file, scene, shot, write_project

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CUT = scene("lamp", shot("010"), shot("020", duration=4, **{"in": 0.5, "out": 2.5, "speed": 2}))


@pytest.fixture
def episode(tmp_path: Path) -> Episode:
    """A shot as it is, and one of which the cut shows half a second to two and a half, twice as fast."""
    return expand(load_project(write_project(tmp_path, episodes={"e01": episode_file("e01", CUT)})), "e01")


def record(key: str, start_s: str, duration_s: str, clip: str) -> ShotRecord:
    slate = ShotRecord.of_slate(key=key, start_s=Decimal(start_s), duration_s=Decimal(duration_s))
    used = UsedClip(path=f"clips/{key}.mp4", sha256=clip, duration_s=Decimal(4))
    return replace(slate, take=1, slate=False, clip=used)


def test_each_stands_where_the_master_shows_its_frame(episode: Episode, tmp_path: Path) -> None:
    """By in-point and speed; one that the cut does not show stands at the shot's beginning and says so."""
    with pytest.raises(UsageError, match="no master"):
        marker_list(episode, tmp_path, ())
    take = make(tmp_path / "project", "lamp/010")
    assert take.clip is not None
    clip = replace(take.clip, sha256="b" * 64, frames=96, fps=Fraction(24), duration_s=Decimal(4))
    second = replace(take, shot="e01/lamp/020", number=3, clip=clip)
    unused = replace(take, number=2, clip=replace(take.clip, sha256="c" * 64))
    manifest = Manifest(
        series="lighthouse",
        episode="e01",
        snapshot="0" * 64,
        created_at=NOW,
        master=Master(
            path="e01.mp4", sha256="0" * 64, bytes=1, duration_s=Decimal(2), width=2, height=2, fps=Fraction(24)
        ),
        cost=Cost(estimated_usd=None, actual_usd=None),
        shots=(record("lamp/010", "0", "1", take.clip.sha256), record("lamp/020", "1", "1", "b" * 64)),
    )
    (tmp_path / "manifest.json").write_text(to_json(manifest))
    places = ((take, None), (take, 23), (second, 12), (second, 34), (second, 11), (second, 60), (unused, 0))
    notes = [
        NotedTake(
            note=Note(id="", take=each.id, frame=frame, words="!", by="Ines", at=NOW, retake=frame == 12),
            take=each,
            circled=True,
        )
        for each, frame in places
    ]
    count, text = marker_list(episode, tmp_path, notes)
    assert count == 6
    lines = [line for line in text.splitlines() if line]
    times = [(line.split()[4], below) for line, below in zip(lines[2::2], lines[3::2], strict=True)]
    early, late = "(frame 11, which the cut does not show)", "(frame 60, which the cut does not show)"
    assert times == [
        ("01:00:00:00", "Ines: ! |C:ResolveColorYellow |M:lamp/010 take 1 |D:1"),
        ("01:00:00:23", "Ines: ! |C:ResolveColorYellow |M:lamp/010 take 1 |D:1"),
        ("01:00:01:00", f"Ines: ! / Ines: ! {early} / Ines: ! {late} |C:ResolveColorRed |M:lamp/020 take 3 |D:1"),
        ("01:00:01:11", "Ines: ! |C:ResolveColorYellow |M:lamp/020 take 3 |D:1"),
    ]
