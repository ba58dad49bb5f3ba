"""Whether an episode was cut and archived of just what it would be cut of now: then a series starts no run for it.

The ledger keeps it under a key, as it keeps what any recipe gave. The key is that of all that goes into a cut: the
episode as it is written, the files beside the YAML, the takes in use, and what people noted of them. Another version of
Tailframe, and another archive, have keys of their own. A key that is missing costs a run that makes nothing.
"""

import hashlib
import importlib.metadata
from collections.abc import Iterable, Mapping, Set
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from storyboard.errors import Position
from storyboard.identity import JsonValue, canonical
from storyboard.plan.episode_plan import Action
from storyboard.shot import Caps
from storyboard.shot_key import full_key

if TYPE_CHECKING:
    from flows.run.planned_episode import PlannedEpisode
    from render.ledger import Note
    from render.takes.outcomes import Outcome

__all__ = ["finished_key", "takes_used", "used_by"]

Used = tuple[str, str, str]
"""A shot, the take that it uses, and how it stands."""


def takes_used(read: "PlannedEpisode") -> tuple[Used, ...] | None:
    """What a cut would use as things stand; None where it would lack a shot."""
    planned = {shot.key: shot for shot in read.plan.shots}
    used: list[Used] = []
    for shot in read.plan.shots:
        if shot.action is Action.WAIVED:
            used.append((shot.key, "", "waived"))
            continue
        take = shot.take or (planned[shot.same_as].take if shot.same_as else None)
        if shot.action not in {Action.REUSE, Action.STALE} or take is None:
            return None
        used.append((shot.key, take, "stale" if shot.action is Action.STALE else "done"))
    return tuple(used)


def used_by(outcomes: "Iterable[Outcome]") -> tuple[Used, ...]:
    """The same of a run that has ended, with every shot."""
    return tuple((outcome.key, outcome.take or "", outcome.state.value) for outcome in outcomes)


def finished_key(
    read: "PlannedEpisode",
    used: Iterable[Used],
    files: Mapping[str, str],
    notes: "Iterable[Note]",
    archive_url: str,
) -> str:
    """Under which the ledger keeps the master that was cut of this, and archived there.

    `files` are the snapshot's, path to SHA-256; `notes` those of the whole series.
    """
    used = tuple(used)
    takes = {take for _, take, _ in used}
    content: dict[str, Any] = {
        "version": importlib.metadata.version("tailframe"),
        "archive": archive_url,
        "episode": _plain(replace(read.episode, caps=Caps(), prices=())),
        "files": {name: sha256 for name, sha256 in files.items() if not name.endswith((".yaml", ".yml"))},
        "links": {source: facts.sha256 for source, facts in read.references.items()},
        "used": [list(each) for each in used],
        "notes": sorted(note.id for note in notes if note.take in takes),
    }
    told = hashlib.sha256(canonical(content)).hexdigest()
    return f"finished:{full_key(read.episode.series, read.episode.episode)}:{told}"


def _plain(value: Any) -> JsonValue:
    """A value of the storyboard as JSON, without where it is written."""
    if isinstance(value, Position):
        return None
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, Set):
        return sorted((_plain(each) for each in value), key=canonical)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_plain(each) for each in value]
    return _single(value.value if isinstance(value, Enum) else value)


def _single(value: Any) -> JsonValue:
    if isinstance(value, Decimal | Fraction):
        return str(Fraction(value))
    return value if value is None or isinstance(value, bool | int | str) else repr(value)
