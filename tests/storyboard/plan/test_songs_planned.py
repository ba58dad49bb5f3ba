"""What is bought again of shots that are made to a song: those whose seconds changed, and no others."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from storyboard.continuity.music_spans import music_spans
from storyboard.expand.expansion import expand
from storyboard.loading import load_project
from storyboard.request import ReferenceFacts
from storyboard.shot import Episode, Window
from tests.projects import episode_file, scene, series_file, shot, write_project
from tests.storyboard.stories import Simulation, facts, vendor
from tests.thinning import examples

THEME = "references/music/theme.wav"


def written(folder: Path, lengths: list[Any], names: list[str] | None = None) -> Episode:
    """An episode of these shots, none of which continues another, made to a song; and a scene that is not."""
    names = names or [f"{number:03}" for number in range(len(lengths))]
    shots = [
        shot(name, f"{{{{ mara }}}} {name}", duration=float(each), continuity="none")
        for name, each in zip(names, lengths, strict=True)
    ]
    other = scene("other", shot("1", "the sea", duration=4), music={"source": THEME})
    series = series_file(defaults={"provider": "acme", "resolution": "480p", "continuity": "none"})
    music = {"source": THEME, "sync": True}
    for each in shots:
        del each["continuity"]
    episodes = {"e01": episode_file("e01", scene("a", *shots), other, music=music)}
    return expand(load_project(write_project(folder, series=series, episodes=episodes)), "e01")


def known(episode: Episode) -> dict[str, ReferenceFacts]:
    """What is known of everything that it sends, its song as long as it has to be."""
    long = {"duration_s": Decimal(10_000), "format": "wav", "bytes": 9_000_000}
    found = {}
    for one in episode.shots:
        for each in one.references:
            found[each.source] = facts(each, **(long if each.song else {}))
    return found


def windows(episode: Episode) -> dict[str, Window]:
    """The seconds of each shot."""
    (song, _) = music_spans(episode)
    return dict(song.parts)


@settings(max_examples=examples(24))
@given(st.lists(st.integers(4, 12), min_size=2, max_size=8), st.data())
def test_exactly_those_shots_are_made_again_whose_seconds_changed(
    tmp_path_factory: Any, lengths: list[int], data: st.DataObject
) -> None:
    """Whether one becomes longer, or two change places."""
    folder = tmp_path_factory.mktemp("songs")
    episode = written(folder / "a", lengths)
    simulation = Simulation(vendor(), references=known(episode))
    assert len(simulation.make(episode)) == len(lengths) + 1
    names = [f"{number:03}" for number in range(len(lengths))]
    index = data.draw(st.integers(0, len(lengths) - 1))
    if data.draw(st.booleans()):
        changed = written(folder / "b", [*lengths[:index], lengths[index] + 1, *lengths[index + 1 :]])
    else:
        order = [*names[:index], *names[index + 1 :], names[index]]
        changed = written(folder / "b", [lengths[int(name)] for name in order], order)
    before, after = windows(episode), windows(changed)
    expected = {key for key in after if before[key] != after[key]}
    assert set(simulation.make(changed)) == expected
    assert simulation.make(changed) == []
    assert simulation.make(episode) == []
