"""The sandbox's EvoLink against EvoLink's pages and its own clients."""

from __future__ import annotations

import base64
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.render.sandbox.standing import Standing, picture

CREATE = "/v1/videos/generations"
STANDARD, FAST = "seedance-2.0-reference-to-video", "seedance-2.0-fast-reference-to-video"


def order(links: SimpleNamespace, **changes: Any) -> dict[str, Any]:
    """The documented order, four seconds of 480p."""
    return {
        "model": STANDARD,
        "prompt": "the lamp of image 1 is lit",
        "image_urls": [links.image],
        "video_urls": [],
        "audio_urls": [],
        "duration": 4,
        "quality": "480p",
        "aspect_ratio": "16:9",
        "generate_audio": True,
        **changes,
    }


def test_an_order_becomes_a_task_as_documented(quick: Standing, links: SimpleNamespace) -> None:
    """The create answer of the pages, then one link as text."""
    made = quick.post("evolink", CREATE, order(links)).json()
    assert made["id"].startswith("task-unified-")
    assert made["object"] == "video.generation.task"
    assert (made["status"], made["type"], made["task_info"]["video_duration"]) == ("pending", "video", 4)
    assert made["usage"]["billing_rule"] == "per_second"
    told = quick.until_over("evolink", f"/v1/tasks/{made['id']}")
    assert (told["status"], told["progress"]) == ("completed", 100)
    (link,) = told["results"]
    assert quick.http.get(link).headers["content-type"] == "video/mp4"


@pytest.mark.parametrize(
    ("changes", "usd"),
    [
        ({"quality": "720p", "duration": 10}, "1.9850"),
        ({"quality": "480p", "model": FAST}, "0.2980"),
        ({"quality": "720p", "duration": 5, "video_urls": "video"}, "1.2090"),
        ({"quality": "1080p"}, None),
    ],
)
def test_prices_are_those_of_the_pages(
    quick: Standing, links: SimpleNamespace, changes: dict[str, Any], usd: str | None
) -> None:
    """By the second of output; with a video by the longer of the two and the output; 1080p has no known price."""
    if "video_urls" in changes:
        changes = {**changes, "video_urls": [links.video]}
    made = quick.post("evolink", CREATE, order(links, **changes)).json()
    priced = quick.job(made["id"])["price_usd"]
    assert (priced and float(priced)) == (usd and float(usd))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"model": "seedance-3"}, "model"),
        ({"prompt": ""}, "prompt"),
        ({"duration": "5"}, "duration"),
        ({"duration": 16}, "duration"),
        ({"quality": "360p"}, "quality"),
        ({"quality": "1080p", "model": FAST}, "quality"),
        ({"resolution": "480p"}, "Unknown parameter: resolution"),
        ({"seed": 7}, "Unknown parameter: seed"),
        ({"image_urls": [], "audio_urls": ["http://127.0.0.1/x"]}, "audio needs"),
        ({"image_urls": ["http://127.0.0.1/x"] * 10}, "at most 9"),
        ({"generate_audio": "yes"}, "generate_audio"),
    ],
)
def test_what_an_order_may_not_say_is_refused(
    quick: Standing, links: SimpleNamespace, changes: dict[str, Any], words: str
) -> None:
    """400 invalid_request in the documented envelope."""
    answer = quick.post("evolink", CREATE, order(links, **changes))
    assert answer.status_code == 400
    assert set(answer.json()["error"]) == {"code", "message", "type"}
    assert answer.json()["error"]["code"] == "invalid_request"
    assert words in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"image_urls": "text"}, "image_processing_error"),
        ({"image_urls": ["https://elsewhere.example/a.png"]}, "image_processing_error"),
        ({"image_urls": "small"}, "image_dimension_mismatch"),
        ({"audio_urls": "long_sound"}, "invalid_parameters"),
    ],
)
def test_media_that_cannot_be_used_fail_the_task(
    quick: Standing, links: SimpleNamespace, changes: dict[str, Any], code: str
) -> None:
    """The references are really fetched and measured while the task runs; a failed one is refunded."""
    changes = {key: [getattr(links, value)] if isinstance(value, str) else value for key, value in changes.items()}
    made = quick.post("evolink", CREATE, order(links, **changes)).json()
    told = quick.until_over("evolink", f"/v1/tasks/{made['id']}")
    assert (told["status"], told["error"]["code"]) == ("failed", code)
    assert "results" not in told
    assert float(quick.job(made["id"])["charged_usd"]) == 0


