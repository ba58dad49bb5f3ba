"""Oxen.ai is asked in its own documented words, and its documented answers mean what they say."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.errors import BadSetting, Scope, StoreError, Terminal, Transient, UnknownOutcome
from render.ledger.stored_request import order_json
from render.providers.base import Ended, JobRef, ListedJob, Pending, Succeeded
from render.providers.oxen.capabilities import INLINE_BYTES
from render.providers.oxen.error_codes import ERROR_CODES
from render.providers.oxen.payloads import (
    INLINE,
    STATES,
    read_inline_clip,
    read_list,
    read_new_job,
    read_oxen_error,
    read_status,
)
from render.providers.registry import ProviderContext, open_provider
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
    says,
)
from tests.render.providers.wire import answer

pytestmark = pytest.mark.anyio

MODEL = "bytedance-seedance-2-0-reference-to-video"
ID = "bb8f5eb7-361e-4e13-ab73-67457bc8057e"
TAKEN = {"generations": [{"generation_id": ID, "status": "queued"}]}
DONE = {
    "generation_id": ID,
    "model_name": MODEL,
    "status": "succeeded",
    "result_url": "https://hub.oxen.example/c.mp4",
    "error_message": None,
    "enqueued_at": 1700000000,
    "started_at": 1700000010,
    "completed_at": 1700000180,
}
FAILED = DONE | {"status": "failed", "result_url": None, "error_message": "Invalid duration"}
CLIP = b"\0\0\0\x18ftypmp42 a clip"
WITHIN = DONE | {"result_url": None, "videos": [{"b64_json": base64.b64encode(CLIP).decode()}]}
QUEUE = {"generations": [DONE | {"prompt": "Mara lights the lamp"}]}
EARLY, LATE = datetime(2023, 11, 14, tzinfo=UTC), datetime(2023, 11, 15, tzinfo=UTC)
ORDER = order(provider="oxen", model=MODEL, resolution="720p", prompt="Mara (@Image1) lights the lamp")
JOB = JobRef(ID, ORDER)
SITE = endpoint("oxen", error_codes=ERROR_CODES, vendor_error=read_oxen_error)


async def sent(request: Any, references: Any, **environment: str) -> Any:
    """The order's body, as the server got it."""
    async with hosted("oxen", says(TAKEN), **environment) as (provider, server):
        assert await provider.create(request, references, take_id="take-1") == ID
    assert len(server.heard) == 1
    return heard(server).json


async def test_an_order_holds_what_is_documented_and_nothing_else() -> None:
    """Lists by kind, the length as text, one clip an order; every default is written out."""
    async with hosted("oxen", says(TAKEN)) as (provider, server):
        assert await provider.create(ORDER, REFERENCES, take_id="take-1") == ID
    told = heard(server)
    assert (told.method, told.target) == ("POST", "/queue")
    assert told.headers["authorization"] == f"Bearer {KEY}"
    assert "idempotency-key" not in told.headers
    assert told.json == {
        "model": MODEL,
        "prompt": "Mara (@Image1) lights the lamp",
        "input_images": ["https://files.example/Image1.png", "https://files.example/Image2.png"],
        "input_videos": ["https://files.example/Video1.mp4"],
        "input_audios": ["https://files.example/Audio1.mp3"],
        "resolution": "720p",
        "duration": "4",
        "aspect_ratio": "16:9",
        "generate_audio": True,
        "num_generations": 1,
    }


async def test_an_order_says_seed_silence_and_a_free_length() -> None:
    """A seed only where one is wanted, and `auto` as a text; empty lists stand as in the vendor's own example."""
    body = await sent(order(model=MODEL, seed=7, audio=False, duration_s=None), ())
    assert (body["seed"], body["generate_audio"], body["duration"]) == (7, False, "auto")
    assert (body["input_images"], body["input_videos"], body["input_audios"]) == ([], [], [])


async def test_a_namespace_is_sent_where_it_is_set_and_is_no_part_of_the_work() -> None:
    """Who pays is in the order alone: the request, from which every hash is made, knows nothing of it."""
    assert (await sent(ORDER, (), OXEN_NAMESPACE="studio"))["target_namespace"] == "studio"
    assert "target_namespace" not in await sent(ORDER, (), OXEN_NAMESPACE=" ")
    assert "namespace" not in order_json(ORDER)


@pytest.mark.parametrize("namespace", ["a b", "a/b", "a\x00b", "a?b"])
def test_a_namespace_that_is_none_names_its_variable(namespace: str) -> None:
    """A slip is said before anything is asked."""
    environment = {"OXEN_API_KEY": KEY, "OXEN_NAMESPACE": namespace}
    with pytest.raises(BadSetting, match="OXEN_NAMESPACE"):
        open_provider("oxen", ProviderContext(scratch=Path("unused"), blob_path=Path, environment=environment))


