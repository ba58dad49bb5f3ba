"""Ten shots in three chains, bought at each hosted vendor's stand-in over sockets: what leaves is exactly what the
vendor's pages document, and what comes back is exactly what is kept."""

from __future__ import annotations

import hashlib
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, cast

import av
import pytest
from av.video.reformatter import Interpolation
from mypy_boto3_s3.client import S3Client
from PIL import Image

from flows.run.session import Result
from flows.settings import places_of, read_settings
from render.ledger import Take
from render.ledger.records import SentSeed
from render.ledger.rows import sent_seed
from render.store import Store, open_store
from storyboard.own_seed import own_seed
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import edit, master_of, money, pieces, plain_environment, produce, states, takes_of
from tests.flows.vendor_episode import (
    SWELL,
    VENDORS,
    VIDEO,
    Expected,
    Sent,
    Vendor,
    buys_at,
    documented,
    exactly,
    expected,
    standing,
    tokens,
    tokens_of,
    write_vendor_project,
)
from tests.render.sandbox.standing import Standing
from tests.s3 import s3_client, s3_endpoint
from tests.thinning import some, thinned
from tests.vendors import FACTS

__all__ = ["s3_client", "s3_endpoint", "standing"]

pytestmark = thinned

LAST = 95  # four seconds have 96 frames, counted from 0
PRECISE = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT


@dataclass(frozen=True, slots=True)
class Bought:
    """One vendor's episode after its run, beside what the sandbox knows of it."""

    vendor: Vendor
    project: Path
    result: Result
    jobs: dict[str, dict[str, Any]]  # by shot key
    log: list[dict[str, Any]]
    takes: dict[str, Take]  # by shot key
    store: Store
    money: tuple[Decimal, Decimal]

    def frame(self, sent: Sent) -> Image.Image:
        """The frame that a shot must begin on, decoded here from the clip in the store, from its very first frame."""
        key, index = sent.frame
        clip = self.takes[key].clip
        assert clip is not None
        with av.open(str(self.store.local_path(clip.sha256))) as container:
            frames = container.decode(video=0)
            frame = next(islice(frames, index, None))
            assert index < LAST or next(frames, None) is None, "no frame follows the last one"
            picture = frame.reformat(format="rgb24", interpolation=PRECISE).to_image()  # type: ignore[no-untyped-call]
        return cast("Image.Image", picture)

    def own_seed(self, key: str) -> int | None:
        """The seed of Tailframe's own that the ledger says this shot was ordered with."""
        seed = sent_seed(self.takes[key].request_json)
        assert seed is None or seed.own
        return None if seed is None else seed.value

    def blob(self, sha256: str) -> bytes:
        return self.store.local_path(sha256).read_bytes()


@pytest.fixture(scope="module", params=some(VENDORS, 5), ids=str)
def bought(
    request: pytest.FixtureRequest,
    standing: Standing,
    tmp_path_factory: pytest.TempPathFactory,
    s3_endpoint: str,
    s3_client: S3Client,
) -> Iterator[Bought]:
    """The episode, bought once at each vendor. What reads links alone is given them by a bucket."""
    vendor: Vendor = request.param
    with pytest.MonkeyPatch.context() as environment:
        buys_at(vendor, standing, s3_endpoint, s3_client, environment)
        yield _bought(vendor, standing, write_vendor_project(tmp_path_factory.mktemp(vendor.name), vendor))


def _bought(vendor: Vendor, standing: Standing, project: Path) -> Bought:
    heard = len(standing.log())
    result = produce(project)
    places = places_of(project, read_settings())
    takes = {take.shot.removeprefix("e01/"): take for take in takes_of(project)}
    jobs = {job["id"]: job for job in standing.jobs()}
    return Bought(
        vendor=vendor,
        project=project,
        result=result,
        jobs={key: jobs[take.job_id] for key, take in takes.items() if take.job_id},
        log=standing.log()[heard:],
        takes=takes,
        store=open_store(places.store_url, cache=places.private / "cache"),
        money=money(project),
    )


def test_the_whole_episode_is_made(bought: Bought) -> None:
    """Ten jobs for ten shots, and a master as long as the storyboard says."""
    assert (bought.result.exit_code, bought.result.message) == (0, "")
    assert set(states(bought.result).values()) == {"done"}
    assert [shot.key for shot in expected(bought.vendor)] == [outcome.key for outcome in bought.result.outcomes]
    assert len([each for each in bought.log if each["kind"] == "create"]) == len(bought.jobs) == 10
    assert sum(frames for _, _, frames in pieces(bought.project)) == round(35.8 * 24)
    assert master_of(bought.project).stat().st_size > 0


