"""What a plan needs to know of the ledger: takes, circles, receipts, and new takes that were asked for before."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from render.ledger import queries, shot_queries
from storyboard.capabilities import Capabilities
from storyboard.plan.episode_plan import Choices
from storyboard.plan.possible_wishes import possible_wishes
from storyboard.price_proof import Receipt
from storyboard.request import ReferenceFacts
from storyboard.shot import Episode
from storyboard.shot_key import ShotKey, full_key
from storyboard.takes import Circle, TakeFacts

if TYPE_CHECKING:
    from render.ledger import LedgerReader, Note

__all__ = ["LedgerFacts", "asked_of", "facts_for_a_plan", "shots_of", "with_interrupted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFacts:
    """What a plan goes by; of an episode for which nothing was ever made: nothing."""

    takes: Sequence[TakeFacts] = ()  # of the series, all that may serve the episode's shots or served them
    circles: Sequence[Circle] = ()
    receipts: Sequence[Receipt] = ()  # what vendors told of costs, the newest first


def facts_for_a_plan(
    ledger: "LedgerReader | None",
    episode: Episode,
    capabilities: Mapping[str, Capabilities],
    references: Mapping[str, ReferenceFacts],
    *,
    preview: bool,
    with_notes: bool = False,
) -> LedgerFacts:
    """All that the ledger holds for a plan of this episode, or of its preview. What people noted only where asked."""
    if ledger is None:
        return LedgerFacts()
    series, shots = episode.series, shots_of(episode)
    takes = _takes(ledger, episode, references, shots)
    return LedgerFacts(
        takes=_noted(ledger, series, takes) if with_notes else takes,
        circles=_circles(ledger.read(shot_queries.circles_of, series, shots), preview),
        receipts=_receipts(ledger, episode, capabilities),
    )


def shots_of(episode: Episode) -> frozenset[str]:
    """EPISODE/SCENE/SHOT of every shot that the episode has now, and of each as previews have it."""
    keys = [shot.key for shot in episode.shots]
    return frozenset(full_key(episode.episode, key, preview=preview) for key in keys for preview in (False, True))


def _takes(
    ledger: "LedgerReader", episode: Episode, references: Mapping[str, ReferenceFacts], shots: Collection[str]
) -> tuple[TakeFacts, ...]:
    """Those of its shots, and those of the same wishes, whatever episode they were made for."""
    own = ledger.read(shot_queries.facts_of_shots, episode.series, shots)
    wishes, known = possible_wishes(episode, references, own), frozenset(take.id for take in own)
    alike = ledger.read(shot_queries.facts_of_wishes, episode.series, wishes, known)
    return tuple(sorted((*own, *alike), key=lambda take: (take.shot, take.number)))


def with_interrupted(choices: Choices, ledger: "LedgerReader | None", episode: Episode) -> Choices:
    """The choices, and which new takes an interrupted run for the same words has opened already."""
    if not choices.new_take or ledger is None:
        return choices
    before = ledger.read(queries.interrupted, episode.series, episode.episode, asked_of(choices))
    return replace(choices, retaken=before)


def asked_of(choices: Choices) -> str:
    """The new takes that somebody asks for, in one form; empty where nobody does. The same words are the same wish."""
    if not choices.new_take:
        return ""
    shots = None if choices.shots is None else sorted(choices.shots)
    more = {name: value for name, value in (("takes", choices.takes), ("with_notes", choices.with_notes)) if value}
    return json.dumps({"new_take": True, "shots": shots, "cascade": choices.cascade, **more})


def _noted(ledger: "LedgerReader", series: str, takes: Sequence[TakeFacts]) -> tuple[TakeFacts, ...]:
    """The takes with what people noted of each."""
    notes: dict[str, list[Note]] = {}
    for note in ledger.read(queries.notes, series):
        notes.setdefault(note.take, []).append(note)
    return tuple(_with_notes(take, notes[take.id]) if take.id in notes else take for take in takes)


def _with_notes(take: TakeFacts, notes: "Sequence[Note]") -> TakeFacts:
    wishes = tuple(note.words for note in notes if note.retake)
    return replace(take, notes=tuple(note.words for note in notes), wishes=wishes)


def _circles(circles: Sequence[Circle], preview: bool) -> tuple[Circle, ...]:
    """Those that this plan goes by: a preview has circles of its own, under EPISODE@preview."""
    named = [(ShotKey.parse(circle.shot), circle) for circle in circles]
    return tuple(
        replace(circle, shot=str(replace(key, preview=False))) for key, circle in named if key.preview is preview
    )


def _receipts(ledger: "LedgerReader", episode: Episode, capabilities: Mapping[str, Capabilities]) -> Sequence[Receipt]:
    """What the vendors told of costs whose prices the project states; nobody asks for those of others."""
    priced = {price.provider for price in episode.prices}
    accounts = {sold.account for name, sold in capabilities.items() if name in priced and sold.paid}
    return ledger.read(queries.receipts, accounts) if accounts else ()
