"""Every mistake of a project in one reading: what is written wrongly, what is named wrongly, what cannot be made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from storyboard.bind.binding import bind
from storyboard.capabilities import Capabilities
from storyboard.errors import CannotBind, InvalidProject, Mistake, NoSuchName, Position
from storyboard.expand.expansion import Expansion, expand_leniently
from storyboard.expand.inheritance import places
from storyboard.identity import wish
from storyboard.loading import Project, load_leniently
from storyboard.plan.continuity_state import continuity_input
from storyboard.plan.episode_mistakes import episode_mistakes
from storyboard.plan.own_media import takes_not_there
from storyboard.request import ReferenceFacts
from storyboard.shot import Episode, Shot
from storyboard.source.slips import typed_quotes
from storyboard.takes import TakeFacts
from storyboard.text.suggestions import suggestion

FactsOf = Callable[[Project, Episode], Mapping[str, ReferenceFacts]]
"""Gives the facts of the references that an episode names, by their source."""

CapabilitiesOf = Callable[[str], Capabilities]
"""Gives what the vendor of this name sells; raises NoSuchName where there is none."""


TakesOf = Callable[[Project, Episode], Sequence[TakeFacts]]
"""Gives all takes of the series that the ledger knows; none where nothing was ever made."""


DrawnOf = Callable[[Project, Episode], Iterable[Mistake]]
"""Gives what is wrong with what is drawn on this machine: an episode's cards."""


def check(
    root: Path,
    episode: str | None,
    capabilities: CapabilitiesOf,
    facts_of: FactsOf | None = None,
    takes_of: TakesOf | None = None,
    *,
    drawn_of: DrawnOf | None = None,
) -> tuple[Mistake, ...]:
    """Every mistake of one episode and the series, or of all episodes. Asks nobody and writes nothing.

    `capabilities` gives what a vendor sells and raises NoSuchName for one that there is not. Without `facts_of` no
    reference is looked into, and what depends on their contents is not checked; without `takes_of` it is not checked
    whether takes that are named by number are there; without `drawn_of`, no card is. Raises NoSuchName for the episode.
    """
    project, mistakes = load_leniently(root)
    found = dict.fromkeys(mistakes)
    if project is None:
        return tuple(found)
    for id_ in _episodes(project, episode, found):
        expansion = expand_leniently(project, id_)
        found.update(dict.fromkeys(expansion.mistakes))
        found.update(dict.fromkeys(_unmakeable(project, expansion, capabilities, facts_of)))
        if drawn_of is not None:
            found.update(dict.fromkeys(drawn_of(project, expansion.episode)))
        if takes_of is not None:
            absent = takes_not_there(expansion.episode, partial(takes_of, project))
            found.update(dict.fromkeys(project.mistake(at, message) for at, message in absent))
    return tuple(sorted(found))


def quotes_in_texts(project: Project) -> Iterator[str]:
    """A note on each unquoted text that stands in “ ” or the like as a whole: to YAML they are part of what it says."""
    for sheet in project.sheets.values():
        for spot in sheet.positions.spots.values():
            quotes = typed_quotes(spot.spelling or "")
            if quotes and sheet.text.lines[spot.value.line - 1].startswith(quotes[0], spot.value.column - 1):
                yield (
                    f"{spot.value}: the quotes {quotes[0]} and {quotes[1]} are part of this text; where they are meant "
                    "as YAML's, write \" in place of both"
                )


def _episodes(project: Project, episode: str | None, found: Mapping[Mistake, None]) -> list[str]:
    """The episodes to look at. One that is too broken to be loaded has had its mistakes noted."""
    known = sorted(project.episodes)
    if episode is None or episode in project.episodes:
        return known if episode is None else [episode]
    if any(mistake.at.file == project.episode_file(episode) for mistake in found):
        return []
    raise NoSuchName("episode", episode, known, suggestion(episode, known))


def _unmakeable(
    project: Project, expansion: Expansion, capabilities: CapabilitiesOf, facts_of: FactsOf | None
) -> list[Mistake]:
    """Shots that none of their vendors can make, and references that cannot be used."""
    if facts_of is None:
        return []
    try:
        facts = facts_of(project, expansion.episode)
    except InvalidProject as invalid:
        return list(invalid.mistakes)
    episode = expansion.episode
    found: list[Mistake] = []
    named: dict[str, Capabilities] = {}
    told: set[tuple[Position | None, str, str]] = set()
    for place, shot in zip(places(project, project.episodes[episode.episode]), episode.shots, strict=True):
        vendors, unknown = _vendors(shot, capabilities)
        found += [place.mistake(place.inherited_at("provider"), text) for text in unknown]
        named |= {vendor.provider: vendor for vendor in vendors}
        if shot.key not in expansion.spoilt:
            refusals = _refusals(episode, shot, vendors, facts)
            found += [place.mistake(each.at or shot.at, str(each)) for each in refusals if _is_new(each, told)]
    return [*found, *(project.mistake(at, text) for at, text in episode_mistakes(episode, facts, named))]


def _is_new(refusal: CannotBind, told: set[tuple[Position | None, str, str]]) -> bool:
    """Whether it was not told yet: what is wrong with a reference of the bible is so in every shot that sends it."""
    key = (refusal.at, refusal.provider, refusal.problem)
    if refusal.at is None or key not in told:
        told.add(key)
        return True
    return False


def _vendors(shot: Shot, capabilities: CapabilitiesOf) -> tuple[list[Capabilities], list[str]]:
    """What the shot's vendors sell, and what is wrong with the names of the others."""
    vendors: list[Capabilities] = []
    unknown: list[str] = []
    for provider in shot.providers:
        try:
            vendors.append(capabilities(provider))
        except NoSuchName as error:
            unknown.append(str(error))
    return vendors, unknown


def _refusals(
    episode: Episode, shot: Shot, vendors: list[Capabilities], facts: Mapping[str, ReferenceFacts]
) -> list[CannotBind]:
    """Nothing where any vendor can make the shot; else why each of them cannot."""
    refusals: list[CannotBind] = []
    for vendor in vendors:
        try:
            bind(
                shot,
                vendor,
                series=episode.series,
                references=facts,
                continuity=continuity_input(episode, shot),
                wish=wish(shot, facts),
                prices=episode.prices,
                master=episode.master,
            )
        except CannotBind as failure:
            refusals.append(failure)
        else:
            return []
    return refusals
