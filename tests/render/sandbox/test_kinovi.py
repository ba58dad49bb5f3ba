"""The sandbox's Kinovi against Kinovi's pages, in both dialects."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from render.media.decoded_clip import clip_facts
from tests.render.sandbox.standing import Standing, picture


def order(links: SimpleNamespace, **inputs: Any) -> dict[str, Any]:
    """The documented order, four seconds of 480p."""
    plain = {
        "prompt": "the lamp of @image1 is lit",
        "urls": [links.image],
        "duration": "4",
        "aspectRatio": "16:9",
        "mode": "reference",
        "outputResolution": "480p",
    }
    kept = {key: value for key, value in (plain | inputs).items() if value is not None}
    return {"model": "seedance-20", "inputs": kept}


def test_an_order_becomes_a_clip_as_documented(quick: Standing, links: SimpleNamespace, tmp_path: Path) -> None:
    """Create, poll, fetch: the poll object of the pages, and a clip of the size, length and rate that were bought."""
    made = quick.post("kinovi", "/jobs/createTask", order(links))
    assert list(made.json()) == ["taskId"]
    told = quick.until_over("kinovi", f"/jobs/recordInfo?taskId={made.json()['taskId']}")
    assert (told["status"], told["creditsUsed"], told["error"]) == ("success", 60, None)
    assert told["completeTime"] - told["createTime"] == 200
    (output,) = told["output"]
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(quick.http.get(output["url"]).content)
    facts = clip_facts(clip)
    assert (facts.width, facts.height, facts.frames, facts.fps) == (864, 496, 96, 24)
    assert facts.audio_s is not None
    assert 4.1 < facts.audio_s < 4.3
    still = Image.open(io.BytesIO(quick.http.get(output["lastFrameImage"]).content))
    assert still.size == (output["width"], output["height"]) == (864, 496)


@pytest.mark.parametrize(
    ("model", "inputs", "used"),
    [
        ("seedance-20", {"outputResolution": "720p", "duration": "5", "urls": "with video"}, 240),
        ("seedance-20", {"outputResolution": "1080p", "duration": "5"}, 415),
        ("seedance-20", {"outputResolution": "480p", "upscaleResolution": "4k", "duration": "4"}, 172),
        ("seedance-20", {"outputResolution": "720p", "upscaleResolution": "4k", "duration": "5"}, 340),
        ("seedance2-fast", {"outputResolution": "720p", "upscaleResolution": "4k", "duration": "5"}, 280),
        ("seedance2-fast", {"outputResolution": "480p", "duration": "10"}, 100),
        ("seedance-20", {"outputResolution": None, "duration": None}, 415),
    ],
)
def test_credits_are_those_of_the_pages(
    quick: Standing, links: SimpleNamespace, model: str, inputs: dict[str, Any], used: int
) -> None:
    """The price list, the surcharge of a video, the upscale, and the defaults: 1080p, five seconds."""
    if inputs.get("urls") == "with video":
        inputs = {**inputs, "urls": [links.image, links.video]}
    made = quick.post("kinovi", "/jobs/createTask", order(links, **inputs) | {"model": model})
    job = quick.job(made.json()["taskId"])
    assert Decimal(job["price_usd"]) == used * Decimal("0.005")
    assert ((job["width"], job["height"]) == (3840, 2160)) == ("upscaleResolution" in inputs)


def test_the_typed_dialect_takes_numbers_and_lists_of_its_own(quick: Standing, links: SimpleNamespace) -> None:
    """The newer page: `imageUrls`, an integer length, a seed and a sound switch."""
    inputs = {
        "prompt": "x" * 9000,
        "imageUrls": [links.image],
        "duration": 6,
        "seed": 7,
        "generate_audio": False,
        "outputResolution": "480p",
        "aspectRatio": "9:16",
        "mode": "reference",
    }
    made = quick.post("kinovi", "/jobs/createTask", {"model": "seedance-20", "inputs": inputs})
    job = quick.job(made.json()["taskId"])
    assert (job["seconds"], job["width"], job["height"], job["audio"]) == (6, 496, 864, False)
    assert quick.log()[-2]["flags"] == []


def test_unknown_keys_are_ignored_and_flagged(quick: Standing, links: SimpleNamespace) -> None:
    """A key of the other dialect does nothing, costs money, and stands in the log."""
    made = quick.post("kinovi", "/jobs/createTask", order(links, generate_audio=False, resolution="480p"))
    assert made.status_code == 200
    assert quick.job(made.json()["taskId"])["audio"] is True
    heard = next(each for each in quick.log() if each["job"] == made.json()["taskId"])
    assert heard["flags"] == ["unknown key: inputs.generate_audio", "unknown key: inputs.resolution"]


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({"duration": 5}, "inputs.duration"),
        ({"duration": "3"}, "inputs.duration"),
        ({"prompt": ""}, "inputs.prompt"),
        ({"prompt": "x" * 4001}, "inputs.prompt"),
        ({"outputResolution": "360p"}, "inputs.outputResolution"),
        ({"aspectRatio": "2:1"}, "inputs.aspectRatio"),
        ({"urls": []}, "inputs.urls"),
        ({"urls": ["https://elsewhere.example/a.png"]}, "inputs.urls.0"),
        ({"urls": "text"}, "inputs.urls.0"),
        ({"urls": ["data:image/png;base64,AAAA"]}, "inputs.urls.0"),
        ({"urls": "ten images"}, "inputs.urls"),
        ({"audioUrls": "long"}, "inputs.audioUrls.0"),
        ({"mode": "keyframe", "urls": "three images"}, "inputs.urls"),
        ({"mode": "keyframe", "urls": []}, "inputs.urls"),
        ({"mode": "keyframe", "urls": "a video too"}, "inputs.urls"),
        ({"mode": "keyframe", "audioUrls": "sound"}, "inputs.urls"),
        ({"mode": "keyframe", "prompt": "as in @Image1"}, "inputs.prompt"),
    ],
)
def test_what_an_order_may_not_say_is_refused_with_its_path(
    quick: Standing, links: SimpleNamespace, inputs: dict[str, Any], path: str
) -> None:
    """400 `Invalid inputs for model`, and an error that names the input; no job exists."""
    named = {
        "text": [links.text],
        "ten images": [links.image] * 10,
        "three images": [links.image] * 3,
        "long": [links.long_sound],
        "a video too": [links.image, links.video],
        "sound": [links.sound],
    }
    inputs = {key: named.get(value, value) if isinstance(value, str) else value for key, value in inputs.items()}
    before = len(quick.jobs())
    answer = quick.post("kinovi", "/jobs/createTask", order(links, **inputs))
    assert answer.status_code == 400
    assert answer.json()["message"] == "Invalid inputs for model"
    assert answer.json()["errors"][0]["path"] == path
    assert set(answer.json()["errors"][0]) == {"code", "message", "path"}
    assert len(quick.jobs()) == before


def test_the_fast_model_has_no_1080p(quick: Standing, links: SimpleNamespace) -> None:
    """It stands on no page of that model."""
    answer = quick.post(
        "kinovi", "/jobs/createTask", order(links, outputResolution="1080p") | {"model": "seedance2-fast"}
    )
    assert answer.status_code == 400


def test_keyframe_mode_takes_a_first_and_a_last_frame(quick: Standing, links: SimpleNamespace) -> None:
    """The default mode, without a prompt."""
    body = order(links, mode=None, prompt=None, urls=[links.image, links.image])
    assert quick.post("kinovi", "/jobs/createTask", body).status_code == 200


def test_errors_have_kinovis_shapes(quick: Standing, links: SimpleNamespace) -> None:
    """A wrong key, a task that is not there, no credit."""
    wrong = quick.post("kinovi", "/jobs/createTask", order(links), Authorization="Bearer other")
    assert (wrong.status_code, wrong.json()) == (401, {"message": "Invalid API Key"})
    missing = quick.get("kinovi", "/jobs/recordInfo?taskId=task_none")
    assert (missing.status_code, missing.json()) == (404, {"message": "Task not found"})
    quick.plan(vendor="kinovi", where="create", what="no_credit")
    poor = quick.post("kinovi", "/jobs/createTask", order(links))
    assert poor.status_code == 402
    assert poor.json() == {"message": "Insufficient credits", "required": 200, "available": 0}


def test_a_sixth_job_at_once_is_refused(slow: Standing) -> None:
    """429 with limit and current, not queued and not charged; waiting jobs have no output."""
    body = {"model": "seedance-20", "inputs": {"prompt": "x", "imageUrls": [], "mode": "reference"}}
    made = [slow.post("kinovi", "/jobs/createTask", body) for _ in range(6)]
    assert [each.status_code for each in made] == [200] * 5 + [429]
    assert made[5].json() == {"message": "Concurrency limit reached (5/5)", "limit": 5, "current": 5}
    assert len(slow.jobs()) == 5
    told = slow.get("kinovi", f"/jobs/recordInfo?taskId={made[0].json()['taskId']}").json()
    assert (told["status"], told["output"], told["completeTime"]) == ("waiting", None, None)


def test_a_moderated_job_fails_with_its_code_and_is_refunded(quick: Standing, links: SimpleNamespace) -> None:
    """`2038`, and nothing charged."""
    quick.plan(vendor="kinovi", where="job", what="moderation", prompt="a forbidden lamp")
    made = quick.post("kinovi", "/jobs/createTask", order(links, prompt="a forbidden lamp"))
    told = quick.until_over("kinovi", f"/jobs/recordInfo?taskId={made.json()['taskId']}")
    assert (told["status"], told["error"]["code"], told["output"], told["creditsUsed"]) == ("fail", "2038", None, 0)
    assert quick.job(told["taskId"])["charged_usd"] == "0"


def test_a_file_is_put_without_the_key_and_with_its_type(quick: Standing, tmp_path: Path) -> None:
    """Uploads: a link to put to, and a link to read; a key that goes along is refused and flagged."""
    still = picture(tmp_path)
    given = quick.post("kinovi", "/uploads", {"fileName": "still.png"}).json()
    assert set(given) == {"uploadUrl", "url", "contentType"}
    headers = {"Content-Type": given["contentType"]}
    assert quick.http.put(given["uploadUrl"], content=still.read_bytes(), headers=headers).status_code == 403
    assert "key" in quick.log()[-1]["flags"][0]
    bare = quick.http.build_request("PUT", given["uploadUrl"], content=still.read_bytes(), headers=headers)
    del bare.headers["authorization"]
    assert quick.http.send(bare).status_code == 200
    served = quick.http.get(given["url"])
    assert served.content == still.read_bytes()
    assert served.headers["content-type"] == "image/png"
