"""Callback links: a vendor's call finds one take by a secret, wakes whoever waits, and changes nothing else."""

from __future__ import annotations

import hashlib
import time
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from render.ledger import Ledger, Take, callback_tokens, claims, queries, settlement
from render.ledger.database import Transaction
from storyboard.takes import TakeState
from tests.render.ledger.stage import ACCOUNT, SERIES, SHOT, Stage, audit, clip
from tests.thinning import examples

URL = "https://calls.studio.example"


def token_of(stage: Stage, take: Take) -> str:
    """The token of a new callback link of a take that is being sent."""
    token = stage.ledger.write(callback_tokens.open_callback_link, take.id, "ann")
    assert token is not None
    return token


def row_of(ledger: Ledger, take: Take) -> dict[str, object]:
    """A take's callback link as the ledger keeps it."""
    (row,) = ledger.read(lambda tx: tx.rows("SELECT * FROM doors WHERE take = :take", take=take.id))
    return dict(row)


def shift(ledger: Ledger, table: str, column: str, by: timedelta) -> None:
    """Let time pass for one column of a table."""

    def move(tx: Transaction) -> None:
        for was in tx.conn.execute(text(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL")).scalars().all():
            now = str(datetime.fromisoformat(was) - by) if isinstance(was, str) else was - by
            tx.conn.execute(text(f"UPDATE {table} SET {column} = :now WHERE {column} = :was"), {"now": now, "was": was})

    ledger.write(move)


def test_of_a_callback_link_a_hash_is_kept_and_never_its_token(stage: Stage) -> None:
    """Whoever reads the ledger, or a backup of it, can call at no link."""
    take = stage.submitting()
    token = token_of(stage, take)

    assert len(token) == 43
    row = row_of(stage.ledger, take)
    assert row["secret"] == hashlib.sha256(token.encode()).hexdigest()
    for table in ("takes", "events", "doors", "leases", "runs"):
        assert token not in repr(stage.ledger.read(lambda tx, sql: tx.rows(sql), f"SELECT * FROM {table}"))
    assert stage.ledger.read(queries.has_callback_link, take.id)
    assert stage.ledger.read(callback_tokens.vendor_at, token) == "acme"


def test_only_who_holds_the_claim_opens_a_callback_link(stage: Stage) -> None:
    """Neither an owner whose claim is gone nor anybody before the claim."""
    planned = stage.planned()
    assert stage.ledger.write(callback_tokens.open_callback_link, planned.id, "ann") is None
    stage.claim(planned)
    assert stage.ledger.write(callback_tokens.open_callback_link, planned.id, "bob") is None
    assert not stage.ledger.read(queries.has_callback_link, planned.id)
    token = token_of(stage, planned)
    stage.submit(planned)
    assert stage.ledger.write(callback_tokens.open_callback_link, planned.id, "ann") is None
    assert stage.ledger.read(callback_tokens.vendor_at, token) == "acme", (
        "the link of the order that is out stays as it was"
    )


def test_a_callback_is_a_wake_up_and_moves_nothing(stage: Stage) -> None:
    """It is seen by who asks; states, money and events are what they were."""
    take = stage.submitting()
    token = token_of(stage, take)
    before = stage.submit(take)
    events = stage.ledger.read(queries.events, take.id)
    assert stage.ledger.read(queries.callbacks_received, SERIES) == {}

    assert callback_tokens.record_callback(stage.ledger, token, None)

    assert list(stage.ledger.read(queries.callbacks_received, SERIES)) == [take.id]
    assert stage.ledger.read(queries.callbacks_received, "another series") == {}
    assert stage.now(take) == before
    assert stage.ledger.read(queries.events, take.id) == events
    assert stage.ledger.read(queries.told_job, take.id) is None
    audit(stage.ledger)


def test_callbacks_within_a_second_are_one(stage: Stage) -> None:
    """A flood leaves no more than one callback; a second later the next one counts."""
    take = stage.submitting()
    token = token_of(stage, take)
    assert callback_tokens.record_callback(stage.ledger, token, None)
    first = row_of(stage.ledger, take)

    assert all(callback_tokens.record_callback(stage.ledger, token, None) for _ in range(20))

    assert row_of(stage.ledger, take) == first
    shift(stage.ledger, "doors", "rung_at", timedelta(seconds=1.1))
    assert callback_tokens.record_callback(stage.ledger, token, None)
    assert row_of(stage.ledger, take)["rings"] == 2


def test_a_clock_that_was_set_back_silences_no_callback_link(stage: Stage) -> None:
    """A last callback in the future is not one of just now."""
    take = stage.submitting()
    token = token_of(stage, take)
    callback_tokens.record_callback(stage.ledger, token, None)
    shift(stage.ledger, "doors", "rung_at", timedelta(hours=-1))
    before = stage.ledger.read(queries.callbacks_received, SERIES)
    assert callback_tokens.record_callback(stage.ledger, token, None)
    assert stage.ledger.read(queries.callbacks_received, SERIES) != before


def test_the_first_job_that_is_named_is_kept(stage: Stage) -> None:
    """Also within a second of a callback that named none; another one after it is ignored."""
    take = stage.submitting()
    token = token_of(stage, take)
    take = _lose(stage, take)
    callback_tokens.record_callback(stage.ledger, token, None)
    heard = stage.ledger.read(queries.callbacks_received, SERIES)

    assert callback_tokens.record_callback(stage.ledger, token, "job-1")
    assert stage.ledger.read(queries.callbacks_received, SERIES) != heard, "who waits is woken for it"
    shift(stage.ledger, "doors", "rung_at", timedelta(seconds=5))
    assert callback_tokens.record_callback(stage.ledger, token, "job-2")

    assert stage.ledger.read(queries.told_job, take.id) == "job-1"
    assert stage.now(take) == take


def test_a_job_that_was_disproved_makes_room_for_the_next(stage: Stage) -> None:
    """Only that very one is forgotten."""
    take = stage.submitting()
    token = token_of(stage, take)
    take = _lose(stage, take)
    callback_tokens.record_callback(stage.ledger, token, "job-1")

    stage.ledger.write(callback_tokens.forget_told_job, take.id, "job-9")
    assert stage.ledger.read(queries.told_job, take.id) == "job-1"
    stage.ledger.write(callback_tokens.forget_told_job, take.id, "job-1")
    assert stage.ledger.read(queries.told_job, take.id) is None

    assert callback_tokens.record_callback(stage.ledger, token, "job-2")
    assert stage.ledger.read(queries.told_job, take.id) == "job-2"


def test_no_job_is_taken_down_where_the_take_has_its_own(stage: Stage) -> None:
    """Nothing that a caller says is of use then."""
    take = stage.submitting()
    token = token_of(stage, take)
    stage.submit(take)
    assert callback_tokens.record_callback(stage.ledger, token, "job-x")
    assert stage.ledger.read(queries.told_job, take.id) is None


def test_a_token_of_no_callback_link_is_nobodys(stage: Stage) -> None:
    """Neither an invented one nor the hash of a real one."""
    take = stage.submitting()
    token_of(stage, take)
    for forged in ("x" * 43, str(row_of(stage.ledger, take)["secret"]), take.id, ""):
        assert stage.ledger.read(callback_tokens.vendor_at, forged) is None
        assert not callback_tokens.record_callback(stage.ledger, forged, "job-1")
    assert row_of(stage.ledger, take)["rings"] == 0


@pytest.mark.parametrize("end", ["done", "failed", "cancelled", "settled", "not sent"])
def test_a_callback_link_goes_when_its_order_is_over(stage: Stage, end: str) -> None:
    """Nothing can be learnt or flooded there any more."""
    take = stage.submitting()
    token = token_of(stage, take)
    ledger = stage.ledger
    match end:
        case "done":
            stage.generate(stage.submit(take))
            assert callback_tokens.record_callback(ledger, token, None), "until its end"
            ledger.write(settlement.done, take.id, clip())
        case "failed":
            ledger.write(settlement.failed, stage.submit(take).id, code="x", words="", charged=False)
        case "cancelled":
            ledger.write(settlement.cancelled, stage.submit(take).id, "stopped", charged=False)
        case "settled":
            ledger.write(settlement.settle_unknown, _lose(stage, take).id, "it is on the bill", charged=True)
        case _:
            ledger.write(claims.not_sent, take.id, "ann", "429")

    assert not ledger.read(queries.has_callback_link, take.id)
    assert ledger.read(callback_tokens.vendor_at, token) is None
    assert not callback_tokens.record_callback(ledger, token, "job-1")
    assert ledger.read(queries.callbacks_received, SERIES) == {}


def test_a_new_claim_has_a_new_callback_link(stage: Stage) -> None:
    """The link of an order that never arrived leads nowhere."""
    take = stage.submitting()
    first = token_of(stage, take)
    assert token_of(stage, take) != first
    assert stage.ledger.read(callback_tokens.vendor_at, first) is None
    stage.ledger.write(claims.not_sent, take.id, "ann", "429")
    stage.claim(stage.now(take))
    second = token_of(stage, take)
    assert second != first
    assert not callback_tokens.record_callback(stage.ledger, first, "job-1")
    assert callback_tokens.record_callback(stage.ledger, second, "job-1")


def test_the_callback_server_seen_last_is_the_one(stage: Stage) -> None:
    """For a minute and a half; one that leaves is gone at once."""
    ledger = stage.ledger
    assert ledger.read(callback_tokens.callback_server_url) is None
    ledger.write(callback_tokens.renew_callback_server, URL)
    assert ledger.read(callback_tokens.callback_server_url) == URL
    time.sleep(0.002)
    ledger.write(callback_tokens.renew_callback_server, "https://other.example")
    assert ledger.read(callback_tokens.callback_server_url) == "https://other.example"
    ledger.write(callback_tokens.retire_callback_server, "https://other.example")
    assert ledger.read(callback_tokens.callback_server_url) == URL
    shift(ledger, "doorkeepers", "seen_at", timedelta(seconds=80))
    assert ledger.read(callback_tokens.callback_server_url) == URL
    shift(ledger, "doorkeepers", "seen_at", timedelta(seconds=11))
    assert ledger.read(callback_tokens.callback_server_url) is None
    ledger.write(callback_tokens.renew_callback_server, "https://other.example")
    assert len(ledger.read(lambda tx: tx.rows("SELECT * FROM doorkeepers"))) == 1, "who is gone is forgotten"
    ledger.write(callback_tokens.retire_callback_server, "https://never.example")


CALLS = st.lists(
    st.tuples(st.sampled_from(["right", "old", "forged"]), st.sampled_from([None, "job-a", "job-b"]), st.booleans()),
    max_size=12,
)


@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=CALLS)
def test_no_calls_in_any_order_move_a_take(stage: Stage, calls: list[tuple[str, str | None, bool]]) -> None:
    """Whoever calls where, with whatever: the takes, their events and their money stay as they are."""
    number = len(stage.ledger.read(queries.takes, SERIES))
    take = stage.submitting(f"{SHOT}{number}", reserve="0.01")
    tokens = {"old": token_of(stage, take), "forged": "f" * 43}
    tokens["right"] = token_of(stage, take)
    take = _lose(stage, take)
    before = (
        stage.ledger.read(queries.takes_at, ACCOUNT),
        stage.ledger.read(queries.events, take.id),
        stage.ledger.read(queries.budgets, SERIES),
    )

    for token, job, later in calls:
        assert callback_tokens.record_callback(stage.ledger, tokens[token], job) == (token == "right")
        if later:
            shift(stage.ledger, "doors", "rung_at", timedelta(seconds=2))

    named = [job for token, job, _ in calls if token == "right" and job]
    assert stage.ledger.read(queries.told_job, take.id) == next(iter(named), None)
    assert (take.id in stage.ledger.read(queries.callbacks_received, SERIES)) == any(
        token == "right" for token, *_ in calls
    )
    assert (
        stage.ledger.read(queries.takes_at, ACCOUNT),
        stage.ledger.read(queries.events, take.id),
        stage.ledger.read(queries.budgets, SERIES),
    ) == before


def _lose(stage: Stage, take: Take) -> Take:
    stage.ledger.write(claims.outcome_unknown, take.id, "ann", "the connection broke")
    lost = stage.now(take)
    assert lost.state is TakeState.UNKNOWN
    return lost
