"""The moves a take can make, as one table. Every other move is refused, whoever asks for it.

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
    """Where a take may come from and where it then stands."""

    sources: frozenset[TakeState]
    target: TakeState


def _move(*sources: TakeState, to: TakeState) -> Move:
    return Move(frozenset(sources), to)


CLAIM = _move(_PLANNED, to=_SUBMITTING)
GIVE_WAY = _move(_PLANNED, to=_CANCELLED)  # another live take has its fingerprint
SUPERSEDE = _move(_PLANNED, to=_CANCELLED)  # before anything was sent: the shot was edited, another vendor is asked
NOT_SENT = _move(_SUBMITTING, _UNKNOWN, to=_PLANNED)  # its owner proves that no order left
REFUSE = _move(_SUBMITTING, _UNKNOWN, to=_FAILED)  # its owner was clearly refused
LOSE_ANSWER = _move(_SUBMITTING, to=_UNKNOWN)  # no answer came, or the lease ran out
NAME_JOB = _move(_SUBMITTING, _UNKNOWN, to=_SUBMITTED)
NAME_STRAY_JOB = _move(_PLANNED, to=_SUBMITTED)  # "nothing was sent" proved wrong
ADOPT = _move(_UNKNOWN, to=_SUBMITTED)  # a person or a search found its job
SETTLE = _move(_UNKNOWN, _SUBMITTED, _GENERATED, to=_FAILED)  # a person says how it ended
GENERATE = _move(_SUBMITTED, to=_GENERATED)
FINISH = _move(_GENERATED, to=_DONE)
FAIL = _move(_PLANNED, _SUBMITTED, _GENERATED, to=_FAILED)
CANCEL = _move(_PLANNED, _SUBMITTED, to=_CANCELLED)
LOSE_CLIP = _move(_GENERATED, to=_FAILED)  # the vendor takes back that there is a clip, and what it charged

ENDED = frozenset({_DONE, _FAILED, _CANCELLED})
"""States that no move leaves."""

MOVING = frozenset({_PLANNED, _SUBMITTING, _SUBMITTED, _GENERATED})
"""States from which a take goes on by itself. `unknown` waits for a fact or a person."""

LEASED = frozenset({_SUBMITTING, _UNKNOWN})
"""States in which the lease names who sent the order, or may have."""

OUT = frozenset({_SUBMITTING, _UNKNOWN, _SUBMITTED, _GENERATED})
"""States in which an order is out, or may be: its vendor may still call back."""
