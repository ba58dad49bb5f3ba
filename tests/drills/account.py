"""The account at the end of a drill: what the ledger, the sandbox and the archive say of one series must be one."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import psycopg

from render.episode.archive import verify
from render.episode.archive.layout import latest_from_json
from render.ledger import Take, open_ledger, queries
from tests.drills.studio import BUCKET, Studio
from tests.drills.tiny_series import KEYS, prompt_mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What is known of one series, from its three sources."""

    takes: tuple[Take, ...]
    jobs: tuple[dict[str, Any], ...]  # of the sandbox
    archived: dict[str, list[str]]  # the shots of each archived episode's newest version
    spent_usd: Decimal  # by the ledger's budget of the series
    reserved_usd: Decimal

    def jobs_of(self, series: str, episode: str, key: str) -> list[dict[str, Any]]:
        """The jobs that were ordered for a shot."""
        return [job for job in self.jobs if prompt_mark(series, episode, key) in job["prompt"]]

    def story_of(self, episode: str, key: str) -> list[str]:
        """What became of each take of a shot."""
        takes = [take for take in self.takes if take.shot == f"{episode}/{key}"]
        return [f"{take.number} {take.state} {take.job_id} {take.run} {take.error_code} {take.rival}" for take in takes]


def read_books(studio: Studio, series: str, episodes: tuple[str, ...]) -> Books:
    """Read them, once all is over."""
    with closing(open_ledger(studio.ledger_url)) as ledger:
        takes = ledger.read(queries.takes, series)
        lines = [line for line in ledger.read(queries.budgets, series) if line.scope == "series"]
    jobs = [job for job in studio.sandbox.jobs() if f"boat {series} " in job["prompt"]]
    return Books(
        takes=takes,
        jobs=tuple(jobs),
        archived={episode: _archived(studio, series, episode) for episode in episodes},
        spent_usd=sum((line.spent_usd for line in lines), Decimal(0)),
        reserved_usd=sum((line.reserved_usd for line in lines), Decimal(0)),
    )


def hold_to_account(studio: Studio, series: str, episodes: tuple[str, ...]) -> Books:
    """Every shot was paid for exactly once, the books are one, every episode stands whole in the archive.

    A job that the vendor failed for nothing, as where it could not read a reference, may stand beside it.
    """
    books = read_books(studio, series, episodes)
    for episode in episodes:
        for key in KEYS:
            paid = [job for job in books.jobs_of(series, episode, key) if job["charged_usd"] != "0"]
            assert len(paid) == 1, f"{episode}/{key} was paid {len(paid)} times: {books.story_of(episode, key)}"
    done = {take.job_id: take for take in books.takes if take.state == "done"}
    assert Counter(take.shot for take in done.values()) == Counter(f"{ep}/{key}" for ep in episodes for key in KEYS)
    assert {job["id"] for job in books.jobs if job["charged_usd"] != "0"} == set(done), "other jobs than the sandbox's"
    assert {job["id"] for job in books.jobs} == {take.job_id for take in books.takes if take.job_id}
    assert not [take for take in books.takes if take.state in {"unknown", "submitting", "submitted", "generated"}]
    charged = sum((Decimal(job["charged_usd"]) for job in books.jobs), Decimal(0))
    assert (books.spent_usd, books.reserved_usd) == (charged, Decimal(0)), "the ledger tells another sum"
    assert sum((take.cost_usd or Decimal(0) for take in books.takes), Decimal(0)) == charged
    assert {episode: sorted(shots) for episode, shots in books.archived.items()} == {
        episode: sorted(KEYS) for episode in episodes
    }
    return books


def first_step_after(studio: Studio, series: str, moment: datetime) -> datetime | None:
    """When the ledger wrote the first event of the series after a moment; None: none came."""
    asked = "SELECT min(at) FROM events JOIN takes ON takes.id = events.take WHERE takes.series = %s AND at >= %s"
    with psycopg.connect(studio.ledger_url) as connection:
        row = connection.execute(asked, (series, moment)).fetchone()
    return None if row is None else row[0]


def _archived(studio: Studio, series: str, episode: str) -> list[str]:
    """The shots of an episode's newest archived version, every byte of which is as it was written."""
    url = f"{studio.archive_url}/{series}/{episode}"
    assert verify(url) == ()
    folder = f"archive/{series}/{episode}"
    latest = latest_from_json(studio.s3.get_object(Bucket=BUCKET, Key=f"{folder}/latest.json")["Body"].read())
    manifest = studio.s3.get_object(Bucket=BUCKET, Key=f"{folder}/{latest.manifest_sha256}/manifest.json")
    return [shot["key"] for shot in json.loads(manifest["Body"].read())["shots"] if not shot["slate"]]
