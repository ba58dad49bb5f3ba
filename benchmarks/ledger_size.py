"""What a ledger of 100,000 takes costs: `plan`, `status`, a claim, and what each run asks at its beginning.

    python benchmarks/ledger_size.py             # SQLite and PostgreSQL, many series and one large one
    python benchmarks/ledger_size.py sqlite      # one of them

`plan` and `status` of one episode of 100 shots are held to a second, from the start of the process to its end, and a
claim to 50 ms; the best of several counts. Exits with 1 where a claim does not hold.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.ledger_rows import EPISODE, SERIES, SIZES, TO_CLAIM, filled, project_of, write_postgres, write_sqlite  # noqa: E402
from flows.cli.project_access import reading  # noqa: E402
from flows.run.ledger_facts import shots_of  # noqa: E402
from flows.run.workspace import workspace_of  # noqa: E402
from render.ledger import (  # noqa: E402
    Order,
    RunId,
    Take,
    approval_queries,
    claims,
    migrate,
    open_ledger,
    queries,
    runs,
    shot_queries,
    stale_queries,
)
from render.ledger.ledger import Ledger  # noqa: E402
from storyboard.approval_rules import NeededApprovals  # noqa: E402
from storyboard.takes import TakeState  # noqa: E402
from tests.postgres import a_server  # noqa: E402

COMMAND_S, CLAIM_S = 1.0, 0.05
ROUNDS = 5


def main() -> int:
    """Measure each database with each size; 0 where every claim holds."""
    asked = sys.argv[1:] or ["sqlite", "postgresql"]
    held = True
    for size in SIZES:
        for database in asked:
            with tempfile.TemporaryDirectory() as folder, _ledger(database, Path(folder)) as place:
                os.environ.pop("TAILFRAME_LEDGER_URL", None)  # of the measurement before
                project = project_of(Path(folder))
                write = write_sqlite if isinstance(place, Path) else write_postgres
                write(place, filled(project, size))  # type: ignore[arg-type]
                print(f"\n{size.name}, {size.takes:,} takes, {database}")
                held &= _measured(project, place)
    print("\nevery claim holds" if held else "\na claim does not hold")
    return 0 if held else 1


@contextlib.contextmanager
def _ledger(database: str, folder: Path) -> Iterator[Path | str]:
    if database == "sqlite":
        yield folder / "ledger.sqlite"
        return
    with a_server() as url:
        migrate(url)
        yield url


def _measured(project: Path, place: Path | str) -> bool:
    url = f"sqlite:///{place}" if isinstance(place, Path) else place
    os.environ |= {"TAILFRAME_LEDGER_URL": url, "TAILFRAME_ALLOW_LOCAL_STORE": "1", "EVOLINK_API_KEY": "sk-none"}
    commands = [_command(name, project) for name in ("plan", "status")]
    with contextlib.closing(open_ledger(place)) as ledger:
        claim = _claims(ledger)
        _beginning(ledger, project)
    return all(seconds <= COMMAND_S for seconds in commands) and claim <= CLAIM_S


def _command(name: str, project: Path) -> float:
    """The whole command, as a person has it."""
    command = [sys.executable, "-m", "flows.cli", name, str(project), EPISODE]

    def run() -> None:
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
        assert done.returncode == 0, done.stderr

    return _told(f"tailframe {name} {EPISODE}", run, COMMAND_S)


def _claims(ledger: Ledger) -> float:
    """Claims of takes that wait, one after the other; half of them must be approved."""
    waiting = ledger.read(queries.takes, SERIES, states=(TakeState.PLANNED,))
    assert len(waiting) == TO_CLAIM
    run = ledger.write(runs.begin_run, SERIES, "e02", "5" * 64, caps=None)
    half = TO_CLAIM // 2
    plain = iter(waiting[:half])
    approved = iter(waiting[half:])
    needed = NeededApprovals(episode="e02", spend_usd=Decimal(10**6))
    times = [
        _told("a claim", lambda: _claim(ledger, run, next(plain), None), CLAIM_S, rounds=half),
        _told("a claim that needs approval", lambda: _claim(ledger, run, next(approved), needed), CLAIM_S, rounds=half),
    ]
    return max(times)


def _claim(ledger: Ledger, run: RunId, take: Take, needed: NeededApprovals | None) -> None:
    order = Order(
        run=run,
        owner="bench",
        request_json="{}",
        fingerprint=f"{take.id}-order",
        continuity=None,
        reserve_usd=Decimal("0.40"),
        lease=timedelta(minutes=5),
        account_bound=10_000,
        approvals=needed,
    )
    ledger.write(claims.claim, take.id, order)


def _beginning(ledger: Ledger, project: Path) -> None:
    """What each run asks."""
    with workspace_of(project).reading() as workspace:
        read = reading(workspace, EPISODE, to_work=False)
    shots, takes = shots_of(read.episode), frozenset(read.takes)
    wishes = {shot.wish for shot in read.plan.shots}
    asked: dict[str, Callable[[], object]] = {
        "takes to carry on": lambda: ledger.read(queries.unfinished, SERIES),
        "orders of dead senders": lambda: ledger.read(queries.takes, SERIES, states=(TakeState.SUBMITTING,)),
        "lost orders": lambda: ledger.read(queries.takes, SERIES, states=(TakeState.UNKNOWN,)),
        "leases that are over": lambda: ledger.write(claims.expire_leases, SERIES),
        "retakes begun before": lambda: ledger.read(queries.interrupted, SERIES, EPISODE, "{}"),
        "alarms": lambda: ledger.read(queries.alarms),
        "since when stale": lambda: ledger.read(stale_queries.history, SERIES, takes, wishes),
        "caps": lambda: ledger.read(queries.caps, SERIES),
        "circles": lambda: ledger.read(shot_queries.circles_of, SERIES, shots),
        "takes of the shots": lambda: ledger.read(shot_queries.facts_of_shots, SERIES, shots),
        "takes of their wishes": lambda: ledger.read(shot_queries.facts_of_wishes, SERIES, wishes, takes),
        "what costs were told": lambda: ledger.read(queries.receipts, {"evolink"}),
        "what approvals cover": lambda: ledger.read(approval_queries.spending, SERIES, EPISODE),
        "orders that may own a job": lambda: ledger.read(queries.without_a_job, "evolink"),
        "callbacks that came": lambda: ledger.read(queries.callbacks_received, SERIES),
        "what was noted": lambda: ledger.read(queries.notes, SERIES),
    }
    for name, ask in asked.items():
        _told(name, ask)


def _told(name: str, act: Callable[[], object], allowed_s: float | None = None, rounds: int = ROUNDS) -> float:
    """Print the best time by the clock, and what a processor worked for it here; returns the first."""
    best = cpu = float("inf")
    for _ in range(rounds):
        begun, worked = time.perf_counter(), _worked_s()
        act()
        best, cpu = min(best, time.perf_counter() - begun), min(cpu, _worked_s() - worked)
    verdict = "" if allowed_s is None else "  ok" if best <= allowed_s else f"  more than {allowed_s} s"
    print(f"{name:<30}{best * 1000:>9.1f} ms  {cpu * 1000:>9.1f} ms of a processor{verdict}", flush=True)
    return best


def _worked_s() -> float:
    """Of this process and of those that it has waited for."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


if __name__ == "__main__":
    sys.exit(main())
