"""Reads a project and plans one episode of it, without a network and without writing anything.

`plan` shows the result, `check` uses its parts, and every run plans again from its snapshot by the same function.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from render.media.probe import reference_facts
from render.providers.registry import capabilities_of
from storyboard.capabilities import Capabilities
from storyboard.check import check
from storyboard.errors import InvalidProject, Mistake, NoSuchName
from storyboard.expansion import expand
from storyboard.loading import Project, load_project
from storyboard.nearest import nearest
from storyboard.plan import Choices, Plan, plan
from storyboard.request import ReferenceFacts
from storyboard.shot import Caps, Episode, MediaKind, Reference, Role
from storyboard.takes import PREVIEW, Circle, TakeFacts

if TYPE_CHECKING:
    from render.ledger import LedgerReader

__all__ = ["Reading", "facts_of", "read_plan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything that is known of an episode before anything is bought."""

    project: Project
    episode: Episode
    capabilities: Mapping[str, Capabilities]
    references: Mapping[str, ReferenceFacts]
    takes: Mapping[str, TakeFacts]  # of the whole series, by id
    circles: Sequence[Circle]
    plan: Plan


def read_plan(
    root: Path,
    episode_id: str,
    *,
    ledger: "LedgerReader | None",
    environment: Mapping[str, str],
    choices: Choices | None = None,
    provider: str | None = None,
    caps: Caps | None = None,
    preview: bool = False,
) -> Reading:
    """Load, expand and plan. `ledger` None: nothing was ever made here.

    Raises InvalidProject with every mistake, NoSuchName for a shot that `choices` names and the episode lacks.
    """
    project = load_project(root)
    episode = _under_caps(expand(project, episode_id, provider=provider), caps or Caps())
    _refuse_unknown_shots(episode, choices)
    capabilities = _sold_to(root, episode, environment, asked_for=provider)
    references = facts_of(project, episode)
    takes = ledger.take_facts(episode.series) if ledger else ()
    circles = _circles(ledger.circles(episode.series), preview) if ledger else ()
    try:
        planned = plan(episode, capabilities, references, takes, circles, choices or Choices())
    except InvalidProject as error:
        raise InvalidProject([replace(each, excerpt=project.excerpt(each.at)) for each in error.mistakes]) from None
    return Reading(
        project=project,
        episode=episode,
        capabilities=capabilities,
        references=references,
        takes={take.id: take for take in takes},
        circles=circles,
        plan=planned,
    )


def capabilities_for(episode: Episode, environment: Mapping[str, str]) -> dict[str, Capabilities]:
    """What each vendor sells that any shot of the episode names."""
    names = sorted({name for shot in episode.shots for name in shot.providers})
    return {name: capabilities_of(name, environment) for name in names}


def _sold_to(
    root: Path, episode: Episode, environment: Mapping[str, str], *, asked_for: str | None
) -> dict[str, Capabilities]:
    """The same; a vendor that there is not is told where it is written, unless it was named on the command line."""
    try:
        return capabilities_for(episode, environment)
    except NoSuchName:
        if asked_for is not None:
            raise
        mistakes = check(root, episode.episode, lambda name: capabilities_of(name, environment), facts_of)
        raise InvalidProject(mistakes) from None


def facts_of(project: Project, episode: Episode) -> dict[str, ReferenceFacts]:
    """Hash and measure every reference of the episode. Raises InvalidProject for those that cannot be used."""
    facts: dict[str, ReferenceFacts] = {}
    mistakes: list[Mistake] = []
    for reference in _each_once(episode):
        at = reference.at or project.at(project.episode_file(episode.episode))
        if "://" in reference.source:
            text = f"the reference {reference.source} is a link; download it into references/ and name the file"
            mistakes.append(Mistake(at, text, project.excerpt(at)))
            continue
        try:
            facts[reference.source] = reference_facts(project.root / reference.source, reference.source)
        except Exception as error:  # an unreadable picture is the producer's to mend, whatever the decoder calls it
            text = f"the reference {reference.source} cannot be used: {error}"
            mistakes.append(Mistake(at, text, project.excerpt(at)))
    if mistakes:
        raise InvalidProject(mistakes)
    return facts


def _each_once(episode: Episode) -> Collection[Reference]:
    """Every file that the episode needs, music included, at the first place that names it."""
    files = {reference.source: reference for shot in reversed(episode.shots) for reference in shot.references}
    if episode.music is not None:
        source = episode.music.source
        bed = Reference(kind=MediaKind.AUDIO, role=Role.EXTRA, name="music", label="music", source=source)
        files.setdefault(source, bed)
    return files.values()


def _circles(circles: Sequence[Circle], preview: bool) -> tuple[Circle, ...]:
    """Those that this plan goes by: a preview has circles of its own, under EPISODE@preview."""
    if not preview:
        return tuple(circle for circle in circles if PREVIEW not in circle.shot)
    return tuple(replace(each, shot=each.shot.replace(PREVIEW, "", 1)) for each in circles if PREVIEW in each.shot)


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
            raise NoSuchName("shot", name, keys, nearest(name, keys))
