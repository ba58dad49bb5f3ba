"""Callbacks: once where the vendor calls once, again where it tries again, lost and repeated on demand."""

from __future__ import annotations

import time
from typing import Any

from tests.render.sandbox.listener import Listener
from tests.render.sandbox.standing import Standing
from tests.thinning import exhaustive

EVOLINK = {"model": "seedance-2.0-reference-to-video", "duration": 4, "quality": "480p"}


def kinovi_order(url: str, prompt: str) -> dict[str, Any]:
    return {
        "model": "seedance-20",
        "callBackUrl": url,
        "inputs": {"prompt": prompt, "imageUrls": [], "mode": "reference", "outputResolution": "480p"},
    }


@exhaustive
def test_kinovi_calls_once_and_wraps_its_poll_object(quick: Standing) -> None:
    """`{"code": 200, …, "data": {…}}`, and never again, even where nobody took it."""
    with Listener(failures=9) as listener:
        made = quick.post("kinovi", "/jobs/createTask", kinovi_order(listener.url, "once")).json()
        listener.until(lambda calls: calls == 1)
        time.sleep(1.3)
        ((_, body),) = listener.heard
    assert (body["code"], body["message"]) == (200, "success")
    assert (body["data"]["taskId"], body["data"]["status"]) == (made["taskId"], "success")


@exhaustive
def test_evolink_tries_again_after_a_second(quick: Standing) -> None:
    """The body is the poll answer; an answer ends the calling."""
    with Listener(failures=1) as listener:
        order = EVOLINK | {"prompt": "again", "callback_url": listener.url}
        made = quick.post("evolink", "/v1/videos/generations", order).json()
        listener.until(lambda calls: calls == 2)
        time.sleep(0.4)
        (first, _), (second, body) = listener.heard
    assert 0.9 < second - first < 2
    assert (body["id"], body["status"]) == (made["id"], "completed")


def test_callbacks_are_lost_and_repeated_on_demand(quick: Standing) -> None:
    """One that never comes, and one that comes twice."""
    quick.plan(where="callback", what="lose", prompt="lost call")
    quick.plan(where="callback", what="repeat", prompt="double call")
    with Listener() as listener:
        quick.post("kinovi", "/jobs/createTask", kinovi_order(listener.url, "lost call"))
        quick.post("kinovi", "/jobs/createTask", kinovi_order(listener.url, "double call"))
        listener.until(lambda calls: calls == 2)
        first, second = (body["data"]["taskId"] for _, body in listener.heard)
    assert first == second


def test_nobody_beyond_this_machine_is_called(quick: Standing) -> None:
    """A callback to elsewhere is flagged, and goes nowhere."""
    made = quick.post("kinovi", "/jobs/createTask", kinovi_order("https://elsewhere.example/x", "far")).json()
    deadline = time.monotonic() + 10
    flags: list[str] = []
    while not flags and time.monotonic() < deadline:
        called = [each for each in quick.log() if each["kind"] == "callback" and each["job"] == made["taskId"]]
        flags = called[0]["flags"] if called else []
    assert flags == ["not on this machine: nobody was called"]
