"""Chains of shots: which shot continues which, where a chain begins anew, and the order to make them in.

Beside the shot that it continues, a shot may need the takes of others, which it is sent.

A chain passes one frame from shot to shot, and with each link colours and faces drift a little. After `max_chain` links
the next shot therefore begins on the first frame of the chain's head, and is a new head itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from storyboard.continuity.timing import acceptable_tails, tail_of, used_frames
from storyboard.request import FrameId
from storyboard.shot import ClipFrame, Continuity, ContinuityMode, Episode, OwnTake, Shot
from storyboard.takes import ClipFacts


@dataclass(frozen=True, slots=True)
class Link:
    """What one shot asks for: to continue `predecessor` in this mode, after at most `max_chain` links of a chain."""

    key: str
    mode: ContinuityMode
    predecessor: str | None
    max_chain: int


class Cycle(ValueError):
    """Shots that need each other in a circle: each of `keys` needs the next, the last one the first."""

    def __init__(self, keys: Sequence[str]) -> None:
        self.keys = tuple(keys)
        super().__init__(" continues ".join((*keys, keys[0])))


def resolve(links: Sequence[Link]) -> dict[str, Continuity]:
    """By key, what each shot continues, with re-anchors. Every predecessor must be one of the keys. Raises Cycle."""
    by_key = {link.key: link for link in links}
    resolved: dict[str, Continuity] = {}
    heads: dict[str, tuple[str, int]] = {}  # of each shot: its chain's head, and how many links lie between
    for key in ordered({link.key: () if link.predecessor is None else (link.predecessor,) for link in links}):
        link = by_key[key]
        if link.predecessor is None or link.mode is ContinuityMode.NONE:
            resolved[key], heads[key] = Continuity(ContinuityMode.NONE), (key, 0)
            continue
        head, links_before = heads[link.predecessor]
        if links_before < link.max_chain:
            resolved[key] = Continuity(link.mode, link.predecessor, predecessor=link.predecessor)
            heads[key] = (head, links_before + 1)
        else:
            resolved[key] = Continuity(link.mode, head, reanchor=True, predecessor=link.predecessor)
            heads[key] = (key, 0)
    return resolved


def ordered(needs: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Every shot after those that it needs, otherwise in the order given. Raises Cycle."""
    done: dict[str, None] = {}
    for key in needs:
        way = [key]  # each needs the one after it
        while way:
            missing = next((each for each in needs[way[-1]] if each not in done), None)
            if missing is None:
                done[way.pop()] = None
            elif missing in way:
                raise Cycle(way[way.index(missing) :])
            else:
                way.append(missing)
    return tuple(done)


def order(episode: Episode) -> tuple[str, ...]:
    """The keys of an episode's shots, each after those of which it needs something, otherwise in story order."""
    return ordered({shot.key: shot.needs for shot in episode.shots})


def roots(episode: Episode) -> tuple[str, ...]:
    """The shots that need no other, in story order."""
    return tuple(shot.key for shot in episode.shots if not shot.needs)


def successors(episode: Episode) -> Mapping[str, tuple[str, ...]]:
    """For every shot those that need one of its frames or its clip, in story order."""
    following: dict[str, list[str]] = {shot.key: [] for shot in episode.shots}
    for shot in episode.shots:
        for key in shot.needs:
            following[key].append(shot.key)
    return {key: tuple(keys) for key, keys in following.items()}


def followers(episode: Episode, keys: Iterable[str]) -> frozenset[str]:
    """These shots, and all that would have to be made again after them."""
    following, found, waiting = successors(episode), set[str](), list(keys)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting.extend(following[key])
    return frozenset(found)


def continuity_frame(episode: Episode, shot: Shot, source_clip: ClipFacts) -> FrameId:
    """The frame that `shot` begins on, given the clip of `shot.continuity.source`.

    The tail frame of the part that the cut uses; at a re-anchor the head's first frame.
    """
    source = shot.continuity.source
    if source is None:
        raise ValueError(f"{shot.key} continues nothing")
    if shot.continuity.reanchor:
        return FrameId(source_clip.sha256, 0)
    edit, frames = episode.shot(source).edit, used_frames(episode, source, source_clip)
    return FrameId(source_clip.sha256, tail_of(edit, frames, source_clip, episode.master.fps))


def acceptable_frames(episode: Episode, shot: Shot, source_clip: ClipFacts) -> frozenset[FrameId]:
    """Every frame on which a take of `shot` may have been made and still be as good as one made today."""
    if shot.continuity.reanchor or shot.continuity.source is None:
        return frozenset({continuity_frame(episode, shot, source_clip)})
    source = episode.shot(shot.continuity.source)
    tails = acceptable_tails(source, source_clip, episode.master.fps)
    return frozenset(FrameId(source_clip.sha256, index) for index in tails)


def own_frame(episode: Episode, own: OwnTake, clip: ClipFacts) -> FrameId:
    """The frame of `clip` that an own take means; of a whole clip its first, which stands for it.

    The last is that of the part that the cut uses, wherever the shot stands: a length off the frame grid, which takes
    one frame more or less there, counts down.
    """
    if own.frame is not ClipFrame.LAST:
        return FrameId(clip.sha256, 0)
    return FrameId(clip.sha256, min(acceptable_tails(episode.shot(own.shot), clip, episode.master.fps)))
