"""A stranger's record of takes: whatever it says, `verify` names it, and `restore` makes no folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from render.episode.archive import Finding, Problem, archive_episode, restore, verify
from render.episode.archive.take_records import books_json, import_books, read_books
from render.episode.archive.tree import MOST_BYTES_OF_A_RECORD
from render.episode.archive_errors import ArchiveError
from render.errors import RenderError
from render.ledger import open_ledger, queries
from tests.ledgers.earlier import TAKES_JSON
from tests.render.episode.archive.episode import FinishedEpisode, forge_takes
from tests.thinning import examples, one_in

Forge = Callable[[dict[str, Any]], object]
"""Changes the books, as JSON has them."""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archived episode, whose record of takes each test writes anew."""
    folder = tmp_path_factory.mktemp("made")
    finished = FinishedEpisode.make(folder / "studio", clip_bytes=100)
    return Path(archive_episode(finished.parts, folder / "archive", finished.store).url)


@pytest.fixture(scope="module")
def true_books(url: Path) -> dict[str, Any]:
    """What the record of takes says before anybody changes it."""
    read: dict[str, Any] = json.loads((url / "takes.json").read_text())
    return read


def forged(url: Path, books: dict[str, Any], forge: Forge) -> tuple[Finding, ...]:
    """What `verify` finds in an archive of which somebody changed the books."""
    changed = deepcopy(books)
    forge(changed)
    forge_takes(url, json.dumps(changed).encode())
    return verify(url)


def restores_nothing(url: Path, folder: Path) -> str:
    """Why it is not restored; no folder, whole or half, is left behind."""
    with pytest.raises(ArchiveError) as refusal:
        restore(url, folder / "machine" / "target")
    assert not (folder / "machine").exists() or list((folder / "machine").iterdir()) == []
    return str(refusal.value)


def take(**fields: Any) -> Forge:
    """The first take says this instead."""
    return lambda books: books["takes"][0].update(fields)


def clip(**fields: Any) -> Forge:
    """The first take's clip says this instead."""
    return lambda books: books["takes"][0]["clip"].update(fields)


def order(**fields: Any) -> Forge:
    """The first take's order says this instead."""

    def forge(books: dict[str, Any]) -> None:
        said = json.loads(books["takes"][0]["request_json"])
        books["takes"][0]["request_json"] = json.dumps(said | fields)

    return forge


def second(**fields: Any) -> Forge:
    """The second take says this instead."""
    return lambda books: books["takes"][1].update(fields)


def note(**fields: Any) -> Forge:
    """The first note says this instead."""
    return lambda books: books["notes"][0].update(fields)


def circle(**fields: Any) -> Forge:
    """The first choice says this instead."""
    return lambda books: books["circles"][0].update(fields)


FIRST, SECOND = "takes[0] of e01/lamp/010", "takes[1] of e01/lamp/020"
REFERENCE = {"token": "@image1", "kind": "image", "role": "cast", "name": "mara", "source": "a.png"}
STATED = {"account": "acme", "model": "acme-1", "resolution": "480p", "with_video": False, "published_usd": None}

