"""A finished episode as a cut leaves it: blobs, snapshot, master, manifest. Small."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from render.episode.archive import ArchiveParts
from render.episode.archive.layout import ArchivedFile, contents_to_json
from render.episode.archive.take_records import books_json
from render.episode.manifest import Cost, Manifest, Master, ShotRecord, TailFrame, UsedClip, UsedReference, to_json
from render.ledger import Note, RunId, Take, TakeId
from render.ledger.stored_request import order_json
from render.store import LocalStore, take_snapshot
from render.store.digests import sha256_of
from storyboard.request import Mode, Request
from storyboard.takes import Circle, ClipFacts, TakeState

PROJECT = {
    "series.yaml": b"version: 1\nseries: lighthouse\n",
    "episodes/e01.yaml": b"version: 1\nepisode: e01\n",
    "references/cast/mara.png": b"\x89PNG mara",
}


MADE_AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@dataclass(frozen=True)
class FinishedEpisode:
    """Where everything is, and what to hand to the archive."""

    root: Path
    store: LocalStore
    parts: ArchiveParts

    @property
    def version(self) -> str:
        """What an archive names it by: the sha256 of its manifest's bytes."""
        return sha256_of(to_json(self.parts.manifest).encode())

    @staticmethod
    def make(root: Path, *, clip_bytes: int = 50_000) -> FinishedEpisode:
        """The episode in a project at `root`. The same root gives the same bytes."""
        for name, content in PROJECT.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            _keep(root / name, content)
        store = LocalStore(root / ".tailframe" / "blobs")
        output = root / "output" / "e01"
        output.mkdir(parents=True, exist_ok=True)
        _keep(output / "contact_sheet.jpg", b"a sheet")
        _keep(output / "report.html", b"<p>a report")
        manifest = Manifest(
            series="lighthouse",
            episode="e01",
            snapshot=take_snapshot(root, list(PROJECT), store),
            created_at=MADE_AT,
            master=_master(output / "e01.mp4", 3 * clip_bytes),
            cost=Cost(estimated_usd=Decimal("2.00"), actual_usd=Decimal("1.80")),
            shots=(
                _shot(store, "lamp/010", clip_bytes, sent=store.put(b"from the web")),
                _shot(store, "lamp/020", clip_bytes, sent=sha256_of(PROJECT["references/cast/mara.png"])),
                ShotRecord.of_slate(key="lamp/030", start_s=Decimal(10), duration_s=Decimal(2)),
            ),
        )
        parts = ArchiveParts(
            manifest=manifest,
            master=output / "e01.mp4",
            takes=_takes(manifest, clip_bytes),
            contact_sheet=output / "contact_sheet.jpg",
            extras={"report.html": output / "report.html"},
        )
        _keep(output / "manifest.json", to_json(manifest).encode())
        return FinishedEpisode(root, store, parts)

    def cut_again(self, *, hours_later: int) -> ArchiveParts:
        """Another cut of it: another master, another manifest."""
        master = self.root / "output" / "e01" / f"cut{hours_later}.mp4"
        master.write_bytes(f"cut {hours_later}".encode())
        content = master.read_bytes()
        manifest = replace(
            self.parts.manifest,
            created_at=self.parts.manifest.created_at + timedelta(hours=hours_later),
            master=replace(self.parts.manifest.master, sha256=sha256_of(content), bytes=len(content)),
        )
        return replace(self.parts, manifest=manifest, master=master)


def forge_takes(url: Path, takes: bytes) -> None:
    """Put this record of takes into the archive, and list it truly: its hashes and sizes are as they must be."""
    listed = [ArchivedFile(**each) for each in json.loads((url / "contents.json").read_text())["files"]]
    others = [file for file in listed if file.name != "takes.json"]
    for name, content in {
        "takes.json": takes,
        "contents.json": contents_to_json([*others, ArchivedFile("takes.json", sha256_of(takes), len(takes))]),
    }.items():
        (url / name).unlink()
        (url / name).write_bytes(content)


def _keep(path: Path, content: bytes) -> None:
    """Write a file that another process, which makes the same episode, may be reading: not again."""
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


