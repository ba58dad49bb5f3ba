"""What to type next, by how an episode stands: each step with why, the most pressing first. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from render.takes.outcomes import ShotState
from storyboard.paths import typed
from storyboard.text.dollars import usd

if TYPE_CHECKING:
    from flows.run.shot_status import EpisodeStatus
    from render.ledger import Hold

__all__ = ["NextStep", "next_steps"]

_MOST_NAMED = 4
"""Shots that are named one by one."""

_PLURALS = {"is": "are", "was": "were", "": ""}


@dataclass(frozen=True, slots=True)
class NextStep:
    """A command, and why it would be typed."""

    why: str
    command: str


def next_steps(status: "EpisodeStatus", project: Path, *, hold: "Hold | None", cut: bool) -> tuple[NextStep, ...]:
    """What a producer would do now about this episode. `hold` stops every order; `cut`: its master is there."""
    return tuple(_steps(status, f"{typed(project)} {status.episode}", typed(project), hold=hold, cut=cut))


def _steps(status: "EpisodeStatus", episode: str, series: str, *, hold: "Hold | None", cut: bool) -> Iterator[NextStep]:
    if hold is not None:
        what, how = ("everything", " --all") if hold.everything else ("the series", "")
        yield NextStep(f"{what} is on hold, so nothing is ordered", f"tailframe release {series}{how}")
    yield from _to_settle(status, episode, series)
    yield from _to_approve(status, episode)
    yield from _to_make(status, episode, cut=cut)
    yield from _to_choose(status, episode)


def _to_settle(status: "EpisodeStatus", episode: str, series: str) -> Iterator[NextStep]:
    """What stands in the way of everything else."""
    if unknown := _keys(status, ShotState.UNKNOWN):
        yield NextStep(f"it is not known whether {_named(unknown, 'was')} made", f"tailframe reconcile {series}")
    if missing := _keys(status, ShotState.MISSING):
        yield NextStep(f"the store lacks the clip of {_named(missing)}", f"tailframe redownload {episode}")
    if refused := _keys(status, ShotState.REFUSED):
        why = f"{_named(refused, 'was')} refused: edit what it says, or try the same again"
        yield NextStep(why, f"tailframe produce {episode} --shots {','.join(refused)} --new-take")


def _to_approve(status: "EpisodeStatus", episode: str) -> Iterator[NextStep]:
    """What nothing is ordered without."""
    for standing in status.approvals:
        if not standing.waits:
            continue
        if standing.obstacle:
            yield NextStep(
                f"the {standing.subject} is to be approved, once it was previewed", f"tailframe preview {episode}"
            )
        else:
            changed = "changed since it was approved" if standing.changes else "waits for approval"
            yield NextStep(f"the {standing.subject} {changed}", f"tailframe approve {episode} {standing.subject}")


def _to_make(status: "EpisodeStatus", episode: str, *, cut: bool) -> Iterator[NextStep]:
    if running := _keys(status, ShotState.RUNNING):
        yield NextStep(f"{_named(running, 'is')} on the way", f"tailframe watch {episode}")
    if missing := _keys(status, ShotState.PLANNED, ShotState.FAILED):
        price = None if status.unpriced else status.to_make_usd
        yield NextStep(f"{_named(missing, 'is')} to be made, for {_price(price)}", f"tailframe produce {episode}")
    elif not cut and _keys(status, ShotState.DONE):
        yield NextStep("there is no master of it here", f"tailframe cut {episode}")


def _to_choose(status: "EpisodeStatus", episode: str) -> Iterator[NextStep]:
    """What is only a person's to say: the cut goes on without."""
    for shot in status.shots:
        if shot.fitting is not None:
            why = f"{shot.key}: what you circled is of an older version, and take {shot.fitting} is of what it says now"
            yield NextStep(why, f"tailframe circle {episode} {shot.key} {shot.fitting}")
    if wished := [shot.key for shot in status.shots if shot.wishes]:
        command = f"tailframe produce {episode} --shots {','.join(wished)} --new-take --with-notes"
        yield NextStep(f"somebody wishes for another take of {_named(wished)}", command)
    if stale := [shot.key for shot in status.shots if shot.state is ShotState.STALE and shot.fitting is None]:
        why = f"{_named(stale, 'is')} stale, and the cut goes on; made again, for {_price(status.stale_usd)}"
        yield NextStep(why, f"tailframe produce {episode} --cascade")


def _price(most_usd: Decimal | None) -> str:
    """What it costs, in words; None: not known."""
    if most_usd is None:
        return "a price that is not known"
    return f"{usd(most_usd)} at most" if most_usd else "nothing"


def _keys(status: "EpisodeStatus", *states: ShotState) -> list[str]:
    return [shot.key for shot in status.shots if shot.state in states]


def _named(keys: list[str], verb: str = "") -> str:
    """The shots, with `is` or `was` behind them in their number."""
    some = ", ".join(keys[:_MOST_NAMED])
    named = some if len(keys) <= _MOST_NAMED else f"{some} and {len(keys) - _MOST_NAMED} more"
    return f"{named} {verb if len(keys) == 1 else _PLURALS[verb]}".rstrip()
