"""The plan: what would be made of an episode, what is there already, why, and at what cost. Pure, and the same twice.

Shots are judged in the order in which they would be made, as what becomes of one decides what the next stands on. The
rules are in `storyboard.plan.rules`, `storyboard.plan.planner` asks them; here it is added up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from storyboard.capabilities import Capabilities
from storyboard.continuity.chains import followers, order
from storyboard.errors import InvalidProject, Mistake
from storyboard.plan.candidates import Pool
from storyboard.plan.cut_notes import cut_notes
from storyboard.plan.music_length import short_songs
from storyboard.plan.planned_shot import NOTHING, PlannedShot
from storyboard.plan.planner import Planner
from storyboard.plan.rules import Action
from storyboard.plan.vendor_offers import VendorOffers
from storyboard.price_proof import Receipt
from storyboard.request import ReferenceFacts
from storyboard.shot import Episode
from storyboard.shot_key import full_key
from storyboard.takes import Circle, TakeFacts

__all__ = ["Action", "Choices", "Plan", "PlannedShot", "plan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What somebody asks for beyond the storyboard itself.

    `shots` are keys SCENE/SHOT, None for all. With `cascade` what follows a named shot counts as named too. `retaken`
    are the ids of takes that an interrupted run opened for these very choices: they count as the new takes asked for.
    `takes` are how many to make of each shot that is made, None: as it says itself, and of a retake one. With
    `with_notes` the prompts of new takes say what people noted of the rejected ones before them,
    and where they ask for another take.
    """

    shots: frozenset[str] | None = None
    new_take: bool = False
    cascade: bool = False
    retaken: frozenset[str] = frozenset()
    takes: int | None = None
    with_notes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole episode's plan, in story order. The total covers what is asked for and has a known price."""

    series: str
    episode: str
    shots: tuple[PlannedShot, ...]
    estimated_cost_usd: Decimal
    unpriced_shots: int
    stale_cost_usd: Decimal | None  # on top of the total, what --cascade would make; None: not known
    doubts: tuple[str, ...] = ()  # why stated prices are not simply believed, each once
    notes: tuple[str, ...] = ()  # what a producer should know of the episode as a whole


def plan(  # noqa: PLR0917  six kinds of facts, in the order in which they are gathered
    episode: Episode,
    capabilities: Mapping[str, Capabilities],
    references: Mapping[str, ReferenceFacts],
    takes: Sequence[TakeFacts],
    circles: Sequence[Circle],
    choices: Choices | None = None,
    *,
    receipts: Sequence[Receipt] = (),
) -> Plan:
    """Plan an episode. `takes` and `circles` are those of the whole series, `references` facts by source.

    `receipts` are what vendors told of costs, of any series at these accounts, the newest first.

    Raises InvalidProject where a shot that is asked for and has to be made can be made by none of its vendors.
    """
    choices = choices or Choices()
    keys = frozenset(shot.key for shot in episode.shots)
    named = keys if choices.shots is None else choices.shots & keys
    planner = Planner(
        episode=episode,
        offers=VendorOffers(episode=episode, capabilities=capabilities, references=references, receipts=receipts),
        pool=Pool(takes, {circle.shot: circle for circle in circles}, capabilities, _full(episode, keys)),
        new_takes=named if choices.new_take else frozenset(),
        asked=followers(episode, named) if choices.cascade else named,
        cascade=choices.cascade,
        retaken=choices.retaken,
        takes=choices.takes,
        with_notes=choices.with_notes,
    )
    for key in order(episode):
        planner.see_to(episode.shot(key))
    planner.refuse_free_prices()
    planner.mistakes += (Mistake(at, told) for at, told in short_songs(episode, references))
    if planner.mistakes:
        raise InvalidProject(planner.mistakes)
    planned = tuple(planner.planned[shot.key] for shot in episode.shots)
    to_pay = [shot for shot in planned if shot.asked]
    again = [shot.stale_cost_usd for shot in to_pay if shot.action is Action.STALE]
    return Plan(
        series=episode.series,
        episode=episode.episode,
        shots=planned,
        estimated_cost_usd=sum((shot.estimated_cost_usd or NOTHING for shot in to_pay), NOTHING),
        unpriced_shots=sum(shot.estimated_cost_usd is None for shot in to_pay),
        stale_cost_usd=None if None in again else sum((cost for cost in again if cost is not None), NOTHING),
        doubts=planner.doubts(),
        notes=cut_notes(episode, planned, references),
    )


def _full(episode: Episode, keys: Iterable[str]) -> frozenset[str]:
    return frozenset(full_key(episode.episode, key) for key in keys)
