"""Reads a project and plans one episode of it, without a network and without writing anything.

`plan` shows the result, `check` uses its parts, and every run plans again from its snapshot by the same function.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from flows.run.examine_references import known_links, look_into
from flows.run.ledger_facts import facts_for_a_plan, with_interrupted
from flows.run.planned_episode import PlannedEpisode, files_needed, is_todo
from flows.run.series_settings import series_settings_notes
from flows.run.sold_here import sold_to
from flows.terminal.slow_notice import Telling, silently
from render.episode.archived_shots import Known, is_to_pay, marked
from storyboard.errors import InvalidProject, NoSuchName
from storyboard.expand.expansion import expand
from storyboard.loading import Project, load_project
from storyboard.plan.episode_plan import Choices, Plan, plan
from storyboard.shot import Caps, Episode
from storyboard.takes import Circle, TakeFacts
from storyboard.text.suggestions import suggestion

if TYPE_CHECKING:
    from flows.settings import Places
    from render.episode.finished import Archives
    from render.ledger import LedgerReader
    from render.store import Store

__all__ = ["archives_of", "read_plan"]


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
    loaded: Project | None = None,
    to_work: bool = True,
) -> PlannedEpisode:
    """Load, expand and plan. `ledger` None: nothing was ever made here. `store` holds what links gave.

    Without `to_work` it is no matter that something is damaged which a run would send, or cut with.
    `loaded` is what `root` holds, where somebody read it already.
    `told` hears of references that take long to look into: each is decoded whole where it is met for the first time.
    `archives` are looked at where anything is to be paid for; None: whatever stands there is paid for again.

    Raises InvalidProject with every mistake, NoSuchName for a shot that `choices` names and the episode lacks.
    """
    project = loaded or load_project(root)
    episode = _under_caps(expand(project, episode_id, provider=provider), caps or Caps())
    _refuse_unknown_shots(episode, choices)
    links = known_links(ledger, store, project)
    capabilities = sold_to(root, episode, environment, store.url if store else None, links, asked_for=provider)
    looks = look_into(project, episode, links, told)
    choices = with_interrupted(choices or Choices(), ledger, episode)
    known = facts_for_a_plan(ledger, episode, capabilities, looks.facts, preview=preview, with_notes=choices.with_notes)

    def planning(takes: Sequence[TakeFacts], circles: Sequence[Circle]) -> Plan:
        return plan(episode, capabilities, looks.facts, takes, circles, choices, receipts=known.receipts)

    try:
        planned = planning(known.takes, known.circles)
    except InvalidProject as error:
        raise InvalidProject([replace(each, excerpt=project.excerpt(each.at)) for each in error.mistakes]) from None
    notes: Sequence[str] = ()
    if archives is not None and any(is_to_pay(shot, choices) for shot in planned.shots):
        finished = archives.look(episode.series, episode.episode, known.takes)
        before = Known(takes=known.takes, circles=known.circles, plan=planning)
        planned, notes = marked(planned, choices, finished, before)
    if to_work:
        looks.refuse(files_needed(episode, planned))
    asked = {shot.provider for shot in planned.shots if is_todo(shot) and shot.provider is not None}
    notes = (*notes, *series_settings_notes(project, environment, asked))
    return PlannedEpisode(
        project=project,
        episode=episode,
        capabilities=capabilities,
        references=looks.facts,
        takes={take.id: take for take in known.takes},
        circles=known.circles,
        receipts=known.receipts,
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
