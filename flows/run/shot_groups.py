"""Deals the shots that are to be made of one episode into groups of about equal length, each a flow run of its own.

Shots that need one another (a frame, a clip) stay together, in whatever scene they stand: a group waits for no other.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from storyboard.shot import Episode

__all__ = ["dealt"]


def dealt(episode: Episode, seconds: Mapping[str, Decimal], number: int) -> tuple[frozenset[str], ...]:
    """At most so many groups of the shots that `seconds` names, each with the seconds that are bought of it.

    The longest chains are dealt first, each to the group that is shortest by then.
    """
    chains = sorted(_chains(episode, seconds), key=lambda chain: sum(seconds[key] for key in chain), reverse=True)
    groups: list[list[str]] = [[] for _ in range(min(number, len(chains)))]
    for chain in chains:
        min(groups, key=lambda group: sum(seconds[key] for key in group)).extend(chain)
    return tuple(frozenset(group) for group in groups)


def _chains(episode: Episode, wanted: Mapping[str, Decimal]) -> Sequence[Sequence[str]]:
    """The shots that are wanted, in story order, with those together that need one another, by others too."""
    chain_of = {shot.key: [shot.key] for shot in episode.shots}
    for shot in episode.shots:
        for needed in shot.needs:
            _join(chain_of, shot.key, needed)
    found = {id(chain): [key for key in chain if key in wanted] for chain in chain_of.values()}
    return [chain for chain in found.values() if chain]


def _join(chain_of: dict[str, list[str]], one: str, other: str) -> None:
    joined, smaller = chain_of[one], chain_of[other]
    if joined is not smaller:
        joined += smaller
        chain_of.update(dict.fromkeys(smaller, joined))
