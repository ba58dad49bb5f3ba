"""Every episode of a series, one after the other: what one of them meets does not stop the others."""

import contextlib
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from render.errors import RenderError
from storyboard.errors import StoryboardError
from storyboard.loading import load_project

__all__ = ["Met", "episodes_of", "exit_code_of", "going_on"]

Met = Callable[[str, Exception], None]
"""Called with an episode's id and the error that keeps it from being made."""


def episodes_of(project: Path) -> list[str]:
    """The ids of the series' episodes, in order. Raises InvalidProject with every mistake."""
    return sorted(load_project(project).episodes)


@contextlib.contextmanager
def going_on(episode: str, met: Met) -> Iterator[None]:
    """Pass what keeps an episode from being made to `met`, and go on. All else (a server gone, Ctrl-C) is raised."""
    try:
        yield
    except (RenderError, StoryboardError) as error:
        met(episode, error)


def exit_code_of(codes: Collection[int]) -> int:
    """The exit code of several episodes: 3 where a budget refused one, 2 where the input of all is wrong, 1 where
    any is not done, else 0."""
    if 3 in codes:
        return 3
    if codes and set(codes) == {2}:
        return 2
    return 1 if any(codes) else 0
