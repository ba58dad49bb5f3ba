"""Sandboxes that tests share, one fast and one whose jobs never end in a test's time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.render.sandbox.standing import Standing, picture, sound, video


@pytest.fixture(scope="session")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """Jobs take a fifth of a second."""
    standing = Standing(tmp_path_factory.mktemp("quick"))
    standing.start()
    yield standing
    standing.close()


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Standing]:
    """Jobs take ten minutes."""
    standing = Standing(tmp_path / "state", job_seconds=600)
    standing.start()
    yield standing
    standing.close()


@pytest.fixture(scope="session")
def links(quick: Standing, tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """References that can be read: a picture, two seconds of video, three of sound, and a text."""
    folder = tmp_path_factory.mktemp("references")
    text = folder / "notes.txt"
    text.write_text("this is no picture")
    return SimpleNamespace(
        image=quick.publish(picture(folder)),
        small=quick.publish(picture(folder, (100, 100), "small.png")),
        video=quick.publish(video(folder)),
        sound=quick.publish(sound(folder)),
        long_sound=quick.publish(sound(folder, 16)),
        text=quick.publish(text),
    )
