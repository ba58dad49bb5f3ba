"""What becomes of every kind of picture: what is sent of it, what the animatic shows, and what is refused."""

from __future__ import annotations

import asyncio
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from render.animatic.art import gather
from render.errors import MediaError
from render.media.apply_fit import apply_fit
from render.media.pictures import decode_whole
from render.media.probe import probe
from render.media.reference_facts import reference_facts
from storyboard.bind.fits import Fit, fit_for
from storyboard.capabilities import MediaLimits
from storyboard.request import BoundReference, ReferenceFacts
from storyboard.shot import MediaKind, Role
from tests.acme.orders import order
from tests.docs.pages import ROOT
from tests.render.media.odd_pictures import AS_IT_IS, BARE, CASES, CONVERTED, REFUSED, WHOLE, Case
from tests.render.media.picture_files import At, chart, drawn, exif, half, jpeg, saved
from tests.thinning import EVERY_MOMENT, one_in, thinned

LIMITS = MediaLimits(count=9, formats=("jpeg", "png", "webp"))
PRIVATE = (b"Exif", b"eXIf", b"EXIF", b"Mara", b"secret", b"home", b"xmpmeta", b"MPF")
TAKEN = [case for case in CASES if case.fate != REFUSED]
ON_WHITE, ON_DARK = (255, 255, 255), (24, 26, 30)  # the ground of the animatic's plates


def written(case: Case, folder: Path) -> Path:
    """The case's file, under a name that says nothing true of it."""
    path = folder / "picture.png"
    path.write_bytes(case.content())
    return path


def sent(path: Path, limits: MediaLimits = LIMITS) -> tuple[bytes, Fit | None]:
    """What a vendor with these limits gets of a file, and by which recipe."""
    fit = fit_for(reference_facts(path, path.name), limits)
    if fit is None:
        return path.read_bytes(), None
    target = path.with_name(f"fitted.{fit.format}")
    asyncio.run(apply_fit(path, str(fit), target))
    return target.read_bytes(), fit


def furthest(picture: Image.Image, shown: At, ground: tuple[int, int, int]) -> int:
    """The largest difference to what the formula says, on a ground; of 255."""
    wanted = (shown(x, y) for y in range(picture.height) for x in range(picture.width))
    mixed = (
        (over * seen + under * (255 - seen)) / 255
        for *colour, seen in wanted
        for over, under in zip(colour, ground, strict=True)
    )
    return round(max(abs(got - want) for got, want in zip(picture.convert("RGB").tobytes(), mixed, strict=True)))


@dataclass(frozen=True, slots=True)
class Sent:
    """A case's file, and what is sent of it."""

    case: Case
    path: Path
    content: bytes
    fit: Fit | None


