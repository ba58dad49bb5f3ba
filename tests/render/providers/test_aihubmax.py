"""AIHubMax is asked in its own documented words, and its documented answers mean what they say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.errors import BadSetting, Scope, Terminal, Transient, UnknownOutcome
from render.providers.aihubmax.error_codes import ERROR_CODES
from render.providers.aihubmax.payloads import NoClipYet, read_new_task, read_task, read_upload
from render.providers.aihubmax.provider import AihubmaxProvider
from render.providers.base import Ended, JobRef, Pending, Succeeded
from render.providers.endpoint import Endpoint
from render.providers.http import VendorHttp
from render.providers.registry import ProviderContext, capabilities_of, open_provider
from storyboard.request import Mode
from storyboard.shot import Role
from tests.acme.orders import order
from tests.render.providers.hosted import (
    ANY_JSON,
    KEY,
    REFERENCES,
    bent,
    endpoint,
    heard,
    hosted,
    only_marked_errors,
    published,
    says,
)
from tests.render.providers.wire import wire

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 10, 1, tzinfo=UTC)
MODEL = "seedance-2.0-reference-to-video"
TAKEN = {
    "id": "task-unified-1",
    "object": "video.generation.task",
    "model": MODEL,
    "status": "pending",
    "usage": {"credits_reserved": 50},
}
DONE = {
    "id": "task-unified-1",
    "status": "completed",
    "progress": 100,
    "results": [{"url": "https://cdn.aihubmax.example/c.mp4", "content_type": "video/mp4"}],
    "usage": {"credits_used": 50},
}
UNNAMED = DONE | {"results": None}
FAILED = {
    "id": "task-unified-1",
    "status": "failed",
    "results": None,
    "error": {"code": "content_policy_violation", "message": "The prompt was refused.", "type": "task_error"},
}
UPLOADED = {
    "id": "file-1",
    "filename": "a.png",
    "url": "https://files.aihubmax.example/a.png",
    "size": 9,
    "created": 1761313744,
}
ORDER = order(provider="aihubmax", model=MODEL, resolution="720p", prompt="Mara (@Image1) lights the lamp")
JOB = JobRef("task-unified-1", ORDER)
SITE = endpoint("aihubmax", error_codes=ERROR_CODES)


async def sent(request: Any, references: Any) -> Any:
    """The order's body, as the server got it."""
    async with hosted("aihubmax", says(TAKEN)) as (provider, server):
        assert await provider.create(request, references, take_id="take-1") == "task-unified-1"
    assert len(server.heard) == 1
    return heard(server).json


async def test_an_order_holds_what_is_documented_and_nothing_else() -> None:
    """Lists by kind in the order of their tokens, a whole number of seconds; every default is written out."""
    async with hosted("aihubmax", says(TAKEN)) as (provider, server):
        assert await provider.create(ORDER, REFERENCES, take_id="take-1") == "task-unified-1"
    told = heard(server)
    assert (told.method, told.target) == ("POST", "/v1/videos/generations")
    assert told.headers["authorization"] == f"Bearer {KEY}"
    assert "idempotency-key" not in told.headers
    assert told.json == {
        "model": MODEL,
        "prompt": "Mara (@Image1) lights the lamp",
        "image_urls": ["https://files.example/Image1.png", "https://files.example/Image2.png"],
        "video_urls": ["https://files.example/Video1.mp4"],
        "audio_urls": ["https://files.example/Audio1.mp3"],
        "duration": 4,
        "resolution": "720p",
        "aspect_ratio": "16:9",
        "generate_audio": True,
        "seed": -1,
    }


async def test_an_order_without_references_names_no_list() -> None:
    """What is not sent is left out; a seed and silence are said, and a length left to the vendor is -1."""
    assert await sent(order(model=MODEL, seed=7, audio=False, duration_s=None), ()) == {
        "model": MODEL,
        "prompt": "Mara lights the lamp",
        "duration": -1,
        "resolution": "180p",
        "aspect_ratio": "16:9",
        "generate_audio": False,
        "seed": 7,
    }


