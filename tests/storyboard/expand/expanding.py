"""Small projects, expanded: an episode, its one shot, or the mistakes that are told of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from storyboard.errors import InvalidProject
from storyboard.expand.expansion import expand
from storyboard.loading import load_project
from storyboard.shot import Episode, Shot
from tests.projects import episode_file, scene, shot, write_project


def expanded(
    tmp_path: Path, *scenes: Any, series: Any = None, provider: str | None = None, files: Any = None, **keys: Any
) -> Episode:
    """The episode e01 of a project with these scenes."""
    episodes = {"e01": episode_file("e01", *scenes, **keys)}
    project = load_project(write_project(tmp_path, series=series, episodes=episodes, files=files))
    return expand(project, "e01", provider=provider)


def first(tmp_path: Path, prompt: str = "{{ mara }} waits", **keys: Any) -> Shot:
    """The one shot of a project with this prompt."""
    return expanded(tmp_path, scene("lamp", shot("010", prompt, **keys))).shots[0]


def mistakes(tmp_path: Path, written: str, *, series: Any = None) -> list[str]:
    """What is said of an episode, position and sentence."""
    root = write_project(tmp_path, series=series, episodes={"e01": written})
    with pytest.raises(InvalidProject) as caught:
        expand(load_project(root), "e01")
    return [f"{each.at}: {each.message}" for each in caught.value.mistakes]


def names(one: Shot) -> list[str]:
    """The names of what a shot sends, in order."""
    return [each.name for each in one.references]


EPISODE = """\
version: 1
episode: e01
title: The Lamp
scenes:
  - id: lamp
    location: lamp_room
    shots:
"""
