"""What changed between what was approved and what would be approved now: shot by shot, and which part of each. Pure."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from storyboard.approval.approval_content import ApprovalContent
from storyboard.approval.priced_orders import PricedOrder, approved_orders
from storyboard.approval_rules import Subject
from storyboard.text.dollars import usd_or_unknown

WHOLE = ""
"""The key under which changes stand that belong to no single shot."""

_UNSEEN = "what it is sent"
"""The part that changed where none did that a person reads: another version of a file, another shot's take."""


class ChangeKind(StrEnum):
    """What became of a shot."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class PartChange:
    """One part that reads otherwise; the texts are empty where it is no text."""

    part: str  # "prompt", "length", "transition"
    before: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class ContentChange:
    """What became of one shot since, or (under the key WHOLE) of what belongs to no shot."""

    kind: ChangeKind
    shot: str  # SCENE/SHOT, as it is called now; of one that was removed, as it was called
    parts: tuple[PartChange, ...] = ()


@dataclass(frozen=True, slots=True)
class _Told:
    """One shot of a content."""

    key: str
    same: str
    parts: Mapping[str, Any]


def content_changes(approved: str, now: ApprovalContent) -> tuple[ContentChange, ...]:
    """What differs from an approved content (as the ledger keeps it), in story order; nothing where the hash is one.

    Raises ValueError for a content that is none.
    """
    before: Any = json.loads(approved)
    told: Mapping[str, Any] = now.told
    try:
        if now.subject is Subject.SPENDING:
            return tuple(_orders_changed(approved_orders(approved), approved_orders(now.content)))
        shots = _shots_changed(_shots(before), _shots(told))
        return (*shots, *_whole_changed(before.get("whole") or {}, told.get("whole") or {}))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("an approved content that is none") from error


def _shots(told: Mapping[str, Any]) -> list[_Told]:
    return [_Told(str(each["key"]), str(each["same"]), dict(each["parts"])) for each in told["shots"]]


def _shots_changed(before: Sequence[_Told], now: Sequence[_Told]) -> Iterator[ContentChange]:
    if [each.same for each in before] == [each.same for each in now]:
        return
    pairs = _paired(before, now)
    stayed = _longest_rising([pairs[index] for index in sorted(pairs)])
    for index, shot in enumerate(now):
        if index not in pairs:
            yield ContentChange(ChangeKind.ADDED, shot.key)
            continue
        was = before[pairs[index]]
        if was.same != shot.same:
            yield ContentChange(ChangeKind.CHANGED, shot.key, _parts_changed(was.parts, shot.parts))
        if pairs[index] not in stayed:
            yield ContentChange(ChangeKind.MOVED, shot.key)
    gone = set(range(len(before))) - set(pairs.values())
    yield from (ContentChange(ChangeKind.REMOVED, before[index].key) for index in sorted(gone))


def _paired(before: Sequence[_Told], now: Sequence[_Told]) -> dict[int, int]:
    """Which shot each was: the one of its key, else one that is gone under its name and is the same."""
    keys = {shot.key: index for index, shot in enumerate(before)}
    pairs = {index: keys[shot.key] for index, shot in enumerate(now) if shot.key in keys}
    free = [index for index in range(len(before)) if index not in pairs.values()]
    for index, shot in enumerate(now):
        renamed = next((other for other in free if before[other].same == shot.same), None)
        if index not in pairs and renamed is not None:
            pairs[index] = renamed
            free.remove(renamed)
    return pairs


def _longest_rising(places: Sequence[int]) -> set[int]:
    """The most of these different numbers that stand in rising order already: all others were moved."""
    tails: list[int] = []
    lengths: list[int] = []
    for place in places:
        at = bisect_left(tails, place)
        tails[at : at + 1] = [place]
        lengths.append(at + 1)
    kept: set[int] = set()
    wanted = len(tails)
    for place, length in zip(reversed(places), reversed(lengths), strict=True):
        if length == wanted and (not kept or place < min(kept)):
            kept.add(place)
            wanted -= 1
    return kept


def _parts_changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[PartChange, ...]:
    names = [name for name in dict.fromkeys([*now, *before]) if before.get(name) != now.get(name)]
    return tuple(_part(name, before.get(name), now.get(name)) for name in names) or (PartChange(_UNSEEN),)


def _part(name: str, before: Any, now: Any) -> PartChange:
    texts = all(isinstance(each, str | None) for each in (before, now))
    return PartChange(name, before or "", now or "") if texts else PartChange(name)


def _whole_changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[ContentChange]:
    if before != now:
        yield ContentChange(ChangeKind.CHANGED, WHOLE, _parts_changed(before, now))


def _orders_changed(before: Sequence[PricedOrder], now: Sequence[PricedOrder]) -> Iterator[ContentChange]:
    """Orders that were not approved, or at a lower price. Fewer of them are no change."""
    prices = {order.name: order.usd for order in before}
    shots = {order.shot for order in before}
    for order in now:
        if order.name in prices and prices[order.name] == order.usd:
            continue
        if order.name in prices:
            told = PartChange("price", usd_or_unknown(prices[order.name]), usd_or_unknown(order.usd))
            yield ContentChange(ChangeKind.CHANGED, order.shot, (told,))
        else:
            kind = ChangeKind.CHANGED if order.shot in shots else ChangeKind.ADDED
            yield ContentChange(kind, order.shot, (PartChange("order"),) if kind is ChangeKind.CHANGED else ())
