"""Chains are drawn, kept short, and made in an order in which every frame is there when it is needed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.continuity.chains import (
    Cycle,
    Link,
    acceptable_frames,
    continuity_frame,
    followers,
    order,
    ordered,
    resolve,
    roots,
    successors,
)
from storyboard.request import FrameId
from storyboard.shot import ContinuityMode
from tests.storyboard.stories import chain, clip, digest, shot, story

TAIL = ContinuityMode.TAIL_FRAME


@st.composite
def forests(draw: st.DrawFn) -> list[Link]:
    """Shots in any order, each continuing one that was drawn before it, or none."""
    count = draw(st.integers(1, 25))
    before = [draw(st.none() | st.integers(0, index - 1)) if index else None for index in range(count)]
    max_chain = draw(st.integers(1, 5))
    links = [Link(f"s/{n}", TAIL, None if b is None else f"s/{b}", max_chain) for n, b in enumerate(before)]
    return draw(st.permutations(links))


@given(forests())
def test_no_chain_is_longer_than_it_may_be(links: list[Link]) -> None:
    """Between a head and any shot lie at most `max_chain` links that pass on a tail."""
    chains = resolve(links)
    for link in links:
        length, key = 0, link.key
        while (continuity := chains[key]).source is not None and not continuity.reanchor:
            length, key = length + 1, continuity.source
        assert length <= link.max_chain


@given(forests())
def test_a_re_anchor_goes_back_to_the_head_of_its_own_chain(links: list[Link]) -> None:
    """Following tails back from the shot before a re-anchor leads to the shot whose first frame is sent."""
    chains = resolve(links)
    for continuity in chains.values():
        if continuity.reanchor:
            key = continuity.predecessor
            assert key is not None
            while (before := chains[key]).source is not None and not before.reanchor:
                key = before.source
            assert key == continuity.source


@given(forests())
def test_every_shot_comes_after_what_it_needs(links: list[Link]) -> None:
    """The order holds every shot once, and a shot never before the one whose frame it sends."""
    chains = resolve(links)
    keys = ordered({link.key: [key for key in [chains[link.key].source] if key] for link in links})
    assert sorted(keys) == sorted(link.key for link in links)
    for link in links:
        source = chains[link.key].source
        assert source is None or keys.index(source) < keys.index(link.key)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=10))
def test_a_circle_is_always_found(before: list[int]) -> None:
    """Where every shot continues one of the others there is a circle, and each of its shots continues the next."""
    links = {f"s/{n}": f"s/{b % len(before)}" for n, b in enumerate(before)}
    with pytest.raises(Cycle) as caught:
        ordered({key: (before,) for key, before in links.items()})
    keys = caught.value.keys
    assert [links[key] for key in keys] == [*keys[1:], keys[0]]


def test_the_fifth_link_goes_back_to_the_head() -> None:
    """After four links the next shot sends its head's first frame, and begins a chain of its own."""
    episode = story(*chain(11))
    anchors = {each.key: each.continuity.source for each in episode.shots if each.continuity.reanchor}
    assert anchors == {"lamp/060": "lamp/010", "lamp/110": "lamp/060"}
    episode = story(*chain(11), max_chain=2)
    anchors = {each.key: each.continuity.source for each in episode.shots if each.continuity.reanchor}
    assert anchors == {"lamp/040": "lamp/010", "lamp/070": "lamp/040", "lamp/100": "lamp/070"}


def test_story_order_decides_between_shots_that_wait_for_nothing() -> None:
    """A shot that continues a later one waits for it; all others keep the order of the story."""
    episode = story(shot("a/1", after="c/1"), shot("b/1"), shot("c/1"), shot("d/1", after="a/1"))
    assert order(episode) == ("c/1", "a/1", "b/1", "d/1")
    assert roots(episode) == ("b/1", "c/1")
    assert successors(episode) == {"a/1": ("d/1",), "b/1": (), "c/1": ("a/1",), "d/1": ()}


def test_followers_are_all_that_comes_after() -> None:
    """What follows a shot follows the shots after it too, along the frames that are really sent."""
    episode = story(*chain(4), shot("attic/010", after="lamp/020"), shot("shore/010"))
    assert followers(episode, ["lamp/020"]) == {"lamp/020", "lamp/030", "lamp/040", "attic/010"}


def test_the_tail_frame_is_the_last_that_the_cut_shows() -> None:
    """Three seconds used of a four second clip end on its 72nd frame; all of it, on the last."""
    episode = story(*chain(2))
    assert continuity_frame(episode, episode.shots[1], clip()) == FrameId(digest("clip"), 71)
    episode = story(*chain(2, duration_s=None))
    assert continuity_frame(episode, episode.shots[1], clip()) == FrameId(digest("clip"), 95)


def test_moving_an_out_point_moves_the_tail_frame() -> None:
    """A shorter shot hands on an earlier frame of the very same clip."""
    episode = story(*chain(2, duration_s=Decimal("2.5")))
    assert continuity_frame(episode, episode.shots[1], clip()).index == 59


def test_a_re_anchor_sends_the_first_frame() -> None:
    """The head's first frame is sent, whatever part of its clip is used."""
    episode = story(*chain(3), max_chain=1)
    assert continuity_frame(episode, episode.shots[2], clip()) == FrameId(digest("clip"), 0)
    assert acceptable_frames(episode, episode.shots[2], clip()) == {FrameId(digest("clip"), 0)}


def test_a_shot_off_the_grid_has_two_good_tails() -> None:
    """A length that takes 24 or 25 frames depending on what runs before accepts successors made on either tail."""
    episode = story(*chain(2, duration_s=Decimal("1.02")))
    indexes = {frame.index for frame in acceptable_frames(episode, episode.shots[1], clip())}
    assert indexes == {23, 24}


def test_a_shot_that_continues_nothing_has_no_frame() -> None:
    """Asking for one is a mistake of the program, and says so."""
    episode = story(shot())
    with pytest.raises(ValueError, match="lamp/010 continues nothing"):
        continuity_frame(episode, episode.shots[0], clip())
