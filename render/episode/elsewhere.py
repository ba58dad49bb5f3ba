"""Shots that stand elsewhere: at another account of their vendor, or in an archive that the ledger knows nothing of.

None of them is paid for again unless somebody says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from render.claim_errors import OrderedElsewhere, StandsInArchive
from storyboard.paths import typed
from storyboard.plan.episode_plan import PlannedShot

MOST_NAMED = 6
"""Shots that a sentence names one by one; the plan names them all."""


def refuse_ordered_elsewhere(shots: Sequence[PlannedShot]) -> None:
    """Raise OrderedElsewhere where any of these shots would be paid for anew."""
    out = [shot for shot in shots if shot.elsewhere]
    if out:
        raise OrderedElsewhere(
            told_elsewhere(out),
            "Nothing is ordered twice by itself: ask that account again to go on with what is "
            "out, or pay anew with --anew",
        )


def told_elsewhere(shots: Sequence[PlannedShot]) -> str:
    """Which orders are out where: `of lamp/010 take 1 is submitted at kinovi:studio-b, which is another account`."""
    return "; ".join(f"of {shot.key} {shot.elsewhere}" for shot in shots if shot.elsewhere)


def refuse_archived(shots: Sequence[PlannedShot], project: Path) -> None:
    """Raise StandsInArchive where any of these shots would be paid for again."""
    told = told_archived(shots, project)
    if told:
        raise StandsInArchive(
            told, "Nothing is paid for twice by itself: bring it back, and produce again, or pay anew with --anew"
        )


def told_archived(shots: Sequence[PlannedShot], project: Path) -> str:
    """Which shots stand where, and the command that brings them back into `project`; empty where none does."""
    told = []
    for place, keys in _by_place((shot.archived, shot.key) for shot in shots).items():
        told.append(
            f"an archive of {_some(keys)} stands in {place}, and the ledger knows nothing of it; `tailframe restore "
            f"{_typed(place)} {typed(project)}` brings it back"
        )
    for place, keys in _by_place((shot.named_in, shot.key) for shot in shots).items():
        told.append(
            f"{place} names takes of {_some(keys)}, and the ledger knows nothing of them; `tailframe restore ARCHIVE "
            f"{typed(project)}` brings them back from where they are archived, as does the .tailframe that was here"
        )
    return "; ".join(told)


def _by_place(found: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    places: dict[str, list[str]] = {}
    for place, key in found:
        if place:
            places.setdefault(place, []).append(key)
    return places


def _typed(place: str) -> str:
    return place if place.startswith("s3://") else typed(Path(place))


def _some(keys: Sequence[str]) -> str:
    more = f" and {len(keys) - MOST_NAMED} more" if len(keys) > MOST_NAMED else ""
    return f"{', '.join(keys[:MOST_NAMED])}{more}"
