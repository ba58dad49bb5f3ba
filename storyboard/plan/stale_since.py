"""Since when a stale shot is stale: by when circles moved, and, of an edit, by what is known of it at the latest. Pure.

A circle that left the take on whose clip a shot was made says it to the second. An edit leaves no such trace: a take
that was opened for what is wanted now, or the time at which its files were last written, is the latest that it can be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from storyboard.continuity.chains import order
from storyboard.plan.episode_plan import Action, Plan, PlannedShot
from storyboard.shot import Episode
from storyboard.shot_key import full_key
from storyboard.takes import TakeFacts


@dataclass(frozen=True, slots=True)
class CircleMove:
    """A shot's circle was put on a take."""

    shot: str  # EPISODE/SCENE/SHOT
    take: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StaleSince:
    """Since when; with `edit` it is that file's last edit, and the shot may have been stale a while before."""

    at: datetime
    edit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleHistory:
    """What is known of the past of a series. Times are aware."""

    moves: Sequence[CircleMove] = ()  # oldest first
    wished: Mapping[str, datetime] = field(default_factory=dict)  # when the first take of each wish was opened
    edits: Mapping[str, StaleSince] = field(default_factory=dict)  # by SCENE/SHOT, the last of what it is written in


def with_stale_since(plan: Plan, episode: Episode, takes: Mapping[str, TakeFacts], history: StaleHistory) -> Plan:
    """The plan, whose stale shots say since when they are, where that is known. `takes` are by id."""
    since: dict[str, StaleSince] = {}
    planned = {shot.key: shot for shot in plan.shots}
    for key in order(episode):
        found = _since(planned[key], episode, takes, history, since)
        if found is not None:
            since[key] = found
    return replace(plan, shots=tuple(_told(shot, since.get(shot.key)) for shot in plan.shots))


def _told(shot: PlannedShot, since: StaleSince | None) -> PlannedShot:
    return shot if since is None else replace(shot, stale_since=since.at, stale_edit=since.edit)


def _since(
    shot: PlannedShot,
    episode: Episode,
    takes: Mapping[str, TakeFacts],
    history: StaleHistory,
    before: Mapping[str, StaleSince],
) -> StaleSince | None:
    used = takes.get(shot.take or "")
    if shot.action is not Action.STALE or used is None:
        return None
    if used.wish != shot.wish:
        return _since_edit(shot, episode, used, history)
    needs = episode.shot(shot.key).needs
    inherited = [before[key] for key in needs if key in before]
    moved = [at for key in needs if (at := _left(full_key(episode.episode, key), used, takes, history)) is not None]
    known = [*inherited, *(StaleSince(at) for at in moved)]
    return min(known, key=lambda each: each.at) if known else history.edits.get(shot.key)


def _left(source: str, used: TakeFacts, takes: Mapping[str, TakeFacts], history: StaleHistory) -> datetime | None:
    """When the circle of `source` left the take on whose clip `used` was made; None where it did not, or never was."""
    if used.continuity is None:
        return None
    moves = [move for move in history.moves if move.shot == source]
    on_it = [index for index, move in enumerate(moves) if _clip(takes.get(move.take)) == used.continuity.clip_sha256]
    return moves[on_it[-1] + 1].at if on_it and on_it[-1] + 1 < len(moves) else None


def _clip(take: TakeFacts | None) -> str | None:
    return None if take is None or take.clip is None else take.clip.sha256


def _since_edit(shot: PlannedShot, episode: Episode, used: TakeFacts, history: StaleHistory) -> StaleSince | None:
    """The shot wants something else than the take that a person circled. Was it so by then, it is since the circle."""
    edit = history.edits.get(shot.key)
    wished = history.wished.get(shot.wish)
    here = full_key(episode.episode, shot.key)
    circled = _newest(move.at for move in history.moves if (move.shot, move.take) == (here, used.id))
    if wished is not None and (edit is None or wished < edit.at):
        edit = StaleSince(wished, edit.edit if edit is not None else "")
    if circled is not None and edit is not None and edit.at <= circled:
        return StaleSince(circled)
    return edit


def _newest(moments: Iterable[datetime]) -> datetime | None:
    return max(moments, default=None)
