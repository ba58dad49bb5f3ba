"""What a run's hours did not reach, told at its end: how many shots wait for the next."""

from collections.abc import Iterable
from datetime import datetime

from flows.run.night_window import told_moment
from render.claim_errors import OrdersEnded
from render.takes.outcomes import Outcome, ShotState
from storyboard.continuity.chains import order
from storyboard.shot import Episode

__all__ = ["told_hours"]


def told_hours(episode: Episode, outcomes: Iterable[Outcome], until: datetime | None) -> str:
    """How many shots wait because the hours in which the run might order were over; empty where none does.

    With those that wait for one of them, and for nothing else.
    """
    by_key = {outcome.key: outcome for outcome in outcomes}
    late = {key for key, outcome in by_key.items() if outcome.code == OrdersEnded.code}
    if until is None or not late:
        return ""
    for key in order(episode):
        if by_key[key].state is ShotState.BLOCKED and late.intersection(episode.shot(key).needs):
            late.add(key)
    waits = "1 shot waits" if len(late) == 1 else f"{len(late)} shots wait"
    return f"the window ended at {told_moment(until)}; {waits} for the next"
