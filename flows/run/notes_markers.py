"""Notes as markers on a master: which of them are on takes that it uses, and on which of its frames they stand."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from flows.errors import UsageError
from render.cut.cut_plan import Piece
from render.episode.manifest import MOST_BYTES, Manifest, ShotRecord, from_json
from render.errors import RenderError
from render.markers.marker_edl import Marker, marker_edl
from render.store.plain_files import read_plain
from storyboard.continuity.timing import nearest_frame

if TYPE_CHECKING:
    from flows.run.noted_takes import NotedTake
    from storyboard.shot import Episode

__all__ = ["marker_list"]


def marker_list(episode: "Episode", output: Path, notes: "Sequence[NotedTake]") -> tuple[int, str]:
    """How many notes are on takes of the master in `output`, and the list of them for an editor.

    Raises UsageError where no master lies there.
    """
    manifest = _manifest(output, episode.episode)
    markers = [marker for record in manifest.shots for marker in _of_shot(episode, manifest, record, notes)]
    return len(markers), marker_edl(f"{episode.series} {episode.episode} notes", markers, manifest.master.fps)


def _manifest(output: Path, episode: str) -> Manifest:
    try:
        return from_json(read_plain(output / "manifest.json", most_bytes=MOST_BYTES))
    except (OSError, RenderError):
        raise UsageError(
            f"there is no master of {episode} here whose manifest can be read", "Make it with `tailframe cut`"
        ) from None


def _of_shot(
    episode: "Episode", manifest: Manifest, record: ShotRecord, notes: "Sequence[NotedTake]"
) -> Iterator[Marker]:
    """The markers of one shot of the master."""
    for each in notes:
        if record.clip is None or each.take.clip is None or each.take.clip.sha256 != record.clip.sha256:
            continue
        frame = _master_frame(episode, record, each, manifest.master.fps)
        start = nearest_frame(record.start_s, manifest.master.fps)
        unseen = "" if frame is not None else f" (frame {each.note.frame}, which the cut does not show)"
        yield Marker(
            frame=start + (frame or 0),
            name=f"{record.key} take {each.take.number}",
            words=f"{each.note.by}: {each.note.words}{unseen}",
            wish=each.note.retake,
        )


def _master_frame(episode: "Episode", record: ShotRecord, each: "NotedTake", fps: Fraction) -> int | None:
    """Which of the shot's frames in the master shows the noted frame of its clip; None where none does."""
    noted, clip = each.note.frame, each.take.clip
    if noted is None:
        return 0
    shot = next((shot for shot in episode.shots if shot.key == record.key), None)
    if shot is None or clip is None:
        return None
    piece = Piece.of(shot, nearest_frame(record.duration_s, fps), Path(), clip)
    shown = [piece.frame_at(frame, fps) for frame in range(piece.frames)]
    if not shown or (shown[0] or 0) > noted:
        return None
    return next((frame for frame, seen in enumerate(shown) if seen is not None and seen >= noted), None)
