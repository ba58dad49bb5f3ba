"""A key is taken out of whatever a vendor says, however the vendor repeats it."""

from __future__ import annotations

import base64
import json
import logging
import traceback
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.errors import TakeError
from render.providers.endpoint import Endpoint
from render.providers.http import VendorHttp
from render.providers.key_redaction import Secret
from tests.leaks import shows
from tests.render.providers.wire import Say, answer, raw, wire

pytestmark = pytest.mark.anyio

KEY = "sk-Tz9/leak+0123456789abcdef"
CORE = KEY.removeprefix("sk-")

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
    clean = Secret(KEY).out_of(f"before {worn} after")
    assert not shows(clean, KEY)
    assert "[key]" in clean
    assert clean.startswith("before ")
    assert clean.endswith(" after")


@given(st.text())
def test_other_words_are_left_alone(text: str) -> None:
    """Nothing but the key is taken out."""
    assert Secret(KEY).out_of(text) == text
    assert Secret(KEY).out_of_bytes(text.encode()) == text.encode()


@given(st.from_regex(r"(sk-|key_)?[A-Za-z0-9/+=_.-]{12,60}", fullmatch=True), st.text(max_size=5), st.text(max_size=5))
def test_no_key_stays_readable(key: str, before: str, after: str) -> None:
    """Of whatever letters it is made, and whatever stands beside it in base64."""
    secret = Secret(key)
    assert key not in secret.out_of(f"{before}{key}{after}")
    clean = secret.out_of(base64.b64encode(f"{before}{key}{after}".encode()).decode())
    around = len(f"{before}{after}sk__".encode()) * 4 / 3 + 10
    assert "[key]" in clean
    assert len(clean) <= around + len("[key]")


def test_a_short_key_is_taken_out_as_a_whole_only() -> None:
    """The rest of a made-up key may be a word that answers need."""
    assert Secret("sandbox-key").out_of("the key sandbox-key is no key") == "the key [key] is no key"
    assert KEY not in repr(Secret(KEY))


HEADER = f"Authorization: Bearer {KEY}"
ESCAPED = json.dumps({"message": HEADER}).replace("/", "\\/").replace("9", "\\u0039")


@pytest.mark.parametrize(
    "say",
    [
        pytest.param(answer(json.dumps({"message": HEADER}), 400), id="refused"),
        pytest.param(answer(ESCAPED, 400), id="refused, with escapes"),
        pytest.param(answer(json.dumps({"error": {"code": KEY, "message": CORE}}), 422), id="in the code"),
        pytest.param(answer(json.dumps({"errors": [{"path": KEY, "message": "no"}]}), 400), id="in the place"),
        pytest.param(answer(json.dumps({"message": HEADER}), 500), id="500"),
        pytest.param(answer(json.dumps({"message": HEADER}), 429, Retry_After="600"), id="429"),
        pytest.param(answer(f"<html>{HEADER}</html>", 200, kind="text/html"), id="a page"),
        pytest.param(answer(HEADER), id="no JSON"),
        pytest.param(answer(json.dumps({"id": [KEY]})), id="no id"),
        pytest.param(answer(ESCAPED.replace("message", "status")), id="another shape, with escapes"),
        pytest.param(answer("{}", 400, X_Echo=HEADER), id="in a header"),
        pytest.param(raw(f"{HEADER}\r\n\r\n".encode()), id="in place of an answer"),
        pytest.param(raw(f"HTTP/1.1 200 OK\r\n{KEY}\x01: {KEY}\r\n\r\n".encode()), id="in a broken header"),
    ],
)
async def test_no_answer_brings_a_key_into_an_error_or_a_log(say: Say, caplog: pytest.LogCaptureFixture) -> None:
    """Orders and questions alike, with every logger told to say everything."""
    caplog.set_level(logging.DEBUG)
    async with wire(say) as server:
        http = VendorHttp(Endpoint(provider="acme", base_url=server.url, key=KEY, key_variable="ACME_API_KEY"))
        said = ""
        for sending in (
            http.create("/jobs", {}, read=lambda told: str(told["id"] + ""), shot="e01/lamp/010"),
            http.ask("GET", "/jobs/1", read=lambda told: str(told["status"][99]), what="job 1"),
        ):
            http.rate_limit.relax()
            with pytest.raises(TakeError) as raised:
                await sending
            error = raised.value
            said += f"{error}{error.words}{error.code}{error.input_name}"
            said += "".join(traceback.format_exception(error))
        await http.aclose()
    assert not shows(said, KEY)
    assert not shows(caplog.text, KEY)
