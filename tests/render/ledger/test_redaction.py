"""Secrets do not get into the history."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.ledger import queries, settlement
from render.ledger.redaction import LONGEST, redact
from tests.render.ledger.stage import Stage

SECRET = "s3cr3tS3CR3T0123456789"
LEAKS = [
    f"Authorization: Bearer {SECRET}",
    f"authorization: bearer {SECRET}, please",
    f"Invalid API Key sk-{SECRET}",
    f"sk_live_{SECRET} is not valid",
    f"api_key={SECRET}",
    f"?key={SECRET}&x=1",
    f'{{"apiKey": "{SECRET}"}}',
    f'{{"token": "{SECRET}", "n": 1}}',
    f"token: {SECRET}",
    f"X-Api-Key: {SECRET}",
    f"aws_secret_access_key = '{SECRET}'",
    f"GET https://cdn.example/a.mp4?X-Amz-Signature={SECRET}&Expires=1 failed",
    f"https://user:{SECRET}@example.com/x",
    f"postgresql://user:{SECRET}@db.example/tailframe",
    f"callback https://hook.example/x#{SECRET}",
    f"callBackUrl https://calls.studio.example/tailframe/t/{SECRET} does not answer",
    f'{{"url": "https:\\/\\/calls.studio.example\\/t\\/{SECRET}"}}',
    f"next=https%3A%2F%2Fcalls.studio.example%2Ft%2F{SECRET}",
]


@pytest.mark.parametrize("words", LEAKS)
def test_a_quoted_secret_is_removed(words: str) -> None:
    """However a vendor quotes a key back, it is not kept."""
    assert SECRET not in redact(words)
    assert "***" in redact(words)


@pytest.mark.parametrize(
    "words",
    [
        "Concurrency limit reached (5)",
        "job task-unified-176131 at https://api.example.com/v1/tasks",
        "the key frame is too dark",
        "content_policy_violation: the image shows a real face",
    ],
)
def test_ordinary_words_are_kept(words: str) -> None:
    """What a person needs to read stays readable."""
    assert redact(words) == words


@given(st.text(max_size=3000))
def test_any_words_can_be_kept(words: str) -> None:
    """Nothing a vendor says breaks the ledger or floods it, and cleaning twice is cleaning once."""
    once = redact(words)
    assert len(once) <= max(LONGEST, 0)
    assert redact(once) == once


@pytest.mark.parametrize("words", LEAKS[:4])
def test_neither_event_nor_error_keeps_a_secret(stage: Stage, words: str) -> None:
    """Whatever is written down of a take was cleaned first."""
    take = stage.submitted()
    stage.ledger.write(settlement.failed, take.id, code="401", words=words, charged=None)
    now = stage.now(take)
    assert SECRET not in (now.error_message or "")
    assert SECRET not in "".join(event.words for event in stage.ledger.read(queries.events, take.id))
