"""Which message goes where, and when: each attempt is one sender's, on the database's clock."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import update

from render.ledger import Ledger, outgoing_queries, outgoing_sends, runs
from render.ledger.database import Transaction
from render.ledger.message_facts import RunEnd
from render.ledger.outgoing_queries import SendStanding, Unplanned
from render.ledger.outgoing_sends import LEASE, TOO_OLD, Send
from render.ledger.tables import outgoing_messages
from render.ledger.tables import outgoing_sends as sends_table
from tests.render.ledger.stage import SERIES, Stage
from tests.thinning import exhaustive

HERE, THERE = "here-00000000", "there-11111111"
HOUR = timedelta(hours=1)


def write(stage: Stage, *ages: timedelta) -> list[str]:
    """One message for each age, in this order; their ids."""
    for age in ages:
        run = stage.another_run().run
        stage.ledger.write(runs.end_run, run, RunEnd(exit_code=1, words=f"{age} ago"))
        stage.ledger.write(_age, newest(stage.ledger), age)
    return [each[0] for each in stage.ledger.read(_all)][: len(ages)]


def _all(tx: outgoing_queries.ReadTransaction) -> list[tuple[str]]:
    return [(str(row["id"]),) for row in tx.rows("SELECT id FROM outgoing_messages ORDER BY at, id")]


def newest(ledger: Ledger) -> str:
    """The message that was written last."""
    return ledger.read(lambda tx: str(tx.rows("SELECT id FROM outgoing_messages ORDER BY at DESC LIMIT 1")[0]["id"]))


def _age(tx: Transaction, name: str, age: timedelta) -> None:
    own = outgoing_messages.c.id == name
    tx.conn.execute(update(outgoing_messages).where(own).values(at=tx.now - age))


def wind_on(ledger: Ledger, by: timedelta) -> None:
    """Let so much time pass for all that waits."""

    def step(tx: Transaction) -> None:
        for row in tx.conn.execute(sends_table.select()).all():
            own = (sends_table.c.message == row.message, sends_table.c.endpoint == row.endpoint)
            moved = None if row.next_at is None else row.next_at - by
            tx.conn.execute(update(sends_table).where(*own).values(next_at=moved))

    ledger.write(step)


def claim(ledger: Ledger, endpoint: str = HERE) -> Send | None:
    """The next attempt."""
    return ledger.write(outgoing_sends.claim_send, endpoint)


def standing(ledger: Ledger, state: str) -> list[SendStanding]:
    """The sends that stand so."""
    return [each for each in ledger.read(outgoing_queries.sends, SERIES) if each.state == state]


def is_due(ledger: Ledger, *endpoints: str) -> bool:
    """Whether there is anything to do."""
    return ledger.read(outgoing_queries.is_due, endpoints or [HERE])


def plan(ledger: Ledger, *endpoints: str) -> None:
    """Make rows for what is new."""
    ledger.write(outgoing_sends.plan_sends, endpoints or [HERE])


def test_messages_are_claimed_in_the_order_of_time_each_by_one(stage: Stage) -> None:
    """And at each endpoint by itself; what was taken is not claimed again."""
    names = write(stage, 3 * HOUR, 2 * HOUR, HOUR)
    assert is_due(stage.ledger)
    plan(stage.ledger, HERE, THERE)
    claimed = [claim(stage.ledger) for _ in range(4)]
    assert [each and each.message for each in claimed] == [*names, None]
    assert not is_due(stage.ledger)
    assert is_due(stage.ledger, THERE)
    first = claim(stage.ledger, THERE)
    assert first is not None
    assert (first.message, first.attempt, first.is_test) == (names[0], 1, False)
    assert stage.ledger.write(outgoing_sends.delivered, first, "204")
    wind_on(stage.ledger, HOUR)
    assert [each.told for each in standing(stage.ledger, "delivered")] == ["204"]
    again = claim(stage.ledger, THERE)
    assert again is not None
    assert again.message == names[1]


def test_what_is_put_off_waits_and_what_is_given_up_stays(stage: Stage) -> None:
    """A sender that was thought dead changes nothing any more."""
    write(stage, HOUR)
    plan(stage.ledger)
    late = claim(stage.ledger)
    wind_on(stage.ledger, LEASE)
    second = claim(stage.ledger)
    assert late is not None
    assert second is not None
    assert (late.attempt, second.attempt) == (1, 2)
    assert stage.ledger.write(outgoing_sends.put_off, second, "503", HOUR)
    assert not stage.ledger.write(outgoing_sends.delivered, late, "200"), "its lease was over"
    assert not is_due(stage.ledger)
    wind_on(stage.ledger, HOUR)
    third = claim(stage.ledger)
    assert third is not None
    assert stage.ledger.write(outgoing_sends.given_up, third, "410")
    (dead,) = standing(stage.ledger, "dead")
    assert (dead.attempts, dead.told, dead.next_at) == (3, "410", None)
    assert stage.ledger.read(outgoing_queries.last_answers, [HERE, THERE]) == {HERE: "410"}
    assert stage.ledger.write(outgoing_sends.resend_dead, [HERE], "another series") == 0
    assert stage.ledger.write(outgoing_sends.resend_dead, [HERE], SERIES) == 1
    resent = claim(stage.ledger)
    assert resent is not None
    assert resent.attempt == 1


def test_a_new_endpoint_is_sent_the_last_day_and_all_that_follows(stage: Stage) -> None:
    """However late somebody looks; what is older stands on no list but for the mark, and may be named."""
    old = write(stage, 60 * HOUR, 50 * HOUR, 30 * HOUR)
    assert is_due(stage.ledger)
    plan(stage.ledger)
    assert [(each.message, each.told) for each in standing(stage.ledger, "dead")] == [(old[-1], TOO_OLD)]
    assert not is_due(stage.ledger)
    assert stage.ledger.write(outgoing_sends.resend_dead, [HERE], SERIES) == 0, "the mark was never sent"
    write(stage, 28 * HOUR, 2 * HOUR)
    plan(stage.ledger)
    assert len(standing(stage.ledger, "pending")) == 2, "what follows is sent however old it is by then"
    for name in (old[2], old[0]):
        assert stage.ledger.write(outgoing_sends.resend, [HERE], [name]) == 1
    assert not stage.ledger.read(outgoing_queries.unplanned, HERE).messages, "the one between them is still too old"
    assert {each.message for each in standing(stage.ledger, "pending")} >= {old[0], old[2]}


@exhaustive
def test_many_messages_are_planned_once(stage: Stage) -> None:
    """More than one page of them; whoever looks afterwards finds nothing new."""
    run = stage.run

    def many(tx: Transaction) -> None:
        rows = [
            {"id": f"msg_{number:032x}", "kind": "take.unknown", "series": SERIES, "content": "{}", "at": tx.now - HOUR}
            for number in range(450)
        ]
        tx.conn.execute(outgoing_messages.insert(), rows)

    stage.ledger.write(many)
    plan(stage.ledger)
    assert len(stage.ledger.read(outgoing_queries.sends, SERIES)) == 450
    assert stage.ledger.read(outgoing_queries.unplanned, HERE) == Unplanned(())
    stage.ledger.write(runs.end_run, run, RunEnd(exit_code=1))
    assert len(stage.ledger.read(outgoing_queries.unplanned, HERE).messages) == 1


def test_a_test_is_for_those_alone_who_are_there(stage: Stage) -> None:
    """Whoever is named later never gets it, and it makes nobody known."""
    old = write(stage, 30 * HOUR)
    message = stage.ledger.write(outgoing_sends.write_test, [HERE], SERIES)
    sent = claim(stage.ledger)
    assert sent is not None
    assert (sent.message, sent.is_test) == (message.id, True)
    assert stage.ledger.read(outgoing_queries.unplanned, THERE) == Unplanned((), old[0])
    assert stage.ledger.read(outgoing_queries.unplanned, HERE) == Unplanned((), old[0])


def test_a_message_is_of_one_series(stage: Stage) -> None:
    """Nobody sends another's again by its id."""
    (name,) = write(stage, HOUR)
    assert stage.ledger.read(outgoing_queries.message_ids, SERIES, [name, "msg_0"]) == {name}
    assert stage.ledger.read(outgoing_queries.message_ids, "another", [name]) == frozenset()


