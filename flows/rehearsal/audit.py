"""The audit of a rehearsal: what happened, and what it would have cost, by the ledger and by the vendors' own books.

The sandbox counts its jobs and their prices by itself, from the vendors' pages. Where the two disagree, Tailframe has
lost something that would have been paid for, and that is said loudly.
"""

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flows.rehearsal.isolation import RehearsalEnvironment
from flows.rehearsal.lost_answers import LostAnswer, lost_answers
from flows.rehearsal.rehearse import Rehearsed
from flows.run.workspace import workspace_of
from render.ledger import LedgerReader, Take, queries
from render.ledger.stored_request import read_order
from render.providers.registry import capabilities_of
from render.sandbox import VENDORS
from storyboard.expand.expansion import expand
from storyboard.loading import load_project
from storyboard.shot import Caps, Episode
from storyboard.shot_key import is_of_episode
from storyboard.takes import TakeState
from storyboard.text.dollars import usd

__all__ = ["Audit", "Bill", "take_account"]

_ENDED = frozenset({TakeState.GENERATED, TakeState.DONE, TakeState.FAILED, TakeState.CANCELLED})
_NOTHING = Decimal(0)

Job = Mapping[str, Any]
"""A job as the sandbox lists it at `/sandbox/jobs`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What one vendor would have been paid for this episode, by the ledger and by its own books, in US dollars."""

    provider: str
    takes: int
    jobs: int
    spent_usd: Decimal
    failed_usd: Decimal  # of that, for takes that gave no clip
    charged_usd: Decimal | None  # by its own books; None: no page tells its price
    unpriced_takes: int
    prices: str  # where the prices come from; empty where none is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """One episode's rehearsal, added up from its first order on, over all commands.

    Faults are those that the sandbox met in all rehearsals of the project.
    """

    series: str
    episode: str
    rehearsed: Rehearsed
    orders: int
    takes: Mapping[str, int]  # done, failed, refused, unknown, unfinished
    bills: tuple[Bill, ...]
    lost: tuple[LostAnswer, ...]
    faults_met: Mapping[tuple[str, str, str, str], int]  # by vendor, where, what, when
    faults_waiting: int
    disagreements: tuple[str, ...]
    capped: bool  # the project has a budget

    @property
    def spent_usd(self) -> Decimal:
        """What the ledger counts as spent, in US dollars, as far as prices are known."""
        return sum((bill.spent_usd for bill in self.bills), _NOTHING)

    @property
    def unpriced_takes(self) -> int:
        """How many takes were ordered at a price that nobody knows."""
        return sum(bill.unpriced_takes for bill in self.bills)

    @property
    def produce_refuses(self) -> bool:
        """Whether `produce` would refuse what was rehearsed: under a budget, every price must be known."""
        return self.capped and self.unpriced_takes > 0

    @property
    def good(self) -> bool:
        """Whether the episode is complete and every book agrees."""
        return self.rehearsed.complete and not self.disagreements


def take_account(environment: RehearsalEnvironment, episode_id: str, rehearsed: Rehearsed) -> Audit:
    """Add up one episode's rehearsal. Reads the rehearsals' ledger and the sandbox's books, and changes nothing."""
    episode = expand(load_project(environment.project), episode_id)
    with workspace_of(environment.project, rehearsal=True).reading() as workspace:
        ledger = workspace.ledger
        assert ledger is not None, "a rehearsal that ran has a ledger"
        every = ledger.read(queries.takes, episode.series)
        takes = [take for take in every if is_of_episode(take.shot, episode_id)]
        events = {take.id: ledger.read(queries.events, take.id) for take in takes}
        sums = _wrong_sums(ledger, episode, takes)
    jobs, faults = environment.jobs(), environment.faults()
    return Audit(
        series=episode.series,
        episode=episode_id,
        rehearsed=rehearsed,
        orders=sum(event.to_state is TakeState.SUBMITTING for each in events.values() for event in each),
        takes=_counts(takes),
        bills=tuple(_bills(takes, jobs, episode)),
        lost=tuple(each for take in takes for each in lost_answers(environment, take, events[take.id])),
        faults_met=Counter((met["vendor"], met["where"], met["what"], met["when"]) for met in faults["met"]),
        faults_waiting=len(faults["waiting"]),
        disagreements=(*_disagreements(every, takes, jobs), *sums),
        capped=episode.caps != Caps(),
    )