FORGERIES: dict[str, tuple[Forge, str]] = {
    "an id that leads elsewhere": (take(id="../../x"), f"{FIRST}: id must be 32 hex digits"),
    "a number beyond all integers": (take(number=10**30), f"{FIRST}: number must be a whole number up to 1000000"),
    "a number that ends a column": (take(number=2**31 - 1), f"{FIRST}: number must be"),
    "an ordinal below nothing": (take(ordinal=-1), f"{FIRST}: ordinal must be"),
    "a variation beyond all integers": (take(variation=10**30), f"{FIRST}: variation must be"),
    "a clip that leads elsewhere": (clip(sha256="../../etc/passwd"), f"{FIRST}: clip.sha256 must be a sha256"),
    "a shot that leads elsewhere": (take(shot="../x"), "takes[0] of ../x: shot must be EPISODE/SCENE/SHOT"),
    "a vendor that colours": (take(provider="\x1b[31mred"), f"{FIRST}: provider must be a vendor's name"),
    "a model that moves the cursor": (take(model="x\x1b[2J"), f"{FIRST}: model must be a short text"),
    "a usage that rings": (take(usage="\a"), f"{FIRST}: usage must be a short text"),
    "a huge vendor": (take(provider="x" * 10**6), f"{FIRST}: provider must be"),
    "a huge job": (take(job_id="x" * 10**6), f"{FIRST}: job_id must be a job's id"),
    "a job that is a folder": (take(job_id=".."), f"{FIRST}: job_id must be a job's id"),
    "an account of another vendor": (take(account="kinovi"), f"{FIRST}: account must be one of its provider's"),
    "an account without a name": (take(account="acme:-"), f"{FIRST}: account must be one of its provider's"),
    "a cost that is no number": (take(cost_usd="NaN"), "takes[0].cost_usd: Input should be a finite number"),
    "a cost below nothing": (take(cost_usd="-1"), f"{FIRST}: cost_usd must be a sum of dollars"),
    "a bill of 10^15": (take(reported_usd="1e15"), f"{FIRST}: reported_usd must be a sum of dollars"),
    "a reservation below nothing": (take(reserved_usd="-1"), f"{FIRST}: reserved_usd must be a sum of dollars"),
    "a cost of a billion digits": (take(cost_usd="1e-999999999"), f"{FIRST}: cost_usd must be a sum of dollars"),
    "the year 1": (take(created_at="0001-01-01T00:00:00+14:00"), f"{FIRST}: created_at must be a time"),
    "the year 9999": (take(ended_at="9999-12-31T23:59:59-14:00"), f"{FIRST}: ended_at must be a time"),
    "the year 10000": (take(ended_at="10000-01-01T00:00:00Z"), "takes[0].ended_at: "),
    "a time without a zone": (take(submitted_at="2026-01-02T03:04:05"), f"{FIRST}: submitted_at must be a time"),
    "a wish that is none": (take(wish="x"), f"{FIRST}: wish must be a sha256"),
    "a fingerprint that is none": (take(fingerprint="F" * 64), f"{FIRST}: fingerprint must be a sha256"),
    "a take that failed": (take(state="failed"), f"{FIRST}: state must be done"),
    "a take without its clip": (take(clip=None), f"{FIRST}: state must be done, with a clip"),
    "a state that is none": (take(state="bought"), "takes[0].state: "),
    "a frame before the first": (
        take(continuity={"clip_sha256": "a" * 64, "index": -1}),
        f"{FIRST}: continuity.index must be a frame's number",
    ),
    "a note's id that leads elsewhere": (note(id="../../x"), "notes[0]: id must be 32 hex digits"),
    "a note on no take of these": (note(take="0" * 32), "notes[0]: take must be one that is archived"),
    "a note on no frame of the clip": (note(frame=120), "notes[0]: frame must be one of its clip"),
    "a note that moves the cursor": (note(words="\x1b[2J"), "notes[0]: words must be a text"),
    "a huge note": (note(words="x" * 2_001), "notes[0]: words must be a text"),
    "a note by two lines": (note(by="Ines\nRosa"), "notes[0]: by must be a short text"),
    "a drawing beside its frame": (note(drawing=[[[0, 2]]]), "notes[0]: drawing must be strokes"),
    "a drawing on no frame": (note(frame=None), "notes[0]: drawing must be on a frame"),
    "a rate that fills the memory": (clip(fps="1e999999999"), "takes[0]: no rate of frames per second"),
    "a rate beyond all": (clip(fps="999999999"), f"{FIRST}: clip.fps must be a rate"),
    "a length that fills the memory": (clip(duration_s="1e999999999"), f"{FIRST}: clip.duration_s must be a number"),
    "a length below nothing": (clip(duration_s="-1"), f"{FIRST}: clip.duration_s must be a number"),
    "one trait twice": (clip(traits=["pq"] * 2), f"{FIRST}: clip.traits must be what is not ordinary"),
    "sound of no channels": (clip(audio_channels=0), f"{FIRST}: clip.audio_channels must be a number of channels"),
    "further than black from white": (
        clip(first_apart="1.5"),
        f"{FIRST}: clip.first_apart must be a number from 0 to 1",
    ),
    "no pixels": (clip(width=0), f"{FIRST}: clip.width must be a number of pixels"),
    "times that are too few": (clip(frame_times_us=[0, 1]), f"{FIRST}: clip.frame_times_us must be one rising time"),
    "times that fall": (clip(frame_times_us=[*range(120)][::-1]), f"{FIRST}: clip.frame_times_us must be"),
    "another size than its file": (clip(bytes=99), f"{FIRST}: clip.bytes must be the 100 of its file"),
    "a clip that is not there": (clip(sha256="0" * 64), f"{FIRST}: clip.sha256 must be of a file in the archive"),
    "another shot's clip": (
        lambda books: books["takes"][0].update(clip=books["takes"][1]["clip"]),
        "takes: one must have the clip that the manifest names for lamp/010",
    ),
    "another number than the manifest's": (take(number=2), f"{FIRST}: number must be what the manifest says"),
    "another job than the manifest's": (take(job_id="job-7"), f"{FIRST}: job_id must be what the manifest says"),
    "another vendor than the manifest's": (
        take(provider="acne", account="acne"),
        f"{FIRST}: provider must be what the manifest says",
    ),
    "another series": (take(series="harbour"), f"{FIRST}: series must be lighthouse, as in the manifest"),
    "no take at all": (
        lambda books: books["takes"].clear() or books["notes"].clear(),
        "takes: one must have the clip that the manifest names for lamp/010",
    ),
    "no order": (take(request_json=None), f"{FIRST}: request_json must be an order that can be read"),
    "an order that is none": (take(request_json="{}"), f"{FIRST}: request_json must be an order that can be read"),
    "a huge order": (take(request_json="x" * (2 << 20)), f"{FIRST}: request_json must be an order of up to"),
    "a deep order": (take(request_json="[" * 10**5), f"{FIRST}: request_json must be an order that can be read"),
    "an order's rate": (order(fps="1e999999999"), f"{FIRST}: request_json must be an order that can be read"),
    "an order's estimate": (order(estimated_usd="1e999999999"), f"{FIRST}: request_json.estimated_usd must be a sum"),
    "an order's length": (order(billed_s="1e-999999999"), f"{FIRST}: request_json.billed_s must be a number"),
    "an order's reference": (
        order(references=[REFERENCE | {"sha256": "../x"}]),
        f"{FIRST}: request_json.references.sha256 must be a sha256",
    ),
    "an order's frame": (
        order(references=[REFERENCE | {"sha256": None, "frame": {"clip_sha256": "x", "index": 0}}]),
        f"{FIRST}: request_json.references.frame.clip_sha256 must be a sha256",
    ),
    "an order's stated price": (
        order(stated=STATED | {"usd_per_second": "-1", "seconds": "1"}),
        f"{FIRST}: request_json.stated.usd_per_second must be a sum",
    ),
    "one id for two": (
        lambda books: books["takes"][1].update(id=books["takes"][0]["id"]),
        f"{SECOND}: id is another take's too",
    ),
    "one job for two": (second(job_id="job-lamp/010"), f"{SECOND}: job_id is another take's too"),
    "one place for two": (
        second(shot="e01/lamp/010", number=2),
        "takes[1] of e01/lamp/010: ordinal is another take's too",
    ),
    "one number for two": (
        second(shot="e01/lamp/010", ordinal=1),
        "takes[1] of e01/lamp/010: number is another take's too",
    ),
    "a choice for another episode": (
        circle(shot="e02/lamp/010"),
        "circles[0] of e02/lamp/010: shot must be of the episode e01",
    ),
    "a choice for no shot": (circle(shot="e01/x"), "circles[0]: shot must be EPISODE/SCENE/SHOT"),
    "a choice of no take": (circle(take="\x1b"), "circles[0]: take must be a take's id"),
    "two choices for a shot": (circle(shot="e01/lamp/030"), "circles[1] of e01/lamp/030: shot has another choice too"),
    "what speaks of masters": (
        lambda books: books["links"].update({f"master:{'e' * 64}": "1" * 64}),
        f"links: master:{'e' * 64} must be a link's key, with a sha256",
    ),
    "a link that leads elsewhere": (
        lambda books: books["links"].update({f"link:{'f' * 64}": "../x"}),
        f"links: link:{'f' * 64} must be a link's key, with a sha256",
    ),
    "no takes in it": (lambda books: books.pop("takes"), "takes: Field required"),
}


