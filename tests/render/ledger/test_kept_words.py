"""Secrets do not get into the history."""

from __future__ import annotations

import pytest

from render.errors import LedgerConflict
from render.ledger import notes, queries, settlement
from tests.render.ledger.stage import SERIES, Stage
from tests.render.test_redaction import LEAKS, SECRET


@pytest.mark.parametrize("words", LEAKS[:4])
def test_neither_event_nor_error_keeps_a_secret(stage: Stage, words: str) -> None:
    """Whatever is written down of a take was cleaned first."""
    take = stage.submitted()
    stage.ledger.write(settlement.failed, take.id, code="401", words=words, charged=None)
    now = stage.now(take)
    assert SECRET not in (now.error_message or "")
    assert SECRET not in "".join(event.words for event in stage.ledger.read(queries.events, take.id))


def test_a_note_is_whole_or_refused(stage: Stage) -> None:
    """Taking secrets out cuts what is too long: so it is refused before that, and never cut off without a word."""
    take, longest = stage.done(), "la " * 666 + "la"
    with pytest.raises(LedgerConflict, match=r"has 2,001 characters; a note has 1 to 2,000 characters"):
        stage.ledger.write(notes.add, take.id, f"{longest}a", by="ann")
    stage.ledger.write(notes.add, take.id, longest, by="ann")
    (kept,) = stage.ledger.read(queries.notes, SERIES)
    assert kept.words == longest
