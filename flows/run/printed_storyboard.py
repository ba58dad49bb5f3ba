"""What a storyboard for print is made of: how each shot stands by the ledger, its clip, and what its animatic shows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from flows.run.noted_takes import noted_takes
from flows.run.planned_episode import PlannedEpisode
from flows.run.planning import read_plan
from render.paper.paper_fonts import PaperFonts, fonts_of
from render.paper.shot_frames import ShotFrames
from render.paper.storyboard_pdf import texts_of
from storyboard.continuity.timing import used_frames
from storyboard.paper.panel import Board, Paragraph, Part, Standing, board_of
from storyboard.paths import is_url
from storyboard.plan.episode_plan import Action, Choices, PlannedShot
from storyboard.request import Request
from storyboard.shot import Episode
from storyboard.shot_key import full_key
from storyboard.takes import ClipFacts, TakeState
from storyboard.text.printable import one_line

if TYPE_CHECKING:
    from flows.run.workspace import Workspace
    from render.ledger import LedgerReader, Note

__all__ = ["PrintedStoryboard", "board_with_texts", "printed_storyboard"]


@dataclass(frozen=True, kw_only=True)
class PrintedStoryboard:
    """All that a storyboard for print needs."""

    episode: Episode
    board: Board
    frames: ShotFrames
    fonts: PaperFonts


def printed_storyboard(
    workspace: "Workspace[LedgerReader | None]", episode: str, *, with_notes: bool = False
) -> PrintedStoryboard:
    """Read all of it, and write nothing. Raises InvalidProject, MediaError for a font that is none.

    `with_notes` prints what people noted of the takes that the cut uses.
    """
    read = _planned(workspace, episode)
    clips, board = _board(workspace, read, with_notes=with_notes)
    drawn = any(panel.standing in {Standing.NOT_MADE, Standing.GONE} for panel in board.panels)
    frames = ShotFrames(
        episode=read.episode,
        clips=clips,
        requests=_requests(workspace, read) if drawn else {},
        path_of=_Files(workspace, read).path_of,
    )
    fonts = fonts_of(read.episode, lambda source: read.project.root / read.project.on_disk(source), texts_of(board))
    return PrintedStoryboard(episode=read.episode, board=board, frames=frames, fonts=fonts)


def board_with_texts(workspace: "Workspace[LedgerReader | None]", episode: str) -> tuple[Episode, Board]:
    """The episode, and all that is written of its shots, with how each stands. Raises InvalidProject."""
    read = _planned(workspace, episode)
    return read.episode, _board(workspace, read)[1]


def _board(
    workspace: "Workspace[LedgerReader | None]", read: PlannedEpisode, *, with_notes: bool = False
) -> tuple[dict[str, ClipFacts], Board]:
    """The clip of each shot that is made and in the store, and the texts of every shot."""
    circles = {circle.shot: circle.take for circle in read.circles}
    made = {shot.key: clip for shot in read.plan.shots if (clip := _clip(read, shot, circles)) is not None}
    clips = {key: clip for key, clip in made.items() if workspace.store.has(clip.sha256)}
    standings = {shot.key: _standing(shot, read, circles, made, clips) for shot in read.plan.shots}
    lengths_s = {key: _length_s(read.episode, key, made.get(key)) for key in standings}
    noted = _noted(workspace.ledger, read, circles) if with_notes else {}
    return clips, board_of(read.episode, standings, lengths_s, noted)


def _noted(
    ledger: "LedgerReader | None", read: PlannedEpisode, circles: Mapping[str, str | None]
) -> dict[str, list[Paragraph]]:
    """What people noted of the takes that the cut uses, by shot."""
    used = {shot.key: circles.get(full_key(read.episode.episode, shot.key), shot.take) for shot in read.plan.shots}
    noted = noted_takes(ledger, read.episode.series, None)
    return {key: [_paragraph(each.note) for each in noted if each.take.id == take] for key, take in used.items()}


def _paragraph(note: "Note") -> Paragraph:
    frame = "" if note.frame is None else f"frame {note.frame}: "
    return Paragraph(Part.NOTES, one_line(note.by), f"{frame}{one_line(note.words)}")


@dataclass(frozen=True)
class _Files:
    """Finds bytes by their hash: references in the project's folder, clips and what links gave in the store."""

    workspace: "Workspace[LedgerReader | None]"
    read: PlannedEpisode

    def path_of(self, sha256: str) -> Path | None:
        """The file with these bytes; None where there is none."""
        project, store = self.read.project, self.workspace.store
        known = (source for source, facts in self.read.references.items() if facts.sha256 == sha256)
        paths = (project.root / project.on_disk(source) for source in known if not is_url(source))
        here = next((path for path in paths if path.is_file()), None)
        return here or (store.local_path(sha256) if store.has(sha256) else None)


def _planned(
    workspace: "Workspace[LedgerReader | None]", episode: str, preview_of: PlannedEpisode | None = None
) -> PlannedEpisode:
    """The episode with the plan of a run that is asked for nothing, or of the preview of one that was read already."""
    return read_plan(
        workspace.root,
        episode,
        ledger=workspace.ledger,
        store=workspace.store,
        environment=workspace.environment,
        choices=Choices(shots=frozenset()),
        provider=None if preview_of is None else "animatic",
        preview=preview_of is not None,
        loaded=None if preview_of is None else preview_of.project,
        to_work=False,
    )


def _requests(workspace: "Workspace[LedgerReader | None]", read: PlannedEpisode) -> dict[str, Request]:
    """What the animatic would be asked for, by shot."""
    planned = _planned(workspace, read.episode.episode, preview_of=read).plan.shots
    return {shot.key: shot.request for shot in planned if shot.request is not None}


def _clip(read: PlannedEpisode, shot: PlannedShot, circles: Mapping[str, str | None]) -> ClipFacts | None:
    """The clip that a cut would use, wherever that is by now."""
    take = read.takes.get(circles.get(full_key(read.episode.episode, shot.key), shot.take) or "")
    return take.clip if take is not None and take.state is TakeState.DONE else None


def _standing(
    shot: PlannedShot,
    read: PlannedEpisode,
    circles: Mapping[str, str | None],
    made: Collection[str],
    there: Collection[str],
) -> Standing:
    """How a shot stands; `made` are those that have a clip, `there` those of which the store has it."""
    if circles.get(full_key(read.episode.episode, shot.key), "") is None:
        return Standing.WAIVED
    if shot.key not in made:
        return Standing.NOT_MADE
    if shot.key not in there:
        return Standing.GONE
    return Standing.STALE if shot.action is Action.STALE else Standing.MADE


def _length_s(episode: Episode, key: str, clip: ClipFacts | None) -> Fraction | None:
    """How long the shot is in the master; of one whose length its vendor chooses, what it delivered."""
    written_s = episode.shot(key).cut_s
    if written_s is not None or clip is None:
        return written_s
    return used_frames(episode, key, clip) / episode.master.fps