def test_orders_hold_exactly_the_documented_keys_and_types(bought: Bought) -> None:
    """Not one key more or fewer, a length as text or number as the page has it, and nothing left to a default."""
    for shot in expected(bought.vendor):
        job = bought.jobs[shot.key]
        links: dict[str, list[str]] = defaultdict(list)
        for reference in job["references"]:
            links[reference["kind"]].append(reference["url"])
        sent = shot if shot.seed is not None else replace(shot, seed=bought.own_seed(shot.key))
        assert exactly(job["body"]) == exactly(documented(bought.vendor, sent, job["prompt"], links)), shot.key


def test_every_order_has_a_seed_where_its_vendor_takes_one(bought: Bought) -> None:
    """The producer's, or one that is written down with the claim and follows from wish and variation; each its own."""
    seeds = {shot.key: bought.own_seed(shot.key) for shot in expected(bought.vendor) if shot.seed is None}
    if not bought.vendor.seed:
        assert set(seeds.values()) == {None}
        return
    takes = bought.takes
    assert seeds == {key: own_seed(takes[key].wish, takes[key].variation) for key in seeds}
    assert len(set(seeds.values())) == len(seeds) == 9
    assert sent_seed(takes["shore/020"].request_json) == SentSeed(7, own=False)


def test_nothing_is_odd_about_any_request(bought: Bought) -> None:
    """No unknown key, no key sent to a file's link, no refusal: every request of the run was taken as it was."""
    odd = [each for each in bought.log if each["status"] != 200 or set(each["flags"]) - {"last frame"}]
    assert odd == []


def test_prompts_point_at_each_reference_once_and_in_order(bought: Bought) -> None:
    """The n-th token of a kind stands beside the name of what is sent in the n-th place of its list."""
    for shot in expected(bought.vendor):
        prompt, wanted = bought.jobs[shot.key]["prompt"], tokens(bought.vendor, shot)
        assert sorted(tokens_of(prompt)) == sorted(wanted), shot.key
        for each, token in zip(shot.sent, wanted or [""], strict=True):
            assert re.search(each.words.replace("{}", re.escape(token)), prompt, flags=re.MULTILINE), (token, prompt)


def test_beats_lines_and_what_is_unwanted_are_in_the_models_form(bought: Bought) -> None:
    """Seedance 2.0 gets times in prose, lines as speech and negative sentences, at whichever vendor."""
    heard = {key: job["prompt"].splitlines() for key, job in bought.jobs.items()}
    assert any(re.fullmatch(r"From 0\.5 s: it catches Tomas \(\S+\)\.", line) for line in heard["night/020"])
    assert any(re.fullmatch(r'Mara (\(.+\) )?says: "One more winter\."', line) for line in heard["lamp/020"])
    unwanted = "No burnt-in captions or subtitles. No music."
    assert [key for key, lines in heard.items() if unwanted in lines] == ["shore/020"]


def test_every_reference_arrives_as_it_is_in_the_project(bought: Bought) -> None:
    """Byte for byte, in the place of its token; what a vendor would not take is changed just enough to be taken."""
    for shot in expected(bought.vendor):
        arrived = bought.jobs[shot.key]["references"]
        files = [each for each in by_list(shot) if each.file]
        rest = arrived[len(arrived) - len(files) :]
        assert len(arrived) == len(shot.sent), shot.key
        for each, reference in zip(files, rest, strict=True):
            original = bought.project / each.file
            if fits(bought.vendor, each, original):
                assert reference["sha256"] == sha256_of(original.read_bytes()), (shot.key, each.file)
            else:
                assert reference["kind"] == each.kind
                assert_just_enough(bought.vendor, reference, original)


def by_list(shot: Expected) -> list[Sent]:
    """As the sandbox reads them: pictures, films, sounds."""
    return sorted(shot.sent, key=lambda each: ("image", "video", "audio").index(each.kind))


def fits(vendor: Vendor, sent: Sent, original: Path) -> bool:
    """Whether the vendor's page lets this file pass as it is."""
    if sent.kind == VIDEO:
        return vendor.smallest_film <= 640 * 360
    if sent.kind == "audio":
        return True
    with Image.open(original) as picture:
        return min(picture.size) >= vendor.smallest_side


def assert_just_enough(vendor: Vendor, reference: dict[str, Any], original: Path) -> None:
    """Enlarged to the vendor's least, and to nothing beyond it, in the same shape."""
    width, height = reference["width"], reference["height"]
    if reference["kind"] == VIDEO:
        assert original.name == SWELL.rpartition("/")[2]
        assert vendor.smallest_film <= width * height <= vendor.smallest_film * 1.02
        assert width / height == pytest.approx(640 / 360, rel=0.01)
        assert (reference["seconds"], reference["fps"]) == (pytest.approx(2, abs=0.05), 24)
    else:
        assert (width, height) == pytest.approx((vendor.smallest_side, vendor.smallest_side), abs=2)
        assert min(width, height) >= vendor.smallest_side