async def test_a_literal_first_frame_goes_alone() -> None:
    """In first-frame mode the picture has a key of its own."""
    request = order(model="seedance-2.0-image-to-video", mode=Mode.FIRST_FRAME)
    body = await sent(request, (published("", role=Role.CONTINUITY),))
    assert body["image_url"] == "https://files.example/.png"
    assert not {"image_urls", "video_urls", "audio_urls"} & set(body)


async def test_a_literal_last_frame_has_a_key_too() -> None:
    """Whichever comes second."""
    request = order(model="seedance-2.0-image-to-video", mode=Mode.FIRST_FRAME)
    frames = published("dawn", role=Role.FIRST_FRAME), published("dusk", role=Role.LAST_FRAME)
    body = await sent(request, frames)
    assert (body["image_url"], body["end_image_url"]) == tuple(
        f"https://files.example/{name}.png" for name in ("dawn", "dusk")
    )


async def test_it_is_asked_by_what_looks_like_a_browser() -> None:
    """Clients that do not were turned away with 403; who asks is still told."""
    async with hosted("aihubmax", says(TAKEN)) as (provider, server):
        await provider.create(ORDER, (), take_id="take-1")
    assert heard(server).headers["user-agent"].startswith("Mozilla/5.0 (")
    assert "Tailframe/" in heard(server).headers["user-agent"]


async def test_a_reference_is_uploaded_as_a_form(tmp_path: Path) -> None:
    """The file's bytes under its own name and type; the link lives 72 hours."""
    file = tmp_path / "0a1b.webp"
    file.write_bytes(b"RIFF mara WEBP")
    async with hosted("aihubmax", says(UPLOADED)) as (provider, server):
        reference = await provider.publish(REFERENCES[0].reference, file)
    told = heard(server)
    assert (told.method, told.target) == ("POST", "/v1/files/upload/stream")
    assert told.headers["content-type"].startswith("multipart/form-data")
    assert b'name="file"; filename="0a1b.webp"\r\nContent-Type: image/webp' in told.body
    assert file.read_bytes() in told.body
    assert reference.url == UPLOADED["url"]
    assert reference.expires_at is not None
    assert 71 < (reference.expires_at - datetime.now(UTC)).total_seconds() / 3600 <= 72


async def test_a_done_task_tells_its_clip() -> None:
    """Results are objects; credits are kept raw, since nobody says what one is worth. The link lives a day."""
    async with hosted("aihubmax", says(DONE)) as (provider, server):
        status = await provider.poll(JOB)
    assert heard(server).target == "/v1/tasks/task-unified-1"
    assert isinstance(status, Succeeded)
    assert (status.clip_url, status.cost_usd) == ("https://cdn.aihubmax.example/c.mp4", None)
    assert status.usage == "credits_used 50"
    assert status.expires_at is not None
    assert timedelta(hours=23) < status.expires_at - datetime.now(UTC) <= timedelta(hours=24)


def test_a_result_may_be_the_link_itself() -> None:
    """As in the API that this one follows."""
    status = read_task(DONE | {"results": ["https://cdn.aihubmax.example/c.mp4"], "usage": None}, NOW)
    assert status == Succeeded(clip_url="https://cdn.aihubmax.example/c.mp4", expires_at=NOW + timedelta(hours=24))


@pytest.mark.parametrize("state", ["pending", "processing", "queued", "running"])
@pytest.mark.parametrize(("percent", "progress"), [(30, 0.3), (None, None), ("soon", None), (10**400, None)])
def test_a_task_is_on_its_way(state: str, percent: Any, progress: float | None) -> None:
    """Progress is told in percent, where it is told."""
    assert read_task({"id": "1", "status": state, "progress": percent}, NOW) == Pending(progress=progress, words=state)


@pytest.mark.parametrize("results", [None, []])
def test_completed_without_results_is_not_finished(results: Any) -> None:
    """It has been seen, and the clip came later."""
    assert read_task(DONE | {"results": results}, NOW) == NoClipYet()