async def test_a_picture_travels_within_the_order(tmp_path: Path) -> None:
    """As a `data:` link of its very bytes; nothing is asked of the vendor for it."""
    file = tmp_path / "0a1b.webp"
    file.write_bytes(b"RIFF mara WEBP")
    async with hosted("oxen", says({})) as (provider, server):
        reference = await provider.publish(REFERENCES[0].reference, file)
    assert server.heard == []
    assert reference.url == "data:image/webp;base64," + base64.b64encode(file.read_bytes()).decode()
    assert reference.expires_at is None


@pytest.mark.parametrize("index", [1, 3])
async def test_clips_and_sound_need_a_link(index: int, tmp_path: Path) -> None:
    """What cannot reach this vendor is said with what to do, before anything is ordered."""
    file = tmp_path / "0a1b.mp4"
    file.write_bytes(CLIP)
    async with hosted("oxen", says({})) as (provider, server):
        with pytest.raises(Terminal, match="TAILFRAME_STORE_URL=s3://") as raised:
            await provider.publish(REFERENCES[index].reference, file)
    assert server.heard == []
    assert (raised.value.scope, raised.value.charged) == (Scope.SHOT, False)
    assert raised.value.input_name == REFERENCES[index].reference.token


async def test_a_picture_too_large_for_an_order_is_refused(tmp_path: Path) -> None:
    """An order that takes minutes to send is one whose answer may be lost."""
    file = tmp_path / "0a1b.png"
    file.write_bytes(b"\0" * (INLINE_BYTES + 1))
    async with hosted("oxen", says({})) as (provider, _):
        with pytest.raises(Terminal, match=f"{INLINE_BYTES + 1} bytes"):
            await provider.publish(REFERENCES[0].reference, file)


async def test_a_done_job_tells_its_clip() -> None:
    """Where it is; neither its price nor the end of its link is told."""
    async with hosted("oxen", says(DONE)) as (provider, server):
        status = await provider.poll(JOB)
    assert heard(server).target == f"/queue/{ID}"
    assert status == Succeeded(clip_url="https://hub.oxen.example/c.mp4")


async def test_a_clip_within_the_answer_becomes_a_file(tmp_path: Path) -> None:
    """It is asked for again when it is fetched, so no ledger holds it."""
    target, told = tmp_path / "clip.mp4", []
    async with hosted("oxen", says(WITHIN)) as (provider, server):
        status = await provider.poll(JOB)
        assert status == Succeeded(clip_url=INLINE)
        await provider.download(JOB, INLINE, target, told.append)
        with pytest.raises(StoreError, match="cannot be written"):
            await provider.download(JOB, INLINE, tmp_path / "gone" / "clip.mp4", told.append)
    assert target.read_bytes() == CLIP
    assert told == [1.0]
    assert len(server.heard) == 3


async def test_a_clip_by_its_link_is_fetched_without_the_key(tmp_path: Path) -> None:
    """A link is for whoever has it."""
    async with hosted("oxen", answer(CLIP, kind="video/mp4")) as (provider, server):
        await provider.download(JOB, f"{server.url}/c.mp4", tmp_path / "clip.mp4", lambda _: None)
    assert (tmp_path / "clip.mp4").read_bytes() == CLIP
    assert "authorization" not in heard(server).headers


@pytest.mark.parametrize("state", ["queued", "processing"])
def test_a_job_is_on_its_way(state: str) -> None:
    """No progress is told."""
    assert read_status(DONE | {"status": state, "result_url": None}) == Pending(words=state)


def test_a_failed_job_whose_words_nobody_knows_says_to_try_again() -> None:
    """Its words stay. No refund is documented, so none is assumed."""
    status = read_status(FAILED | {"error_message": "The cat sat on the server"})
    assert isinstance(status, Ended)
    assert (status.code, status.words, status.charged) == ("failed", "The cat sat on the server", None)
    assert status.remedy.startswith("Produce again; where it fails so once more, change")


@pytest.mark.parametrize("said", [None, "", ["x"], 7])
def test_a_job_that_fails_without_a_reason_has_failed(said: Any) -> None:
    """What is told of the failure may be missing; that it failed is certain."""
    status = read_status(FAILED | {"error_message": said})
    assert isinstance(status, Ended)
    assert (status.code, status.charged) == ("failed", None)


def test_a_cancelled_job_is_no_failure() -> None:
    """Cancelled is told as such, and whether it was charged is not known."""
    assert read_status(DONE | {"status": "cancelled"}) == Ended(
        code="cancelled", words="it was cancelled", cancelled=True
    )


@pytest.mark.parametrize(
    "told",
    [
        DONE | {"result_url": None},
        DONE | {"status": "paused"},
        WITHIN | {"videos": [{"b64_json": "?"}]},
        WITHIN | {"videos": [{"b64_json": ""}]},
        {"status": "error", "status_message": "we stumbled"},
        {},
        [],
    ],
)
async def test_an_answer_that_is_not_documented_is_asked_for_again(told: Any) -> None:
    """Success without a clip and states that nobody knows are loud, and end nothing."""
    async with hosted("oxen", says(told)) as (provider, _):
        with pytest.raises(Transient, match="cannot be read"):
            await provider.poll(JOB)


