"""Lines, effects, cues, the mix and its loudness as they are written, and what is told of mistakes in them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from storyboard.errors import InvalidProject
from storyboard.expand.expansion import expand
from storyboard.identity import wish
from storyboard.loading import load_project
from storyboard.sounds import BROADCAST, STREAMING, USUAL_MIX, WEB, ClipSound, LoudnessTarget
from tests.projects import episode_file, scene, series_file, shot, write_project
from tests.storyboard.expand.expanding import expanded

SOUNDS = {f"sounds/{name}.wav": b"RIFF" for name in ("mara", "voice", "door", "room", "chase")}


def series(**keys: Any) -> str:
    """A series with these keys beside its own."""
    return series_file(**keys)


def test_everything_that_is_heard_is_resolved(tmp_path: Path) -> None:
    """Each with where it is written, and what holds where nothing is."""
    one = shot(
        "010",
        dialogue=[
            {"cast": "mara", "line": "No."},
            {"cast": "mara", "line": "Not  now.", "file": "sounds/mara.wav", "at": 0.5},
        ],
        narration=[{"line": "It was late.", "file": "sounds/voice.wav", "gain_db": -2}],
        effects=[{"file": "sounds/door.wav", "at": 0.25, "loop": True, "length": 2, "fade_out": 0.5}],
    )
    episode = expanded(
        tmp_path,
        scene("a", one, shot("020")),
        scene("b", shot("010")),
        files=SOUNDS,
        cues=[{"source": "sounds/chase.wav", "from_shot": "a/020", "to_shot": "b/010", "start": 3, "fade_in": 1}],
    )
    sounds = episode.shots[0].sounds
    (line,), (told,), (effect,) = sounds.dialogue, sounds.narration, sounds.effects
    assert (line.source, line.line, line.at_s, line.gain_db, line.text) == (
        "sounds/mara.wav",
        1,
        Decimal("0.5"),
        Decimal(0),
        "Not now.",
    )
    assert (told.source, told.line, told.at_s, told.gain_db) == ("sounds/voice.wav", 0, None, Decimal(-2))
    assert (effect.at_s, effect.loop, effect.length_s, effect.fade_out_s) == (Decimal("0.25"), True, 2, Decimal("0.5"))
    assert f"{line.at}".startswith("episodes/e01.yaml:")
    (cue,) = episode.cues
    assert (cue.shots, cue.start_s, cue.gain_db, cue.fade_in_s, cue.fade_out_s, cue.clip_sound) == (
        ("a/020", "b/010"),
        Decimal(3),
        Decimal(-18),
        Decimal(1),
        Decimal(2),
        ClipSound.KEEP,
    )
    assert (episode.mix.ducking_db, episode.mix.room_tone, episode.mix.level_clips) == (None, "auto", False)
    assert (episode.loudness, episode.stems, USUAL_MIX.clip_under_lines) == (WEB, False, ClipSound.DUCK)


def test_nothing_that_is_heard_beside_the_clips_is_bought_again(tmp_path: Path) -> None:
    """A shot's wish is the same with and without its recordings, effects and music."""
    silent = shot("010", dialogue=[{"cast": "mara", "line": "No."}])
    heard = shot(
        "010",
        dialogue=[{"cast": "mara", "line": "No.", "file": "sounds/mara.wav", "at": 0.5, "gain_db": 3}],
        narration=[{"line": "It was late.", "file": "sounds/voice.wav"}],
        effects=[{"file": "sounds/door.wav"}],
    )
    one, other = (
        expanded(tmp_path / name, scene("a", each), files=SOUNDS, **keys).shots[0]
        for name, each, keys in (
            ("silent", silent, {}),
            ("heard", heard, {"cues": [{"source": "sounds/chase.wav", "from_shot": "a/010"}]}),
        )
    )
    assert wish(one, {}) == wish(other, {})


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("web", WEB),
        ("broadcast", BROADCAST),
        ("streaming", STREAMING),
        ("none", None),
        ({"lufs": -16}, LoudnessTarget(lufs=Decimal(-16))),
        ({"lufs": -18.5, "true_peak_db": -3}, LoudnessTarget(lufs=Decimal("-18.5"), true_peak_db=Decimal(-3))),
    ],
)
def test_a_loudness_is_a_name_or_numbers(written: Any, expected: LoudnessTarget | None, tmp_path: Path) -> None:
    """What the whole programme is brought to."""
    episode = expanded(tmp_path, scene("a", shot("1")), series=series(delivery={"loudness": written}))
    assert episode.loudness == expected


@pytest.mark.parametrize(
    ("told", "keys"),
    [
        ("there is no shot 'a/9'; did you mean 'a/2'?", {"cues": [{"source": "sounds/chase.wav", "from_shot": "a/9"}]}),
        (
            "a/1 comes before a/2, where this cue begins; exchange the two",
            {"cues": [{"source": "sounds/chase.wav", "from_shot": "a/2", "to_shot": "a/1"}]},
        ),
        (
            "sounds/door.wav would begin at 7 s, and the shot ends at 1 s; write an earlier `at`",
            {"effects": [{"file": "sounds/door.wav", "at": 7}]},
        ),
        (
            "'gain_db' is of the line's recording; name that with `file`",
            {"dialogue": [{"cast": "mara", "line": "No.", "gain_db": -3}]},
        ),
        ("there is no file", {"narration": [{"line": "No.", "file": "sounds/gone.wav"}]}),
        ("is an image file", {"effects": [{"file": "references/cast/mara.png"}]}),
        ("'gain_db' must be at most 12", {"effects": [{"file": "sounds/door.wav", "gain_db": 20}]}),
        ("'length' must be more than 0", {"effects": [{"file": "sounds/door.wav", "length": 0}]}),
        ("unknown key 'volume'", {"effects": [{"file": "sounds/door.wav", "volume": 3}]}),
        ("the key 'file' is missing", {"narration": [{"line": "No."}]}),
    ],
)
def test_what_cannot_be_heard_is_told_with_its_place(told: str, keys: Any, tmp_path: Path) -> None:
    """One mistake each, with the file and the line."""
    cues = {name: value for name, value in keys.items() if name == "cues"}
    own = {name: value for name, value in keys.items() if name != "cues"}
    written = episode_file("e01", scene("a", shot("1", **own), shot("2")), **cues)
    root = write_project(tmp_path, episodes={"e01": written}, files=SOUNDS)
    with pytest.raises(InvalidProject) as caught:
        expand(load_project(root), "e01")
    (mistake,) = caught.value.mistakes
    assert told in mistake.message
    assert f"{mistake.at}".startswith("episodes/e01.yaml:")


def test_a_room_tone_that_is_not_there_is_told(tmp_path: Path) -> None:
    """In the series' file."""
    written = {"e01": episode_file("e01", scene("a", shot("1")))}
    root = write_project(tmp_path, series=series(mix={"room_tone": "sounds/gone.wav"}), episodes=written)
    with pytest.raises(InvalidProject) as caught:
        load_project(root)
    assert "series.yaml" in str(caught.value)
