"""The state machine of a take: every transition that there is, as one table. Any other is refused, whoever asks.

    planned -> submitting -> submitted -> generated -> done
       ^          |  |           |           |
       +-not sent-+  +-> unknown +-----------+-> failed, cancelled

An owner may still answer for an order whose lease ran out while it waited: proof that nothing was sent, a clear
refusal and the vendor's job id are facts, however late they come. `unknown` only means that no fact is here yet.
"""

from __future__ import annotations

from dataclasses import dataclass

from storyboard.takes import TakeState

_PLANNED, _SUBMITTING, _SUBMITTED = TakeState.PLANNED, TakeState.SUBMITTING, TakeState.SUBMITTED
_GENERATED, _DONE, _UNKNOWN = TakeState.GENERATED, TakeState.DONE, TakeState.UNKNOWN
_FAILED, _CANCELLED = TakeState.FAILED, TakeState.CANCELLED


@dataclass(frozen=True, slots=True)
class Move:
    """One transition: the states it may start from, and the one it ends in."""

    sources: frozenset[TakeState]
    target: TakeState
    decision: str  # as the run's log calls it


def _move(*sources: TakeState, to: TakeState, decision: str) -> Move:
    return Move(frozenset(sources), to, decision)


CLAIM = _move(_PLANNED, to=_SUBMITTING, decision="claimed")
GIVE_WAY = _move(_PLANNED, to=_CANCELLED, decision="gave way")  # another live take has its fingerprint
SUPERSEDE = _move(_PLANNED, to=_CANCELLED, decision="superseded")  # never sent: its shot was edited, for one
NOT_SENT = _move(_SUBMITTING, _UNKNOWN, to=_PLANNED, decision="not sent")  # its owner proves that no order left
REFUSE = _move(_SUBMITTING, _UNKNOWN, to=_FAILED, decision="refused")  # its owner was clearly refused
LOSE_ANSWER = _move(_SUBMITTING, to=_UNKNOWN, decision="unanswered")  # no answer came, or the lease ran out
NAME_JOB = _move(_SUBMITTING, _UNKNOWN, to=_SUBMITTED, decision="sent")
NAME_STRAY_JOB = _move(_PLANNED, to=_SUBMITTED, decision="sent after all")  # "nothing was sent" proved wrong
ADOPT = _move(_UNKNOWN, to=_SUBMITTED, decision="adopted")  # a person or a search found its job
SETTLE = _move(_UNKNOWN, _SUBMITTED, _GENERATED, to=_FAILED, decision="settled")  # a person says how it ended
GENERATE = _move(_SUBMITTED, to=_GENERATED, decision="generated")
FINISH = _move(_GENERATED, to=_DONE, decision="done")
FAIL = _move(_PLANNED, _SUBMITTED, _GENERATED, to=_FAILED, decision="failed")
CANCEL = _move(_PLANNED, _SUBMITTED, to=_CANCELLED, decision="cancelled")
LOSE_CLIP = _move(_GENERATED, to=_FAILED, decision="clip lost")  # its vendor takes back clip and price

ENDED = frozenset({_DONE, _FAILED, _CANCELLED})
"""States that no transition leaves."""

MOVING = frozenset({_PLANNED, _SUBMITTING, _SUBMITTED, _GENERATED})
"""States from which a take goes on by itself. `unknown` waits for a fact or a person."""

LEASED = frozenset({_SUBMITTING, _UNKNOWN})
"""States in which the lease names who sent the order, or may have."""

OUT = frozenset({_SUBMITTING, _UNKNOWN, _SUBMITTED, _GENERATED})
"""States in which an order is out, or may be: its vendor may still call back."""
