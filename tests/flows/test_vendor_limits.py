"""Limits of vendors that are sums, or hang on whether links are given, over sockets: what arrives is what they take."""

from __future__ import annotations

import hashlib
import random
import struct
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from mypy_boto3_s3.client import S3Client
from PIL import Image

from tests.clips import make_clip
from tests.flows.accounts import Account, sandbox
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import edit, manifest, plain_environment, produce, states
from tests.projects import episode_file, png, scene, series_file, shot, write_project
from tests.render.sandbox.standing import Standing
from tests.s3 import ENVIRONMENT, s3_client, s3_endpoint
from tests.sounds import STEREO, make_sound
from tests.thinning import exhaustive

__all__ = ["s3_client", "s3_endpoint"]

pytestmark = exhaustive

MB = 1_000_000


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    with sandbox(tmp_path_factory.mktemp("sandbox") / "state", job_seconds=0.05) as standing:
        yield standing


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A film of one second, of as many pixels as vendors ask for."""
    return make_clip(tmp_path_factory.mktemp("film") / "second.mp4", frames=24, size=(864, 480)).read_bytes()


@pytest.fixture
def here(standing: Standing, monkeypatch: pytest.MonkeyPatch) -> Standing:
    """This process buys from the sandbox, and keeps its clips on this machine."""
    plain_environment(monkeypatch)
    for name, value in (standing.environment | {"TAILFRAME_POLL_INTERVAL": "0.05"}).items():
        monkeypatch.setenv(name, value)
    return standing


@pytest.fixture
def links(here: Standing, s3_endpoint: str, s3_client: S3Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a bucket gives links to them."""
    bucket = f"bucket-{token_hex(6)}"
    s3_client.create_bucket(Bucket=bucket)
    settings = ENVIRONMENT | {"AWS_ENDPOINT_URL_S3": s3_endpoint, "TAILFRAME_STORE_URL": f"s3://{bucket}"}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


def project(folder: Path, vendor: str, files: dict[str, bytes]) -> Path:
    """One shot of four seconds that sends these files."""
    plain: dict[str, Any] = dict.fromkeys(("cast", "locations", "props", "styles"))
    series = series_file(
        **plain,
        defaults={"provider": vendor, "resolution": "480p"},
        delivery={"master": {"width": 160, "height": 90, "fps": 24}},
        prices=[{"provider": vendor, "usd_per_second": 0.05}],
    )
    one = scene("lamp", shot("010", "a lamp", duration=4, references=list(files)), location=None)
    return write_project(folder, series=series, episodes={"e01": episode_file("e01", one, style=None)}, files=files)


def sent(standing: Standing, vendor: str, made: Path) -> list[dict[str, Any]]:
    """What a vendor's one new job was made with, as the sandbox fetched and measured it."""
    account = Account(standing, vendor)
    account.renew()
    result = produce(made)
    assert states(result) == {"lamp/010": "done"}, result.message
    (job,) = standing.jobs()
    found: list[dict[str, Any]] = job["references"]
    return found


def padded(film: bytes, size: int) -> bytes:
    """The same film in a file of so many bytes, by a box that every reader passes over."""
    return film + struct.pack(">I4s", size - len(film), b"free") + bytes(size - len(film) - 8)


def another(film: bytes) -> bytes:
    """The same film as another file."""
    return padded(film, len(film) + 64)


def noise(path: Path, side: int) -> bytes:
    """A picture that no encoder makes small."""
    Image.frombytes("RGB", (side, side), random.Random(1).randbytes(3 * side * side)).save(path)
    return path.read_bytes()


@pytest.mark.parametrize("vendor", ["aihubmax", "oxen"])
def test_two_films_of_a_second_are_two_seconds(
    links: None, here: Standing, tmp_path: Path, second: bytes, vendor: str
) -> None:
    """Each is too short alone, and `check` says so; both together are sent as they are."""
    lonely = tailframe("check", project(tmp_path / "lonely", vendor, {"references/a.mp4": second}))
    assert lonely.exit_code == 2
    assert "at least 2 s of video are asked for in all" in " ".join(lonely.output.split())

    films = {"references/a.mp4": second, "references/b.mp4": another(second)}
    arrived = sent(here, vendor, project(tmp_path / "both", vendor, films))

    assert [each["sha256"] for each in arrived] == [hashlib.sha256(film).hexdigest() for film in films.values()]


@pytest.mark.parametrize("vendor", ["aihubmax", "oxen"])
def test_films_have_fifty_megabytes_together(
    links: None, here: Standing, tmp_path: Path, second: bytes, vendor: str
) -> None:
    """One of 30 MB that is sent beside a light one stays as it is; two of 30 MB are made to fit."""
    large = padded(second, 30 * MB)
    films = {"references/a.mp4": large, "references/b.mp4": another(second)}
    arrived = sent(here, vendor, project(tmp_path / "one", vendor, films))
    assert [each["bytes"] for each in arrived] == [30 * MB, len(another(second))]

    films = {"references/a.mp4": large, "references/b.mp4": padded(second, 30 * MB + 1)}
    fitted = sent(here, vendor, project(tmp_path / "two", vendor, films))
    assert all(each["bytes"] < 25 * MB for each in fitted)
    assert [each["format"] for each in fitted] == ["mp4", "mp4"]


@pytest.mark.parametrize(("vendor", "endings"), [("aihubmax", ["m4a", "aac", "flac"]), ("kinovi", ["ogg", "opus"])])
def test_sounds_that_a_vendor_does_not_name_are_sent_as_mp3(
    here: Standing, tmp_path: Path, vendor: str, endings: list[str]
) -> None:
    """As long as they are; and music in the same formats is cut in."""
    (tmp_path / "sounds").mkdir()
    codecs = {"m4a": "aac", "aac": "aac", "flac": "flac", "ogg": "libopus", "opus": "libopus"}
    sounds = {
        f"references/{ending}.{ending}": make_sound(
            tmp_path / "sounds" / f"a.{ending}", codecs[ending], seconds=2.5, layout="mono", channels=STEREO[:1]
        ).read_bytes()
        for ending in endings
    }
    made = project(tmp_path / "film", vendor, {"references/mara.png": png(400, 400), **sounds})
    music, title = next(iter(sounds)), '"title": "The Lamp"'
    edit(made, title, f'{title}, "music": {{"source": "{music}"}}')

    arrived = [each for each in sent(here, vendor, made) if each["kind"] == "audio"]

    assert [each["format"] for each in arrived] == ["mp3"] * len(endings)
    assert [each["seconds"] for each in arrived] == pytest.approx([2.5] * len(endings), abs=0.1)
    assert manifest(made)["shots"]


def test_a_large_picture_goes_to_oxen_whole_by_a_link(links: None, here: Standing, tmp_path: Path) -> None:
    """Six megabytes, not one of them changed."""
    picture = noise(tmp_path / "noise.png", 1450)
    assert len(picture) > 6 * MB
    (arrived,) = sent(here, "oxen", project(tmp_path / "film", "oxen", {"references/noise.png": picture}))
    assert (arrived["bytes"], arrived["url"][:4]) == (len(picture), "http")


def test_within_an_order_the_same_picture_is_made_lighter(here: Standing, tmp_path: Path) -> None:
    """Without links it travels inline, up to four megabytes."""
    picture = noise(tmp_path / "noise.png", 1450)
    (arrived,) = sent(here, "oxen", project(tmp_path / "film", "oxen", {"references/noise.png": picture}))
    assert (arrived["format"], arrived["url"]) == ("jpeg", "data:…")
    assert arrived["bytes"] <= 4 * MB
