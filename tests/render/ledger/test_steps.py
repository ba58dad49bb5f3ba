"""Steps and queries: plain functions of one transaction, and one place where writes begin."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import render.ledger
from render.ledger import Ledger, Take, TakeId, claims, jobs, queries, runs
from render.ledger.database import Transaction
from tests.render.ledger.stage import SERIES, Stage

RENDER = Path(render.ledger.__file__).parents[1]


def test_a_step_that_fails_half_way_changes_nothing(ledger: Ledger) -> None:
    """What it had written before is gone, and its error comes out as it is."""

    def step(tx: Transaction) -> None:
        runs.remember_snapshot(tx, "half", SERIES)
        assert snapshots(ledger, tx) == ["half"], "it is there while the step goes on"
        raise KeyError("half way")

    with pytest.raises(KeyError, match="half way"):
        ledger.write(step)
    assert snapshots(ledger) == []


def test_a_query_serves_within_a_step_too(stage: Stage) -> None:
    """It sees what the step has done so far."""
    take = stage.submitting()

    def step(tx: Transaction, take_id: TakeId) -> Take:
        jobs.job_known(tx, take_id, "job-7", "")
        return queries.take(tx, take_id)

    assert stage.ledger.write(step, take.id).job_id == "job-7"
    assert stage.ledger.write(queries.take, take.id) == stage.ledger.read(queries.take, take.id)


def test_what_a_step_answers_comes_out(stage: Stage) -> None:
    """Arguments go in and the answer comes out as if the step had been called."""
    take = stage.submitting()
    assert stage.ledger.write(claims.not_sent, take.id, owner="ann", words="429") is True
    assert stage.ledger.write(claims.not_sent, take.id, owner="ann", words="429") is False


def test_every_write_begins_at_one_line() -> None:
    """Beside migrations nothing but `Ledger.write` opens a writing transaction: tests that kill a run look there."""
    begins = {path.relative_to(RENDER).as_posix() for path in RENDER.rglob("*.py") if "writing" in called_in(path)}
    assert begins == {"ledger/ledger.py", "ledger/schema_upgrade.py"}


def called_in(path: Path) -> set[str]:
    """What a module calls by its bare name."""
    calls = (node.func for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
    return {name.id for name in calls if isinstance(name, ast.Name)}


def snapshots(ledger: Ledger, tx: Transaction | None = None) -> list[str]:
    """The names of all snapshots, as everybody sees them or as one transaction does."""
    sql = "SELECT id FROM snapshots"
    return [row["id"] for row in (tx.rows(sql) if tx else ledger.read(lambda look: look.rows(sql)))]
