"""The manifest: one form in bytes, exact fields, and a clear word for each mistake in one that is read."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.episode.archive_errors import InvalidManifest
from render.episode.manifest import (
    Cost,
    Manifest,
    Master,
    ShotRecord,
    TailFrame,
    UsedClip,
    UsedReference,
    from_json,
    to_json,
)

CLIP, FRAME, IMAGE, MASTER, SNAPSHOT = (letter * 64 for letter in "abcde")

SHOT = ShotRecord(
    key="lamp/010",
    take=2,
    slate=False,
    provider="acme",
    model="acme-1",
    job_id="job-1",
    fingerprint="f" * 64,
    prompt="Mara (@image1) lights the lamp — 火",
    references=(UsedReference(token="@image1", role="cast", name="mara", sha256=IMAGE),),
    clip=UsedClip(path="clips/lamp/010.mp4", sha256=CLIP, duration_s=Decimal("5.041667")),
    tail_frame=TailFrame(sha256=FRAME),
    start_s=Decimal(0),
    duration_s=Decimal("4.5"),
)

MANIFEST = Manifest(
    series="lighthouse",
    episode="e01",
    snapshot=SNAPSHOT,
    created_at=datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC),
    master=Master(
        path="e01.mp4",
        sha256=MASTER,
        bytes=123,
        duration_s=Decimal("6.5"),
        width=1280,
        height=720,
        fps=Fraction(24000, 1001),
    ),
    cost=Cost(estimated_usd=Decimal("1.20"), actual_usd=None),
    shots=(SHOT, ShotRecord.of_slate(key="lamp/020", start_s=Decimal("4.5"), duration_s=Decimal(2))),
)


def changed(**fields: Any) -> str:
    """The manifest's text with these top-level fields set; a field set to ... is left out."""
    read = json.loads(to_json(MANIFEST)) | fields
    return json.dumps({name: value for name, value in read.items() if value is not ...})


def changed_shot(**fields: Any) -> str:
    """The same with fields of its first shot."""
    shots = json.loads(to_json(MANIFEST))["shots"]
    return changed(shots=[{**shots[0], **fields}, shots[1]])


def test_a_manifest_has_exactly_the_documented_fields() -> None:
    """Scripts read these fields, with these types, and no others."""
    assert json.loads(to_json(MANIFEST)) == {
        "series": "lighthouse",
        "episode": "e01",
        "snapshot": SNAPSHOT,
        "created_at": "2026-05-04T03:02:01Z",
        "master": {
            "path": "e01.mp4",
            "sha256": MASTER,
            "bytes": 123,
            "duration_s": 6.5,
            "width": 1280,
            "height": 720,
            "fps": 24000 / 1001,
        },
        "cost": {"estimated_usd": "1.20", "actual_usd": None},
        "shots": [
            {
                "key": "lamp/010",
                "take": 2,
                "slate": False,
                "provider": "acme",
                "model": "acme-1",
                "job_id": "job-1",
                "fingerprint": "f" * 64,
                "prompt": "Mara (@image1) lights the lamp — 火",
                "references": [{"token": "@image1", "role": "cast", "name": "mara", "sha256": IMAGE}],
                "clip": {"path": "clips/lamp/010.mp4", "sha256": CLIP, "duration_s": 5.041667},
                "tail_frame": {"sha256": FRAME},
                "start_s": 0.0,
                "duration_s": 4.5,
            },
            {
                "key": "lamp/020",
                "take": None,
                "slate": True,
                "provider": None,
                "model": None,
                "job_id": None,
                "fingerprint": None,
                "prompt": None,
                "references": [],
                "clip": None,
                "tail_frame": None,
                "start_s": 4.5,
                "duration_s": 2.0,
            },
        ],
    }


def test_the_text_is_for_people_too() -> None:
    """It is indented, keeps every script's letters, and ends with a line break."""
    text = to_json(MANIFEST)
    assert text.startswith('{\n  "series": "lighthouse",\n  "episode": "e01",\n  "snapshot": ')
    assert "火" in text
    assert text.endswith("}\n")


def test_what_is_written_reads_back_the_same() -> None:
    """Neither the values nor the bytes change on the way through."""
    text = to_json(MANIFEST)
    assert from_json(text) == from_json(text.encode()) == MANIFEST
    assert to_json(from_json(text)) == text


@given(
    st.decimals(min_value=0, max_value=10**6, places=6),
    st.sampled_from([Fraction(24), Fraction(25), Fraction(24000, 1001), Fraction(30000, 1001), Fraction(25, 2)]),
    st.decimals(min_value=0, max_value=10**9, places=4),
)
def test_numbers_survive(duration_s: Decimal, fps: Fraction, usd: Decimal) -> None:
    """Lengths, frame rates and money come back exactly."""
    master = replace(MANIFEST.master, duration_s=duration_s, fps=fps)
    manifest = replace(MANIFEST, master=master, cost=Cost(estimated_usd=usd, actual_usd=usd))
    assert from_json(to_json(manifest)) == manifest


def test_the_same_manifest_is_written_alike() -> None:
    """Byte for byte, wherever that is: an archive names a version by them."""
    elsewhere = replace(MANIFEST, created_at=MANIFEST.created_at.astimezone(timezone(timedelta(hours=9))))
    assert to_json(elsewhere) == to_json(MANIFEST)
    assert to_json(replace(MANIFEST, episode="e02")) != to_json(MANIFEST)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file: Invalid JSON"),
        ("[]", "the file"),
        (changed(series=...), "series: "),
        (changed(more=1), "more: Unexpected"),
        (changed(series="../.."), "series: "),
        (changed(episode=".git"), "episode: .* hidden"),
        (changed(snapshot="abc"), "snapshot: "),
        (changed(created_at="2026-05-04T03:02:01"), "created_at: .*zone"),
        (changed(cost={"estimated_usd": 1.2, "actual_usd": None}), "cost.estimated_usd: .*string"),
        (changed(cost={"estimated_usd": "-1", "actual_usd": None}), "cost.estimated_usd: "),
        (changed(cost={"estimated_usd": "NaN", "actual_usd": None}), "cost.estimated_usd: "),
        (changed_shot(clip={"path": "/etc/passwd", "sha256": CLIP, "duration_s": 1}), r"shots.0.clip.path: .*relative"),
        (changed_shot(take="2"), "shots.0.take: "),
        (changed_shot(start_s="0"), "shots.0.start_s: "),
        (changed_shot(slate=True), "lamp/010 is neither a take with its clip nor a slate"),
        (changed_shot(clip=None), "lamp/010 is neither a take with its clip nor a slate"),
        (changed_shot(references=[{"token": "@image1"}]), r"shots.0.references.0.role: "),
    ],
)
def test_a_mistake_is_named_by_its_field(text: str, words: str) -> None:
    """Nothing is guessed, dropped or converted in a manifest that is read."""
    with pytest.raises(InvalidManifest, match=words):
        from_json(text)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("shots", [b"{}," * 400_000 + b"{}", b"[]," * 2_000_000 + b"[]"], ids=["shots", "brackets"])
def test_a_manifest_of_brackets_fills_no_memory(shots: bytes) -> None:
    """Small to write, and a hundred times as large where every mistake in it is kept."""
    with pytest.raises(InvalidManifest) as refusal:
        from_json(b'{"shots": [' + shots + b"]}")
    assert len(str(refusal.value)) < 2000
