"""Parts of songs and films, and an edit of an own take, bought at each hosted vendor's stand-in over sockets."""

from __future__ import annotations

import tempfile
import wave
from array import array
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from mypy_boto3_s3.client import S3Client

from flows.settings import places_of, read_settings
from render.ledger import Take
from render.store import Store, open_store
from tests.clips import make_clip, numbers
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import edit, frames_in, plan, produce, takes_of
from tests.flows.vendor_episode import VENDORS, buys_at, documented, exactly, ordered_seed, standing
from tests.projects import episode_file, png, scene, series_file, shot, wav, write_project
from tests.render.sandbox.standing import Standing
from tests.s3 import s3_client, s3_endpoint
from tests.thinning import exhaustive, some
from tests.vendors.facts import Expected, Vendor

__all__ = ["s3_client", "s3_endpoint", "standing"]

pytestmark = exhaustive

SONG, FILM, PICTURE = "references/song.wav", "references/film.mp4", "references/sea.png"
NOTHING: dict[str, Any] = {"cast": {}, "locations": {}, "props": {}, "styles": {}}


@cache
def thirty_seconds() -> bytes:
    """A film whose frames carry their numbers."""
    with tempfile.TemporaryDirectory() as folder:
        return make_clip(Path(folder) / "film.mp4", frames=720, size=(864, 496)).read_bytes()


def write_project_of(folder: Path, vendor: Vendor) -> Path:
    """Three shots: one that dances to five seconds of a song and of a film, one plain, and one that is made of that."""
    parts = [PICTURE, {"source": SONG, "from": 12.5, "to": 17.5, "use": "music"}, {"source": FILM, "from": -5}]
    own = [{"shot": "sea/020", "use": "edit", "name": "try"}]
    shots = (
        shot("010", "she dances", duration=4, references=parts, continuity="none"),
        shot("020", "the sea", duration=2.5, references=[PICTURE], continuity="none"),
        shot("030", "{{ try }} at night", duration=4, references=own),
    )
    series: dict[str, Any] = {
        **NOTHING,
        "defaults": {"provider": vendor.name, "resolution": "480p"},
        "delivery": {"master": {"width": 160, "height": 90, "fps": 24}},
        "prices": [] if vendor.usd_per_second else [{"provider": vendor.name, "usd_per_second": 0.05}],
        "budget": {"series": 100},
    }
    return write_project(
        folder,
        series=series_file(**series),
        episodes={"e01": episode_file("e01", scene("sea", *shots, location=None), style=None)},
        files={SONG: wav(40), FILM: thirty_seconds(), PICTURE: png(400, 400)},
    )


@dataclass(frozen=True, slots=True)
class Bought:
    """One vendor's shots after their run, beside what the sandbox knows of them."""

    vendor: Vendor
    project: Path
    jobs: dict[str, dict[str, Any]]  # by shot key
    takes: dict[str, Take]
    log: list[dict[str, Any]]
    store: Store

    def sent(self, key: str, kind: str, folder: Path) -> Path:
        """The one file of a kind that the vendor has read for a shot."""
        (found,) = (each for each in self.jobs[key]["references"] if each["kind"] == kind)
        file = folder / f"sent.{found['format']}"
        file.write_bytes(self.store.local_path(found["sha256"]).read_bytes())
        return file


@pytest.fixture(scope="module", params=some(VENDORS, 5, first=2), ids=str)
def customer(
    request: pytest.FixtureRequest, standing: Standing, s3_endpoint: str, s3_client: S3Client
) -> Iterator[Vendor]:
    """This process buys from one vendor. What reads links alone is given them by a bucket."""
    vendor: Vendor = request.param
    with pytest.MonkeyPatch.context() as environment:
        buys_at(vendor, standing, s3_endpoint, s3_client, environment)
        yield vendor


@pytest.fixture(scope="module")
def bought(customer: Vendor, standing: Standing, tmp_path_factory: pytest.TempPathFactory) -> Bought:
    """The three shots, bought once at each vendor."""
    project = write_project_of(tmp_path_factory.mktemp(customer.name), customer)
    heard = len(standing.log())
    result = produce(project)
    assert (result.exit_code, result.message) == (0, "")
    places = places_of(project, read_settings())
    takes = {take.shot.removeprefix("e01/"): take for take in takes_of(project)}
    jobs = {job["id"]: job for job in standing.jobs()}
    return Bought(
        vendor=customer,
        project=project,
        jobs={key: jobs[take.job_id] for key, take in takes.items() if take.job_id},
        takes=takes,
        log=standing.log()[heard:],
        store=open_store(places.store_url, cache=places.private / "cache"),
    )


