"""Music as it is written: under an episode or a scene, as a bed or as what the picture is made to."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from storyboard.errors import InvalidProject
from storyboard.expand.expansion import expand
from storyboard.loading import load_project
from storyboard.shot import Window
from storyboard.sounds import ClipSound
from tests.projects import EPISODE_HEAD, SERIES_HEAD, scene, shot, write_project
from tests.storyboard.expand.expanding import EPISODE, expanded, mistakes

THEME = "references/music/theme.wav"


def test_a_song_is_as_it_is_and_a_bed_lies_below(tmp_path: Path) -> None:
    """What `sync` means for loudness, fade and the clips' own sound, where nothing else is written."""
    episode = expanded(
        tmp_path,
        scene("a", shot("1"), music={"source": THEME, "sync": True}),
        scene("b", shot("1"), music={"source": THEME, "sync": True, "gain_db": -3, "clip_sound": "duck", "from": 2.5}),
        scene("c", shot("1")),
        music={"source": THEME},
    )
    bed, (song, quieter) = episode.music, episode.scene_music.values()
    assert bed is not None
    assert (bed.gain_db, bed.fade_out_s, bed.clip_sound, bed.from_s) == (
        Decimal(-18),
        Decimal(2),
        ClipSound.KEEP,
        Decimal(0),
    )
    assert (song.gain_db, song.fade_out_s, song.clip_sound, song.sync) == (Decimal(0), Decimal(0), ClipSound.MUTE, True)
    assert (quieter.gain_db, quieter.clip_sound, quieter.from_s) == (Decimal(-3), ClipSound.DUCK, Decimal("2.5"))
    assert list(episode.scene_music) == ["a", "b"]
    assert f"{song.at}".startswith("episodes/e01.yaml:")


@pytest.mark.parametrize(
    ("music", "expected"),
    [
        (
            f"{{source: {THEME}, sync: true, loop: true}}",
            "4:63: 'loop' goes not with `sync: true`: pictures are made to a song once; remove one of them",
        ),
        ("{sync: true}", "4:1: the key 'source' is missing"),
        (
            f"{{source: {THEME}, form: 2}}",
            "4:45: unknown key 'form'; did you mean 'from'?",
        ),
        (
            f"{{source: {THEME}, clip_sound: ducked}}",
            "4:57: 'clip_sound' cannot be 'ducked'; did you mean 'duck'? Valid values are: mute, duck, keep",
        ),
        (f"{{source: {THEME}, from: -1}}", "4:51: 'from' must be at least 0"),
    ],
)
def test_what_contradicts_itself_is_told(music: str, expected: str, tmp_path: Path) -> None:
    """With its line, and what to write."""
    episode = (EPISODE_HEAD + "        prompt: the lamp burns\n").replace("scenes:", f"music: {music}\nscenes:")
    root = write_project(tmp_path, series=SERIES_HEAD, episodes={"e01": episode})
    with pytest.raises(InvalidProject) as caught:
        load_project(root)
    assert [f"{each.at}: {each.message}" for each in caught.value.mistakes] == [f"episodes/e01.yaml:{expected}"]


def test_the_music_of_a_scene_is_a_file_of_the_project(tmp_path: Path) -> None:
    """As that of an episode is."""
    episode = EPISODE.replace("location: lamp_room", "music: {source: references/music/none.wav}")
    episode += '      - id: "010"\n        prompt: the lamp burns\n'
    root = write_project(tmp_path, episodes={"e01": episode})
    with pytest.raises(InvalidProject, match="none"):
        load_project(root)
    project = load_project(write_project(tmp_path / "good", episodes={"e01": episode.replace("none", "theme")}))
    assert THEME in project.files()
    assert expand(project, "e01").scene_music["lamp"].source == THEME


def test_a_shot_made_to_a_song_has_a_length(tmp_path: Path) -> None:
    """Where the vendor is to choose it, nobody knows what of the song lies under the shots after it."""
    episode = EPISODE.replace("location: lamp_room", f"music: {{source: {THEME}, sync: true}}")
    episode += '      - id: "010"\n        prompt: the lamp burns\n        duration: auto\n'
    assert mistakes(tmp_path, episode) == [
        f"episodes/e01.yaml:10:19: lamp/010 has no length of its own; it is made to {THEME}, and every shot after it "
        "to what follows there. Write a duration in seconds"
    ]
    assert expanded(tmp_path / "bed", scene("a", shot("1", duration="auto")), music={"source": THEME}).shots


def test_each_shot_is_sent_its_seconds_once(tmp_path: Path) -> None:
    """Whoever else names the song: what was said of it stays said."""
    again = {"source": THEME, "note": "only the drums"}
    episode = expanded(
        tmp_path,
        scene("a", shot("1", duration=1.5), shot("2", duration=2, references=[again]), shot("3", duration=0.5)),
        scene("b", shot("1", duration=4), music={"source": THEME}),
        scene("c", shot("1", duration=1)),
        music={"source": THEME, "sync": True, "from": 0.25},
    )
    sent = {one.key: [each for each in one.references if each.source == THEME] for one in episode.shots}
    windows = {key: each[0].window for key, each in sent.items() if each}
    assert {key: len(each) for key, each in sent.items()} == {"a/1": 1, "a/2": 1, "a/3": 1, "b/1": 0, "c/1": 1}
    assert windows == {
        "a/1": Window(Decimal("0.25"), Decimal("1.75")),
        "a/2": Window(Decimal("1.75"), Decimal("3.75")),
        "a/3": Window(Decimal("3.75"), Decimal("4.25")),
        "c/1": Window(Decimal("4.25"), Decimal("5.25")),
    }
    assert [each[0].note for each in sent.values() if each] == [None, "only the drums", None, None]
    assert all(each[0].required and each[0].song for each in sent.values() if each)
    assert episode.shots[0].references[-1].at == episode.music.at if episode.music else None
