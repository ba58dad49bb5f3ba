"""Takes that come back from an archive."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from render.errors import LedgerError
from render.ledger import Ledger, TakeId, open_ledger
from storyboard.shot import Caps
from storyboard.takes import TakeState
from tests.render.ledger.stage import SERIES, SHOT, Stage, audit, want


@pytest.fixture
def archived(tmp_path: Path) -> Stage:
    """A ledger on another machine, with a finished take in it."""
    with open_ledger(f"sqlite:///{tmp_path / 'elsewhere.sqlite'}") as elsewhere:
        stage = Stage.begin(elsewhere)
        stage.done()
        yield stage


def test_a_take_comes_back_whole_and_is_charged_to_nobody(ledger: Ledger, archived: Stage) -> None:
    """Its clip is circled and reused, its cost is known, and no cap here pays for it."""
    take = archived.ledger.takes(SERIES)[0]

    assert ledger.import_take(SERIES, take) == take.id

    here = ledger.take(take.id)
    assert (here.state, here.clip, here.fingerprint, here.job_id) == (
        TakeState.DONE,
        take.clip,
        take.fingerprint,
        take.job_id,
    )
    assert here.cost_usd == Decimal(1)
    assert (here.wish, here.variation, here.continuity, here.ended_at) == (
        take.wish,
        take.variation,
        take.continuity,
        take.ended_at,
    )
    assert ledger.money(SERIES) == (0, 0)
    assert [circle.take for circle in ledger.circles(SERIES)] == [take.id]
    assert ledger.events(take.id)[0].words == "restored from an archive"


def test_a_restored_take_stands_in_the_way_of_paying_again(ledger: Ledger, archived: Stage) -> None:
    """The same order on the new machine is that take."""
    take = archived.ledger.takes(SERIES)[0]
    ledger.import_take(SERIES, take)
    stage = Stage.begin(ledger, Caps(series=Decimal(5)))
    mine = stage.open(want())[0]
    rival = stage.claim(mine, fingerprint=take.fingerprint)
    assert rival.take == take.id
    assert stage.circled() == take.id


def test_restoring_twice_is_restoring_once(ledger: Ledger, archived: Stage) -> None:
    """By id or by fingerprint, what is here stays as it is."""
    take = archived.ledger.takes(SERIES)[0]
    assert ledger.import_take(SERIES, take) == take.id
    assert ledger.import_take(SERIES, take) == take.id
    assert ledger.import_take(SERIES, replace(take, id=TakeId("another id"))) == take.id
    assert len(ledger.takes(SERIES)) == 1


def test_a_number_that_is_taken_here_gives_way(stage: Stage, archived: Stage) -> None:
    """Numbers are only shown; two takes of one shot never share one."""
    stage.done()
    take = archived.ledger.takes(SERIES)[0]
    stage.ledger.import_take(SERIES, take)
    assert [each.number for each in stage.ledger.takes(SERIES, shot=SHOT)] == [1, 2]
    audit_without_money(stage)


def test_only_finished_takes_come_back(ledger: Ledger, archived: Stage) -> None:
    """A take without a clip is no use to anybody."""
    take = archived.ledger.takes(SERIES)[0]
    with pytest.raises(LedgerError, match="only done takes come back"):
        ledger.import_take(SERIES, replace(take, clip=None))


def audit_without_money(stage: Stage) -> None:
    """The restored take's cost is in no budget here; everything else must hold."""
    with pytest.raises(AssertionError, match="spent beside the takes"):
        audit(stage.ledger)
