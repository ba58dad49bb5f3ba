"""Who reads or writes too slowly is let go, and keeps nothing from anybody."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse

from flows.review.form_data import FormRefused, read_form
from flows.review.gate import Gate
from flows.review.request_guard import HEADERS, RequestGuard

GATE = Gate.at(8792)
SCOPE: dict[str, Any] = {
    "type": "http",
    "method": "GET",
    "path": "/static/base.css",
    "headers": [(b"host", b"127.0.0.1:8792")],
    "query_string": b"",
}


async def never(*_: Any) -> Any:
    """What a slow line does."""
    await asyncio.Event().wait()


async def door(_: Request) -> PlainTextResponse:
    """Who stands before it."""
    return PlainTextResponse("who is there?", 403)


def test_who_does_not_take_a_piece_of_an_answer_is_let_go() -> None:
    """The answer ends there; nobody waits for its reader."""
    guard = RequestGuard(PlainTextResponse("text"), gate=GATE, door=door, sent_within_s=0.01)
    with pytest.raises(ClientDisconnect):
        asyncio.run(guard({**SCOPE}, never, never))


def test_a_form_that_does_not_come_is_given_up() -> None:
    """408, and what was to be done is not done."""
    headers = [(b"content-type", b"application/x-www-form-urlencoded")]
    request = Request({**SCOPE, "method": "POST", "headers": headers}, never)
    with pytest.raises(FormRefused) as refused:
        asyncio.run(read_form(request, within_s=0.01))
    assert refused.value.status == 408


def test_whatever_answers_leaves_with_the_same_headers() -> None:
    """Also a refusal, and the door."""
    for headers, path in (([(b"host", b"127.0.0.1:8792")], "/"), ([(b"host", b"evil.example.com")], "/static/x")):
        sent: list[Any] = []

        async def send(message: Any, sent: list[Any] = sent) -> None:
            sent.append(message)

        guard = RequestGuard(PlainTextResponse("text"), gate=GATE, door=door)
        asyncio.run(guard({**SCOPE, "path": path, "headers": headers}, never, send))
        told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        assert told.items() >= HEADERS.items()
        assert told["cache-control"] == "no-store"