def _master(path: Path, size: int) -> Master:
    _keep(path, random.Random("master").randbytes(size))
    return Master(
        path="e01.mp4",
        sha256=sha256_of(path.read_bytes()),
        bytes=size,
        duration_s=Decimal(12),
        width=160,
        height=90,
        fps=Fraction(24),
    )


def _shot(store: LocalStore, key: str, clip_bytes: int, *, sent: str) -> ShotRecord:
    clip = store.put(random.Random(key).randbytes(clip_bytes))
    return ShotRecord(
        key=key,
        take=1,
        slate=False,
        provider="acme",
        model="acme-1",
        job_id=f"job-{key}",
        fingerprint=sha256_of(key.encode()),
        prompt="Mara (@image1) lights the lamp",
        references=(UsedReference(token="@image1", role="cast", name="mara", sha256=sent),),
        clip=UsedClip(path=f"clips/{key}.mp4", sha256=clip, duration_s=Decimal(5)),
        tail_frame=TailFrame(sha256=store.put(f"the last frame of {key}".encode())),
        start_s=Decimal(0 if key.endswith("010") else 5),
        duration_s=Decimal(5),
    )


def _takes(manifest: Manifest, clip_bytes: int) -> str:
    """What the ledger says of the takes in the manifest, and that the slate was waived and one shot circled."""
    takes = [_take(manifest, line, clip_bytes) for line in manifest.shots if not line.slate]
    circles = [
        Circle(shot="e01/lamp/010", take=takes[0].id, by_person=True),
        Circle(shot="e01/lamp/030", take=None, by_person=True),
    ]
    note = Note(
        id="a" * 32,
        take=takes[0].id,
        frame=31,
        words="a second\nshadow",
        by="Ines, by review file",
        at=MADE_AT,
        retake=True,
        drawing=(((0.25, 0.5), (1.0, 0.0)),),
    )
    return books_json(takes, circles, {f"link:{sha256_of(b'a link')}": sha256_of(b"from the web")}, [note])


def _take(manifest: Manifest, line: ShotRecord, clip_bytes: int) -> Take:
    assert line.take is not None
    assert line.clip is not None
    shot = f"{manifest.episode}/{line.key}"
    return Take(
        id=TakeId(sha256_of(shot.encode())[:32]),
        series=manifest.series,
        shot=shot,
        number=line.take,
        run=RunId(sha256_of(b"run")[:32]),
        ordinal=0,
        state=TakeState.DONE,
        wish=sha256_of(f"wish of {shot}".encode()),
        variation=0,
        provider="acme",
        account="acme",
        model="acme-1",
        fingerprint=line.fingerprint,
        request_json=order_json(_request(manifest.series, shot)),
        continuity=None,
        job_id=line.job_id,
        owner=None,
        lease_expires_at=None,
        reserved_usd=Decimal(0),
        cost_usd=Decimal("0.90"),
        usage="90 credits",
        clip=ClipFacts(
            sha256=line.clip.sha256,
            bytes=clip_bytes,
            width=160,
            height=90,
            frames=120,
            fps=Fraction(24),
            duration_s=line.clip.duration_s,
        ),
        clip_url="https://cdn.acme.example/1.mp4",
        clip_url_expires_at=MADE_AT,
        error_code=None,
        error_message=None,
        refused=False,
        rejected=False,
        asked_for=False,
        created_at=MADE_AT,
        submitted_at=MADE_AT,
        ended_at=MADE_AT,
    )


def _request(series: str, shot: str) -> Request:
    return Request(
        series=series,
        shot=shot,
        provider="acme",
        account="acme",
        model="acme-1",
        mode=Mode.REFERENCE,
        prompt="Mara (@image1) lights the lamp",
        references=(),
        duration_s=Decimal(5),
        billed_s=Decimal(5),
        resolution="480p",
        aspect_ratio="16:9",
        audio=True,
        seed=None,
        variation=0,
        wish=sha256_of(f"wish of {shot}".encode()),
        width=160,
        height=90,
        fps=Fraction(24),
        estimated_usd=Decimal(1),
    )
