"""A shot's own references: their names, their parts and jobs, and what the cut uses of an own clip."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from storyboard.bind.wordings import plain
from storyboard.shot import Role, Use, Window
from tests.projects import scene, shot
from tests.storyboard.expand.expanding import EPISODE, expanded, first, mistakes


def test_a_shot_calls_its_own_references_by_name(tmp_path: Path) -> None:
    """In its prompt, beats, camera and sound; one that no text calls has its sentence, as if it had no name."""
    boat = {"source": "references/extra/sketch.png", "name": "red_boat"}
    for key, text in (("prompt", "{{ red_boat }}"), ("camera", "on {{ red_boat }}"), ("sound", "{{ red_boat }}")):
        one = first(tmp_path / key, **{"prompt": "the sea", key: text, "references": [boat]})
        (sent,) = (each for each in one.references if each.role is Role.EXTRA)
        assert (sent.name, sent.label, sent.called) == ("red_boat", "red boat", True)
        assert "red boat" in plain(getattr(one, key))
    beats = [{"at": 0, "prompt": "{{ red_boat }}"}]
    assert [each.called for each in first(tmp_path / "beats", "the sea", beats=beats, references=[boat]).references][-1]
    uncalled = first(tmp_path / "uncalled", "the sea", references=[boat]).references[-1]
    assert (uncalled.name, uncalled.called) == ("red_boat", False)


def test_names_of_a_shot_are_its_own(tmp_path: Path) -> None:
    """Neither another shot's texts know them nor what falls down to it, and the bible's names stay the bible's."""
    told = mistakes(
        tmp_path,
        EPISODE
        + """\
      - id: "010"
        prompt: "{{ boat }} and {{ mara }}"
        references:
          - {source: references/extra/sketch.png, name: boat}
          - {source: references/extra/sketch.png, name: mara}
      - {id: "020", prompt: "{{ boat }} alone"}
""",
    )
    assert [each.partition(";")[0] for each in told] == [
        "episodes/e01.yaml:12:57: 'mara' is a cast member of the bible",
        "episodes/e01.yaml:13:33: 'boat' is no cast member, look, location or prop. Valid names are: lamp_room, "
        "logbook, mara, mara.storm, shore, tomas",
    ]


def test_the_same_file_is_sent_once_for_each_part_and_job(tmp_path: Path) -> None:
    """What is asked of it twice is sent once; two parts of a song, or two jobs of a picture, are two references."""
    song, sketch = "references/music/theme.wav", "references/extra/sketch.png"
    parts = [{"source": song, "to": 2}, {"source": song, "from": -3}, {"source": song, "to": 2, "note": "softly"}]
    one = first(tmp_path, "the sea", references=[*parts, sketch, {"source": sketch, "use": "style"}, sketch])
    sent = [(each.window, each.use, each.note) for each in one.references if each.role is Role.EXTRA]
    assert sent == [
        (Window(Decimal(0), Decimal(2)), None, "softly"),
        (Window(Decimal(-3)), None, None),
        (None, None, None),
        (None, Use.STYLE, None),
    ]


def test_an_own_clip_knows_what_the_cut_uses_of_it(tmp_path: Path) -> None:
    """Whichever take it is; a frame of it has no length, and no more has a shot whose vendor chooses it."""
    own = {"shot": "a/1"}
    episode = expanded(
        tmp_path,
        scene("a", shot("1", duration=2.5), shot("2", duration="auto")),
        scene("b", shot("1", references=[own, {**own, "take": 2}, {**own, "frame": "last"}, {"shot": "a/2"}])),
    )
    used = [each.used_s for each in episode.shots[2].references if each.own]
    assert used == [Decimal("2.5"), Decimal("2.5"), None, None]
