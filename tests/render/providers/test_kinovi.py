"""Kinovi is asked in its own documented words, and its documented answers mean what they say."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.errors import BadSetting, Scope, TakeError, Terminal, Transient, UnknownOutcome
from render.providers.base import Ended, JobRef, Pending, Succeeded
from render.providers.kinovi.error_codes import ERROR_CODES
from render.providers.kinovi.payloads import read_new_job, read_refusal, read_status, read_upload
from render.providers.registry import ProviderContext, open_provider
from storyboard.request import Mode
from storyboard.shot import MediaKind, Role
from tests.acme.orders import order
from tests.render.providers.hosted import (
    ANY_JSON,
    KEY,
    bent,
    endpoint,
    heard,
    hosted,
    only_marked_errors,
    published,
    says,
)

pytestmark = pytest.mark.anyio

TAKEN = {"taskId": "task_1"}
DONE = {
    "taskId": "task_1",
    "model": "seedance-20",
    "status": "success",
    "creditsUsed": 200,
    "output": [
        {
            "url": "https://cdn.kinovi.example/c.mp4",
            "width": 1280,
            "height": 720,
            "mediaType": "video/mp4",
            "seed": 10792,
            "lastFrameImage": "https://cdn.kinovi.example/c_lastframe.png",
        }
    ],
    "error": None,
    "createTime": 1700000000000,
    "completeTime": 1700000180000,
}
FAILED = {"taskId": "task_1", "status": "fail", "output": None, "error": {"code": "2038", "message": "moderated"}}
ORDER = order(provider="kinovi", model="seedance-20", resolution="720p", prompt="Mara (@image1) lights the lamp")
JOB = JobRef("task_1", ORDER)
REFERENCES = (
    published("@image1", role=Role.CONTINUITY),
    published("@video1", MediaKind.VIDEO),
    published("@image2"),
    published("@audio1", MediaKind.AUDIO),
)
SITE = endpoint("kinovi", error_codes=ERROR_CODES, vendor_error=read_refusal)


async def sent(request: Any, references: Any, **environment: str) -> Any:
    """The order's body, as the server got it."""
    async with hosted("kinovi", says(TAKEN), **environment) as (provider, server):
        assert await provider.create(request, references, take_id="take-1") == "task_1"
    assert len(server.heard) == 1
    return heard(server).json


async def test_an_order_holds_what_is_documented_and_nothing_else() -> None:
    """Pictures and videos in one list, sound in another, the length as text; every default is written out."""
    async with hosted("kinovi", says(TAKEN)) as (provider, server):
        assert await provider.create(ORDER, REFERENCES, take_id="take-1") == "task_1"
    told = heard(server)
    assert (told.method, told.target) == ("POST", "/jobs/createTask")
    assert told.headers["authorization"] == f"Bearer {KEY}"
    assert told.headers["content-type"] == "application/json"
    assert "idempotency-key" not in told.headers
    assert told.json == {
        "model": "seedance-20",
        "inputs": {
            "prompt": "Mara (@image1) lights the lamp",
            "urls": [
                "https://files.example/image1.png",
                "https://files.example/video1.mp4",
                "https://files.example/image2.png",
            ],
            "audioUrls": ["https://files.example/audio1.mp3"],
            "duration": "4",
            "aspectRatio": "16:9",
            "mode": "reference",
            "outputResolution": "720p",
        },
    }


async def test_a_first_frame_is_a_keyframe() -> None:
    """The literal first frame goes alone, in the mode that takes it as one."""
    request = order(provider="kinovi", model="seedance-20", mode=Mode.FIRST_FRAME, resolution="1080p")
    assert await sent(request, (published("@image1"),)) == {
        "model": "seedance-20",
        "inputs": {
            "prompt": "Mara lights the lamp",
            "urls": ["https://files.example/image1.png"],
            "duration": "4",
            "aspectRatio": "16:9",
            "mode": "keyframe",
            "outputResolution": "1080p",
        },
    }


