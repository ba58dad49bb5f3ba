"""A scene that is made to a song, bought at each hosted vendor's stand-in over sockets: each shot is sent exactly its
seconds, the master has the very same under it, and another length makes those shots again whose seconds changed."""

from __future__ import annotations

import io
import json
import math
import re
import wave
from array import array
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from mypy_boto3_s3.client import S3Client

from flows.settings import places_of, read_settings
from render.store import Store, open_store
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import AS_IT_IS, TINY, actions, made, master_of, money, produce, states, takes_of
from tests.flows.vendor_episode import VENDORS, buys_at, documented, exactly, ordered_seed, standing
from tests.projects import episode_file, png, scene, series_file, shot, write_project
from tests.render.cut.pieces import loudness_at, samples
from tests.render.sandbox.standing import Standing
from tests.s3 import s3_client, s3_endpoint
from tests.thinning import exhaustive, some
from tests.vendors.facts import AUDIO, IMAGE, Expected, Sent, Vendor

__all__ = ["s3_client", "s3_endpoint", "standing"]

RATE, SONG, MARA = 48_000, "references/music/song.wav", "references/cast/mara.png"
LENGTHS = (2.0, 2.5, 3.0)
BEGINS_S = 0.75


def song(seconds: int) -> array[int]:
    """Stereo, 16 bits: each half second has a tone of its own, so that every moment is heard by what it is."""
    wave_: array[int] = array("h")
    for half in range(2 * seconds):
        turn = 2 * math.pi * tone_of(half / 2) / RATE
        for at in range(RATE // 2):
            value = round(12_000 * math.sin(turn * at))
            wave_.extend((value, value // 2))
    return wave_


def tone_of(second: float) -> float:
    """What is heard of the song at a moment, in hertz."""
    return 300 + 40 * (int(second * 2) % 40)


def song_file(values: array[int]) -> bytes:
    """The song as a WAV of 48 kHz."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(values.tobytes())
    return buffer.getvalue()


def project_of(folder: Path, vendor: Vendor, lengths: Sequence[float], values: array[int], **keys: Any) -> Path:
    """One scene of such shots, each by itself, made to the song; `keys` are those of its music."""
    shots = [shot(f"{10 * at:03}", f"{{{{ mara }}}} step {at}", duration=each) for at, each in enumerate(lengths, 1)]
    series = series_file(
        cast={"mara": {"name": "Mara", "references": [MARA]}},
        locations={},
        props={},
        styles={},
        defaults={"provider": vendor.name, "resolution": "480p", "continuity": "none"},
        delivery={**TINY, **AS_IT_IS},
        prices=[] if vendor.usd_per_second else [{"provider": vendor.name, "usd_per_second": 0.05}],
        budget={"series": 100},
    )
    music = {"source": SONG, "sync": True, **keys}
    episode = episode_file("e01", scene("dance", *shots, location=None, music=music), style=None)
    files = {MARA: png(400, 400), SONG: song_file(values)}
    return write_project(folder, series=series, episodes={"e01": episode}, files=files)


def samples_in(content: bytes) -> array[int]:
    """The numbers in a WAV, as it says them: 16 bits, stereo, 48 kHz."""
    with wave.open(io.BytesIO(content)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, RATE)
        return array("h", file.readframes(file.getnframes()))


def store_of(project: Path) -> Store:
    places = places_of(project, read_settings())
    return open_store(places.store_url, cache=places.private / "cache")


@pytest.fixture(params=some(VENDORS, 5, first=2), ids=str)
def vendor(
    request: pytest.FixtureRequest,
    standing: Standing,
    s3_endpoint: str,
    s3_client: S3Client,
    monkeypatch: pytest.MonkeyPatch,
) -> Vendor:
    """A vendor that this process buys from. What reads links alone is given them by a bucket."""
    asked: Vendor = request.param
    buys_at(asked, standing, s3_endpoint, s3_client, monkeypatch)
    return asked


@exhaustive
def test_each_shot_is_sent_the_seconds_that_lie_under_it(vendor: Vendor, standing: Standing, tmp_path: Path) -> None:
    """Sample for sample, in a documented order; the master has them where its pictures are, and no clip is heard."""
    values, heard = song(9), len(standing.log())
    project = project_of(tmp_path, vendor, LENGTHS, values, **{"from": BEGINS_S})
    result = produce(project)
    assert (result.exit_code, result.message) == (0, "")
    jobs = {job["id"]: job for job in standing.jobs()}
    at = BEGINS_S
    for take, length in zip(sorted(takes_of(project), key=lambda each: each.shot), LENGTHS, strict=True):
        job = jobs[take.job_id or ""]
        links: dict[str, list[str]] = defaultdict(list)
        for reference in job["references"]:
            links[reference["kind"]].append(reference["url"])
        (sound,) = [each for each in job["references"] if each["kind"] == AUDIO]
        sent = samples_in(store_of(project).local_path(sound["sha256"]).read_bytes())
        assert sent == values[2 * round(at * RATE) : 2 * round((at + length) * RATE)], take.shot
        at += length
        asked = Expected(take.shot, (Sent(IMAGE, "", MARA), Sent(AUDIO, "", SONG)), seed=ordered_seed(take))
        assert exactly(job["body"]) == exactly(documented(vendor, asked, job["prompt"], links))
        assert re.search(r"Made to the music of @[Aa]udio1; cuts and movement follow its beat\.", job["prompt"])
    assert [
        each for each in standing.log()[heard:] if each["status"] != 200 or set(each["flags"]) - {"last frame"}
    ] == []
    master = samples(master_of(project))
    for second in (0.1, 1.0, 2.1, 4.4, 4.6, 7.2):
        level = loudness_at(master, tone_of(BEGINS_S + second), second, 0.1)
        assert level == pytest.approx(12_000 / 32_768, rel=0.1), second


@exhaustive
def test_what_cannot_be_made_is_told_before_anything_is_paid(vendor: Vendor, tmp_path: Path) -> None:
    """A part that a vendor does not take, with the line of the shot; a song that ends too early, with its line."""
    project = project_of(tmp_path, vendor, (1, 16), song(3))
    written = (project / "episodes/e01.yaml").read_text().splitlines()
    told = tailframe("check", project)
    assert told.exit_code == 2

    def line(words: str) -> int:
        return next(number for number, each in enumerate(written, 1) if words in each)

    assert f"episodes/e01.yaml:{line(SONG)}:" in told.stdout
    assert f"{SONG} lasts 3 s, and the 2 shots made to it last 17 s: 14 s of it are missing" in told.stdout
    if vendor.name == "evolink":
        place = rf"episodes/e01.yaml:{line('010') - 1}:\d+: "
        assert re.search(rf"{place}dance/010: evolink: it is made to 0 to 1 s of {SONG}, and at least 2 s", told.stdout)
        assert "Make the shot at least 2 s long, write `sync: false` under that music" in told.stdout
    assert tailframe("produce", project, "e01", "--yes").exit_code == 2
    assert money(project) == (Decimal(0), Decimal(0))


@exhaustive
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("vendor", [each for each in VENDORS if each.name == "evolink"], indirect=True, ids=str)
def test_a_song_of_two_minutes_in_24_shots(vendor: Vendor, standing: Standing, tmp_path: Path) -> None:
    """All of it is made to the song; a shot that becomes shorter makes itself and those after it again, no others."""
    values = song(120)
    project = project_of(tmp_path, vendor, [5] * 24, values)
    assert set(states(produce(project)).values()) == {"done"}
    assert len(takes_of(project)) == 24
    check_sent(project, standing, values, [5.0] * 24)
    master = samples(master_of(project))
    assert len(master) == pytest.approx(120 * RATE, abs=2048)
    for second in range(2, 120, 9):
        assert loudness_at(master, tone_of(second + 0.25), second + 0.25) == pytest.approx(12_000 / 32_768, rel=0.1)

    shorten(project, "120", 4.5)
    after = [f"dance/{number:03}" for number in range(120, 250, 10)]
    expected = {f"dance/{number:03}": "reuse" for number in range(10, 250, 10)} | dict.fromkeys(after, "generate")
    assert actions(project) == expected
    assert made(produce(project)) == after
    check_sent(project, standing, values, [*[5.0] * 11, 4.5, *[5.0] * 12])
    assert len(takes_of(project)) == 24 + 13
    assert made(produce(project)) == []


def shorten(project: Path, id_: str, length: float) -> None:
    """Give one shot another length, as a producer does."""
    path = project / "episodes/e01.yaml"
    episode = json.loads(path.read_text())
    for each in episode["scenes"][0]["shots"]:
        if each["id"] == id_:
            each["duration"] = length
    path.write_text(json.dumps(episode, indent=2))


def check_sent(project: Path, standing: Standing, values: array[int], lengths: Sequence[float]) -> None:
    """The latest take of each shot was sent its seconds of the song."""
    latest = {take.shot: take for take in sorted(takes_of(project), key=lambda each: each.number)}
    jobs, store, at = {job["id"]: job for job in standing.jobs()}, store_of(project), 0.0
    for key, length in zip(sorted(latest), lengths, strict=True):
        (sound,) = [each for each in jobs[latest[key].job_id or ""]["references"] if each["kind"] == AUDIO]
        sent = samples_in(store.local_path(sound["sha256"]).read_bytes())
        assert sent == values[2 * round(at * RATE) : 2 * round((at + length) * RATE)], key
        at += length