def test_the_first_frame_model_takes_one_or_two_images(quick: Standing, links: SimpleNamespace) -> None:
    """Another model, and no list of videos or sounds."""
    body = order(links, model="seedance-2.0-image-to-video")
    del body["video_urls"], body["audio_urls"]
    assert quick.post("evolink", CREATE, body).status_code == 200
    assert quick.post("evolink", CREATE, body | {"image_urls": [links.image] * 3}).status_code == 400


def test_the_same_key_is_the_same_task(quick: Standing, links: SimpleNamespace) -> None:
    """A replay is marked, makes nothing and costs nothing."""
    first = quick.post("evolink", CREATE, order(links), **{"Idempotency-Key": "take-1"})
    jobs = len(quick.jobs())
    again = quick.post("evolink", CREATE, order(links), **{"Idempotency-Key": "take-1"})
    assert first.json()["id"] == again.json()["id"]
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (None, "true")
    assert len(quick.jobs()) == jobs


def test_tasks_are_listed_and_told_in_batches(quick: Standing, links: SimpleNamespace) -> None:
    """What looks for lost orders finds them, and fifty can be asked for at once."""
    made = [quick.post("evolink", CREATE, order(links)).json()["id"] for _ in range(2)]
    listed = quick.get("evolink", "/v1/tasks?limit=2").json()["data"]
    assert [each["id"] for each in listed] == made[::-1]
    batch = quick.post("evolink", "/v1/tasks/batch", {"task_ids": [*made, "nobody"]}).json()["data"]
    assert [each["id"] for each in batch] == made
    assert quick.post("evolink", "/v1/tasks/batch", {"task_ids": made * 26}).status_code == 400


def test_errors_have_evolinks_codes(quick: Standing, links: SimpleNamespace) -> None:
    """A wrong key, no credit, a task that is not there."""
    wrong = quick.post("evolink", CREATE, order(links), Authorization="Bearer other")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, "unauthorized")
    quick.plan(vendor="evolink", where="create", what="no_credit")
    poor = quick.post("evolink", CREATE, order(links))
    assert (poor.status_code, poor.json()["error"]["code"]) == (402, "insufficient_quota")
    missing = quick.get("evolink", "/v1/tasks/nobody")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "resource_not_found")


def test_too_many_tasks_are_told_when_to_come_again(slow: Standing) -> None:
    """429 with `Retry-After`; credits that are reserved are gone from the balance."""
    body = {"model": STANDARD, "prompt": "x", "duration": 5, "quality": "720p"}
    made = [slow.post("evolink", CREATE, body) for _ in range(6)]
    assert made[5].status_code == 429
    assert made[5].headers["retry-after"] == "1"
    assert made[5].json()["error"]["code"] == "rate_limit_exceeded"
    assert slow.get("evolink", "/v1/credits").json()["data"]["usd"] == "995.0375"


def test_files_are_taken_in_three_forms(quick: Standing, links: SimpleNamespace, tmp_path: Path) -> None:
    """As a form, as base64 and by a link; each is served back byte for byte."""
    still = picture(tmp_path).read_bytes()
    host = f"{quick.environment['EVOLINK_FILES_URL']}/api/v1/files/upload"
    inline = f"data:image/png;base64,{base64.b64encode(still).decode()}"
    answers = [
        quick.http.post(f"{host}/stream", files={"file": ("still.png", still, "image/png")}),
        quick.http.post(f"{host}/base64", json={"base64_data": inline}),
        quick.http.post(f"{host}/url", json={"file_url": links.image}),
    ]
    for answer in answers:
        assert answer.json()["success"] is True
        assert quick.http.get(answer.json()["data"]["file_url"]).content[:8] == b"\x89PNG\r\n\x1a\n"
    assert quick.http.post(f"{host}/base64", json={"base64_data": "###"}).status_code == 400
    assert quick.http.post(f"{host}/stream", files={"other": ("a", b"x")}).status_code == 400
