"""Who may enter, and which requests come from the room's own pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.review.gate import Gate, Session, own_path

GATE = Gate.at(8792)
OURS = "http://127.0.0.1:8792"


def test_a_links_token_opens_once() -> None:
    """It stands in a browser's history afterwards."""
    token = GATE.link().partition("token=")[2]
    assert GATE.lets_in(token) is not None
    assert GATE.lets_in(token) is None
    assert GATE.lets_in("") is None


def test_an_operators_token_opens_as_often_as_people_come() -> None:
    """Each gets a session of their own."""
    gate = Gate.at(8792, "https://review.example.com", "t" * 24)
    first, second = gate.lets_in("t" * 24), gate.lets_in("t" * 24)
    assert first is not None
    assert second is not None
    assert first.id != second.id
    assert gate.lets_in("t" * 23) is None


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("127.0.0.1:8792", True),
        ("localhost:8792", True),
        ("LOCALHOST:8792", True),
        ("[::1]:8792", True),
        ("127.0.0.1", False),
        ("127.0.0.1:80", False),
        ("rebound.example.com:8792", False),
        ("127.0.0.1:8792.example.com", False),
        ("", False),
    ],
)
def test_a_host_is_ours_by_its_whole_name(host: str, ours: bool) -> None:
    """A name that somebody else points at this machine is not."""
    assert GATE.host_is_ours(host) is ours


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"origin": OURS, "sec-fetch-site": "same-origin"}, True),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, True),  # a plain form under `no-referrer`
        ({"origin": OURS}, True),
        ({"origin": "http://localhost:8792"}, True),
        ({"origin": "https://127.0.0.1:8792"}, False),
        ({"origin": "http://evil.example.com", "sec-fetch-site": "same-origin"}, False),
        ({"origin": "http://127.0.0.1:9999", "sec-fetch-site": "same-site"}, False),
        ({"origin": OURS, "sec-fetch-site": "cross-site"}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://["}, False),
        ({"sec-fetch-site": "none"}, False),
        ({}, False),
    ],
)
def test_what_changes_something_was_sent_by_a_page_of_ours(headers: dict[str, str], ours: bool) -> None:
    """Also where a browser leaves the origin out; and a question changes nothing, whoever asks."""
    assert GATE.comes_from_here("POST", headers) is ours
    assert GATE.comes_from_here("GET", headers)


def test_a_session_is_believed_only_as_it_was_written() -> None:
    """By this very room: its key is in no file, and another one's is another."""
    session = Session("abc", "Jördis O'Hara; admin")
    value = GATE.session_cookie(session).partition(";")[0].partition("=")[2]
    assert GATE.session({GATE.cookie: value}) == session
    assert GATE.session({GATE.cookie: value[:-1] + ("0" if value[-1] != "0" else "1")}) is None
    assert GATE.session({GATE.cookie: value.replace(".", "")}) is None
    assert GATE.session({}) is None
    assert Gate.at(8792).session({GATE.cookie: value}) is None
    assert "HttpOnly; SameSite=Strict" in GATE.session_cookie(session)


def test_what_is_signed_for_one_use_is_nothing_in_another() -> None:
    """A form's token opens no door, and an order is no session."""
    session = Session("abc", "")
    assert GATE.is_form_token(session, GATE.form_token(session))
    assert not GATE.is_form_token(Session("abd", ""), GATE.form_token(session))
    assert not GATE.is_form_token(session, "")
    assert GATE.read("session", GATE.signed("order", "abc ")) is None


@given(st.text())
def test_whatever_is_signed_is_read_again_and_nothing_else_is(text: str) -> None:
    """Any text, and any text in a signature's place."""
    clean = text.encode("utf-8", "replace").decode()
    assert GATE.read("order", GATE.signed("order", clean)) == clean
    assert GATE.read("order", clean) is None


@pytest.mark.parametrize(
    ("path", "goes"),
    [
        ("/e/e01?done=x", "/e/e01?done=x"),
        ("//evil.example.com", "/"),
        ("/\\evil.example.com", "/"),
        ("https://evil.example.com", "/"),
        ("javascript:alert(1)", "/"),
        ("/e\r\nset-cookie: x=1", "/"),
        ("", "/"),
    ],
)
def test_nobody_is_sent_out_of_the_room(path: str, goes: str) -> None:
    """Where a form leads to is a path of this room's."""
    assert own_path(path) == goes


def test_behind_a_proxy_its_name_counts_and_cookies_travel_over_https_alone() -> None:
    """And the address behind it is nobody's to call."""
    gate = Gate.at(8792, "https://review.example.com/", "t" * 24)
    assert gate.host_is_ours("review.example.com")
    assert not gate.host_is_ours("127.0.0.1:8792")
    assert gate.comes_from_here("POST", {"origin": "https://review.example.com"})
    assert not gate.comes_from_here("POST", {"origin": "http://review.example.com"})
    cookie = gate.session_cookie(Session("abc", ""))
    assert cookie.startswith("__Host-")
    assert cookie.endswith("; Secure")