@one_in(3)
@pytest.mark.parametrize(("forge", "said"), FORGERIES.values(), ids=FORGERIES)
def test_every_field_is_held_to_what_a_ledger_writes(
    url: Path, true_books: dict[str, Any], tmp_path: Path, forge: Forge, said: str
) -> None:
    """The finding names file, take and field, fit to be printed; the same words keep `restore` from making a file."""
    findings = forged(url, true_books, forge)
    assert {(finding.name, finding.problem) for finding in findings} == {("takes.json", Problem.INVALID)}
    assert any(finding.message.startswith(said) for finding in findings), findings
    assert all(finding.message.isprintable() and len(finding.message) < 400 for finding in findings)
    assert said in restores_nothing(url, tmp_path)


def test_true_books_verify_and_come_back(url: Path, true_books: dict[str, Any], tmp_path: Path) -> None:
    """What was not changed is as good as before."""
    assert forged(url, true_books, lambda _: None) == ()
    books = restore(url, tmp_path / "target").books
    assert json.loads(books_json(books.takes, books.circles, books.links, books.notes)) == true_books


def test_notes_come_back_with_their_takes_once(true_books: dict[str, Any]) -> None:
    """By their ids, as they were, on the take that stands for theirs; archives of before there were any have none."""
    books = read_books(json.dumps(true_books).encode())
    without = read_books(json.dumps({name: said for name, said in true_books.items() if name != "notes"}).encode())
    assert without.notes == ()
    with TemporaryDirectory() as folder, open_ledger(f"sqlite:///{folder}/ledger.sqlite") as ledger:
        import_books(ledger, "lighthouse", without, snapshot="0" * 64)
        assert ledger.read(queries.notes, "lighthouse") == ()
        for _ in range(2):
            import_books(ledger, "lighthouse", books, snapshot="0" * 64)
            assert ledger.read(queries.notes, "lighthouse") == books.notes