@pytest.mark.parametrize("size", ["480p", "720p", "1080p"])
async def test_4k_is_any_size_made_larger(size: str) -> None:
    """In the documented pages' words 4k is an upscale, and what it is made of is said too."""
    body = await sent(order(resolution=size, upscale="4k"), REFERENCES[:1])
    assert (body["inputs"]["outputResolution"], body["inputs"]["upscaleResolution"]) == (size, "4k")


@pytest.mark.parametrize(("seed", "more"), [(7, {"seed": 7}), (None, {})])
async def test_the_newer_page_spells_an_order_otherwise(seed: int | None, more: dict[str, int]) -> None:
    """In the typed dialect: a list by kind, the length as a number, sound switched, the seed where there is one."""
    request = order(model="seedance-20", resolution="4k", audio=False, seed=seed)
    assert await sent(request, REFERENCES, KINOVI_DIALECT="typed") == {
        "model": "seedance-20",
        "inputs": {
            "prompt": "Mara lights the lamp",
            "imageUrls": ["https://files.example/image1.png", "https://files.example/image2.png"],
            "videoUrls": ["https://files.example/video1.mp4"],
            "audioUrls": ["https://files.example/audio1.mp3"],
            "duration": 4,
            "aspectRatio": "16:9",
            "mode": "reference",
            "outputResolution": "4k",
            "generate_audio": False,
            **more,
        },
    }


async def test_a_reference_is_put_where_kinovi_says_and_without_the_key(tmp_path: Path) -> None:
    """Two steps: a link for the file is asked for, then the bytes go there, of the content type it names."""
    file = tmp_path / "0a1b.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n mara")
    async with hosted("kinovi", says({}), says({})) as (provider, server):
        links = {"uploadUrl": f"{server.url}/put?sig=1", "url": f"{server.url}/a.png", "contentType": "image/png"}
        server.answers = [says(links), says({})]
        reference = await provider.publish(REFERENCES[0].reference, file)
    asked, put = heard(server, 0), heard(server, 1)
    assert (asked.method, asked.target, asked.json) == ("POST", "/uploads", {"fileName": "0a1b.png"})
    assert (put.method, put.target, put.body) == ("PUT", "/put?sig=1", file.read_bytes())
    assert put.headers["content-type"] == "image/png"
    assert "authorization" not in put.headers
    assert reference.url == links["url"]
    assert reference.expires_at is not None
    assert 23 < (reference.expires_at - datetime.now(UTC)).total_seconds() / 3600 <= 24


async def test_a_done_job_tells_its_clip_its_last_frame_and_its_price() -> None:
    """Credits become dollars, and links live fourteen days from the end of the job."""
    async with hosted("kinovi", says(DONE)) as (provider, server):
        status = await provider.poll(JOB)
    assert heard(server).target == "/jobs/recordInfo?taskId=task_1"
    assert status == Succeeded(
        clip_url="https://cdn.kinovi.example/c.mp4",
        last_frame_url="https://cdn.kinovi.example/c_lastframe.png",
        cost_usd=Decimal("1.000"),
        usage="200 credits",
        expires_at=datetime(2023, 11, 28, 22, 16, 20, tzinfo=UTC),
        seed=10792,
    )


@pytest.mark.parametrize(("state", "words"), [("waiting", "waiting"), ("generating", "")])
@pytest.mark.parametrize("key", ["status", "state"])
def test_a_job_is_on_its_way(state: str, words: str, key: str) -> None:
    """The state is read under both names that the pages give it; that it is being made needs no words."""
    assert read_status({"taskId": "task_1", key: state, "output": None}) == Pending(words=words)


@pytest.mark.parametrize(
    ("credit", "cost"),
    [(None, None), ("many", None), (-1, "Infinity"), (True, None), ([], None), (10**400, "Infinity")],
)
def test_a_price_that_makes_no_sense_costs_no_clip(credit: Any, cost: str | None) -> None:
    """The clip is there, and what was told is kept; about a number that can be no sum the books are loud."""
    status = read_status(DONE | {"creditsUsed": credit, "completeTime": "soon"})
    assert isinstance(status, Succeeded)
    assert (status.cost_usd, status.expires_at) == (None if cost is None else Decimal(cost), None)