async def test_a_key_that_is_not_taken_is_said_whatever_the_status() -> None:
    """This vendor tells some refusals within a 200."""
    async with hosted("oxen", says({"status": "error", "status_message": "unauthenticated"})) as (provider, _):
        with pytest.raises(Terminal, match="OXEN_API_KEY") as raised:
            await provider.poll(JOB)
    assert raised.value.scope is Scope.VENDOR


TITLED = {
    "error": {"type": "bad_request", "title": "Bad request", "detail": "Invalid resolution"},
    "status": "error",
    "status_message": "bad_request",
}


@pytest.mark.parametrize(
    ("told", "why"), [({"generations": []}, "IndexError"), ({"generations": [{"status": "queued"}]}, "KeyError")]
)
async def test_an_order_with_an_odd_answer_is_unknown(told: Any, why: str) -> None:
    """Whatever came in place of a generation, the order may have been taken."""
    async with hosted("oxen", says(told)) as (provider, server):
        with pytest.raises(UnknownOutcome, match=why):
            await provider.create(ORDER, REFERENCES, take_id="take-1")
    assert len(server.heard) == 1


async def test_the_queue_is_asked_for_every_state() -> None:
    """Left alone it tells only what is unfinished, and a lost order may be done already."""
    async with hosted("oxen", says(QUEUE), OXEN_NAMESPACE="studio") as (provider, server):
        jobs = await provider.list_jobs(EARLY)
    targets = [heard(server, number).target for number in range(len(server.heard))]
    assert targets == [f"/queue?model={MODEL}&status={state}&namespace=studio" for state in STATES]
    made = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert jobs == (ListedJob(id=ID, model=MODEL, created_at=made, prompt="Mara lights the lamp"),)


def test_half_a_list_is_none() -> None:
    """What may leave out a younger job cannot say that one is the only one."""
    long = {"generations": [DONE] * 10}
    assert read_list(long, EARLY) is None
    assert read_list(long | {"total_pages": 2}, EARLY) is None
    assert read_list(QUEUE | {"total_pages": 2}, EARLY) is None
    assert len(read_list(long | {"total_pages": 1}, EARLY) or ()) == 10
    assert len(read_list(long, LATE) or ()) == 10


async def test_older_jobs_are_left_out() -> None:
    """Only what began since then is told."""
    async with hosted("oxen", says(QUEUE)) as (provider, _):
        assert await provider.list_jobs(LATE) == ()


async def test_a_list_that_cannot_be_read_is_none_to_adopt_from() -> None:
    """One odd entry could be the second that fits."""
    async with hosted("oxen", says({"generations": [{"generation_id": ID}]})) as (provider, _):
        with pytest.raises(Transient, match="cannot be read"):
            await provider.list_jobs(EARLY)


async def test_a_job_is_cancelled() -> None:
    """Queued or processing, by its id."""
    async with hosted("oxen", says({"status": "success", "generation_id": ID})) as (provider, server):
        assert await provider.cancel(JOB) is True
    assert (heard(server).method, heard(server).target) == ("DELETE", f"/queue/{ID}")


async def test_a_wrong_number_of_clips_is_our_mistake_and_no_shots() -> None:
    """What Tailframe alone decides is not blamed on the shot, and nothing more is ordered there."""
    told = {"generation_id": "g", "status": "failed", "result_url": None, "error_message": "Invalid num_generations"}
    async with hosted("oxen", says(told)) as (provider, _):
        status = await provider.poll(JOB)
    assert isinstance(status, Ended)
    assert (status.code, status.scope) == ("invalid_num_generations", Scope.VENDOR)
    assert "look for a newer Tailframe" in status.remedy


@given(
    st.sampled_from(
        [
            lambda told: read_new_job(told, ORDER.shot),
            read_status,
            read_inline_clip,
            lambda told: read_list(told, EARLY),
        ]
    ),
    ANY_JSON | bent(TAKEN) | bent(DONE) | bent(FAILED) | bent(WITHIN) | bent(QUEUE) | bent(TITLED),
    st.sampled_from([200, 200, 200, 400, 404, 429, 500]),
)
def test_no_answer_raises_anything_but_a_marker(read: Any, told: Any, status: int) -> None:
    """Whatever Oxen.ai says, what follows for the money is clear."""
    only_marked_errors(SITE, read, told, status)


def test_without_a_key_the_variable_is_named() -> None:
    """A missing key is said before anything is asked."""
    context = ProviderContext(scratch=Path("unused"), blob_path=Path, environment={})
    with pytest.raises(BadSetting, match="OXEN_API_KEY is not set"):
        open_provider("oxen", context)
