"""Clips that are ordered to begin and to end on a picture: all three vendors that sell them draw them so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageStat

from render.media.tail_frame import extract_frame
from tests.render.sandbox.standing import Standing, picture
from tests.thinning import exhaustive

LITERAL = "seedance-2.0-image-to-video"
UNIFIED = {"model": LITERAL, "prompt": "dusk", "duration": 4, "aspect_ratio": "16:9", "generate_audio": True}


def _kinovi(urls: list[str]) -> dict[str, Any]:
    inputs = {"prompt": "dusk", "urls": urls, "duration": "4", "aspectRatio": "16:9", "mode": "keyframe"}
    return {"model": "seedance-20", "inputs": {**inputs, "outputResolution": "480p"}}


def _evolink(urls: list[str]) -> dict[str, Any]:
    return {**UNIFIED, "image_urls": urls, "quality": "480p"}


def _aihubmax(urls: list[str]) -> dict[str, Any]:
    return {**UNIFIED, **dict(zip(("image_url", "end_image_url"), urls, strict=False)), "resolution": "480p"}


CASES = [
    pytest.param(("kinovi", "/jobs/createTask", "/jobs/recordInfo?taskId={}", _kinovi, "0.300"), id="kinovi"),
    pytest.param(("evolink", "/v1/videos/generations", "/v1/tasks/{}", _evolink, "0.3676"), id="evolink"),
    pytest.param(("aihubmax", "/v1/videos/generations", "/v1/tasks/{}", _aihubmax, None), id="aihubmax"),
]


@exhaustive
@pytest.mark.parametrize("colours", [("#a04030",), ("#a04030", "#3040a0")])
@pytest.mark.parametrize("case", CASES)
def test_a_clip_begins_and_ends_on_its_pictures(
    quick: Standing, tmp_path: Path, case: tuple[Any, ...], colours: tuple[str, ...]
) -> None:
    """At the price of four seconds without a video."""
    vendor, create, poll, write, price = case
    named = [picture(tmp_path, (640, 367), f"{colour[1:]}.png", colour) for colour in colours]
    made = quick.post(vendor, create, write([quick.publish(each) for each in named])).json()
    job_id = made.get("taskId") or made["id"]
    told = quick.until_over(vendor, poll.format(job_id))
    assert quick.job(job_id)["price_usd"] == price

    result = (told.get("output") or told["results"])[0]
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(quick.http.get(result if isinstance(result, str) else result["url"]).content)
    for colour, index in zip(colours, (0, None), strict=False):
        frame = tmp_path / "frame.png"
        extract_frame(clip, index, frame)
        wanted = Image.new("RGB", (1, 1), colour).getpixel((0, 0))
        with Image.open(frame) as shown:
            assert ImageStat.Stat(shown.convert("RGB")).mean == pytest.approx(wanted, abs=4)


def test_evolink_takes_pictures_alone(quick: Standing, tmp_path: Path) -> None:
    """One or two, and neither films nor sounds."""
    link = quick.publish(picture(tmp_path))
    wrong: list[tuple[str, list[str]]] = [("image_urls", []), ("image_urls", [link] * 3)]
    for key, urls in (*wrong, ("video_urls", [link]), ("audio_urls", [link])):
        assert quick.post("evolink", "/v1/videos/generations", _evolink([link]) | {key: urls}).status_code == 400
    assert quick.post("evolink", "/v1/videos/generations", _evolink([link, link])).status_code == 200


def test_aihubmax_takes_no_end_without_a_beginning(quick: Standing, tmp_path: Path) -> None:
    """`end_image_url` alone is refused, and references beside the frames are."""
    link = quick.publish(picture(tmp_path))
    body = _aihubmax([link, link])
    assert quick.post("aihubmax", "/v1/videos/generations", body | {"video_urls": [link]}).status_code == 400
    del body["image_url"]
    assert quick.post("aihubmax", "/v1/videos/generations", body).status_code == 400
