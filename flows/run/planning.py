"""Reads a project and plans one episode of it, without a network and without writing anything.

`plan` shows the result, `check` uses its parts, and every run plans again from its snapshot by the same function.
"""

import contextlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from flows.run.examine_references import LinkFacts, facts_of, known_links, look_into, place_of, unfetched
from flows.terminal.slow_notice import Telling, silently
from render.episode.archived_shots import Known, is_to_pay, marked
from render.errors import BadSetting
from render.ledger import queries
from render.providers.registry import built_in_names, capabilities_of
from render.references.url_references import store_reaches
from storyboard.capabilities import Capabilities
from storyboard.errors import InvalidProject, NoSuchName, Position
from storyboard.expand.expansion import expand
from storyboard.film_traits import Trait
from storyboard.loading import Project, load_project
from storyboard.plan.episode_plan import Action, Choices, Plan, PlannedShot, plan
from storyboard.plan.project_check import check
from storyboard.price_proof import Receipt
from storyboard.request import ReferenceFacts
from storyboard.shot import Caps, Episode, MediaKind, Reference
from storyboard.shot_key import ShotKey
from storyboard.takes import Circle, TakeFacts
from storyboard.text.suggestions import suggestion

if TYPE_CHECKING:
    from flows.settings import Places
    from render.episode.finished import Archives
    from render.ledger import LedgerReader
    from render.store import Store

