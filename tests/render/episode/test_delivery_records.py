"""Deliveries in the manifest, in the output folder, and in the archive; and manifests of before there were any."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from render.deliveries.delivery_facts import DeliveryFacts
from render.episode.archive import archive_episode, restore, verify
from render.episode.archive_errors import InvalidManifest
from render.episode.delivery_records import delivery_record, with_deliveries
from render.episode.manifest import DeliveryRecord, Loudness, Manifest, from_json, to_json
from render.episode.output_folder import publish, standing, take_back
from render.store.digests import sha256_of
from tests.render.episode.archive.episode import FinishedEpisode
from tests.render.episode.test_manifest import MANIFEST

FILM, SOUND = b"a film for phones", b"sound alone"
FACTS = (
    DeliveryFacts(
        name="phone",
        file_name="e01-phone.mp4",
        sha256=sha256_of(FILM),
        bytes=len(FILM),
        duration_s=Decimal("12"),
        video="hevc",
        audio="aac",
        width=1080,
        height=1920,
        fps=Fraction(24000, 1001),
        frames=288,
        lufs=-14.02,
        peak_dbtp=-1.21,
        subtitles=("en", "de"),
        checks=("decodes", "frames"),
    ),
    DeliveryFacts(
        name="radio", file_name="e01-radio.mp3", sha256=sha256_of(SOUND), bytes=len(SOUND), duration_s=Decimal("12")
    ),
)


@pytest.fixture
def episode(tmp_path: Path) -> FinishedEpisode:
    """A finished episode with two deliveries, which are in the store as they were made."""
    made = FinishedEpisode.make(tmp_path / "project", clip_bytes=1000)
    for content in (FILM, SOUND):
        made.store.put(content)
    made.store.put_file(made.parts.master)
    manifest = with_deliveries(made.parts.manifest, FACTS)
    return replace(made, parts=replace(made.parts, manifest=manifest))


def bring(episode: FinishedEpisode, manifest: Manifest) -> tuple[str, ...]:
    """Lay down what the manifest says."""
    output = episode.root / "output" / "e01"
    return publish(episode.store, manifest, output / "contact_sheet.jpg", output, within=episode.root)


def test_a_record_says_what_was_measured_and_leaves_out_what_is_not_there() -> None:
    """As JSON, in the order of its fields."""
    phone, radio = (json.loads(to_json(with_deliveries(MANIFEST, [each])))["deliveries"][0] for each in FACTS)
    assert list(phone) == [
        *("name", "path", "sha256", "bytes", "duration_s", "video", "audio", "width", "height", "fps", "frames"),
        *("loudness", "subtitles", "checks"),
    ]
    assert phone["loudness"] == {"lufs": -14.02, "peak_dbtp": -1.21}
    assert (phone["fps"], phone["subtitles"]) == (pytest.approx(23.976, abs=0.001), ["en", "de"])
    assert list(radio) == ["name", "path", "sha256", "bytes", "duration_s", "checks"]


def test_what_is_written_reads_back_the_same() -> None:
    """Every field."""
    manifest = with_deliveries(MANIFEST, FACTS)
    assert from_json(to_json(manifest)) == manifest


def test_a_manifest_without_deliveries_is_what_it_always_was() -> None:
    """To the byte, so that archives of before keep their names."""
    text = to_json(MANIFEST)
    assert "deliveries" not in json.loads(text)
    assert from_json(text).deliveries == ()


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({"path": "../out.mp4"}, "deliveries.0.path"),
        ({"path": "e01.mp4"}, "have the same path"),
        ({"bytes": -1}, "deliveries.0.bytes"),
        ({"width": 0}, "deliveries.0.width"),
        ({"loudness": {"lufs": "loud", "peak_dbtp": 0}}, "deliveries.0.loudness.lufs"),
        ({"surprise": 1}, "deliveries.0.surprise"),
    ],
)
def test_a_strangers_record_is_read_strictly(record: dict[str, object], told: str) -> None:
    """What no Tailframe writes is named by its field."""
    written = json.loads(to_json(with_deliveries(MANIFEST, FACTS)))
    written["deliveries"][0] |= record
    with pytest.raises(InvalidManifest, match=told):
        from_json(json.dumps(written))


def test_deliveries_lie_beside_the_master(episode: FinishedEpisode) -> None:
    """Each once; a second time nothing changes; one that is asked for no more goes, unless somebody changed it."""
    output, manifest = episode.root / "output" / "e01", episode.parts.manifest
    assert bring(episode, manifest) == ()
    assert ((output / "e01-phone.mp4").read_bytes(), (output / "e01-radio.mp3").read_bytes()) == (FILM, SOUND)
    assert standing(output, manifest) == manifest

    (output / "e01-radio.mp3").write_bytes(b"mine")
    (told,) = bring(episode, replace(manifest, deliveries=()))
    assert not (output / "e01-phone.mp4").exists()
    assert (output / "e01-radio.mp3").read_bytes() == b"mine"
    assert "e01-radio.mp3 is used no more and was changed by somebody else" in told


def test_a_producers_file_in_its_place_is_kept_beside(episode: FinishedEpisode) -> None:
    """As everywhere in the folder."""
    output = episode.root / "output" / "e01"
    (output / "e01-phone.mp4").write_bytes(b"mine")
    (told,) = bring(episode, episode.parts.manifest)
    assert (output / "e01-phone.kept-1.mp4").read_bytes() == b"mine"
    assert (output / "e01-phone.mp4").read_bytes() == FILM
    assert "e01-phone.kept-1.mp4" in told


def test_what_is_taken_back_is_all_of_it(episode: FinishedEpisode) -> None:
    """Deliveries go with the master; what the store does not have stays."""
    bring(episode, episode.parts.manifest)
    output = episode.root / "output" / "e01"
    take_back(episode.store, output)
    assert {each.name for each in output.iterdir()} == {"contact_sheet.jpg", "report.html"}


def test_an_archive_has_them_and_gives_them_back(episode: FinishedEpisode, tmp_path: Path) -> None:
    """Whole: verified, named where one is damaged, and restored beside the master."""
    archived = archive_episode(episode.parts, tmp_path / "archive", episode.store)
    assert verify(archived.url) == ()

    restored = restore(archived.url, tmp_path / "restored")
    assert (restored.folder / "output/e01/e01-phone.mp4").read_bytes() == FILM
    assert (restored.folder / "output/e01/e01-radio.mp3").read_bytes() == SOUND

    damaged = Path(archived.url) / "e01-radio.mp3"
    damaged.chmod(0o644)
    damaged.write_bytes(SOUND[::-1])
    (finding,) = verify(archived.url)
    assert finding.name == "e01-radio.mp3"


def test_an_archive_without_them_is_read_as_before(tmp_path: Path) -> None:
    """One that an earlier version wrote."""
    finished = FinishedEpisode.make(tmp_path / "project", clip_bytes=1000)
    archived = archive_episode(finished.parts, tmp_path / "archive", finished.store)
    assert verify(archived.url) == ()
    assert restore(archived.url, tmp_path / "restored").manifest.deliveries == ()


def test_a_record_is_made_of_what_is_known() -> None:
    """Silence has no loudness."""
    assert delivery_record(FACTS[0]).loudness == Loudness(lufs=-14.02, peak_dbtp=-1.21)
    assert delivery_record(FACTS[1]) == DeliveryRecord(
        name="radio", path="e01-radio.mp3", sha256=sha256_of(SOUND), bytes=len(SOUND), duration_s=Decimal(12)
    )