def test_a_take_that_serves_two_shots_may_stand_there_twice(url: Path, true_books: dict[str, Any]) -> None:
    """Earlier versions wrote it once a shot; it is one take all the same."""
    assert forged(url, true_books, lambda books: books["takes"].append(books["takes"][0])) == ()
    books = read_books(json.dumps(true_books).encode())
    assert books_json([*books.takes, *books.takes], books.circles, books.links) == books_json(
        books.takes, books.circles, books.links, ()
    )


def test_a_place_that_cannot_be_printed_is_left_out(true_books: dict[str, Any]) -> None:
    """Earlier versions kept as a drawn clip's link where it lay, and that folder may be called anything."""
    books = read_books(json.dumps(true_books).encode())
    drawn = [replace(take, clip_url="/films/two\nlines/clip.mp4") for take in books.takes]
    archived = read_books(books_json(drawn, books.circles, books.links).encode())
    assert {take.clip_url for take in archived.takes} == {None}


def test_a_choice_of_a_take_that_is_not_archived_is_no_mistake(url: Path, true_books: dict[str, Any]) -> None:
    """The choice for a shot that the episode has no more names a take that the cut does not use."""
    assert forged(url, true_books, circle(shot="e01/gone/010", take="0" * 32)) == ()


def test_every_mistake_is_a_finding_of_its_own(url: Path, true_books: dict[str, Any], tmp_path: Path) -> None:
    """`verify` names them all, and an error the first of them; a hundred are enough."""

    def forge(books: dict[str, Any]) -> None:
        take(number=0, model="", wish="")(books)
        second(ordinal=-1)(books)

    findings = forged(url, true_books, forge)
    assert [finding.message.partition(" must")[0] for finding in findings] == [
        f"{FIRST}: model",
        f"{FIRST}: number",
        f"{FIRST}: wish",
        f"{SECOND}: ordinal",
    ]
    assert "and 1 more, which `tailframe verify` names" in restores_nothing(url, tmp_path)
    many = forged(
        url, true_books, lambda books: books["takes"][0].update(circles=[]) or books.update(circles=[{}] * 99)
    )
    assert len(many) == 101
    assert any(finding.message == "and 98 more" for finding in many)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"null",
        b"[]",
        b"{" * 10**5,
        b'{"takes":' + b"[" * 10**6,
        b'{"takes": [{"id": "\\ud800"}]}',
        b'{"takes": [' + b"{}," * 400_000 + b'{}], "circles": []}',
        b'{"takes": [' + b"{}," * 5_000 + b'{}], "circles": []}',
        b'{"takes": [' + b"[]," * 2_000_000 + b'[]], "circles": []}',
        b'{"takes": [{"clip": {"frame_times_us": [' + b'"x",' * 300_000 + b'"x"]}}], "circles": []}',
    ],
    ids=[
        "nothing",
        "no text",
        "null",
        "a list",
        "deep objects",
        "deep lists",
        "half a letter",
        "400,000 takes",
        "5,000 takes",
        "brackets",
        "times",
    ],
)
def test_what_is_no_record_at_all_is_told_in_one_sentence(url: Path, tmp_path: Path, content: bytes) -> None:
    """No depth, no number and no byte of it is more than a finding, or fills the memory."""
    forge_takes(url, content)
    assert {(finding.name, finding.problem) for finding in verify(url)} == {("takes.json", Problem.INVALID)}
    restores_nothing(url, tmp_path)


