"""A key is taken out of whatever a vendor answers, before anything else reads it."""

from __future__ import annotations

import json
import logging
import traceback

import pytest

from render.errors import TakeError
from render.providers.endpoint import Endpoint
from render.providers.http import VendorHttp
from tests.leaks import shows
from tests.render.providers.wire import Say, answer, raw, wire

pytestmark = pytest.mark.anyio

KEY = "sk-Tz9/leak+0123456789abcdef"
CORE = KEY.removeprefix("sk-")

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
