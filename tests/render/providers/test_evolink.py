"""EvoLink is asked in its own documented words, and its documented answers mean what they say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.errors import BadSetting, PutOff, Scope, Terminal, Transient, UnknownOutcome
from render.providers.base import Ended, JobRef, ListedJob, Pending, Succeeded
from render.providers.evolink.error_codes import ERROR_CODES
from render.providers.evolink.payloads import read_listed, read_new_task, read_status, read_upload
from render.providers.registry import ProviderContext, open_provider
from storyboard.request import Mode
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

pytestmark = pytest.mark.anyio

MODEL = "seedance-2.0-reference-to-video"
TAKEN = {
    "id": "task-unified-1",
    "object": "video.generation.task",
    "created": 1761313744,
    "model": MODEL,
    "status": "pending",
    "progress": 0,
    "type": "video",
    "task_info": {"can_cancel": True, "estimated_time": 165, "video_duration": 8},
    "usage": {"billing_rule": "per_second", "credits_reserved": 50, "user_group": "default"},
}
CLIP = "https://cdn.evolink.example/c.mp4"
DONE = TAKEN | {"status": "completed", "progress": 100, "results": [CLIP]}
FAILED = TAKEN | {"status": "failed", "error": {"code": "content_policy_violation", "message": "not allowed"}}
ORDER = order(provider="evolink", model=MODEL, resolution="720p", audio=False, prompt="Mara (@Image1) lights the lamp")
JOB = JobRef("task-unified-1", ORDER)
SITE = endpoint("evolink", error_codes=ERROR_CODES)
SINCE = datetime.fromtimestamp(1761313700, UTC)


def vendor_error(code: str, message: str = "no") -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "type": "invalid_request_error"}}


async def test_an_order_holds_what_is_documented_and_nothing_else() -> None:
    """Links by kind, a length in whole seconds, `quality`, and every default written out; the take is its key."""
    async with hosted("evolink", says(TAKEN)) as (provider, server):
        assert await provider.create(ORDER, REFERENCES, take_id="take-1") == "task-unified-1"
    told = heard(server)
    assert (told.method, told.target) == ("POST", "/v1/videos/generations")
    assert told.headers["authorization"] == f"Bearer {KEY}"
    assert told.headers["idempotency-key"] == "take-1"
    assert told.json == {
        "model": MODEL,
        "prompt": "Mara (@Image1) lights the lamp",
        "image_urls": ["https://files.example/Image1.png", "https://files.example/Image2.png"],
        "video_urls": ["https://files.example/Video1.mp4"],
        "audio_urls": ["https://files.example/Audio1.mp3"],
        "duration": 4,
        "quality": "720p",
        "aspect_ratio": "16:9",
        "generate_audio": False,
    }
    assert type(told.json["duration"]) is int


async def test_a_first_frame_is_another_models_one_image() -> None:
    """The literal first frame goes alone to the model that begins on it."""
    request = order(model="seedance-2.0-image-to-video", mode=Mode.FIRST_FRAME, resolution="480p")
    async with hosted("evolink", says(TAKEN)) as (provider, server):
        await provider.create(request, (published("@Image1"),), take_id="take-1")
    assert heard(server).json == {
        "model": "seedance-2.0-image-to-video",
        "prompt": "Mara lights the lamp",
        "image_urls": ["https://files.example/Image1.png"],
        "duration": 4,
        "quality": "480p",
        "aspect_ratio": "16:9",
        "generate_audio": True,
    }


@pytest.mark.parametrize(
    ("ends", "hours"), [("2030-01-01T00:00:00Z", None), (1893456000, None), (None, 72), ("whenever", 72)]
)
async def test_a_reference_goes_to_the_files_host(tmp_path: Path, ends: Any, hours: float | None) -> None:
    """A form with the file; the link lives as long as is told, else the documented three days."""
    file = tmp_path / "0a1b.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n mara")
    told = {"success": True, "data": {"file_url": "https://files.evolink.example/a.png", "expires_at": ends}}
    async with hosted("evolink", says(told)) as (provider, server):
        reference = await provider.publish(REFERENCES[0].reference, file)
    asked = heard(server)
    assert (asked.method, asked.target) == ("POST", "/api/v1/files/upload/stream")
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert b'name="file"; filename="0a1b.png"' in asked.body
    assert b"Content-Type: image/png" in asked.body
    assert file.read_bytes() in asked.body
    assert reference.url == "https://files.evolink.example/a.png"
    assert reference.expires_at is not None
    if hours is None:
        assert reference.expires_at == datetime(2030, 1, 1, tzinfo=UTC)
    else:
        assert timedelta(hours=hours - 1) < reference.expires_at - datetime.now(UTC) <= timedelta(hours=hours)


@pytest.mark.parametrize("status", [400, 415, 422])
async def test_a_file_that_the_host_does_not_take_says_what_to_do(tmp_path: Path, status: int) -> None:
    """That it takes more than pictures is not documented, so its refusal names the way out."""
    (tmp_path / "a.mp4").write_bytes(b"video")
    async with hosted("evolink", says({"message": "unsupported type"}, status)) as (provider, _):
        with pytest.raises(Terminal, match=r"unsupported type\. Give a .*It is not documented.*tail_clip") as raised:
            await provider.publish(REFERENCES[1].reference, tmp_path / "a.mp4")
    assert raised.value.scope is Scope.SHOT


async def test_an_upload_that_says_it_failed_is_tried_again(tmp_path: Path) -> None:
    """The host may answer 200 and say that it did not work; its words are kept."""
    (tmp_path / "a.png").write_bytes(b"picture")
    async with hosted("evolink", says({"success": False, "message": "disk full"})) as (provider, server):
        with pytest.raises(Transient, match="disk full"):
            await provider.publish(REFERENCES[0].reference, tmp_path / "a.png")
    assert len(server.heard) > 1


async def test_a_stand_ins_files_never_go_to_the_real_host(tmp_path: Path) -> None:
    """With the API on this machine and the files host elsewhere, nothing is uploaded."""
    async with hosted("evolink", says({}), EVOLINK_FILES_URL="") as (provider, server):
        with pytest.raises(BadSetting, match="EVOLINK_FILES_URL"):
            await provider.publish(REFERENCES[0].reference, tmp_path / "a.png")
    assert server.heard == []


@pytest.mark.parametrize(
    "told",
    [
        DONE,
        DONE | {"results": [{"url": CLIP}]},
        DONE | {"results": None, "result_data": [{"video_url": CLIP}]},
        DONE | {"results": [], "output": {"video_url": CLIP}},
        DONE | {"results": None, "video_url": CLIP},
    ],
)
async def test_a_done_task_tells_its_clip(told: Any) -> None:
    """Read at the documented place, and where the vendor's own script looks too; credits are kept raw."""
    async with hosted("evolink", says(told)) as (provider, server):
        status = await provider.poll(JOB)
    assert heard(server).target == "/v1/tasks/task-unified-1"
    usage = "billing_rule per_second, credits_reserved 50, user_group default"
    assert status == Succeeded(clip_url=CLIP, usage=usage)