async def test_a_clip_that_is_never_named_is_waited_for_and_then_told() -> None:
    """Bounded by time; the error ends the wait and not the take, so the next run asks anew."""
    clock = [0.0]
    async with wire(says(UNNAMED), says(UNNAMED), says(UNNAMED), says(UNNAMED), says(DONE)) as server:
        http = VendorHttp(Endpoint(provider="aihubmax", base_url=server.url, key=KEY, key_variable="K"))
        provider = AihubmaxProvider(
            http,
            capabilities_of("aihubmax", {}),
            timedelta(seconds=1),
            patience=timedelta(seconds=600),
            clock=lambda: clock[0],
        )
        assert isinstance(await provider.poll(JOB), Pending)
        clock[0] = 600
        assert isinstance(await provider.poll(JOB), Pending)
        clock[0] = 601
        with pytest.raises(Terminal, match="completed, and has named no clip") as raised:
            await provider.poll(JOB)
        assert isinstance(await provider.poll(JOB), Pending)
        assert isinstance(await provider.poll(JOB), Succeeded)
        await provider.aclose()
    assert (raised.value.code, raised.value.scope, raised.value.charged) == ("no_clip", Scope.ATTEMPT, None)
    assert "The take is kept" in str(raised.value)


def test_a_failed_task_with_a_code_that_nobody_knows_says_to_look_it_up() -> None:
    """Its code and words stay. No refund is documented, so none is assumed."""
    status = read_task(FAILED | {"error": {"code": "unheard_of", "message": "it went wrong."}}, NOW)
    assert isinstance(status, Ended)
    assert (status.code, status.words, status.charged) == ("unheard_of", "it went wrong.", None)
    assert status.remedy == "Look up aihubmax's documentation for this code"


@pytest.mark.parametrize("error", [None, {}, "gone", ["x"]])
def test_a_task_that_fails_without_a_reason_has_failed(error: Any) -> None:
    """What is told of the failure may be missing; that it failed is certain."""
    status = read_task(FAILED | {"error": error}, NOW)
    assert isinstance(status, Ended)
    assert (status.code, status.charged) == ("failed", None)


def test_a_cancelled_task_is_no_failure() -> None:
    """Cancelled is told as such, and whether it was charged is not known."""
    assert read_task({"status": "cancelled"}, NOW) == Ended(code="cancelled", words="it was cancelled", cancelled=True)


@pytest.mark.parametrize(
    "told", [DONE | {"results": [{}]}, DONE | {"results": "c.mp4"}, DONE | {"status": "paused"}, {}, []]
)
async def test_an_answer_that_is_not_documented_is_asked_for_again(told: Any) -> None:
    """Results of another shape and states that nobody knows are loud, and end nothing."""
    async with hosted("aihubmax", says(told)) as (provider, _):
        with pytest.raises(Transient, match="cannot be read"):
            await provider.poll(JOB)


async def test_an_order_with_an_odd_answer_is_unknown() -> None:
    """Whatever came in place of a task, the order may have been taken."""
    async with hosted("aihubmax", says({"message": "hello"})) as (provider, server):
        with pytest.raises(UnknownOutcome, match="KeyError"):
            await provider.create(ORDER, REFERENCES, take_id="take-1")
    assert len(server.heard) == 1


async def test_what_aihubmax_has_no_way_to_do_is_said_so() -> None:
    """No list to adopt lost orders from, and no end for a running task."""
    async with hosted("aihubmax", says({})) as (provider, server):
        assert await provider.list_jobs(datetime.now(UTC)) is None
        assert await provider.cancel(JOB) is False
    assert server.heard == []


@given(
    st.sampled_from([read_new_task, read_upload, lambda told: read_task(told, NOW)]),
    ANY_JSON | bent(TAKEN) | bent(DONE) | bent(FAILED) | bent(UPLOADED),
    st.sampled_from([200, 200, 200, 400, 404, 422, 429, 500]),
)
def test_no_answer_raises_anything_but_a_marker(read: Any, told: Any, status: int) -> None:
    """Whatever AIHubMax says, what follows for the money is clear."""
    only_marked_errors(SITE, read, told, status)


def test_without_a_key_the_variable_is_named() -> None:
    """A missing key is said before anything is asked."""
    context = ProviderContext(scratch=Path("unused"), blob_path=Path, environment={})
    with pytest.raises(BadSetting, match="AIHUBMAX_API_KEY is not set"):
        open_provider("aihubmax", context)
