"""What people noted of a series' takes, each with the take that it is on, in the order of shots. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from render.ledger import queries
from storyboard.shot_key import is_of_episode

if TYPE_CHECKING:
    from render.ledger import LedgerReader, Note, Take

__all__ = ["NotedTake", "note_json", "noted_json", "noted_takes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedTake:
    """A note, and the take that it is on."""

    note: "Note"
    take: "Take"
    circled: bool


def noted_takes(ledger: "LedgerReader | None", series: str, episode: str | None) -> tuple[NotedTake, ...]:
    """The notes on takes of an episode, or of the whole series, by shot, take and frame."""
    if ledger is None:
        return ()
    takes = {take.id: take for take in ledger.read(queries.takes, series)}
    circled = {circle.take for circle in ledger.read(queries.circles, series)}
    found = [
        NotedTake(note=note, take=takes[note.take], circled=note.take in circled)
        for note in ledger.read(queries.notes, series)
    ]
    wanted = (each for each in found if episode is None or is_of_episode(each.take.shot, episode))
    return tuple(sorted(wanted, key=_place))


def _place(each: NotedTake) -> tuple[str, int, int]:
    frame = -1 if each.note.frame is None else each.note.frame
    return each.take.shot, each.take.number, frame


def noted_json(series: str, episode: str | None, notes: Sequence[NotedTake]) -> dict[str, Any]:
    """The notes as `notes --json` says them. Times are ISO in UTC; a drawing is strokes of points from 0 to 1."""
    told = [{**_take_json(each), **note_json(each.note)} for each in notes]
    return {"series": series, **({} if episode is None else {"episode": episode}), "notes": told}


def note_json(note: "Note") -> dict[str, Any]:
    """One note for scripts."""
    return {
        "id": note.id,
        "words": note.words,
        "frame": note.frame,
        "by": note.by,
        "at": note.at.isoformat().replace("+00:00", "Z"),
        "retake": note.retake,
        "drawing": note.drawing,
    }


def _take_json(each: NotedTake) -> dict[str, Any]:
    return {
        "shot": each.take.shot,
        "take": each.take.number,
        "take_id": each.take.id,
        "circled": each.circled,
    }
