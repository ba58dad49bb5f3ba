"""Loading a project: what is right is loaded, what is wrong is found, all of it at once."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyboard.errors import InvalidProject, Position
from storyboard.loading import Project, load_leniently, load_project
from storyboard.paths import kind_of
from storyboard.shot import ContinuityMode, MediaKind
from tests.projects import episode_file, png, scene, series_file, shot, write_project
from tests.thinning import examples


def test_a_sound_project_is_loaded(tmp_path: Path) -> None:
    """The minimal project has its series, its episode and its values as written."""
    project = load_project(write_project(tmp_path))
    assert project.series.series == "lighthouse"
    assert project.series.cast["mara"].looks["storm"].references[0].source == "references/cast/mara-storm.png"
    assert [scene.id for scene in project.episodes["e01"].scenes] == ["lamp", "shore"]
    assert load_leniently(project.root) == (project, ())


def test_short_forms_mean_the_long_ones(tmp_path: Path) -> None:
    """A provider may be one name, a reference its path, and a key with nothing after it is left out."""
    written = shot("010", provider="kinovi", references=["references/extra/sketch.png"], model=None, seed=None)
    project = load_project(write_project(tmp_path, episodes={"e01": episode_file("e01", scene("lamp", written))}))
    loaded = project.episodes["e01"].scenes[0].shots[0]
    assert loaded.provider == ("kinovi",)
    assert loaded.references[0].source == "references/extra/sketch.png"
    assert not loaded.references[0].required
    assert loaded.model is None


def test_episodes_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    """Episodes are read by file name, each under its id."""
    episodes = {id_: episode_file(id_) for id_ in ("e10", "e02", "e01")}
    assert list(load_project(write_project(tmp_path, episodes=episodes)).episodes) == ["e01", "e02", "e10"]


def test_every_used_file_is_named_once(tmp_path: Path) -> None:
    """The files of a project are its YAML, its references and its music; links and unused files are not among them."""
    written = shot("010", references=["references/extra/sketch.png", "https://example.com/sea.png"])
    episode = episode_file("e01", scene("lamp", written), music={"source": "references/music/theme.wav"})
    root = write_project(tmp_path, episodes={"e01": episode}, files={"references/unused.png": png()})
    (root / "notes.txt").write_text("not part of it")
    assert load_project(root).files() == (
        "episodes/e01.yaml",
        "references/cast/mara-storm.png",
        "references/cast/mara.png",
        "references/cast/tomas.png",
        "references/extra/sketch.png",
        "references/locations/lamp_room.png",
        "references/locations/shore.png",
        "references/music/theme.wav",
        "references/props/logbook.png",
        "references/styles/gouache.png",
        "series.yaml",
    )


def test_every_value_can_be_pointed_at(tmp_path: Path) -> None:
    """Later checks find the place and the line of any value, and of what is missing the place that would hold it."""
    project = load_project(write_project(tmp_path, series='version: 1\nseries: s\ntitle: "x"\ncast:\n  mara: {}\n'))
    assert project.at("series.yaml", "title") == Position("series.yaml", 3, 8)
    assert project.at("series.yaml", "cast", "mara", "looks", "storm") == Position("series.yaml", 5, 9)
    assert project.at("nowhere.yaml", "x") == Position("nowhere.yaml", 1, 1)
    assert project.excerpt(Position("series.yaml", 3, 8)) == 'title: "x"'
    assert project.mistake(Position("series.yaml", 5, 3), "no").excerpt == "  mara: {}"
    assert project.episode_file("e01") == "episodes/e01.yaml"


def test_links_within_the_project_are_fine(tmp_path: Path) -> None:
    """A symbolic link is followed as long as it stays inside."""
    root = write_project(tmp_path)
    (root / "references/cast/mara.png").rename(root / "references/cast/real.png")
    (root / "references/cast/mara.png").symlink_to("real.png")
    assert load_project(root).root == root


def test_the_mistakes_of_all_files_come_at_once(tmp_path: Path) -> None:
    """A mistake hides no other: not in its own line, nor in its file, nor in another."""
    root = write_project(
        tmp_path,
        series=series_file(titel="x", budget={"run": -1}, cast={"mara": {"references": ["references/nope.png"]}}),
        episodes={
            "e01": episode_file("e01", scene("lamp", shot("010", duration=0, takes=99), shot("010"))),
            "e02": "title: [unclosed",
            "e03": episode_file("e03", scene("lamp", shot("010", continuity="tail"))),
        },
    )
    with pytest.raises(InvalidProject) as caught:
        load_project(root)
    told = [(mistake.at.file, mistake.message.split(" ")[0]) for mistake in caught.value.mistakes]
    assert told == [
        ("episodes/e01.yaml", "'duration'"),
        ("episodes/e01.yaml", "'takes'"),
        ("episodes/e01.yaml", "the"),
        ("episodes/e02.yaml", "this"),
        ("episodes/e03.yaml", "'continuity'"),
        ("series.yaml", "there"),
        ("series.yaml", "unknown"),
        ("series.yaml", "'run'"),
    ]


def test_what_is_sound_stays_when_the_rest_is_taken_out(tmp_path: Path) -> None:
    """The lenient project keeps every healthy shot, and each keeps its own place in the file."""
    shots = [shot("010", promt="x"), {"prompt": "without id"}, shot("030", duration=0), shot("040")]
    root = write_project(tmp_path, episodes={"e01": episode_file("e01", scene("lamp", *shots))})
    project, mistakes = load_leniently(root)
    assert project is not None
    loaded = project.episodes["e01"].scenes[0].shots
    assert [(one.id, one.duration) for one in loaded] == [("010", 1), ("030", None), ("040", 1)]
    line = project.at("episodes/e01.yaml", "scenes", 0, "shots", 2, "id").line
    assert '"040"' in (root / "episodes/e01.yaml").read_text().splitlines()[line - 1]
    assert len(mistakes) == 3


def test_a_misspelled_key_is_read_as_what_it_means(tmp_path: Path) -> None:
    """The text under a misspelled `prompt` is still checked for the names in it, under the place where it stands."""
    text = 'version: 1\nepisode: e01\ntitle: x\nscenes:\n- id: a\n  shots:\n  - id: 010\n    promt: "{{ mar }} waits"\n'
    project, mistakes = load_leniently(write_project(tmp_path, episodes={"e01": text}))
    assert project is not None
    loaded = project.episodes["e01"].scenes[0].shots[0]
    assert (loaded.id, loaded.prompt) == ("010", "{{ mar }} waits")
    assert project.at("episodes/e01.yaml", "scenes", 0, "shots", 0, "prompt") == Position("episodes/e01.yaml", 8, 12)
    assert [mistake.at.line for mistake in mistakes] == [7, 8]


def test_an_empty_cast_member_stays_known(tmp_path: Path) -> None:
    """A cast member with nothing below it is one mistake, not one more at every prompt that names it."""
    project, mistakes = load_leniently(write_project(tmp_path, series=series_file(cast={"mara": None, "tomas": {}})))
    assert project is not None
    assert list(project.series.cast) == ["mara", "tomas"]
    assert len(mistakes) == 1


def test_without_a_usable_series_there_is_no_project(tmp_path: Path) -> None:
    """Where series.yaml cannot be read at all, its mistake comes with those of the episodes."""
    root = write_project(tmp_path, series="{", episodes={"e01": episode_file("e01", oops=1)})
    project, mistakes = load_leniently(root)
    assert project is None
    assert [mistake.at.file for mistake in mistakes] == ["episodes/e01.yaml", "series.yaml"]


def test_a_file_that_is_something_else_is_not_explained_at_length(tmp_path: Path) -> None:
    """A file with thousands of mistakes gets some dozens of them, and the number of the others, in little time."""
    root = write_project(tmp_path, episodes={"e01": "\n".join(f"key{number}: x" for number in range(20_000))})
    _, mistakes = load_leniently(root)
    assert len(mistakes) == 51
    assert "there are 19,954 more mistakes in this file" in [mistake.message for mistake in mistakes]


def test_a_newer_version_is_read_no_further(tmp_path: Path) -> None:
    """A file of another version gets one sentence, and not one for every key that is new in it."""
    root = write_project(tmp_path, series=series_file(version=2, novelty=1, title=3))
    _, mistakes = load_leniently(root)
    assert [mistake.message for mistake in mistakes] == [
        "this Tailframe reads version 1 of the format, and the file says 2; write `version: 1`"
    ]


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("a/b.png", MediaKind.IMAGE),
        ("a/b.JPEG", MediaKind.IMAGE),
        ("a.b/c.webp", MediaKind.IMAGE),
        ("x.mov", MediaKind.VIDEO),
        ("x.mp3", MediaKind.AUDIO),
        ("x.m4a", MediaKind.AUDIO),
        ("x.aac", MediaKind.AUDIO),
        ("x.FLAC", MediaKind.AUDIO),
        ("x.ogg", MediaKind.AUDIO),
        ("x.opus", MediaKind.AUDIO),
        ("https://example.com/a/b.mp4?token=x.png", MediaKind.VIDEO),
    ],
)
def test_a_suffix_tells_the_kind(source: str, kind: MediaKind) -> None:
    """Paths and links promise by their suffix what sort of file they are."""
    assert kind_of(source) is kind


def test_an_unknown_suffix_tells_nothing() -> None:
    """A file whose suffix is not known is of no kind."""
    with pytest.raises(ValueError, match="ends in none of"):
        kind_of("plan.pdf")


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose YAML may be written over, again and again."""
    return write_project(tmp_path_factory.mktemp("standing"))


