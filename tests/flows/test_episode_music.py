"""Music of an episode, from its YAML to its master: what is told of it, and that a loop changes the cut alone."""

from pathlib import Path

import pytest

from tests.acme.fixture import Acme
from tests.flows.episodes import actions, buys_from, edit, film, made, master_of, produce
from tests.flows.test_findings import Listener
from tests.projects import scene, shot
from tests.render.cut.pieces import loudness_at, samples
from tests.sounds import LEFT_HZ, LOUD, make_sound

THEME = "references/music/theme.wav"


def test_music_that_ends_early_is_told_and_loops_on_request(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run says so; `loop: true` cuts again and buys nothing; the tone then goes on to the end."""
    buys_from(acme, monkeypatch)
    project = film(tmp_path, scene("lamp", shot("010", "{{ mara }} lights the lamp", audio=False)))
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


def test_a_scene_has_music_of_its_own(acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The episode's is heard before and after it, and nothing is bought for that; a change of it cuts again."""
    buys_from(acme, monkeypatch)
    tune = "references/music/tune.wav"
    scenes = [
        scene(name, shot("010", f"{{{{ mara }}}} in {name}", audio=False), **keys)
        for name, keys in (("a", {}), ("b", {"music": {"source": tune, "gain_db": 0, "fade_out_s": 0}}), ("c", {}))
    ]
    project = film(tmp_path, *scenes)
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
