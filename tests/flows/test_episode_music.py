"""Music of an episode, from its YAML to its master: what is told of it, and that a loop changes the cut alone."""

from __future__ import annotations

import wave
from array import array
from pathlib import Path

import pytest

from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import AS_IT_IS, actions, buys_from, edit, film, made, master_of, plain_environment, produce
from tests.flows.test_findings import Listener
from tests.projects import scene, shot
from tests.render.cut.pieces import loudness_at, samples
from tests.sounds import LEFT_HZ, LOUD, make_sound
from tests.thinning import exhaustive

THEME = "references/music/theme.wav"


def test_music_that_ends_early_is_told_and_loops_on_request(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run says so; `loop: true` cuts again and buys nothing; the tone then goes on to the end."""
    buys_from(acme, monkeypatch)
    lamp = scene("lamp", shot("010", "{{ mara }} lights the lamp", audio=False))
    project = film(tmp_path, lamp, delivery=AS_IT_IS)
    make_sound(project / THEME, "pcm_s16le", seconds=0.4)
    edit(project, '"title": "The Lamp"', f'"title": "The Lamp", "music": {{"source": "{THEME}", "gain_db": 0}}')
    listener = Listener()
    produce(project, watcher=listener)
    told = [note for note in listener.notes if "music" in note]
    assert told == [
        f"the music {THEME} ends after 0.4 s of 1.0 s, and nothing follows it; "
        "`loop: true` under `music` plays it on and on"
    ]
    assert loudness_at(samples(master_of(project)), LEFT_HZ, 0.7) < 0.001

    edit(project, '"gain_db": 0', '"gain_db": 0, "loop": true, "fade_out_s": 0.1')
    assert actions(project) == {"lamp/010": "reuse"}
    listener = Listener()
    assert made(produce(project, watcher=listener)) == []
    assert [note for note in listener.notes if "music" in note] == []
    assert loudness_at(samples(master_of(project)), LEFT_HZ, 0.7) == pytest.approx(LOUD, rel=0.05)
    again = produce(project).assembly
    assert again is not None
    assert not again.fresh


@exhaustive
def test_a_scene_has_music_of_its_own(acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The episode's is heard before and after it, and nothing is bought for that; a change of it cuts again."""
    buys_from(acme, monkeypatch)
    tune = "references/music/tune.wav"
    scenes = [
        scene(name, shot("010", f"{{{{ mara }}}} in {name}", audio=False), **keys)
        for name, keys in (("a", {}), ("b", {"music": {"source": tune, "gain_db": 0, "fade_out_s": 0}}), ("c", {}))
    ]
    project = film(tmp_path, *scenes, delivery=AS_IT_IS)
    high = ((880.0, LOUD), (880.0, LOUD))
    make_sound(project / tune, "pcm_s16le", seconds=1.5, channels=high)
    make_sound(project / THEME, "pcm_s16le", seconds=3)
    theme = f'{{"source": "{THEME}", "gain_db": 0, "fade_out_s": 0.1}}'
    edit(project, '"title": "The Lamp"', f'"title": "The Lamp", "music": {theme}')
    assert produce(project).exit_code == 0
    heard = samples(master_of(project))
    for second, bed, own in ((0.3, LOUD, 0.0), (1.5, 0.0, LOUD), (2.5, LOUD, 0.0)):
        assert loudness_at(heard, LEFT_HZ, second) == pytest.approx(bed, abs=0.02)
        assert loudness_at(heard, 880.0, second) == pytest.approx(own, abs=0.02)

    edit(project, '"fade_out_s": 0\n', '"fade_out_s": 0, "from": 1')
    listener = Listener()
    assert made(produce(project, watcher=listener)) == []
    assert any(f"{tune} ends after 0.5 s of 1.0 s" in note for note in listener.notes)
    assert loudness_at(samples(master_of(project)), 880.0, 1.8) < 0.02


@exhaustive
def test_an_animatic_is_made_to_its_song_and_a_waived_shot_takes_its_seconds_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is drawn for nothing sounds as the episode will; picture and song stay together where a shot is left out."""
    plain_environment(monkeypatch)
    shots = [shot(f"{10 * at:03}", f"{{{{ mara }}}} step {at}", continuity="none") for at in (1, 2, 3)]
    dance = scene("dance", *shots, music={"source": THEME, "sync": True, "from": 0.5})
    project = film(tmp_path, dance, provider="animatic", delivery=AS_IT_IS)
    parts = [make_sound(tmp_path / f"{hz}.wav", "pcm_s16le", channels=((hz, LOUD),) * 2) for hz in TONES]
    write_one_after_another(parts, project / THEME)
    assert produce(project).exit_code == 0
    heard = samples(master_of(project))
    assert [loudest(heard, second) for second in HALVES] == list(TONES[1:7])
    assert loudness_at(heard, TONES[1], 0.25) == pytest.approx(LOUD, rel=0.05)

    assert tailframe("waive", project, "e01", "dance/020").exit_code == 0
    assert made(produce(project)) == []
    heard = samples(master_of(project))
    assert [loudest(heard, second) for second in HALVES[:4]] == [*TONES[1:3], *TONES[5:7]]


TONES = (300.0, 400.0, 500.0, 600.0, 700.0, 800.0, 900.0)
"""What is heard of a song in each of its half seconds, in hertz."""

HALVES = (0.25, 0.75, 1.25, 1.75, 2.25, 2.75)


def loudest(heard: array[float], second: float) -> float:
    """The tone that is heard at a moment."""
    return max(TONES, key=lambda hz: loudness_at(heard, hz, second))


def write_one_after_another(parts: list[Path], target: Path) -> None:
    """One sound out of several."""
    with wave.open(str(target), "wb") as whole:
        for number, part in enumerate(parts):
            with wave.open(str(part)) as file:
                if not number:
                    whole.setparams(file.getparams())
                whole.writeframes(file.readframes(file.getnframes()))