__all__ = [
    "PlannedEpisode",
    "archives_of",
    "asked_of",
    "capabilities_here",
    "films_of",
    "is_todo",
    "read_plan",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedEpisode:
    """An episode and its plan: everything that is known of it before anything is bought. A value; nothing is open."""

    project: Project
    episode: Episode
    capabilities: Mapping[str, Capabilities]
    references: Mapping[str, ReferenceFacts]
    takes: Mapping[str, TakeFacts]  # of the whole series, by id
    circles: Sequence[Circle]
    receipts: Sequence[Receipt]  # what vendors told of costs, the newest first
    plan: Plan
    notes: Sequence[str] = ()  # what could not be read of episodes that were finished before

    @property
    def unfetched(self) -> tuple[Reference, ...]:
        """References named by a link that nobody has fetched yet."""
        return unfetched(self.episode, self.references)

    def place_of(self, reference: Reference) -> Position:
        """Where a reference is written."""
        return place_of(self.project, self.episode, reference)


def read_plan(
    root: Path,
    episode_id: str,
    *,
    ledger: "LedgerReader | None",
    store: "Store | None" = None,
    environment: Mapping[str, str],
    choices: Choices | None = None,
    provider: str | None = None,
    caps: Caps | None = None,
    preview: bool = False,
    told: Telling = silently,
    archives: "Archives | None" = None,
    to_work: bool = True,
) -> PlannedEpisode:
    """Load, expand and plan. `ledger` None: nothing was ever made here. `store` holds what links gave.

    Without `to_work` it is no matter that something is damaged which a run would send, or cut with.
    `told` hears of references that take long to look into: each is decoded whole where it is met for the first time.
    `archives` are looked at where anything is to be paid for; None: whatever stands there is paid for again.

    Raises InvalidProject with every mistake, NoSuchName for a shot that `choices` names and the episode lacks.
    """
    project = load_project(root)
    episode = _under_caps(expand(project, episode_id, provider=provider), caps or Caps())
    _refuse_unknown_shots(episode, choices)
    links = known_links(ledger, store)
    capabilities = _sold_to(root, episode, environment, store.url if store else None, links, asked_for=provider)
    looks = look_into(project, episode, links, told)
    takes = ledger.read(queries.take_facts, episode.series) if ledger else ()
    circles = _circles(ledger.read(queries.circles, episode.series), preview) if ledger else ()
    receipts = _receipts(ledger, episode, capabilities)
    choices = choices or Choices()
    if choices.new_take and ledger:
        before = ledger.read(queries.interrupted, episode.series, episode.episode, asked_of(choices))
        choices = replace(choices, retaken=before)

    def planning(takes: Sequence[TakeFacts], circles: Sequence[Circle]) -> Plan:
        return plan(episode, capabilities, looks.facts, takes, circles, choices, receipts=receipts)

    try:
        planned = planning(takes, circles)
    except InvalidProject as error:
        raise InvalidProject([replace(each, excerpt=project.excerpt(each.at)) for each in error.mistakes]) from None
    notes: Sequence[str] = ()
    if archives is not None and any(is_to_pay(shot, choices) for shot in planned.shots):
        known = Known(takes=takes, circles=circles, plan=planning)
        planned, notes = marked(planned, choices, archives.look(episode.series, episode.episode, takes), known)
    if to_work:
        looks.refuse(_needed(episode, planned))
    return PlannedEpisode(
        project=project,
        episode=episode,
        capabilities=capabilities,
        references=looks.facts,
        takes={take.id: take for take in takes},
        circles=circles,
        receipts=receipts,
        plan=planned,
        notes=notes,
    )


def archives_of(places: "Places", project: Path, *, network: bool) -> "Archives":
    """Where the project's finished episodes may stand: its own folders, and the archive that an operator names.

    They are told as `project` is written. One in a bucket is left out without `network`.
    """
    from render.episode.finished import Archives

    own = str(project / "archive")
    named = own if places.within(places.archive_url) is not None else places.archive_url
    urls = [url for url in dict.fromkeys((named, own)) if network or not url.startswith("s3://")]
    return Archives(urls=urls, outputs=project / "output")


def _receipts(
    ledger: "LedgerReader | None", episode: Episode, capabilities: Mapping[str, Capabilities]
) -> Sequence[Receipt]:
    """What the vendors told of costs whose prices the project states; nobody asks for those of others."""
    priced = {price.provider for price in episode.prices}
    accounts = {sold.account for name, sold in capabilities.items() if name in priced and sold.paid}
    return ledger.read(queries.receipts, accounts) if ledger and accounts else ()


def asked_of(choices: Choices) -> str:
    """The new takes that somebody asks for, in one form; empty where nobody does. The same words are the same wish."""
    if not choices.new_take:
        return ""
    shots = None if choices.shots is None else sorted(choices.shots)
    return json.dumps({"new_take": True, "shots": shots, "cascade": choices.cascade})


def capabilities_here(name: str, environment: Mapping[str, str], store_url: str | None) -> Capabilities:
    """What a vendor sells, and what it needs others for: references that cannot reach it from a store at this address,
    and who begins on a literal first frame where it cannot."""
    sold = capabilities_of(name, environment)
    if not _has_first_frames(sold):
        sold = replace(sold, first_frame_vendors=_first_frame_vendors(environment))
    if store_url and store_reaches(sold.origin, store_url, environment):
        return sold
    return replace(sold, beyond_reach=frozenset(MediaKind) - sold.uploads)


def _has_first_frames(sold: Capabilities) -> bool:
    return any(model.first_frame_model for model in sold.models.values())


def _first_frame_vendors(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Those built in: to look for others takes longer than a plan. One whose settings are wrong is not advised."""
    found = []
    for name in built_in_names():
        with contextlib.suppress(BadSetting):
            if _has_first_frames(capabilities_of(name, environment)):
                found.append(name)
    return tuple(found)


def _sold_to(
    root: Path,
    episode: Episode,
    environment: Mapping[str, str],
    store_url: str | None,
    links: LinkFacts,
    *,
    asked_for: str | None,
) -> dict[str, Capabilities]:
    """What each vendor sells that any shot names; one that there is not is told where it is written.

    One that was named on the command line is written nowhere.
    """
    names = sorted({name for shot in episode.shots for name in shot.providers})
    try:
        return {name: capabilities_here(name, environment, store_url) for name in names}
    except NoSuchName:
        if asked_for is not None:
            raise
        mistakes = check(
            root,
            episode.episode,
            lambda name: capabilities_here(name, environment, store_url),
            lambda project, expanded: facts_of(project, expanded, links),
        )
        raise InvalidProject(mistakes) from None


def _needed(episode: Episode, planned: Plan) -> set[str]:
    """The music, and the references of every shot for which something is still to be ordered, of whichever vendor."""
    music = {episode.music.source} if episode.music else set()
    ordered = [
        shot.key
        for shot in planned.shots
        if is_todo(shot) and (shot.action is Action.GENERATE or shot.estimated_cost_usd != 0)
    ]
    return music | {each.source for key in ordered for each in episode.shot(key).references}


def is_todo(shot: PlannedShot) -> bool:
    """Whether a run is to make the shot, or to go on with it."""
    return shot.asked and shot.action in {Action.GENERATE, Action.RESUME}


def films_of(reading: PlannedEpisode) -> dict[str, Collection[Trait]]:
    """What is not ordinary about each film that a run would send, draw or cut, by what a person calls it."""
    todo = filter(is_todo, reading.plan.shots)
    sent = {each.source for shot in todo for each in reading.episode.shot(shot.key).references}
    films: dict[str, Collection[Trait]] = {
        source: facts.traits for source, facts in reading.references.items() if source in sent
    }
    for shot in reading.plan.shots:
        take = reading.takes.get(shot.take) if shot.take else None
        if take is not None and take.clip is not None:
            films[f"the clip of take {take.number} of {shot.key}"] = take.clip.traits
    return films


def _circles(circles: Sequence[Circle], preview: bool) -> tuple[Circle, ...]:
    """Those that this plan goes by: a preview has circles of its own, under EPISODE@preview."""
    named = [(ShotKey.parse(circle.shot), circle) for circle in circles]
    return tuple(
        replace(circle, shot=str(replace(key, preview=False))) for key, circle in named if key.preview is preview
    )


def _under_caps(episode: Episode, asked: Caps) -> Episode:
    """The episode under the caps of this run too; the tighter of each pair holds."""

    def tighter(one: Decimal | None, other: Decimal | None) -> Decimal | None:
        return min((cap for cap in (one, other) if cap is not None), default=None)

    own = episode.caps
    caps = Caps(
        series=tighter(own.series, asked.series),
        episode=tighter(own.episode, asked.episode),
        day=tighter(own.day, asked.day),
        run=tighter(own.run, asked.run),
    )
    return replace(episode, caps=caps)


def _refuse_unknown_shots(episode: Episode, choices: Choices | None) -> None:
    keys = [shot.key for shot in episode.shots]
    for name in sorted((choices and choices.shots) or ()):
        if name not in keys:
            raise NoSuchName("shot", name, keys, suggestion(name, keys))
