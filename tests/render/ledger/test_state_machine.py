"""The table of moves."""

from __future__ import annotations

from render.ledger import state_machine
from render.ledger.state_machine import ENDED, LEASED, MOVING, Move
from storyboard.takes import LIVE, TakeState

ALL = [move for move in vars(state_machine).values() if isinstance(move, Move)]


def test_every_state_but_the_first_is_reached_by_a_move() -> None:
    """No state is only a word."""
    assert {move.target for move in ALL} == set(TakeState)


def test_no_move_leaves_an_end() -> None:
    """Done, failed and cancelled are for good; every other state has a way on."""
    sources = {source for move in ALL for source in move.sources}
    assert sources == set(TakeState) - ENDED


def test_only_a_claim_leads_to_submitting() -> None:
    """Only one move leads to paying."""
    assert [move for move in ALL if move.target is TakeState.SUBMITTING] == [state_machine.CLAIM]
    assert state_machine.CLAIM.sources == {TakeState.PLANNED}


def test_what_was_generated_never_goes_back() -> None:
    """From a paid clip a take only goes to its end."""
    assert {move.target for move in ALL if TakeState.GENERATED in move.sources} == {TakeState.DONE, TakeState.FAILED}


def test_the_states_fall_into_their_kinds() -> None:
    """A take moves by itself, waits for a fact, or has ended; failed and cancelled alone are not live."""
    assert MOVING | ENDED | {TakeState.UNKNOWN} == set(TakeState)
    assert set(TakeState) - LIVE == {TakeState.FAILED, TakeState.CANCELLED}
    assert {TakeState.SUBMITTING, TakeState.UNKNOWN} == LEASED