@pytest.mark.parametrize("error", [None, {}, "gone", ["x"]])
def test_a_job_that_fails_without_a_reason_has_failed(error: Any) -> None:
    """What is told of the failure may be missing; that it failed is certain."""
    status = read_status(FAILED | {"error": error})
    assert isinstance(status, Ended)
    assert (status.code, status.charged) == ("failed", False)


@pytest.mark.parametrize("told", [DONE | {"output": None}, DONE | {"output": []}, DONE | {"status": "paused"}, {}, []])
async def test_an_answer_that_is_not_documented_is_asked_for_again(told: Any) -> None:
    """Success without a clip and states that nobody knows are loud, and end nothing."""
    async with hosted("kinovi", says(told)) as (provider, _):
        with pytest.raises(Transient, match="cannot be read"):
            await provider.poll(JOB)


INVALID = {
    "message": "Invalid inputs for model",
    "errors": [{"code": "too_small", "message": "Too few urls", "path": ["inputs", "urls"]}],
}


@pytest.mark.parametrize(
    ("status", "told", "kind"),
    [(404, {"message": "Not found"}, Terminal), (200, {"message": "hello"}, UnknownOutcome)],
)
async def test_an_order_at_a_wrong_address_and_an_odd_answer(status: int, told: Any, kind: type[TakeError]) -> None:
    """Where nothing is at the base URL the vendor is not asked again; an answer without a job leaves all open."""
    async with hosted("kinovi", says(told, status)) as (provider, server):
        with pytest.raises(kind) as raised:
            await provider.create(ORDER, REFERENCES, take_id="take-1")
    assert len(server.heard) == 1
    assert raised.value.scope is (Scope.VENDOR if kind is Terminal else Scope.ATTEMPT)


async def test_a_refused_parameter_is_named() -> None:
    """Where Kinovi says which input it objects to, so does the error."""
    async with hosted("kinovi", says(INVALID, 400)) as (provider, _):
        with pytest.raises(Terminal) as raised:
            await provider.create(ORDER, (), take_id="take-1")
    assert (raised.value.code, raised.value.input_name) == ("too_small", "inputs.urls")


async def test_a_job_that_kinovi_does_not_know_spoils_no_other() -> None:
    """The same status means a wrong address elsewhere; here the words tell them apart."""
    async with hosted("kinovi", says({"message": "Task not found"}, 404)) as (provider, _):
        with pytest.raises(Terminal, match="KINOVI_API_KEY") as raised:
            await provider.poll(JOB)
    assert (raised.value.code, raised.value.scope) == ("task_not_found", Scope.ATTEMPT)


async def test_what_kinovi_has_no_way_to_do_is_said_so() -> None:
    """No list to adopt lost orders from, and no end for a running job."""
    async with hosted("kinovi", says({})) as (provider, server):
        assert await provider.list_jobs(datetime.now(UTC)) is None
        assert await provider.cancel(JOB) is False
    assert server.heard == []


@given(
    st.sampled_from([read_new_job, read_upload, read_status]),
    ANY_JSON | bent(TAKEN) | bent(DONE) | bent(FAILED),
    st.sampled_from([200, 200, 200, 400, 404, 429, 500]),
)
def test_no_answer_raises_anything_but_a_marker(read: Any, told: Any, status: int) -> None:
    """Whatever Kinovi says, what follows for the money is clear."""
    only_marked_errors(SITE, read, told, status)


@pytest.mark.parametrize("key", ["", "  "])
def test_without_a_key_the_variable_is_named(key: str) -> None:
    """A missing key is said before anything is asked."""
    context = ProviderContext(scratch=Path("unused"), blob_path=Path, environment={"KINOVI_API_KEY": key})
    with pytest.raises(BadSetting, match="KINOVI_API_KEY is not set"):
        open_provider("kinovi", context)
