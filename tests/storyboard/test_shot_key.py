"""A shot's name is put together and taken apart alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.model.fields import SLUG
from storyboard.shot_key import ShotKey, full_key, is_of_episode, local_key

SLUGS = st.from_regex(SLUG.removesuffix("$"), fullmatch=True)


@given(SLUGS, SLUGS, st.one_of(st.just(""), SLUGS), st.booleans())
def test_a_key_is_read_as_it_was_written(scene: str, shot: str, episode: str, preview: bool) -> None:
    """In every form, of all ids that a producer may write."""
    key = ShotKey(scene, shot, episode, preview=preview and bool(episode))
    assert ShotKey.parse(str(key)) == key
    assert key.local == local_key(scene, shot)
    assert not episode or str(key) == full_key(episode, key.local, preview=key.preview)


def test_the_parts_of_each_form() -> None:
    """Within an episode, within a series, and of a preview."""
    assert ShotKey.parse("lamp/010") == ShotKey("lamp", "010")
    assert ShotKey.parse("e01/lamp/010") == ShotKey("lamp", "010", "e01")
    assert ShotKey.parse("e01@preview/lamp/010") == ShotKey("lamp", "010", "e01", preview=True)
    assert ShotKey.parse("e01@preview/lamp/010").ledger_episode == "e01@preview"


@pytest.mark.parametrize(
    "text", ["", "lamp", "/", "lamp/", "/010", "e01/lamp/", "e01//010", "/lamp/010", "a/b/c/d", "@preview/a/b"]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    """Rather than taken for a part of one."""
    with pytest.raises(ValueError, match="is neither SCENE/SHOT nor EPISODE/SCENE/SHOT"):
        ShotKey.parse(text)


def test_shots_of_an_episode_are_known() -> None:
    """Its preview's are not its own, nor are those of an episode whose id begins alike."""
    assert is_of_episode(full_key("e01", "lamp/010"), "e01")
    assert not is_of_episode(full_key("e01", "lamp/010", preview=True), "e01")
    assert not is_of_episode("e010/lamp/010", "e01")
