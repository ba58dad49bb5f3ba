"""An episode and its plan, as a run, a command and a question read it: a value, with nothing open."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flows.run.examine_references import place_of, unfetched
from storyboard.capabilities import Capabilities
from storyboard.continuity.sound_files import sound_files
from storyboard.errors import Position
from storyboard.film_traits import Trait
from storyboard.loading import Project
from storyboard.plan.episode_plan import Action, Plan, PlannedShot
from storyboard.price_proof import Receipt
from storyboard.request import ReferenceFacts
from storyboard.shot import Episode, Reference
from storyboard.takes import Circle, TakeFacts

__all__ = ["PlannedEpisode", "files_needed", "films_of", "is_todo"]


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
    notes: Sequence[str] = ()  # what could not be read of episodes that were finished before; who pays, by the YAML

    @property
    def unfetched(self) -> tuple[Reference, ...]:
        """References named by a link that nobody has fetched yet."""
        return unfetched(self.episode, self.references)

    def place_of(self, reference: Reference) -> Position:
        """Where a reference is written."""
        return place_of(self.project, self.episode, reference)


def is_todo(shot: PlannedShot) -> bool:
    """Whether a run is to make the shot, or to go on with it."""
    return shot.asked and shot.action in {Action.GENERATE, Action.RESUME}


def films_of(reading: PlannedEpisode) -> dict[str, Collection[Trait]]:
    """What is not ordinary about each film that a run would send, draw or cut, by what a person calls it."""
    todo = filter(is_todo, reading.plan.shots)
    sent = {each.source for shot in todo for each in reading.episode.shot(shot.key).named}
    films: dict[str, Collection[Trait]] = {
        source: facts.traits for source, facts in reading.references.items() if source in sent
    }
    for shot in reading.plan.shots:
        take = reading.takes.get(shot.take) if shot.take else None
        if take is not None and take.clip is not None:
            films[f"the clip of take {take.number} of {shot.key}"] = take.clip.traits
    return films


def files_needed(episode: Episode, planned: Plan) -> set[str]:
    """The sounds, and the references of every shot for which something is still to be ordered, of whichever vendor."""
    sounds = set(sound_files(episode))
    ordered = [
        shot.key
        for shot in planned.shots
        if is_todo(shot) and (shot.action is Action.GENERATE or shot.estimated_cost_usd != 0)
    ]
    return sounds | {each.source for key in ordered for each in episode.shot(key).named}
