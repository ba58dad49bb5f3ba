"""The sandbox's Oxen.ai against Oxen's pages."""

from __future__ import annotations

import base64
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.render.sandbox.standing import Standing, picture

MODEL = "bytedance-seedance-2-0-reference-to-video"


def order(links: SimpleNamespace, **changes: Any) -> dict[str, Any]:
    """The documented order, four seconds of 480p."""
    return {
        "model": MODEL,
        "prompt": "the lamp of @Image1 is lit",
        "input_images": [links.image],
        "input_videos": [],
        "input_audios": [],
        "resolution": "480p",
        "duration": "4",
        "aspect_ratio": "16:9",
        "generate_audio": True,
        "seed": 7,
        "num_generations": 1,
        "target_namespace": "studio",
        **changes,
    }


def test_an_order_becomes_a_clip_as_documented(quick: Standing, links: SimpleNamespace) -> None:
    """Queued, then the poll object of the pages with `result_url`."""
    (made,) = quick.post("oxen", "/queue", order(links)).json()["generations"]
    assert made["status"] == "queued"
    told = quick.until_over("oxen", f"/queue/{made['generation_id']}")
    assert (told["status"], told["error_message"], told["model_name"]) == ("succeeded", None, MODEL)
    assert told["completed_at"] >= told["started_at"] >= told["enqueued_at"]
    assert quick.http.get(told["result_url"]).headers["content-type"] == "video/mp4"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"prompt": ""}, "Field required"),
        ({"duration": 5}, "Invalid duration"),
        ({"duration": "3"}, "Invalid duration"),
        ({"resolution": "1080p"}, "Invalid resolution"),
        ({"input_images": [], "input_audios": "sound"}, "Audio requires at least one image or video"),
        ({"input_images": "many"}, "Too many input files"),
        ({"input_images": "text"}, "Failed to download input"),
        ({"input_images": ["https://elsewhere.example/a.png"]}, "Failed to download input"),
        ({"input_audios": "long_sound"}, "Invalid input"),
        ({"input_videos": "image"}, "Invalid input"),
    ],
)
def test_a_bad_value_fails_the_job_when_it_runs(
    quick: Standing, links: SimpleNamespace, changes: dict[str, Any], words: str
) -> None:
    """The order is taken; the job says what was wrong with it."""
    named = {
        "many": [links.image] * 10,
        **{name: [getattr(links, name)] for name in ("sound", "long_sound", "text", "image")},
    }
    asked = {k: named[v] if isinstance(v, str) and v in named else v for k, v in changes.items()}
    (made,) = quick.post("oxen", "/queue", order(links, **asked)).json()["generations"]
    told = quick.until_over("oxen", f"/queue/{made['generation_id']}")
    assert (told["status"], told["result_url"]) == ("failed", None)
    assert told["error_message"].startswith(words)


def test_a_picture_may_come_inside_its_link(quick: Standing, links: SimpleNamespace, tmp_path: Path) -> None:
    """`data:` links are accepted for images, measured, and kept out of the books."""
    inline = f"data:image/png;base64,{base64.b64encode(picture(tmp_path).read_bytes()).decode()}"
    (made,) = quick.post("oxen", "/queue", order(links, input_images=[inline])).json()["generations"]
    told = quick.until_over("oxen", f"/queue/{made['generation_id']}")
    assert told["status"] == "succeeded"
    (reference,) = quick.job(made["generation_id"])["references"]
    assert (reference["url"], reference["width"], reference["format"]) == ("data:…", 400, "png")


def test_several_can_be_ordered_at_once(quick: Standing, links: SimpleNamespace) -> None:
    """`num_generations` gives that many jobs."""
    made = quick.post("oxen", "/queue", order(links, num_generations=3)).json()["generations"]
    assert len({each["generation_id"] for each in made}) == 3


@pytest.mark.parametrize("count", [0, 5, "2"])
def test_more_than_four_at_once_fail_the_job(quick: Standing, links: SimpleNamespace, count: object) -> None:
    """It is found when the job runs, as every parameter is; one job says so."""
    (made,) = quick.post("oxen", "/queue", order(links, num_generations=count)).json()["generations"]
    told = quick.until_over("oxen", f"/queue/{made['generation_id']}")
    assert (told["status"], told["error_message"]) == ("failed", "Invalid num_generations")


def test_what_is_too_much_waits_and_can_be_cancelled(slow: Standing) -> None:
    """No 429: the sixth job is queued behind the others, and the list shows them all."""
    body = {"model": MODEL, "prompt": "x", "duration": "4", "resolution": "480p"}
    made = [slow.post("oxen", "/queue", body).json()["generations"][0]["generation_id"] for _ in range(6)]
    jobs = slow.jobs()
    assert jobs[5]["started_at"] == jobs[0]["ready_at"]
    assert [each["generation_id"] for each in slow.get("oxen", "/queue").json()["generations"]] == made[::-1]
    url = f"{slow.environment['OXEN_BASE_URL']}/queue/{made[5]}"
    assert slow.http.delete(url).json() == {"status": "success", "generation_id": made[5]}
    assert slow.get("oxen", f"/queue/{made[5]}").json()["status"] == "cancelled"
    again = slow.http.delete(url)
    assert again.status_code == 400
    assert "message" in again.json()["error"]


def test_errors_have_oxens_shapes(quick: Standing, links: SimpleNamespace) -> None:
    """A wrong key, no credit, a job and a model that are not there."""
    wrong = quick.post("oxen", "/queue", order(links), Authorization="Bearer other")
    assert (wrong.status_code, wrong.json()) == (401, {"status": "error", "status_message": "unauthenticated"})
    quick.plan(vendor="oxen", where="create", what="no_credit")
    poor = quick.post("oxen", "/queue", order(links)).json()
    assert poor == {"generations": [], "error": {"detail": "Insufficient credits"}}
    missing = quick.get("oxen", "/queue/nobody")
    assert missing.status_code == 404
    assert set(missing.json()) == {"error", "status", "status_message"}
    assert quick.post("oxen", "/queue", order(links, model="other")).status_code == 404


def test_what_a_second_costs_by_contract_is_charged_for_the_length_that_comes(slow: Standing) -> None:
    """No page tells a price; once one is agreed, a clip of the vendor's own choice of length costs its seconds."""
    for vendor, told, status in (
        ("acme", "0.10", 404),
        ("oxen", "free", 422),
        ("oxen", "-1", 422),
        ("oxen", "NaN", 422),
    ):
        answer = slow.http.put(f"{slow.url}/sandbox/contracts/{vendor}", json={"usd_per_second": told})
        assert answer.status_code == status
    body = {"model": MODEL, "prompt": "the sea", "duration": "auto", "resolution": "480p"}
    free = slow.post("oxen", "/queue", body).json()["generations"][0]["generation_id"]
    slow.agree("oxen", "0.10")
    paid = slow.post("oxen", "/queue", body).json()["generations"][0]["generation_id"]
    assert slow.job(free)["price_usd"] is None
    assert (slow.job(paid)["seconds"], slow.job(paid)["price_usd"]) == (5, "0.50")