def test_a_record_of_hundreds_of_megabytes_is_never_read_into_memory(url: Path, tmp_path: Path) -> None:
    """However its size is listed, it is refused by its size."""
    size = MOST_BYTES_OF_A_RECORD + 1
    content = bytes(size)
    forge_takes(url, content)
    assert [(finding.name, finding.problem) for finding in verify(url)] == [("takes.json", Problem.SIZE)]
    with pytest.raises(RenderError, match="larger than"):
        restore(url, tmp_path / "machine" / "target")
    assert not (tmp_path / "machine").exists()


def test_the_books_of_earlier_versions_are_whole() -> None:
    """A record that an earlier version wrote is within all bounds."""
    books = read_books(TAKES_JSON.read_bytes())
    assert len(books.takes) == 3


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**40), 10**40),
    st.floats(),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.sampled_from(["NaN", "1e999999999", "-0", "1e-999999999", "9" * 30, "0001-01-01", "9999-12-31T23:59:59-23:59"]),
    st.sampled_from(["../x", "\x1b[2J", "a" * 64, "a" * 32, "acme@stand-in", "http://[::1", "2026-01-01T00:00:00Z"]),
)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner))


def spots(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in the books, as what holds it and its key there."""
    for key in list(value) if isinstance(value, dict) else range(len(value) if isinstance(value, list) else 0):
        yield value, key
        yield from spots(value[key])


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_in_the_books_is_restored_or_told(
    url: Path, true_books: dict[str, Any], tmp_path: Path, data: st.DataObject
) -> None:
    """Any value anywhere: `verify` and `restore` are of one mind, and what they let pass comes into a ledger."""
    changed = deepcopy(true_books)
    holder, key = data.draw(st.sampled_from([*spots(changed)]))
    holder[key] = data.draw(VALUES)
    forge_takes(url, json.dumps(changed).encode())
    if verify(url):
        restores_nothing(url, tmp_path)
        return
    with TemporaryDirectory(dir=tmp_path) as folder, open_ledger(f"sqlite:///{folder}/ledger.sqlite") as ledger:
        restored = restore(url, Path(folder) / "target")
        import_books(ledger, "lighthouse", restored.books, snapshot=restored.manifest.snapshot)
        import_books(ledger, "lighthouse", restored.books, snapshot=restored.manifest.snapshot, choices=True)
        assert len(ledger.read(queries.takes, "lighthouse")) == 2