def test_two_senders_never_make_the_same_attempt(stage: Stage) -> None:
    """However they race: each message is claimed once while its lease lasts."""
    names = write(stage, *[HOUR] * 6)
    plan(stage.ledger)
    claimed: list[str] = []

    def send_all() -> None:
        while (send := claim(stage.ledger)) is not None:
            claimed.append(send.message)

    _at_once([threading.Thread(target=send_all) for _ in range(4)])
    assert sorted(claimed) == sorted(names)


@exhaustive
def test_two_senders_plan_a_message_once(stage: Stage) -> None:
    """Whoever comes second finds its row."""
    write(stage, *[HOUR] * 3)
    _at_once([threading.Thread(target=plan, args=(stage.ledger,)) for _ in range(4)])
    assert len(stage.ledger.read(outgoing_queries.sends, SERIES)) == 3


def _at_once(threads: Sequence[threading.Thread]) -> None:
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not any(each.is_alive() for each in threads)


@pytest.mark.parametrize("state", ["sent", "PENDING"])
def test_no_other_state_can_be_written(stage: Stage, state: str) -> None:
    """The database itself refuses."""
    write(stage, HOUR)
    plan(stage.ledger)
    with pytest.raises(Exception, match="did not answer as it should"):
        stage.ledger.write(lambda tx: tx.conn.execute(update(sends_table).values(state=state)))
