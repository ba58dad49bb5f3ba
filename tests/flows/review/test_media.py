"""Films reach a browser by ranges, straight from where they lie: a folder, a bucket, the project itself."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from flows.review.room import Room
from tests.flows.episodes import plain_environment
from tests.flows.review.rooms import Browser, browser, open_room
from tests.flows.review.written_takes import big_series, with_takes
from tests.render.store.conftest import bucket, s3_client, s3_endpoint, s3_environment
from tests.s3 import TestBucket

__all__ = ["bucket", "s3_client", "s3_endpoint", "s3_environment"]

PAGE = "/e/e01/s/scene00/010"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A room over an episode of two shots with a take each."""
    with pytest.MonkeyPatch.context() as patch:
        plain_environment(patch)
        project = big_series(tmp_path_factory.mktemp("media"), shots=2)
        with_takes(project, takes_in_all=2, clips=1)
        with open_room(project) as room:
            yield room


@pytest.fixture(scope="module")
def ann(room: Room) -> Iterator[Browser]:
    """A browser that was let in."""
    with browser(room) as one:
        yield one


def clip_of(one: Browser) -> str:
    """The address of the first take's clip."""
    found = re.search(r'src="(/media/[0-9a-f]{64})"', one.page(PAGE))
    assert found is not None
    return found[1]


def test_a_film_is_given_whole_and_in_parts(room: Room, ann: Browser) -> None:
    """The very bytes, of a kind that no name and no vendor decides."""
    clip = clip_of(ann)
    whole = ann.get(clip)
    data = room.workspace.store.get(clip.rpartition("/")[2])
    assert (whole.status_code, whole.content, whole.headers["content-type"]) == (200, data, "video/mp4")
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in whole.headers["content-security-policy"]
    part = ann.get(clip, headers={"range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, data[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(data)}"
    assert ann.get(clip, headers={"range": f"bytes={len(data)}-"}).status_code == 416
    assert ann.get(clip, headers={"if-none-match": whole.headers["etag"]}).status_code == 304
    other = ann.get(clip, headers={"range": "bytes=0-9", "if-range": '"another"'})
    assert (other.status_code, len(other.content)) == (200, len(data))


def test_pictures_of_a_film_are_made_once_and_kept(room: Room, ann: Browser) -> None:
    """A small one for the board, and exact ones where two shots meet."""
    (poster,) = set(re.findall(r"/poster/\w+/\d+", ann.page("/e/e01")))
    small = ann.get(poster)
    assert small.headers["content-type"] == "image/jpeg"
    assert Image.open(io.BytesIO(small.content)).size == (480, 270)
    stills = re.findall(r"/still/\w+/\d+", ann.page(PAGE))
    assert [still.rpartition("/")[2] for still in stills] == ["23", "0"], "the last frame meets the first"
    exact = ann.get(stills[0])
    assert Image.open(io.BytesIO(exact.content)).format == "PNG"
    sha256 = hashlib.sha256(exact.content).hexdigest()
    assert room.workspace.store.has(sha256)
    assert ann.get(stills[0].replace("/23", "/24")).status_code == 404, "there is no such frame"


def test_a_copy_for_browsers_shows_the_same_frames(ann: Browser) -> None:
    """Where one cannot play the clip itself."""
    copy = ann.get(clip_of(ann).replace("/media/", "/proxy/"))
    assert copy.status_code == 200
    assert copy.headers["content-type"] == "video/mp4"
    assert copy.content[4:8] == b"ftyp"


def test_a_reference_is_given_as_it_lies_and_a_file_behind_a_link_is_not(room: Room, ann: Browser) -> None:
    """Nothing that leads out of the project leaves it."""
    (shown, *_) = re.findall(r'<img loading="lazy" src="(/media/\w+)"', ann.page(PAGE))
    picture = ann.get(shown)
    assert picture.headers["content-type"] == "image/png"
    served = room.served.served(shown.rpartition("/")[2])
    assert served is not None
    assert served.file is not None
    secret = room.root.parent / "secret.png"
    secret.write_bytes(b"secret")
    kept = served.file.rename(room.root.parent / "kept.png")
    served.file.symlink_to(secret)
    assert ann.get(shown).status_code == 404
    kept.rename(served.file)
    assert ann.get(shown).status_code == 200


def test_a_master_is_played_and_its_sound_is_shown(room: Room, ann: Browser) -> None:
    """From the folder that the producer opens, with a mark for every shot."""
    assert "There is no master" in ann.page("/e/e01/cut")
    master = room.workspace.store.get(clip_of(ann).rpartition("/")[2])
    output = room.root / "output" / "e01"
    output.mkdir(parents=True)
    (output / "e01.mp4").write_bytes(b"\0\0\0\x20" + master[4:])
    _write_manifest(output, (output / "e01.mp4").read_bytes())
    page = ann.page("/e/e01/cut?frame=12")
    assert page.count("a slate") >= 2
    (film,) = set(re.findall(r'src="(/media/\w+)"', page))
    assert ann.get(film).status_code == 200
    (peaks,) = set(re.findall(r"/peaks/\w+", page))
    assert json.loads(ann.get(peaks).content)["per_second"] == 20


def _write_manifest(output: Path, master: bytes) -> None:
    told = {"path": "e01.mp4", "sha256": hashlib.sha256(master).hexdigest(), "bytes": len(master)}
    nobody = dict.fromkeys(("take", "provider", "model", "job_id", "fingerprint", "prompt", "clip", "tail_frame"))
    shots = [
        {
            "key": f"scene00/0{number}0",
            "slate": True,
            "references": [],
            "start_s": number - 1,
            "duration_s": 1,
            **nobody,
        }
        for number in (1, 2)
    ]
    manifest = {
        "series": "lighthouse",
        "episode": "e01",
        "snapshot": "5" * 64,
        "created_at": "2026-01-05T09:00:00Z",
        "master": {**told, "duration_s": 2, "width": 160, "height": 90, "fps": 24},
        "cost": {"estimated_usd": None, "actual_usd": None},
        "shots": shots,
    }
    (output / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.usefixtures("s3_environment")
def test_a_film_in_a_bucket_is_read_by_parts_and_not_fetched(
    tmp_path: Path, bucket: TestBucket, s3_endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A player that skips to the middle of an hour waits for no hour."""
    plain_environment(monkeypatch)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", s3_endpoint)
    monkeypatch.setenv("TAILFRAME_STORE_URL", bucket.url)
    project = big_series(tmp_path, shots=1)
    with_takes(project, takes_in_all=1, clips=1)
    cache = project / ".tailframe" / "cache"
    for file in cache.rglob("*"):
        if file.is_file():
            file.unlink()
    with open_room(project) as room, browser(room) as ann:
        part = ann.get(clip_of(ann), headers={"range": "bytes=-50"})
        assert (part.status_code, len(part.content)) == (206, 50)
        assert not [file for file in cache.rglob("*") if file.is_file()]
        assert ann.get("/e/e01").status_code == 200
