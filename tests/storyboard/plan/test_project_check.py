"""`check` finds every mistake in one reading, of every sort, and none where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from storyboard.errors import InvalidProject, NoSuchName
from storyboard.loading import Project
from storyboard.plan.project_check import check
from storyboard.request import ReferenceFacts
from storyboard.shot import Episode
from tests.projects import episode_file, scene, shot, write_project
from tests.storyboard.stories import facts, vendor

VENDORS = {
    "animatic": vendor("animatic", paid=False, frame_sizes={}),
    "acme": vendor("acme"),
    "kinovi": vendor("kinovi", aspect_ratios=("16:9", "21:9")),
}


def capabilities(name: str) -> object:
    """What a vendor sells."""
    if name not in VENDORS:
        raise NoSuchName("vendor", name, sorted(VENDORS), "kinovi" if name == "kinovy" else None)
    return VENDORS[name]


def facts_of(project: Project, episode: Episode) -> Mapping[str, ReferenceFacts]:
    """Plain facts for every reference."""
    return {each.source: facts(each) for one in episode.shots for each in one.references}


def found(root: Path, episode: str | None = None) -> list[str]:
    """What is said of a project."""
    return [f"{each.at}: {each.message}" for each in check(root, episode, capabilities, facts_of)]  # type: ignore[arg-type]


def test_a_sound_project_has_no_mistakes(tmp_path: Path) -> None:
    """Nothing is found where nothing is wrong."""
    assert found(write_project(tmp_path)) == []


def test_mistakes_of_every_sort_are_found_in_one_reading(tmp_path: Path) -> None:
    """A slip in one file, a wrong name in another, and a shot that cannot be made in a third."""
    root = write_project(
        tmp_path,
        series={"titel": "T"},
        episodes={
            "e01": episode_file("e01", scene("lamp", shot("010", "{{ marra }}"))),
            "e02": episode_file(
                "e02", scene("lamp", shot("010", provider="acme", duration=20), shot("020", duraton=3))
            ),
        },
    )
    told = "\n".join(found(root))
    assert "unknown key 'titel'; did you mean 'title'?" in told
    assert "'marra' is no cast member, look, location or prop; did you mean 'mara'?" in told
    assert "lamp/010: acme: 20 s is longer than the longest that acme-1 sells, 15 s" in told
    assert "unknown key 'duraton'; did you mean 'duration'?" in told
    assert len(told.splitlines()) == 4


def test_an_unknown_vendor_is_told_once_where_it_is_written(tmp_path: Path) -> None:
    """Though every shot inherits it."""
    root = write_project(
        tmp_path,
        series="version: 1\nseries: s\ntitle: S\ndefaults: {provider: kinovy}\n",
        episodes={
            "e01": 'version: 1\nepisode: e01\ntitle: E\nscenes: [{id: a, shots: [{id: "1", prompt: x}, '
            '{id: "2", prompt: x}]}]\n'
        },
    )
    told = found(root)
    assert len(told) == 1
    assert told[0].startswith("series.yaml:4:22: there is no vendor 'kinovy'; did you mean 'kinovi'?")


def test_what_is_wrong_with_a_reference_of_the_bible_is_told_once_where_it_is_written(tmp_path: Path) -> None:
    """Though every shot that names her sends it."""
    voice = {"source": "references/music/theme.wav", "from": 9}
    root = write_project(
        tmp_path,
        series={"cast": {"mara": {"references": [voice]}}, "defaults": {"provider": "acme"}},
        episodes={"e01": episode_file("e01", scene("lamp", shot("010"), shot("020")))},
    )
    (told,) = found(root)
    line = next(at for at, each in enumerate((root / "series.yaml").read_text().splitlines(), 1) if "theme" in each)
    assert told.startswith(f"series.yaml:{line - 1}:")
    assert "lasts 4 s, and the part that is meant (from: 9) is not in it" in told


def test_one_vendor_that_can_is_enough(tmp_path: Path) -> None:
    """What the first cannot and the second can is no mistake."""
    wide = shot("010", aspect_ratio="21:9", provider=["acme", "kinovi"])
    assert found(write_project(tmp_path, episodes={"e01": episode_file("e01", scene("a", wide))})) == []
    wide["provider"] = ["acme"]
    told = found(write_project(tmp_path, episodes={"e01": episode_file("e01", scene("a", wide))}))
    assert [each.partition(": ")[2] for each in told] == [
        "a/010: acme: acme-1 does not sell 21:9. Valid values are: 16:9, 9:16, 1:1"
    ]


def test_only_the_episode_that_is_named_is_looked_at(tmp_path: Path) -> None:
    """Besides what concerns the series; one that there is not is told with the nearest."""
    wrong = episode_file("e02", scene("a", shot("010", "{{ marra }}")))
    root = write_project(tmp_path, episodes={"e01": episode_file("e01"), "e02": wrong})
    assert found(root, "e01") == []
    assert len(found(root, "e02")) == 1
    with pytest.raises(NoSuchName, match="did you mean"):
        found(root, "e03")


def test_an_episode_too_broken_to_load_is_no_unknown_one(tmp_path: Path) -> None:
    """Its own mistake is told, not that it does not exist."""
    root = write_project(tmp_path, episodes={"e01": "version: [1"})
    assert any("e01.yaml" in each for each in found(root, "e01"))


def test_references_that_cannot_be_used_are_told(tmp_path: Path) -> None:
    """What the reading of their contents finds joins the rest."""

    def broken(project: Project, episode: Episode) -> Mapping[str, ReferenceFacts]:
        raise InvalidProject([project.mistake(project.at("series.yaml", "cast"), "the picture is cut off")])

    told = check(write_project(tmp_path), None, capabilities, broken)  # type: ignore[arg-type]
    assert [each.message for each in told] == ["the picture is cut off"]


def test_without_reading_references_the_rest_is_checked(tmp_path: Path) -> None:
    """Names and chains need no pictures."""
    root = write_project(tmp_path, episodes={"e01": episode_file("e01", scene("a", shot("010", "{{ marra }}")))})
    assert len(check(root, None, capabilities)) == 1  # type: ignore[arg-type]


def test_no_project_is_one_mistake(tmp_path: Path) -> None:
    """With the remedy."""
    assert "tailframe new" in check(tmp_path, None, capabilities)[0].message  # type: ignore[arg-type]