COMPLETED, UPDATED, ENDS = 1761313900, 1761314000, 1761320000


@pytest.mark.parametrize(
    ("told", "ends"),
    [
        ({"results": [{"url": CLIP, "expires_at": ENDS}], "completed_at": COMPLETED}, ENDS),
        ({"results": [], "result_data": [{"video_url": CLIP, "expires_at": ENDS}]}, ENDS),
        ({"expires_at": "2025-10-24T15:33:20Z"}, ENDS),
        ({"completed_at": COMPLETED, "updated_at": UPDATED}, COMPLETED + 86_400),
        ({"completed": COMPLETED * 1000}, COMPLETED + 86_400),
        ({"updated_at": UPDATED}, UPDATED + 86_400),
        ({"expires_at": "soon", "updated": UPDATED}, UPDATED + 86_400),
        ({"completed_at": "9999-12-31T23:00:00Z"}, None),
        ({}, None),
    ],
)
async def test_a_clips_link_ends_after_a_day(told: Any, ends: int | None) -> None:
    """When the result says so, else a day after the task was over; where no time is told, nobody knows."""
    async with hosted("evolink", says(DONE | told)) as (provider, _):
        status = await provider.poll(JOB)
    assert isinstance(status, Succeeded)
    assert status.expires_at == (None if ends is None else datetime.fromtimestamp(ends, UTC))


@pytest.mark.parametrize(
    ("state", "words"), [("pending", "pending"), ("queued", "queued"), ("processing", ""), ("running", "")]
)
@pytest.mark.parametrize(("told", "progress"), [(0, 0.0), (45, 0.45), (None, None), ("soon", None), (700, None)])
def test_a_task_is_on_its_way(state: str, words: str, told: Any, progress: float | None) -> None:
    """Progress is told in percent, and is nothing where it makes no sense; that it is being made needs no words."""
    assert read_status(TAKEN | {"status": state, "progress": told}) == Pending(progress=progress, words=words)


def test_a_cancelled_task_may_have_cost_something() -> None:
    """A refund is documented for failed tasks only."""
    status = read_status(TAKEN | {"status": "cancelled"})
    assert isinstance(status, Ended)
    assert (status.cancelled, status.charged) == (True, None)


@pytest.mark.parametrize("told", [DONE | {"results": None}, DONE | {"results": [7]}, TAKEN | {"status": "odd"}, {}, 7])
async def test_an_answer_that_is_not_documented_is_asked_for_again(told: Any) -> None:
    """Completed without a clip and states that nobody knows are loud, and end nothing."""
    async with hosted("evolink", says(told)) as (provider, _):
        with pytest.raises(Transient, match="cannot be read"):
            await provider.poll(JOB)


