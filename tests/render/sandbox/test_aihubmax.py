"""The sandbox's AIHubMax against AIHubMax's pages."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.render.sandbox.standing import Standing, picture

CREATE = "/v1/videos/generations"
STANDARD = "seedance-2.0-reference-to-video"


def order(links: SimpleNamespace, **changes: Any) -> dict[str, Any]:
    """The documented order, four seconds of 480p."""
    return {
        "model": STANDARD,
        "prompt": "the lamp of @Image1 is lit",
        "image_urls": [links.image],
        "duration": 4,
        "resolution": "480p",
        "aspect_ratio": "16:9",
        "generate_audio": False,
        "seed": -1,
        **changes,
    }


def test_an_order_becomes_a_task_with_objects_for_results(quick: Standing, links: SimpleNamespace) -> None:
    """`results[0].url`, and no price: no page says one."""
    made = quick.post("aihubmax", CREATE, order(links)).json()
    told = quick.until_over("aihubmax", f"/v1/tasks/{made['id']}")
    assert told["status"] == "completed"
    assert set(told["results"][0]) == {"url", "content_type"}
    job = quick.job(made["id"])
    assert (job["width"], job["height"], job["audio"], job["price_usd"]) == (864, 496, False, None)


def test_minus_one_and_adaptive_are_taken(quick: Standing, links: SimpleNamespace) -> None:
    """The vendor decides the length, and the first picture the ratio."""
    body = order(links, duration=-1, image_urls=[links.image])
    del body["aspect_ratio"]
    job = quick.job(quick.post("aihubmax", CREATE, body).json()["id"])
    assert (job["seconds"], job["width"], job["height"]) == (5, 640, 640)


def test_completed_may_come_before_its_results(quick: Standing, links: SimpleNamespace) -> None:
    """`completed` with `results: null` for a while, as third parties saw."""
    quick.plan(vendor="aihubmax", where="job", what="null_results", seconds=0.6, prompt="late")
    made = quick.post("aihubmax", CREATE, order(links, prompt="a late lamp")).json()
    told = quick.until_over("aihubmax", f"/v1/tasks/{made['id']}")
    assert (told["status"], told["results"]) == ("completed", None)
    while told["results"] is None:
        told = quick.get("aihubmax", f"/v1/tasks/{made['id']}").json()
    assert told["results"][0]["url"]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"model": "seedance-3"}, 422, "model_not_found"),
        ({"prompt": "x" * 5001}, 400, "invalid_request"),
        ({"duration": "5"}, 400, "invalid_request"),
        ({"quality": "480p"}, 400, "invalid_request"),
        ({"resolution": "360p"}, 400, "invalid_request"),
        ({"callback_url": "http://127.0.0.1/x"}, 400, "invalid_request"),
        ({"image_urls": "text"}, 422, "invalid_image_url"),
        ({"image_urls": ["https://elsewhere.example/a.png"]}, 422, "invalid_image_url"),
        ({"image_urls": [], "audio_urls": "sound"}, 400, "invalid_request"),
        ({"image_urls": "many", "video_urls": "three", "audio_urls": "sound"}, 400, "invalid_request"),
        ({"audio_urls": "long_sound"}, 400, "invalid_request"),
    ],
)
def test_what_an_order_may_not_say_is_refused(
    quick: Standing, links: SimpleNamespace, changes: dict[str, Any], status: int, code: str
) -> None:
    """The documented statuses and codes, the references included."""
    named = {
        "text": [links.text],
        "sound": [links.sound],
        "long_sound": [links.long_sound],
        "many": [links.image] * 9,
        "three": [links.video] * 3,
    }
    asked = {k: named[v] if isinstance(v, str) and v in named else v for k, v in changes.items()}
    answer = quick.post("aihubmax", CREATE, order(links, **asked))
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert set(answer.json()["error"]) == {"code", "message", "type"}


def test_a_client_that_is_no_browser_is_turned_away(quick: Standing, links: SimpleNamespace) -> None:
    """403, as third parties saw."""
    answer = quick.post("aihubmax", CREATE, order(links), **{"User-Agent": "python-httpx/0.28"})
    assert answer.status_code == 403


def test_a_first_frame_comes_alone(quick: Standing, links: SimpleNamespace) -> None:
    """`image_url` and `end_image_url`, without references beside them."""
    alone = order(links, image_url=links.image, end_image_url=links.image)
    del alone["image_urls"]
    assert quick.post("aihubmax", CREATE, alone).status_code == 200
    assert quick.post("aihubmax", CREATE, order(links, image_url=links.image)).status_code == 400
    literal = "seedance-2.0-image-to-video"
    assert quick.post("aihubmax", CREATE, {**alone, "model": literal}).status_code == 200
    assert quick.post("aihubmax", CREATE, order(links, model=literal)).status_code == 400


def test_an_upload_says_where_it_lies(quick: Standing, tmp_path: Path) -> None:
    """`{"id", "filename", "url", "size", "created"}`; what is of no type is refused."""
    host = f"{quick.environment['AIHUBMAX_BASE_URL']}/v1/files/upload/stream"
    still = picture(tmp_path).read_bytes()
    answer = quick.http.post(host, files={"file": ("still.png", still, "image/png")}).json()
    assert set(answer) == {"id", "filename", "url", "size", "created"}
    assert quick.http.get(answer["url"]).content == still
    odd = quick.http.post(host, files={"file": ("odd", b"x", "application/octet-stream")})
    assert (odd.status_code, odd.json()["error"]["code"]) == (422, "invalid_file_type")


def test_errors_have_aihubmaxs_shape(slow: Standing) -> None:
    """401, 402, 404 and 429."""
    body = {"model": STANDARD, "prompt": "x", "duration": 4, "resolution": "480p"}
    assert slow.post("aihubmax", CREATE, body, Authorization="Bearer other").status_code == 401
    slow.plan(vendor="aihubmax", where="create", what="no_credit")
    assert slow.post("aihubmax", CREATE, body).json()["error"]["code"] == "insufficient_quota"
    assert slow.get("aihubmax", "/v1/tasks/nobody").status_code == 404
    made = [slow.post("aihubmax", CREATE, body) for _ in range(6)]
    assert [each.status_code for each in made] == [200] * 5 + [429]
    assert slow.get("aihubmax", "/v1/account/credits").status_code == 200
