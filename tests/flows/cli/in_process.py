"""Runs commands within the test's own process, and brings takes to their ends in a project's ledger, as runs do."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Literal

from typer import testing
from typer.main import get_command
from typer.testing import CliRunner, Result

from flows.cli import app
from flows.run.planning import read_plan
from flows.settings import places_of, read_settings
from render.ledger import Ledger, Order, Take, Want, claims, jobs, open_ledger, queries, runs, settlement, take_slots
from render.store import open_store
from storyboard.shot import Caps
from storyboard.takes import ClipFacts

testing._get_command = cache(get_command)
"""The runner builds all commands anew for each that is run, and that takes longer than most of what they do."""


def tailframe(*arguments: str | Path) -> Result:
    """Run the command in this process: it is the same command, and starts at once."""
    return CliRunner().invoke(app, [*map(str, arguments)])


def make(project: Path, key: str, end: Literal["done", "failed", "unknown"] = "done", *, words: str = "") -> Take:
    """Bring one take of a shot to its end in the project's ledger, as a run does, at 25 cents of 40 reserved."""
    places = places_of(project, read_settings())
    ledger = open_ledger(places.ledger)
    take = _claimed(ledger, project, key)
    if end == "unknown":
        ledger.write(claims.outcome_unknown, take.id, "test", words)
    else:
        jobs.record_job(ledger, take.id, f"job-{key}")
    if end == "failed":
        ledger.write(settlement.failed, take.id, code="broken", words=words, charged=False)
    if end == "done":
        ledger.write(settlement.generated, take.id, cost_usd=Decimal("0.25"), usage="", clip_url=None, expires_at=None)
        sha256 = open_store(places.store_url, cache=places.private / "cache").put(f"the clip of {key}".encode())
        ledger.write(settlement.done, take.id, clip_of(sha256))
    ended = ledger.read(queries.take, take.id)
    ledger.close()
    return ended


def _claimed(ledger: Ledger, project: Path, key: str) -> Take:
    planned = next(
        each for each in read_plan(project, "e01", ledger=ledger, environment={}).plan.shots if each.key == key
    )
    assert planned.request is not None
    run = ledger.write(runs.begin_run, "lighthouse", "e01", "0" * 64, caps=Caps(episode=Decimal(25)))
    want = Want(
        shot=f"e01/{key}",
        ordinal=0,
        wish=planned.wish,
        variation=0,
        provider="animatic",
        account=planned.request.account,
        model=planned.request.model,
    )
    (take,) = ledger.write(take_slots.open_takes, run, [want])
    ledger.write(
        claims.claim,
        take.id,
        Order(
            run=run,
            owner="test",
            request_json="{}",
            fingerprint=f"fingerprint of {key}",
            continuity=None,
            reserve_usd=Decimal("0.40"),
            lease=timedelta(minutes=5),
            account_bound=None,
        ),
    )
    return take


def clip_of(sha256: str) -> ClipFacts:
    """One second of film."""
    return ClipFacts(sha256=sha256, bytes=6, width=1280, height=720, frames=24, fps=Fraction(24), duration_s=Decimal(1))
