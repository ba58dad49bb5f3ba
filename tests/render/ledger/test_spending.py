"""What was spent when and with whom: sums that agree with the caps' own."""

from __future__ import annotations

from decimal import Decimal

from render.ledger import queries, settlement
from render.ledger.spending import spent
from tests.render.ledger.stage import SERIES, Stage


def test_orders_are_added_up_by_day_account_and_model(stage: Stage) -> None:
    """What is still reserved beside what is settled; what the vendor told beside what was set aside."""
    done = stage.done()
    waiting = stage.submitted("e01/lamp/020")
    (line,) = stage.ledger.read(spent, SERIES)
    series = next(each for each in stage.ledger.read(queries.budgets, SERIES) if each.scope == "series")
    assert (line.account, line.model, line.orders) == ("acme", "acme-1", 2)
    assert (line.cost_usd, line.reserved_usd) == (series.spent_usd, series.reserved_usd)
    assert line.reserved_usd == waiting.reserved_usd > 0
    assert line.billed_usd == done.cost_usd
    assert line.estimated_usd > 0
    stage.ledger.write(settlement.failed, waiting.id, code="x", words="", charged=False)
    (line,) = stage.ledger.read(spent, SERIES)
    assert (line.reserved_usd, line.orders) == (Decimal(0), 2)
    assert stage.ledger.read(spent, "another") == ()
