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