async def test_an_order_with_an_odd_answer_is_unknown() -> None:
    """Whatever came in place of a task, the order may have been taken."""
    async with hosted("evolink", says({"error": None})) as (provider, server):
        with pytest.raises(UnknownOutcome):
            await provider.create(ORDER, REFERENCES, take_id="take-1")
    assert len(server.heard) == 1


async def test_a_vendor_that_asks_to_wait_is_heard() -> None:
    """`Retry-After` comes with the error, for whoever waits."""
    async with hosted("evolink", says(vendor_error("rate_limit_exceeded"), 429, Retry_After="7")) as (provider, _):
        with pytest.raises(PutOff) as raised:
            await provider.create(ORDER, REFERENCES, take_id="take-1")
    assert (raised.value.retry_after_s, raised.value.charged) == (7.0, False)


async def test_a_task_that_evolink_does_not_know_spoils_no_other() -> None:
    """It is this take's trouble alone."""
    async with hosted("evolink", says(vendor_error("resource_not_found"), 404)) as (provider, _):
        with pytest.raises(Terminal, match="EVOLINK_API_KEY") as raised:
            await provider.poll(JOB)
    assert raised.value.scope is Scope.ATTEMPT


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda entries: entries,
        lambda entries: {"data": entries},
        lambda entries: {"data": {"tasks": entries, "total": len(entries)}},
        lambda entries: {"object": "list", "tasks": entries, "has_more": False},
    ],
)
async def test_tasks_are_listed_for_adoption(wrapped: Any) -> None:
    """Id, model, time, and the prompt where it is told, however the list is wrapped."""
    entries = [TAKEN | {"prompt": "Mara lights the lamp"}, TAKEN | {"id": "task-2", "created": 1761313740}]
    async with hosted("evolink", says(wrapped(entries))) as (provider, server):
        listed = await provider.list_jobs(SINCE)
    assert heard(server).target == "/v1/tasks"
    first, second = datetime.fromtimestamp(1761313744, UTC), datetime.fromtimestamp(1761313740, UTC)
    assert listed == (
        ListedJob(id="task-unified-1", model=MODEL, created_at=first, prompt="Mara lights the lamp"),
        ListedJob(id="task-2", model=MODEL, created_at=second),
    )


def entries(count: int, *, newest: int = 1761313800, step: int = 10) -> list[Any]:
    return [TAKEN | {"id": f"task-{n}", "created": newest - n * step} for n in range(count)]


@pytest.mark.parametrize(
    "told",
    [
        {"data": entries(3, step=1), "has_more": True},
        {"data": entries(3, step=1), "total": 4},
        {"data": entries(3, step=1), "next_cursor": "abc"},
        {"data": entries(20, step=1)},
        {"data": list(reversed(entries(20))), "has_more": True},
    ],
)
def test_half_a_list_is_no_list(told: Any) -> None:
    """Where younger tasks may be missing, a task that seems the only one may not be."""
    assert read_listed(told, SINCE) is None


def test_a_page_that_reaches_back_far_enough_is_enough() -> None:
    """What is left out is older than the lost order."""
    listed = read_listed({"data": entries(20), "has_more": True}, SINCE)
    assert listed is not None
    assert len(listed) == 20


@pytest.mark.parametrize("told", [{}, {"data": [{"id": "a"}]}, {"data": [{"id": "a", "created": 1}]}, {"data": [7]}])
async def test_a_list_that_cannot_be_read_is_no_empty_list(told: Any) -> None:
    """An order is not declared absent by an answer that nobody understands."""
    async with hosted("evolink", says(told)) as (provider, _):
        with pytest.raises(Transient, match="cannot be read"):
            await provider.list_jobs(SINCE)


async def test_a_task_cannot_be_ended() -> None:
    """No page tells how."""
    async with hosted("evolink", says({})) as (provider, server):
        assert await provider.cancel(JOB) is False
    assert server.heard == []


@given(
    st.sampled_from([read_new_task, read_upload, read_status, lambda told: read_listed(told, SINCE)]),
    ANY_JSON | bent(TAKEN) | bent(DONE) | bent(FAILED) | bent({"data": [TAKEN], "has_more": False}),
    st.sampled_from([200, 200, 200, 400, 404, 429, 500]),
)
def test_no_answer_raises_anything_but_a_marker(read: Any, told: Any, status: int) -> None:
    """Whatever EvoLink says, what follows for the money is clear."""
    only_marked_errors(SITE, read, told, status)


def test_without_a_key_the_variable_is_named() -> None:
    """A missing key is said before anything is asked."""
    context = ProviderContext(scratch=Path("unused"), blob_path=Path, environment={})
    with pytest.raises(BadSetting, match="EVOLINK_API_KEY is not set"):
        open_provider("evolink", context)
