"""Looks into what an episode names: pictures, films, sounds and music, each decoded whole where it is first met.

What is cut off or damaged is never sent. Whatever was made with it before that was noticed stays as it is: a shot that
is there already is found by the hash of its references, and needs none of them to be whole.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flows.terminal.slow_notice import Patience, Telling, silently
from render.errors import NotWhole, StoreError
from render.ledger import queries
from render.media.reference_facts import reference_facts
from render.references.url_references import known_link, link_key, refuse_other_kind
from storyboard.continuity.sound_files import sound_references
from storyboard.errors import InvalidProject, Mistake, Position
from storyboard.loading import Project
from storyboard.paths import is_url
from storyboard.request import ReferenceFacts
from storyboard.shot import Episode, Reference

if TYPE_CHECKING:
    from render.ledger import LedgerReader
    from render.store import Store

__all__ = ["LinkFacts", "Looks", "facts_of", "known_links", "look_into", "place_of", "unfetched"]

LinkFacts = Callable[[str], ReferenceFacts | None]
"""Gives the facts of a link that a reference names; None where it was never fetched. Raises NotWhole."""


@dataclass(frozen=True, slots=True)
class Looks:
    """What was found in an episode's references. Of those that are damaged only the hash counts."""

    facts: dict[str, ReferenceFacts] = field(default_factory=dict)  # by source, as the YAML writes it
    damaged: dict[str, Mistake] = field(default_factory=dict)  # by source

    def refuse(self, sources: Collection[str]) -> None:
        """Raises InvalidProject, with every mistake, where one of these is damaged."""
        mistakes = [mistake for source, mistake in self.damaged.items() if source in sources]
        if mistakes:
            raise InvalidProject(mistakes)


def known_links(ledger: "LedgerReader | None", store: "Store | None", project: Project) -> LinkFacts:
    """Looks the project's links up in the ledger, by one question for all of them, and the store; fetches none."""
    keys = {link_key(source) for source in project.sources() if is_url(source)}
    if ledger is None or store is None or not keys:
        return lambda _: None
    blobs = ledger.read(queries.derived_blobs, keys)
    return lambda url: known_link(url, blobs.get, store)


def facts_of(
    project: Project, episode: Episode, links: LinkFacts = lambda _: None, told: Telling = silently
) -> dict[str, ReferenceFacts]:
    """The facts of every reference of the episode by source, music included; of a link, what `links` knows, or nothing.

    Raises InvalidProject for all that cannot be used or are not whole. See `look_into`.
    """
    looks = look_into(project, episode, links, told)
    looks.refuse(looks.damaged)
    return looks.facts


def look_into(project: Project, episode: Episode, links: LinkFacts, told: Telling = silently) -> Looks:
    """Hash and decode every reference of the episode; what was decoded once is remembered by its content.

    `told` gets a line about each that takes longer than two seconds. Raises InvalidProject for those of which nothing
    can be made out.
    """
    looks, mistakes = Looks(), list[Mistake]()
    for reference in _each_once(episode):
        try:
            known = _known(project, reference, links, told)
        except StoreError:
            raise  # of what a link gave: nothing that a producer wrote
        except NotWhole as error:
            looks.damaged[reference.source] = _mistake(project, episode, reference, error)
            known = error.facts
        except Exception as error:  # an unreadable picture is the producer's to mend, whatever the decoder calls it
            mistakes.append(_mistake(project, episode, reference, error))
            continue
        if known is not None:
            looks.facts[reference.source] = known
    if mistakes:
        raise InvalidProject([*mistakes, *looks.damaged.values()])
    return looks


def place_of(project: Project, episode: Episode, reference: Reference) -> Position:
    """Where a reference is written, as far as that is known."""
    return reference.at or project.at(project.episode_file(episode.episode))


def unfetched(episode: Episode, facts: Mapping[str, ReferenceFacts]) -> tuple[Reference, ...]:
    """The references named by a link of which nothing is known."""
    return tuple(each for each in _each_once(episode) if is_url(each.source) and each.source not in facts)


def _known(project: Project, reference: Reference, links: LinkFacts, told: Telling) -> ReferenceFacts | None:
    source = reference.source
    if is_url(source):
        known = links(source)
    else:
        known = reference_facts(
            project.root / project.on_disk(source), source, progress=Patience(f"looking into {source}", told)
        )
    if known is not None:
        refuse_other_kind(reference, known)
    return known


def _mistake(project: Project, episode: Episode, reference: Reference, error: Exception) -> Mistake:
    text = f"the reference {reference.source} cannot be used: {error}"
    return project.mistake(place_of(project, episode, reference), text)


def _each_once(episode: Episode) -> Collection[Reference]:
    """Every file that the episode needs, its music and sounds included, at the first place that names it."""
    files = {reference.source: reference for shot in reversed(episode.shots) for reference in shot.files}
    for sound in sound_references(episode):
        files.setdefault(sound.source, sound)
    return files.values()
