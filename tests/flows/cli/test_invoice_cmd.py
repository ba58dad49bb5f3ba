"""`tailframe invoice check`: a true invoice agrees; what is left out, added or of another sum is told, job by job."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from render.ledger import open_ledger, queries
from render.ledger.records import Take
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import plain_environment
from tests.ledgers.earlier import pier


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Seven paid takes at two vendors of a sandbox."""
    plain_environment(monkeypatch)
    return pier(tmp_path)


def paid(project: Path, vendor: str) -> list[Take]:
    with open_ledger(project / ".tailframe/ledger.sqlite") as ledger:
        return [take for take in ledger.read(queries.takes, "pier") if take.provider == vendor and take.cost_usd]


def invoice(folder: Path, rows: Sequence[tuple[str | None, Decimal | None]]) -> Path:
    file = folder / "november.csv"
    file.write_text("taskId,amount\n" + "".join(f"{job},{usd}\n" for job, usd in rows))
    return file


def test_each_difference_is_told_and_a_true_invoice_has_none(project: Path, tmp_path: Path) -> None:
    """With the sums, the line and the take; scripts get the same."""
    kinovi = paid(project, "kinovi")
    true = [(take.job_id, take.cost_usd) for take in kinovi]
    done = tailframe("invoice", "check", project, invoice(tmp_path, true))
    assert done.exit_code == 0, done.output
    assert f"{len(kinovi)} of the same sum" in " ".join(done.stdout.split())
    changed = [("task_nobody_ordered", Decimal("0.80")), (true[0][0], (true[0][1] or 0) + Decimal("0.10")), *true[2:]]
    file = invoice(tmp_path, changed)
    done = tailframe("invoice", "check", project, file)
    assert done.exit_code == 1
    shown = " ".join(done.stdout.split())
    assert "not in the ledger task_nobody_ordered 2 $0.80 –" in shown
    assert f"not on the invoice {true[1][0]} – $" in shown
    assert f"another sum {true[0][0]} 3 " in shown
    told = json.loads(tailframe("invoice", "check", project, file, "--json").stdout)
    kinds = ("missing_here", "missing_there", "other_sums")
    assert [[each["job_id"] for each in told[kind]] for kind in kinds] == [
        ["task_nobody_ordered"],
        [true[1][0]],
        [true[0][0]],
    ]
    assert Decimal(told["invoice_usd"]) == sum(Decimal(usd or 0) for _, usd in changed)
    assert told["account"] == kinovi[0].account


@pytest.mark.parametrize(
    ("rows", "options", "told"),
    [
        ([("job-x", 1)], (), "the ledger knows none of the 1 jobs"),
        ([("job-x", 1)], ("--job", "taskid"), "no column 'taskid'"),
        ([("job-x", 1)], ("--from", "2026-12-01", "--to", "2026-11-01"), "is after --to"),
        ([("job-x", 1)], ("--usd-per-unit", "cheap"), "not an amount"),
        ([("job-x", "free")], (), "november.csv:2: amount is 'free'"),
    ],
)
def test_what_cannot_be_held_against_it_is_refused(
    project: Path, tmp_path: Path, rows: list[tuple[str, Decimal]], options: tuple[str, ...], told: str
) -> None:
    """As wrong input, with what to say instead."""
    done = tailframe("invoice", "check", project, invoice(tmp_path, rows), *options)
    assert done.exit_code == 2
    assert told in " ".join(done.stderr.replace("│", " ").split())


def test_where_nothing_was_ever_made_all_of_it_is_missing_here(project: Path, tmp_path: Path) -> None:
    """No ledger is made by looking."""
    (project / ".tailframe/ledger.sqlite").unlink()
    done = tailframe("invoice", "check", project, invoice(tmp_path, [("a", Decimal(1))]), "--account", "kinovi")
    assert done.exit_code == 1
    assert "$1.00 more on the invoice" in " ".join(done.stdout.split())
    assert not (project / ".tailframe/ledger.sqlite").exists()
