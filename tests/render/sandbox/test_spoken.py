"""The sandbox speaks one of Kinovi's dialects alone where it is told to, and lets as many jobs run as it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from render.sandbox.backend import KEY, Backend
from render.sandbox.footage import Footage
from render.sandbox.kinovi import Spelling
from render.sandbox.sandbox_app import application
from render.sandbox.vendor_books import Books

pytestmark = pytest.mark.anyio

NONSENSE = {
    "prompt": "",
    "mode": "reference",
    "urls": 0,
    "imageUrls": 0,
    "videoUrls": 0,
    "duration": "0",
    "outputResolution": "0p",
}
URLS = {"prompt": "a lamp", "mode": "reference", "urls": [], "duration": "4", "outputResolution": "480p"}
TYPED = {"prompt": "a lamp", "mode": "reference", "imageUrls": [], "duration": 4, "outputResolution": "480p"}


@asynccontextmanager
async def asked(folder: Path, *, kinovi: Spelling = "both", jobs_at_once: int = 5) -> AsyncIterator[httpx.AsyncClient]:
    """The sandbox's application, with jobs that never end in a test's time."""
    books = Books(folder)
    backend = Backend(books, Footage(folder / "clips"), 600.0, "http://127.0.0.1", jobs_at_once, {"kinovi": kinovi})
    headers = {"Authorization": f"Bearer {KEY}", "User-Agent": "Mozilla/5.0"}
    transport = httpx.ASGITransport(application(backend))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers) as client:
        yield client
    await backend.reader.aclose()
    books.close()


async def ordered(client: httpx.AsyncClient, inputs: dict[str, Any]) -> httpx.Response:
    return await client.post("/kinovi/api/v1/jobs/createTask", json={"model": "seedance-20", "inputs": inputs})


@pytest.mark.parametrize(
    ("spoken", "named"),
    [
        ("urls", {"inputs.urls"}),
        ("typed", {"inputs.imageUrls", "inputs.videoUrls"}),
        ("both", {"inputs.urls", "inputs.imageUrls", "inputs.videoUrls"}),
    ],
)
async def test_only_keys_of_the_spoken_dialect_are_complained_of(
    tmp_path: Path, spoken: Spelling, named: set[str]
) -> None:
    """Of lists that are none, those are named that the dialect has; keys of the other one are passed over."""
    async with asked(tmp_path, kinovi=spoken) as client:
        answer = await ordered(client, NONSENSE)
    assert answer.status_code == 400
    paths = {each["path"] for each in answer.json()["errors"]}
    assert {path for path in paths if "rls" in path} == named
    assert {"inputs.duration", "inputs.outputResolution"} <= paths


@pytest.mark.parametrize(
    ("spoken", "inputs", "path"), [("urls", TYPED, "inputs.duration"), ("typed", URLS, "inputs.duration")]
)
async def test_an_order_in_the_other_dialect_is_refused(
    tmp_path: Path, spoken: Spelling, inputs: Any, path: str
) -> None:
    """A length in text is no number, and a number no text; nothing is ordered."""
    async with asked(tmp_path, kinovi=spoken) as client:
        answer = await ordered(client, inputs)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["path"] == path
        assert (await client.get("/sandbox/jobs")).json() == []


async def test_as_many_jobs_run_at_once_as_it_is_told(tmp_path: Path) -> None:
    """The one beyond is refused, with the number that holds here."""
    async with asked(tmp_path, jobs_at_once=7) as client:
        answers = [await ordered(client, TYPED) for _ in range(8)]
    assert [each.status_code for each in answers] == [200] * 7 + [429]
    assert answers[7].json() == {"message": "Concurrency limit reached (7/7)", "limit": 7, "current": 7}


async def test_oxen_shows_the_model_that_it_sells(tmp_path: Path) -> None:
    """Whoever asks for another is told that there is none."""
    base = "/oxen/api/ai/models"
    async with asked(tmp_path) as client:
        known = await client.get(f"{base}/bytedance-seedance-2-0-reference-to-video")
        other = await client.get(f"{base}/other")
    assert known.json()["id"] == "bytedance-seedance-2-0-reference-to-video"
    assert (other.status_code, other.json()["error"]["type"]) == (404, "resource_not_found")
