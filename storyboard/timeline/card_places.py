"""Where cards stand among the shots of a master. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from storyboard.card_piece import Card, CardKind
from storyboard.shot import Episode


def cards_of(episode: Episode, shots: Sequence[str] | None = None) -> tuple[str | Card, ...]:
    """All pieces of a master in order: the shots that it has, by their keys (SCENE/SHOT), and the cards among them.

    `shots` are those that are not waived, in story order; by default all. A scene without a shot in the master has no
    card of its own; what else stands before it then stands before the next one that has.
    """
    keys = [shot.key for shot in episode.shots] if shots is None else shots
    return tuple(_placed(episode, keys))


def _placed(episode: Episode, keys: Sequence[str]) -> Iterator[str | Card]:
    shown = {_scene(key) for key in keys}
    rank = {scene: place for place, scene in enumerate(dict.fromkeys(shot.scene for shot in episode.shots))}
    waiting = [card for card in episode.cards if card.before in shown or card.kind is not CardKind.SCENE]
    begun: set[str] = set()
    for key in keys:
        scene = _scene(key)
        if scene not in begun:
            begun.add(scene)
            due = [card for card in waiting if card.before is not None and rank[card.before] <= rank[scene]]
            waiting = [card for card in waiting if card not in due]
            yield from due
        yield key
    yield from waiting


def _scene(key: str) -> str:
    return key.partition("/")[0]