@settings(max_examples=examples(60))
@given(content=st.binary(max_size=300) | st.text(max_size=200))
def test_no_content_of_series_yaml_makes_it_crash(standing: Path, content: bytes | str) -> None:
    """Whatever stands in series.yaml, loading gives a project or InvalidProject."""
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    (standing / "series.yaml").write_bytes(raw)
    _loads_or_refuses(standing)


WHOLE = series_file(
    delivery={"master": {"width": 640, "height": 360, "fps": 24}},
    budget={"run": 5},
    prices=[{"provider": "acme", "usd_per_second": 0.2}],
)
EPISODE = episode_file(
    "e01",
    scene("lamp", shot("010", beats=[{"at": 0, "prompt": "x"}]), shot("020", references=["references/x.png"])),
    music={"source": "references/music/theme.wav"},
)
ODD_VALUES = st.sampled_from(
    [None, True, 0, -1, 1.5, 10**9, "", "x", "references", [], [[]], {}, {"x": None}, [None]]
).map(copy.deepcopy)


@settings(max_examples=examples(80))
@given(choice=st.data())
def test_no_wrong_value_anywhere_makes_it_crash(standing: Path, choice: st.DataObject) -> None:
    """Whatever value of a project is replaced by another, loading gives a project or InvalidProject."""
    series, episode = copy.deepcopy(WHOLE), copy.deepcopy(EPISODE)
    for _ in range(choice.draw(st.integers(1, 3))):
        _replace_somewhere(choice.draw(st.sampled_from([series, episode])), choice)
    (standing / "series.yaml").write_text(json.dumps(series))
    (standing / "episodes/e01.yaml").write_text(json.dumps(episode))
    _loads_or_refuses(standing)


