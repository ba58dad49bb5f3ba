"""`tailframe check`: every mistake of a project at once."""

import contextlib
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from flows.cli.arguments import MaybeEpisode, Project
from flows.cli.exits import ExitCode
from flows.terminal.printing import say, tell

if TYPE_CHECKING:
    from flows.run.workspace import Workspace
    from storyboard.capabilities import Capabilities
    from storyboard.errors import Mistake
    from storyboard.loading import Project as Loaded
    from storyboard.plan.project_check import CapabilitiesOf, DrawnOf, FactsOf, TakesOf
    from storyboard.request import ReferenceFacts
    from storyboard.shot import Episode, Reference
    from storyboard.takes import TakeFacts


def check(project: Project, episode: MaybeEpisode = None) -> int:
    """Find every mistake at once, as `file:line:column: message`, with the nearest right name.

    Nothing is asked of a vendor or the web, and nothing is written in the project. References are decoded whole once,
    and what they hold is remembered for this user.
    Ends with 2 where there is a mistake.

      tailframe check my-series
      tailframe check my-series e01
    """
    from flows.run.workspace import workspace_of

    notes: dict[str, None] = {}
    mistakes = mistakes_found(workspace_of(project), episode, notes.setdefault)
    for mistake in mistakes:
        say(mistake, lines=True)
    for note in notes:
        tell(note)
    if mistakes:
        tell(f"{len(mistakes)} {'mistake' if len(mistakes) == 1 else 'mistakes'} to mend")
        return ExitCode.WRONG_INPUT
    tell(f"{project}{' ' + episode if episode else ''}: no mistakes")
    return ExitCode.DONE


def mistakes_found(
    workspace: "Workspace[None]", episode: str | None, note: Callable[[str], None]
) -> "Sequence[Mistake]":
    """Every mistake of a project, or of one episode of it. `note` hears what is none, and worth knowing."""
    from flows.run.sold_here import capabilities_here
    from storyboard.plan.project_check import check as mistakes_of

    def sold(name: str) -> "Capabilities":
        return capabilities_here(name, workspace.environment, workspace.places.store_url)

    facts_of, drawn = _facts_of(workspace, sold, note), _drawn_of(note)
    return mistakes_of(workspace.root, episode, sold, facts_of, _takes_of(workspace), drawn_of=drawn)


def _facts_of(workspace: "Workspace[None]", sold: "CapabilitiesOf", note: Callable[[str], None]) -> "FactsOf":
    """Looks into an episode's references. The ledger is opened only where a link is named, which it may remember."""
    from flows.cli.cut_checks import refuse_unlettered, tell_of_the_cut
    from flows.run.examine_references import facts_of, known_links, unfetched
    from flows.run.ffmpeg_mistakes import refuse_unmakeable
    from storyboard.bind.prices import unproven_prices
    from storyboard.plan.project_check import quotes_in_texts

    def look(loaded: "Loaded", episode: "Episode") -> "dict[str, ReferenceFacts]":
        for told in quotes_in_texts(loaded):
            note(told)
        for told in unproven_prices(episode.prices, _vendors(episode, sold)):
            note(told)
        if unfetched(episode, {}):
            with workspace.reading() as opened:
                facts = facts_of(loaded, episode, known_links(opened.ledger, opened.store, loaded), tell)
        else:
            facts = facts_of(loaded, episode, told=tell)
        refuse_unmakeable(loaded, episode, facts)
        refuse_unlettered(loaded, episode, note)
        tell_of_the_cut(episode, facts, note)
        if to_fetch := unfetched(episode, facts):
            _refuse_forbidden(loaded, episode, to_fetch, sold)
            _tell_unfetched(loaded, episode, to_fetch, note)
        return facts

    return look


def _takes_of(workspace: "Workspace[None]") -> "TakesOf":
    """Every take of the series; the ledger is opened only where one is named by its number."""
    from render.ledger import queries

    def look(_: "Loaded", episode: "Episode") -> "tuple[TakeFacts, ...]":
        with workspace.reading() as opened:
            return () if opened.ledger is None else opened.ledger.read(queries.take_facts, episode.series)

    return look


def _drawn_of(note: Callable[[str], None]) -> "DrawnOf":
    """Lays out the cards of an episode, in the format of its master."""
    from flows.run.cut_check import card_mistakes

    def look(loaded: "Loaded", episode: "Episode") -> "Iterable[Mistake]":
        mistakes, remarks = card_mistakes(loaded, episode)
        for told in remarks:
            note(told)
        return mistakes

    return look


def _tell_unfetched(
    loaded: "Loaded", episode: "Episode", links: "Iterable[Reference]", note: Callable[[str], None]
) -> None:
    from flows.run.examine_references import place_of

    for each in links:
        at = place_of(loaded, episode, each)
        note(f"{at}: {each.source} is not fetched yet; produce fetches it before anything is paid")


def _refuse_forbidden(
    loaded: "Loaded", episode: "Episode", links: "Iterable[Reference]", sold: "CapabilitiesOf"
) -> None:
    """Raises InvalidProject with every link that no run would follow, before anybody waits for a run to say so."""
    from flows.run.examine_references import place_of
    from render.errors import ForbiddenAddress
    from render.references.url_references import refuse_forbidden, vendors_are_here
    from storyboard.errors import InvalidProject

    origins = [vendor.origin for vendor in _vendors(episode, sold).values()]
    mistakes = []
    for link in links:
        try:
            refuse_forbidden(link.source, allow_loopback=vendors_are_here(origins))
        except ForbiddenAddress as error:
            text = f"the reference {link.source} cannot be fetched: {error}"
            mistakes.append(loaded.mistake(place_of(loaded, episode, link), text))
    if mistakes:
        raise InvalidProject(mistakes)


def _vendors(episode: "Episode", sold: "CapabilitiesOf") -> "dict[str, Capabilities]":
    """What the vendors sell that the episode names. One that there is not is told where it is written."""
    from storyboard.errors import NoSuchName

    vendors = {}
    for name in sorted({name for shot in episode.shots for name in shot.providers}):
        with contextlib.suppress(NoSuchName):
            vendors[name] = sold(name)
    return vendors


COMMANDS = (check,)
