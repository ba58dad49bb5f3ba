"""Reads episodes for the room's pages, and reads none again while neither its files nor the ledger have changed."""

import contextlib
import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import Decimal
from typing import TYPE_CHECKING

from flows.review.episode_reading import EpisodeReading
from flows.review.file_stamps import stamp_of, written_stamp
from flows.review.room_ledger import RoomLedger
from flows.review.take_findings import TakeFindings
from flows.run.episode_approvals import episode_approvals
from flows.run.next_steps import next_steps
from flows.run.planning import archives_of, read_plan
from flows.run.shot_status import episode_status
from flows.run.workspace import Workspace
from render.ledger import changes, queries
from render.ledger.choices import Choice, choices
from storyboard.errors import TailframeError
from storyboard.loading import Project, load_project
from storyboard.shot_key import full_key

if TYPE_CHECKING:
    from flows.run.planned_episode import PlannedEpisode
    from render.ledger import BudgetLine, Note

__all__ = ["Readings"]

HasBlob = Callable[[str], bool]

WAITS_S = 0.1
"""Seconds that a page waits for an episode to be read anew, where there is one that was read before."""


class Readings:
    """What was read of a project, kept by what it was read from. Blocking, and safe from any thread.

    A long episode takes a second to plan. `told` is called when one was read anew for a page that did not wait for it.
    """

    def __init__(
        self, workspace: Workspace[None], ledger: RoomLedger, has_blob: HasBlob, told: Callable[[], None]
    ) -> None:
        self._workspace, self._ledger, self._has_blob, self._told = workspace, ledger, has_blob, told
        self._loading, self._planning = threading.RLock(), threading.Lock()
        self._project: tuple[str, Project] | None = None
        self._episodes: dict[str, EpisodeReading] = {}
        self._findings = TakeFindings(ledger)
        self._anew = ThreadPoolExecutor(1, "readings")
        self._coming: dict[str, Future[EpisodeReading]] = {}

    def project(self) -> Project:
        """The storyboard as it is written now. Raises InvalidProject with every mistake."""
        with self._loading:
            root = self._workspace.root
            if self._project is None or self._project[0] != stamp_of(root, self._project[1]):
                written = written_stamp(root)
                found = load_project(root)
                self._project = stamp_of(root, found, written), found
            return self._project[1]

    def files(self) -> str:
        """The same for as long as no file of the storyboard has changed. Raises InvalidProject."""
        with self._loading:
            self.project()
            return self._project[0] if self._project else ""

    def mark(self) -> str:
        """The same for as long as neither files nor ledger have changed."""
        return self._mark(self.project())

    def episode(self, episode: str) -> EpisodeReading:
        """An episode as it stands. Raises NoSuchName, InvalidProject, LedgerError."""
        with self._planning:
            project = self.project()
            mark = self._mark(project)
            known = self._episodes.get(episode)
            if known is None or known.mark != mark:
                known = self._episodes[episode] = self._read(project, episode, mark)
            return known

    def recent(self, episode: str) -> EpisodeReading:
        """An episode as it stands; where that takes a while to find out, as it stood a moment ago.

        Whatever is decided about what has changed since is refused by the ledger, and pages hear when it was read.
        """
        known, project = self._episodes.get(episode), self.project()
        if known is not None and known.mark == self._mark(project):
            return known
        coming = self._coming_of(episode)
        if known is None or known.read.project is not project:
            return coming.result()
        try:
            return coming.result(WAITS_S)
        except TimeoutError:
            coming.add_done_callback(lambda _: self._told())
            return known

    def begin(self) -> None:
        """Read every episode before anybody asks."""
        with contextlib.suppress(TailframeError):  # mistakes are told to who looks
            for episode in sorted(self.project().episodes):
                self._coming_of(episode)

    def close(self) -> None:
        """Read nothing more."""
        self._anew.shutdown(wait=True, cancel_futures=True)

    def _coming_of(self, episode: str) -> "Future[EpisodeReading]":
        with self._loading:
            coming = self._coming.get(episode)
            if coming is None or coming.done():
                coming = self._coming[episode] = self._anew.submit(self.episode, episode)
            return coming

    def _mark(self, project: Project) -> str:
        told = self._ledger.read(changes.mark, project.series.series)
        files = self._project[0] if self._project else ""
        return hashlib.sha256(f"{files} {told}".encode()).hexdigest()[:20]

    def _read(self, project: Project, episode: str, mark: str) -> EpisodeReading:
        workspace, ledger = self._workspace, self._ledger
        read = read_plan(
            workspace.root,
            episode,
            ledger=ledger.reader(),
            store=workspace.store,
            environment=workspace.environment,
            archives=archives_of(workspace.places, workspace.root, network=False),
            loaded=project,
            to_work=False,
        )
        series = read.episode.series
        budgets = ledger.read(queries.budgets, series) or ()
        hold = ledger.read(queries.held, series)
        approvals = episode_approvals(read, ledger.reader())
        status = episode_status(read, (), _counted(budgets, episode), self._has_blob, approvals=approvals)
        cut = (workspace.places.output(episode) / f"{episode}.mp4").exists()
        chosen = ledger.read(choices, series) or {}
        return EpisodeReading(
            mark=mark,
            read=read,
            status=status,
            choices=chosen,
            notes=_by_take(ledger.read(queries.notes, series) or ()),
            findings=self._findings.of(read, set(_used(read, chosen))),
            budgets=budgets,
            hold=hold,
            steps=next_steps(status, workspace.root, hold=hold, cut=cut),
            has_blob=self._has_blob,
        )


def _used(read: "PlannedEpisode", chosen: Mapping[str, Choice]) -> Iterator[str]:
    for shot in read.plan.shots:
        choice = chosen.get(full_key(read.episode.episode, shot.key))
        yield from filter(None, (shot.take, choice.take if choice else None))


def _by_take(notes: "Sequence[Note]") -> "dict[str, list[Note]]":
    found: dict[str, list[Note]] = {}
    for note in notes:
        found.setdefault(note.take, []).append(note)
    return found


def _counted(budgets: "Sequence[BudgetLine]", episode: str) -> tuple[Decimal, Decimal]:
    line = next((each for each in budgets if each.scope == "episode" and each.key == episode), None)
    return (Decimal(0), Decimal(0)) if line is None else (line.spent_usd, line.reserved_usd)