def _replace_somewhere(value: Any, choice: st.DataObject) -> None:
    """Walk into the value at random and put something odd, or a key that is not known, somewhere."""
    while True:
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        key = choice.draw(st.sampled_from(keys)) if keys else None
        inner = value[key] if key is not None else None
        if isinstance(inner, dict | list) and inner and choice.draw(st.booleans()):
            value = inner
            continue
        if isinstance(value, dict) and choice.draw(st.booleans()):
            value["promt"] = choice.draw(ODD_VALUES)
        elif key is not None:
            value[key] = choice.draw(ODD_VALUES)
        return


def _loads_or_refuses(root: Path) -> None:
    project, mistakes = load_leniently(root)
    if mistakes:
        with pytest.raises(InvalidProject) as caught:
            load_project(root)
        assert caught.value.mistakes == mistakes
    else:
        assert load_project(root) == project
    if isinstance(project, Project):
        project.files()


def test_modes_are_values_of_the_core(tmp_path: Path) -> None:
    """Continuity is read as the core's own enumeration, and lengths as exact numbers."""
    text = shot("010", continuity="first_frame", duration=2.5)
    project = load_project(write_project(tmp_path, episodes={"e01": episode_file("e01", scene("lamp", text))}))
    loaded = project.episodes["e01"].scenes[0].shots[0]
    assert loaded.continuity is ContinuityMode.FIRST_FRAME
    assert loaded.duration == Decimal("2.5")