@pytest.fixture(scope="module", params=TAKEN, ids=str)
def taken(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sent:
    """Each picture that is not refused, made to fit once for all tests."""
    path = written(request.param, tmp_path_factory.mktemp("picture"))
    return Sent(request.param, path, *sent(path))


@one_in(3)
def test_what_is_sent_is_what_viewers_show(taken: Sent) -> None:
    """Read by who knows no profile, no turn and no transparency, it is the picture that the formula says."""
    case, content, fit = taken.case, taken.content, taken.fit
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.format in {"JPEG", "PNG", "WEBP"}
        assert picture.mode in {"RGB", "L", "P"}
        assert not picture.has_transparency_data
        assert picture.size == case.size
        assert case.shown is not None
        assert furthest(picture, case.shown, ON_WHITE) <= case.within
    fate = AS_IT_IS if fit is None else BARE if fit.bare else CONVERTED
    assert fate == case.fate
    assert [each for each in PRIVATE if each in content] == []


@one_in(3, first=1)
def test_the_animatic_shows_the_same(taken: Sent) -> None:
    """A preview is what the vendor will see, but for its dark ground."""
    case, path = taken.case, taken.path
    seen = BoundReference(
        token="@image1", kind=MediaKind.IMAGE, role=Role.LOCATION, name="shore", source="picture.png", sha256="0" * 64
    )
    plate = gather(order(references=(seen,)), lambda _: path).plate
    assert plate is not None
    assert plate.size == case.size
    assert case.shown is not None
    assert furthest(plate, case.shown, ON_DARK) <= case.within + 1


@pytest.mark.parametrize("case", [case for case in CASES if case.fate == REFUSED], ids=str)
def test_what_cannot_be_shown_is_refused_in_words(case: Case, tmp_path: Path) -> None:
    """It is named for what it is, before anything is made of it."""
    path = written(case, tmp_path)
    with pytest.raises(MediaError, match=case.words) as refused:
        reference_facts(path, path.name)
    assert "picture.png" in str(refused.value)


@one_in(3, first=2)
def test_the_same_picture_gives_the_same_bytes(taken: Sent, tmp_path: Path) -> None:
    """Twice, from the same file; and what was made needs nothing done to it."""
    assert sent(taken.path)[0] == taken.content
    (tmp_path / "again").write_bytes(taken.content)
    assert sent(tmp_path / "again") == (taken.content, None)


@pytest.mark.parametrize("case", [case for case in CASES if case.fate == BARE], ids=str)
def test_metadata_goes_without_touching_a_pixel(case: Case, tmp_path: Path) -> None:
    """The picture is not compressed anew."""
    path = written(case, tmp_path)
    content, _ = sent(path)
    with Image.open(path) as before, Image.open(io.BytesIO(content)) as after:
        assert before.tobytes() == after.tobytes()
    assert len(content) < path.stat().st_size


def test_the_page_promises_what_these_cases_prove() -> None:
    """Every row of the page's table is a row of cases with that fate, and the other way round."""
    page = (ROOT / "docs" / "media.md").read_text(encoding="utf-8").partition("## Pictures")[2].partition("\n## ")[0]
    rows = {
        tuple(cell.strip() for cell in line.strip("|").split("|")[:2]) for line in page.splitlines() if line[:1] == "|"
    }
    rows -= {row for row in rows if row[0] in {"picture", "---"} or row[0].startswith("---")}
    assert rows == {(case.row, case.fate) for case in CASES}


@thinned
@pytest.mark.parametrize("name", WHOLE)
def test_a_picture_is_whole_or_refused(name: str, tmp_path: Path) -> None:
    """Whole it decodes; without its end, or with half of it, it is refused where its decoder can know."""
    path = tmp_path / "a.png"
    content = WHOLE[name]()
    path.write_bytes(content)
    decode_whole(path)
    ends = range(1, len(content)) if EVERY_MOMENT else (len(content) // 2, len(content) * 9 // 10)
    slack = 2 if name == "gif" else 0  # the picture of a GIF is whole before its last two bytes
    for end in (each for each in ends if each < len(content) - slack):
        path.write_bytes(content[:end])
        with pytest.raises(MediaError, match=r"a\.png"):
            decode_whole(path)


@pytest.mark.parametrize("cut", [1, 2, 12, 40])
@pytest.mark.parametrize("name", ["jpeg", "progressive jpeg", "png", "webp"])
def test_what_lacks_its_last_bytes_is_known_without_decoding(name: str, cut: int, tmp_path: Path) -> None:
    """The parts of the file say so."""
    path = tmp_path / "a.png"
    path.write_bytes(WHOLE[name]()[:-cut])
    with pytest.raises(MediaError, match=r"a\.png cannot be read as an image: it is cut off or damaged"):
        probe(path)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")  # as `render.media.pictures` does for every run
def test_exif_data_that_cannot_be_read_turn_nothing(tmp_path: Path) -> None:
    """The picture is whole; viewers pass over what is not, and it is left out of what is sent."""
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg(drawn(mode="RGB"), exif=b"Exif\0\0II*\0 and nothing that makes sense"))
    content, fit = sent(path)
    assert str(fit) == "image:jpeg:bare"
    with Image.open(io.BytesIO(content)) as picture:
        assert furthest(picture, chart, ON_WHITE) <= 4


def test_a_jpeg_of_zeros_after_its_half_is_refused(tmp_path: Path) -> None:
    """A download that reserved its space, and never went on."""
    content = jpeg(drawn(mode="RGB"))
    path = tmp_path / "a.jpg"
    path.write_bytes(half(content).ljust(len(content), b"\0"))
    with pytest.raises(MediaError, match="cut off"):
        probe(path)


def test_a_profile_and_a_turn_are_kept_out_of_what_is_scaled_too(tmp_path: Path) -> None:
    """Small or large: always turned, and nothing said beside it."""
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg(drawn(mode="RGB"), exif=exif(6)))
    limits = MediaLimits(count=9, formats=("jpeg",), max_side=32)
    content, fit = sent(path, limits)
    assert str(fit) == "image:jpeg:18x32:srgb"
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.size == (18, 32)
        assert furthest(picture, lambda x, y: chart(2 * y, 35 - 2 * x), ON_WHITE) <= 8
    assert b"Exif" not in content


@pytest.mark.parametrize(
    ("format_", "max_bytes", "fit"),
    [
        ("PNG", None, "image:png:srgb"),
        ("PNG", 30_000_000, "image:png:30000000bytes:srgb"),
        ("PNG", 16_000, "image:jpeg:16000bytes:srgb"),
        ("WEBP", None, "image:png:srgb"),
    ],
)
def test_nothing_is_lost_where_it_is_light_enough(
    format_: str, max_bytes: int | None, fit: str, tmp_path: Path
) -> None:
    """PNG where that fits for certain, however the picture compresses; else JPEG."""
    path = tmp_path / "a.png"
    path.write_bytes(saved(drawn(lambda x, y: (*chart(x, y)[:3], 100)), format_, lossless=True))
    limits = MediaLimits(count=9, formats=("jpeg", "png", "webp"), max_bytes=max_bytes)
    assert str(sent(path, limits)[1]) == fit


def test_who_reads_pictures_as_we_do_is_given_the_original(tmp_path: Path) -> None:
    """The animatic cuts figures out by their transparency."""
    path = tmp_path / "a.png"
    path.write_bytes(saved(drawn(), "PNG", exif=exif(6)))
    assert sent(path, MediaLimits(count=9, formats=("png",), originals=True))[1] is None


def test_the_recipes_of_ordinary_pictures_are_those_that_takes_were_paid_for(tmp_path: Path) -> None:
    """Scaled or not, what fingerprints hold of them has not changed, and the bytes have not either."""
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg(drawn(mode="RGB")))
    facts = reference_facts(path, "a.jpg")
    assert (facts.unlike_srgb, facts.metadata) == ((), False)
    assert facts.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    content, fit = sent(path, MediaLimits(count=9, formats=("png",), max_side=32))
    assert str(fit) == "image:png:32x18"
    with Image.open(path) as plain:
        small = plain.convert("RGB").resize((32, 18), Image.Resampling.LANCZOS)
    assert content == saved(small, "PNG", optimize=True)


def test_facts_say_why_a_picture_is_converted(tmp_path: Path) -> None:
    """In words that a producer reads in the plan."""
    path = tmp_path / "a.png"
    path.write_bytes(jpeg(Image.new("CMYK", (16, 16)), exif=exif(3)))
    facts: ReferenceFacts = reference_facts(path, "a.png")
    assert facts.unlike_srgb == ("a turn in its EXIF data, which is applied", "CMYK colours")
    assert facts.metadata
