"""Everything that pages show of one episode, as it was at one moment: its plan, its choices, its notes. A value."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from flows.run.next_steps import NextStep
from storyboard.continuity.timing import spans, used_frames
from storyboard.errors import NoSuchName
from storyboard.shot_key import full_key
from storyboard.text.suggestions import suggestion
from storyboard.timeline.master_timeline import Timeline

if TYPE_CHECKING:
    from flows.run.planned_episode import PlannedEpisode
    from flows.run.shot_status import EpisodeStatus
    from render.ledger import BudgetLine, Hold, Note
    from render.ledger.choices import Choice
    from storyboard.plan.episode_plan import PlannedShot
    from storyboard.takes import TakeFacts

__all__ = ["EpisodeReading"]


@dataclass(frozen=True, kw_only=True)
class EpisodeReading:
    """One episode as it stands. `mark` is the same for as long as nothing of it has changed."""

    mark: str
    read: "PlannedEpisode"
    status: "EpisodeStatus"
    choices: "Mapping[str, Choice]"  # of the series, by EPISODE/SCENE/SHOT
    notes: "Mapping[str, Sequence[Note]]"  # by take
    findings: Mapping[str, tuple[str, ...]]  # of the takes in use, by take
    budgets: "Sequence[BudgetLine]"
    hold: "Hold | None"
    steps: tuple[NextStep, ...]
    has_blob: Callable[[str], bool] = field(repr=False, compare=False)

    @property
    def held(self) -> str:
        """Who holds what and why; empty where nobody does."""
        if self.hold is None:
            return ""
        by = f"everything, by {self.hold.by}" if self.hold.everything else self.hold.by
        return f"{by}: {self.hold.why}" if self.hold.why else by

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each shot stands in the story, by SCENE/SHOT."""
        return {shot.key: place for place, shot in enumerate(self.read.episode.shots)}

    @cached_property
    def takes_by_shot(self) -> "dict[str, list[TakeFacts]]":
        """The takes of each shot of the series, by number."""
        found: dict[str, list[TakeFacts]] = {}
        for take in self.read.takes.values():
            found.setdefault(take.shot, []).append(take)
        return found

    @cached_property
    def timeline(self) -> Timeline:
        """Where each shot stands in the cut. One of length `auto` that is not there yet takes nothing."""
        episode = self.read.episode
        auto = [None if shot.cut_s is not None else self._frames(shot.key) for shot in episode.shots]
        placed = spans([shot.cut_s for shot in episode.shots], episode.master.fps, auto)
        return Timeline(episode.master.fps, tuple(shot.key for shot in episode.shots), placed)

    @cached_property
    def starts(self) -> dict[str, int]:
        """On which frame each shot begins, by SCENE/SHOT."""
        return {key: span.start for key, span in zip(self.timeline.keys, self.timeline.spans, strict=True)}

    @cached_property
    def lengths(self) -> dict[str, Fraction]:
        """How many seconds each shot takes, by SCENE/SHOT."""
        fps = self.timeline.fps
        return {key: span.frames / fps for key, span in zip(self.timeline.keys, self.timeline.spans, strict=True)}

    def used(self, planned: "PlannedShot") -> "TakeFacts | None":
        """The take that a cut would show of a shot: the circled one, else the one that the plan uses."""
        choice = self.choices.get(full_key(self.read.episode.episode, planned.key))
        circled = None if choice is None or choice.waived else choice.take
        return self.read.takes.get(circled or planned.take or "")

    def name_of(self, key: str) -> str:
        """EPISODE/SCENE/SHOT of a shot (SCENE/SHOT). Raises NoSuchName where the episode has none of that name."""
        if key not in self.places:
            names = list(self.places)
            raise NoSuchName("shot", key, names, suggestion(key, names))
        return full_key(self.read.episode.episode, key)

    def planned(self, key: str) -> "PlannedShot":
        """The plan's line of a shot (SCENE/SHOT). KeyError where the episode has none."""
        return self.read.plan.shots[self.places[key]]

    @property
    def to_make_usd(self) -> Decimal:
        """What is to be made yet would reserve, as far as prices are known."""
        return self.status.to_make_usd

    def _frames(self, key: str) -> int | None:
        take = self.used(self.planned(key))
        return None if take is None or take.clip is None else used_frames(self.read.episode, key, take.clip)
