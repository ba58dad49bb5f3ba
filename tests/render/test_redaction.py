"""Secrets are taken out of words, whether they are known or only look like some."""

from __future__ import annotations

import base64
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from render.redaction import LONGEST, in_bytes, key_redactor, redact, redact_for_display, redact_known
from tests.leaks import shows

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


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (f"Bearer {SECRET} is not valid", "Bearer [key] is not valid"),
        ("the basic plan has no such model", "the basic plan has no such model"),
        (
            f"GET https://cdn.example/a.mp4?X-Amz-Signature={SECRET}&Expires=1 failed",
            "GET https://cdn.example/a.mp4?[…] failed",
        ),
        (f"signature={SECRET} is old", "signature=[…] is old"),
        (f"token%3D{SECRET}", "token%3D[…]"),
        (
            f"https://calls.studio.example/tailframe/t/{SECRET} is dead",
            "https://calls.studio.example/tailframe/t/[…] is dead",
        ),
    ],
)
def test_what_is_shown_keeps_its_sense(words: str, shown: str) -> None:
    """A person reads on around what was taken out."""
    assert redact_for_display(words) == shown
    assert redact_for_display(shown) == shown


def test_secrets_that_are_known_go_wherever_they_stand() -> None:
    """Such as the password in a proxy's address."""
    assert (
        redact_known("http://me:hunter22@proxy and hunter22", ["hunter22", "other"])
        == "http://me:[key]@proxy and [key]"
    )


KEY = "sk-Tz9/leak+0123456789abcdef"

DRESSES: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in a header": "Authorization: Bearer {}".format,
    "without its prefix": lambda key: key.removeprefix("sk-"),
    "in capitals": str.upper,
    "in a link": lambda key: f"https://a.example/?key={quote(key, safe='')}",
    "in hexadecimal": lambda key: key.encode().hex(),
    "in base64": lambda key: base64.b64encode(key.encode()).decode(),
    "in base64 for links": lambda key: base64.urlsafe_b64encode(key.encode()).decode(),
    "a header in base64": lambda key: base64.b64encode(f"Bearer {key}".encode()).decode(),
    "a longer one": lambda key: base64.b64encode(f"x-api-key: {key}\r\n".encode()).decode(),
}


@pytest.mark.parametrize("dress", DRESSES)
def test_a_key_is_known_in_every_dress(dress: str) -> None:
    """What stands around it stays."""
    worn = DRESSES[dress](KEY)
    assert shows(worn, KEY)
    clean = key_redactor(KEY)(f"before {worn} after")
    assert not shows(clean, KEY)
    assert "[key]" in clean
    assert clean.startswith("before ")
    assert clean.endswith(" after")


@given(st.text())
def test_other_words_are_left_alone(text: str) -> None:
    """Nothing but the key is taken out."""
    assert key_redactor(KEY)(text) == text
    assert in_bytes(key_redactor(KEY), text.encode()) == text.encode()


@example("AAAAAAAA-000", "", "")  # what is left without its prefix is too short to be looked for
@given(st.from_regex(r"(sk-|key_)?[A-Za-z0-9/+=_.-]{12,60}", fullmatch=True), st.text(max_size=5), st.text(max_size=5))
def test_no_key_stays_readable(key: str, before: str, after: str) -> None:
    """Of whatever letters it is made, and whatever stands beside it in base64."""
    clean_of = key_redactor(key)
    assert key not in clean_of(f"{before}{key}{after}")
    clean = clean_of(base64.b64encode(f"{before}{key}{after}".encode()).decode())
    around = len(f"{before}{after}sk__".encode()) * 4 / 3 + 10
    assert "[key]" in clean
    assert len(clean) <= around + len("[key]")


def test_a_short_key_is_taken_out_as_a_whole_only() -> None:
    """The rest of a made-up key may be a word that answers need."""
    assert key_redactor("sandbox-key")("the key sandbox-key is no key") == "the key [key] is no key"
    assert KEY not in repr(key_redactor(KEY))
