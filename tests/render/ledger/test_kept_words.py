"""Secrets do not get into the history."""

from __future__ import annotations

import pytest

from render.ledger import queries, settlement
from tests.render.ledger.stage import Stage
from tests.render.test_redaction import LEAKS, SECRET


@pytest.mark.parametrize("words", LEAKS[:4])
def test_neither_event_nor_error_keeps_a_secret(stage: Stage, words: str) -> None:
    """Whatever is written down of a take was cleaned first."""
    take = stage.submitted()
    stage.ledger.write(settlement.failed, take.id, code="401", words=words, charged=None)
    now = stage.now(take)
    assert SECRET not in (now.error_message or "")
    assert SECRET not in "".join(event.words for event in stage.ledger.read(queries.events, take.id))