def test_orders_hold_exactly_the_documented_keys(bought: Bought) -> None:
    """A part and a job need no key of their own: the part is the file that is sent, the job is in the prompt."""
    for key, job in bought.jobs.items():
        links: dict[str, list[str]] = defaultdict(list)
        for reference in job["references"]:
            links[reference["kind"]].append(reference["url"])
        asked = Expected(key, (), seed=ordered_seed(bought.takes[key]))
        wanted = documented(bought.vendor, asked, job["prompt"], links)
        assert exactly(job["body"]) == exactly(wanted), key
    assert [each for each in bought.log if each["status"] != 200 or set(each["flags"]) - {"last frame"}] == []
    assert set(bought.jobs) == {"sea/010", "sea/020", "sea/030"}


def test_the_songs_seconds_are_sent(bought: Bought, tmp_path: Path) -> None:
    """From 12.5 to 17.5, to the sample."""
    assert samples_of(bought.sent("sea/010", "audio", tmp_path)) == samples_of(bought.project / SONG)[100_000:140_000]


def test_the_films_last_seconds_are_sent(bought: Bought, tmp_path: Path) -> None:
    """Its last five, to the frame."""
    assert numbers(bought.sent("sea/010", "video", tmp_path)) == list(range(600, 720))


def test_of_the_own_take_what_the_cut_uses_is_sent(bought: Bought, tmp_path: Path) -> None:
    """Sixty frames of the 96 that were bought."""
    clip = bought.takes["sea/020"].clip
    assert clip is not None
    assert clip.frames == 96
    assert frames_in(bought.sent("sea/030", "video", tmp_path)) == 60


def test_prompts_say_what_references_are_for(bought: Bought) -> None:
    """Each token once, beside its job; an edit is said first, by its name."""
    token = bought.vendor.token.lower() == bought.vendor.token
    video, audio = ("@video1", "@audio1") if token else ("@Video1", "@Audio1")
    dance, made = bought.jobs["sea/010"]["prompt"], bought.jobs["sea/030"]["prompt"]
    assert f"\nThe music is {audio}.\n" in dance
    assert f"Follow the movement of {video}." in dance
    assert made == f"Edit try ({video}): keep everything that is not said otherwise here.\ntry at night."


def test_prices_count_the_part(bought: Bought) -> None:
    """What the vendor charges and what the ledger holds are the same; EvoLink bills five seconds of thirty."""
    costs = {key: take.cost_usd for key, take in bought.takes.items()}
    if bought.vendor.usd_per_second:
        assert {key: Decimal(job["charged_usd"]) for key, job in bought.jobs.items()} == costs
    if bought.vendor.name == "evolink":
        assert costs["sea/010"] == Decimal("0.0560") * (5 + 4)
    assert {each.action.value for each in plan(bought.project).shots} == {"reuse"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('"to": 17.5', '"to": 47.5'), "lasts 40 s, and the part that is meant (from: 12.5, to: 47.5) is not in it"),
        (('"from": -5', '"note": "waves"'), "lasts 30 s, and at most 15 s are taken. Say which part is meant"),
        (('"use": "music"', '"use": "edit"'), "`use: edit` needs a video, and this is a sound"),
        (('"use": "edit"', '"use": "voice"'), "`use: voice` needs a sound, and this is a video"),
    ],
)
def test_what_cannot_be_sent_is_told_and_costs_nothing(
    customer: Vendor, standing: Standing, tmp_path: Path, change: tuple[str, str], words: str
) -> None:
    """By `check`, with file and line; a run orders nothing, at whichever vendor."""
    project = write_project_of(tmp_path, customer)
    edit(project, *change)
    jobs = len(standing.jobs())
    done = tailframe("check", project)
    assert done.exit_code == 2
    assert words in done.stdout
    assert "episodes/e01.yaml:" in done.stdout
    assert tailframe("produce", project, "e01", "--yes").exit_code == 2
    assert len(standing.jobs()) == jobs


def test_a_part_that_is_too_short_is_refused_where_the_pages_say_so(customer: Vendor, tmp_path: Path) -> None:
    """A second of a film is too short for three of them, and Kinovi's pages name no shortest."""
    project = write_project_of(tmp_path, customer)
    edit(project, '"from": -5', '"from": -1')
    done = tailframe("check", project)
    assert done.exit_code == (0 if customer.name == "kinovi" else 2)
    told = {
        "kinovi": "",
        "evolink": "the part of references/film.mp4 that is meant, 29 to 30 s, is 1 s long, and at least 2 s are asked",
        "aihubmax": "29 to 30 s of references/film.mp4 lasts 1 s, and at least 2 s of video are asked for in all",
        "oxen": "29 to 30 s of references/film.mp4 lasts 1 s, and at least 2 s of video are asked for in all",
    }
    assert told[customer.name] in done.stdout


def samples_of(file: Path) -> array[int]:
    """The samples of a WAV with 16 bits."""
    with wave.open(str(file)) as opened:
        return array("h", opened.readframes(opened.getnframes()))