def test_each_file_goes_once(bought: Bought) -> None:
    """However many shots name it; and to a vendor that reads links, none goes at all."""
    uploads = [each for each in bought.log if each["kind"] == "upload"]
    different = {reference["sha256"] for job in bought.jobs.values() for reference in job["references"]}
    assert len(uploads) == (len(different) if bought.vendor.uploads else 0)


def test_the_frame_that_is_sent_is_the_true_last_one(bought: Bought) -> None:
    """Pixel for pixel the frame on which the cut leaves the shot before: of an untrimmed clip its last decoded one."""
    continued = [shot for shot in expected(bought.vendor) if shot.sent[0].frame[0]]
    assert len(continued) == 7
    for shot in continued:
        first = bought.jobs[shot.key]["references"][0]
        sent = Image.open(io.BytesIO(bought.blob(first["sha256"])))
        assert (first["format"], sent.format, sent.mode, sent.size) == ("png", "PNG", "RGB", (864, 496))
        assert sent.tobytes() == bought.frame(shot.sent[0]).tobytes(), shot.key


def test_the_clip_that_is_kept_is_the_one_that_was_given(bought: Bought, standing: Standing) -> None:
    """Byte for byte what the vendor's own link gives for that very job, and no two shots have the same one."""
    facts = FACTS[bought.vendor.name]
    for key, take in bought.takes.items():
        link = facts.clip_link(standing.get(bought.vendor.name, facts.poll.format(take.job_id)).json())
        given = standing.http.get(link).content
        assert take.clip is not None
        assert (take.clip.sha256, take.clip.bytes) == (sha256_of(given), len(given)), key
        assert bought.blob(take.clip.sha256) == given
    assert len({take.clip.sha256 for take in bought.takes.values() if take.clip}) == 10


def test_the_ledger_and_the_vendor_agree_about_the_money(bought: Bought) -> None:
    """Shot by shot what the vendor's page says; where none says anything, what the project states."""
    plain, with_film = (Decimal(each) for each in bought.vendor.usd_per_second or ("0.05", "0.05"))
    costs = {key: take.cost_usd for key, take in bought.takes.items()}
    assert costs == {key: 4 * (with_film if key == "shore/010" else plain) for key in costs}
    assert bought.money == (sum((cost for cost in costs.values() if cost), Decimal(0)), Decimal(0))
    charged = {key: job["charged_usd"] for key, job in bought.jobs.items()}
    if bought.vendor.usd_per_second:
        assert {key: Decimal(each) for key, each in charged.items()} == costs
    else:
        assert set(charged.values()) == {None}


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def at_oxen(standing: Standing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same episode at the vendor that reads links alone, with a store on this machine, which gives none."""
    plain_environment(monkeypatch)
    for name, value in standing.environment.items():
        monkeypatch.setenv(name, value)
    (oxen,) = (vendor for vendor in VENDORS if not vendor.uploads)
    return write_vendor_project(tmp_path, oxen)


def test_a_sound_that_cannot_reach_a_vendor_is_told_before_anything_is_paid(at_oxen: Path, standing: Standing) -> None:
    """`check` says which reference, why, and what to do; nothing was asked of the vendor."""
    heard = len(standing.log())

    checked = tailframe("check", at_oxen)

    assert checked.exit_code == 2
    assert "references/cast/mara.wav is an audio reference, which this vendor reads by a public link" in checked.output
    assert "TAILFRAME_STORE_URL=s3://" in checked.output
    assert "references/swell.mp4 is a video reference" in checked.output
    assert len(standing.log()) == heard


def test_a_first_frame_that_a_vendor_lacks_is_refused_with_the_vendors_that_have_it(at_oxen: Path) -> None:
    """`check` names who begins on a literal first frame, beside the mode that this vendor has."""
    for reference in ('"references/cast/mara.wav"', f'"{SWELL}"'):
        edit(
            at_oxen,
            reference,
            '"references/cast/mara.png"',
            "series.yaml" if "cast" in reference else "episodes/e01.yaml",
        )
    edit(at_oxen, '"she turns a page"', '"she turns a page", "continuity": "first_frame"')

    checked = tailframe("check", at_oxen)

    assert checked.exit_code == 2
    assert "lamp/030" in checked.output
    assert "no model beside bytedance-seedance-2-0-reference-to-video that begins on a literal first" in checked.output
    assert "`continuity: tail_frame`" in checked.output
    assert "(aihubmax, animatic, evolink, kinovi)" in checked.output