def _counts(takes: Iterable[Take]) -> dict[str, int]:
    counts = dict.fromkeys(("done", "failed", "refused", "unknown", "unfinished"), 0)
    for take in takes:
        match take.state:
            case TakeState.DONE | TakeState.UNKNOWN:
                counts[take.state.value] += 1
            case TakeState.FAILED:
                counts["refused" if take.refused else "failed"] += 1
            case TakeState.CANCELLED:
                counts["failed"] += take.job_id is not None
            case _:
                counts["unfinished"] += 1
    return counts


def _bills(takes: Sequence[Take], jobs: Sequence[Job], episode: Episode) -> Iterable[Bill]:
    """One bill for each hosted vendor that was asked."""
    for provider in sorted({take.provider for take in takes} & set(VENDORS)):
        ordered = [take for take in takes if take.provider == provider and take.request_json is not None]
        owned = _owned(ordered, jobs)
        charges = [_usd(job["charged_usd"]) for job in owned.values()]
        yield Bill(
            provider=provider,
            takes=len(ordered),
            jobs=len(owned),
            spent_usd=sum((take.cost_usd or _NOTHING for take in ordered), _NOTHING),
            failed_usd=sum((take.cost_usd or _NOTHING for take in ordered if _came_to_nothing(take)), _NOTHING),
            charged_usd=None if None in charges else sum((each for each in charges if each is not None), _NOTHING),
            unpriced_takes=sum(_is_unpriced(take) and take.job_id is not None for take in ordered),
            prices=_prices(provider, ordered, episode),
        )


def _owned(takes: Iterable[Take], jobs: Sequence[Job]) -> dict[str, Job]:
    """The jobs that these takes name, by id."""
    named = {take.job_id for take in takes}
    return {job["id"]: job for job in jobs if job["id"] in named}


def _came_to_nothing(take: Take) -> bool:
    return take.state in {TakeState.FAILED, TakeState.CANCELLED}


def _is_unpriced(take: Take) -> bool:
    return take.request_json is not None and read_order(take.request_json).estimated_usd is None


def _prices(provider: str, takes: Iterable[Take], episode: Episode) -> str:
    """Where the prices of these orders come from, with the date on which the vendor's page said so."""
    orders = [read_order(take.request_json) for take in takes if take.request_json is not None]
    doubted = any(order.stated is not None and order.stated.published_usd is not None for order in orders)
    if any(price.provider == provider for price in episode.prices) and not doubted:
        return "the prices that series.yaml states"
    sold = capabilities_of(provider, os.environ)
    models = [(sold.models.get(order.model), order.resolution) for order in orders]
    rates = [model.rates.get(resolution) for model, resolution in models if model is not None]
    dates = sorted({rate.as_of for rate in rates if rate is not None})
    return f"its published prices as of {', '.join(dates)}" if dates else ""


def _disagreements(every: Sequence[Take], takes: Sequence[Take], jobs: Sequence[Job]) -> Iterable[str]:
    """Whatever the vendors' books know otherwise. `every` take of the series may own a job."""
    known = {job["id"]: job for job in jobs}
    owned = {take.job_id for take in every}
    for job in jobs:
        if job["id"] not in owned:
            yield f"{job['vendor']} has job {job['id']}, which no take owns: it would be paid for and lost"
    for take in takes:
        if take.provider not in VENDORS or take.job_id is None:
            continue
        name = f"take {take.number} of {take.shot}"
        if take.job_id not in known:
            yield f"{name} names job {take.job_id}, which {take.provider} does not have"
        elif take.state in _ENDED and take.cost_usd is not None:
            charged = _usd(known[take.job_id]["charged_usd"])
            if charged is not None and charged > take.cost_usd:
                yield f"{take.provider} charged {usd(charged)} for {name}, the ledger has {usd(take.cost_usd)}"


def _wrong_sums(ledger: LedgerReader, episode: Episode, takes: Sequence[Take]) -> tuple[str, ...]:
    """Whether the ledger's own sums are those of its takes."""
    spent, reserved = ledger.read(queries.money, episode.series, episode.episode)
    added = sum((take.cost_usd or _NOTHING for take in takes), _NOTHING)
    held = sum((take.reserved_usd for take in takes), _NOTHING)
    if (spent, reserved) == (added, held):
        return ()
    ours, theirs = f"{usd(spent)} and {usd(reserved)}", f"{usd(added)} and {usd(held)}"
    return (f"the ledger counts {ours} as spent and reserved for {episode.episode}, and its takes add up to {theirs}",)


def _usd(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
