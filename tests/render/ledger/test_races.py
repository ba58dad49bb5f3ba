"""Many at once, and death at any moment: with real threads, real processes and a real kill."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

from render.ledger import Ledger, Take, holds, open_ledger, open_ledger_read_only, queries, settlement
from render.ledger.records import EVERYTHING
from storyboard.shot import Caps
from storyboard.takes import TakeState
from tests.render.ledger.claimant import try_claim
from tests.render.ledger.stage import SERIES, Stage, audit, clip, want
from tests.thinning import one_in

ROOT = Path(__file__).parents[3]
THREADS = 8


def planned_takes(stage: Stage, count: int) -> tuple[Take, ...]:
    """That many planned takes of different shots."""
    return stage.open(*(want(f"e01/race/{index:03}") for index in range(count)))


def together(ledger: Ledger, stage: Stage, takes: tuple[Take, ...], bound: int | None = None) -> int:
    """Claim each take in a thread of its own, all at the same moment; how many were won."""
    gate = threading.Barrier(len(takes))

    def one(take: Take) -> bool:
        gate.wait()
        return try_claim(ledger, stage.run, take.id, owner=str(threading.get_ident()), bound=bound)

    with ThreadPoolExecutor(len(takes)) as pool:
        return sum(pool.map(one, takes))


def test_threads_that_race_for_a_cap_win_exactly_what_it_covers(ledger: Ledger) -> None:
    """A cap for three pays for three, however many ask at once."""
    stage = Stage.begin(ledger, Caps(day=Decimal("3.99")))
    assert together(ledger, stage, planned_takes(stage, THREADS)) == 3
    assert stage.budget("day") == (0, 3)
    audit(ledger)


def test_of_claims_that_race_with_a_hold_of_everything_none_is_made_after_it(ledger: Ledger) -> None:
    """Each claim was committed before the hold, or is refused: what is held can be counted on from then on."""
    stage = Stage.begin(ledger)
    takes, gate = planned_takes(stage, THREADS), threading.Barrier(THREADS + 1)

    def one(take: Take) -> bool:
        gate.wait()
        return try_claim(ledger, stage.run, take.id, owner=str(threading.get_ident()), bound=None)

    def hold() -> int:
        gate.wait()
        ledger.write(holds.hold, EVERYTHING, "ann", "")
        return sum(stage.now(take).state is TakeState.SUBMITTING for take in takes)

    with ThreadPoolExecutor(THREADS + 1) as pool:
        won, counted = pool.map(one, takes), pool.submit(hold)
        assert sum(won) == counted.result()
    audit(ledger)


def test_threads_that_race_for_an_account_win_exactly_its_places(ledger: Ledger) -> None:
    """A bound of three jobs is never a bound of four."""
    stage = Stage.begin(ledger)
    assert together(ledger, stage, planned_takes(stage, THREADS), bound=3) == 3
    audit(ledger)


def test_threads_that_race_for_one_take_send_it_once(ledger: Ledger) -> None:
    """One of them owns it, the others do not."""
    stage = Stage.begin(ledger)
    assert together(ledger, stage, (stage.planned(),) * THREADS) == 1
    audit(ledger)


def test_threads_that_settle_one_take_settle_it_once(ledger: Ledger) -> None:
    """However many carry it, its cost is counted once, and it is done once."""
    stage = Stage.begin(ledger)
    take = stage.submitted()
    settled = {"cost_usd": Decimal("0.75"), "usage": "", "clip_url": None, "expires_at": None}
    with ThreadPoolExecutor(THREADS) as pool:
        generated = list(pool.map(lambda _: ledger.write(settlement.generated, take.id, **settled), range(THREADS)))
        done = list(pool.map(lambda _: ledger.write(settlement.done, take.id, clip()), range(THREADS)))
    assert (sum(generated), sum(done)) == (1, 1)
    assert stage.budget("series") == (Decimal("0.75"), 0)
    audit(ledger)


def test_runs_that_open_the_same_shots_together_share_their_takes(ledger: Ledger) -> None:
    """Two people who start the same episode at once do not get two sets of takes."""
    stages = [Stage.begin(ledger) for _ in range(4)]
    wants = [want(f"e01/race/{index}") for index in range(5)]
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda stage: tuple(take.id for take in stage.open(*wants)), stages))
    assert len(set(opened)) == 1
    assert len(ledger.read(queries.takes, SERIES)) == 5


@one_in(2, first=1)
def test_processes_that_race_for_a_cap_win_exactly_what_it_covers(ledger: Ledger, ledger_url: str) -> None:
    """The cap holds between processes as it does between threads."""
    stage = Stage.begin(ledger, Caps(episode=Decimal(3)))
    takes = [take.id for take in planned_takes(stage, 6)]
    racers = [claimant("race", ledger_url, stage.run, *order) for order in (takes, takes[::-1])]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    won = sum(int(racer.communicate("go\n", timeout=60)[0]) for racer in racers)

    assert [racer.returncode for racer in racers] == [0, 0]
    assert won == 3
    assert stage.budget("episode") == (0, 3)
    audit(ledger)


@one_in(4)
@pytest.mark.parametrize("steps", [1, 2, 5])
def test_a_process_killed_at_work_leaves_no_half_step(ledger: Ledger, ledger_url: str, steps: int) -> None:
    """After a kill at any moment each take stands in one state with its money, and others work on at once."""
    mortal = claimant("work", ledger_url)
    assert mortal.stdout is not None
    for _ in range(steps):
        mortal.stdout.readline()
    time.sleep(0.003 * steps)
    mortal.send_signal(signal.SIGKILL)
    mortal.communicate(timeout=60)

    audit(ledger)
    takes = ledger.read(queries.takes, SERIES)
    assert len(takes) >= steps
    assert sum(take.state is not TakeState.DONE for take in takes) <= 1, "at most the one that was on its way"
    Stage.begin(ledger).done()
    audit(ledger)


def test_a_ledger_opened_after_a_kill_is_whole(tmp_path: Path) -> None:
    """The log of a dead writer is read, not lost, also by those who only look."""
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    mortal = claimant("work", url)
    assert mortal.stdout is not None
    for _ in range(3):
        mortal.stdout.readline()
    mortal.kill()
    mortal.communicate(timeout=60)

    with open_ledger_read_only(url) or pytest.fail("no ledger") as reader:
        seen = reader.read(queries.take_facts, SERIES)
    with open_ledger(url) as ledger:
        audit(ledger)
        assert ledger.read(queries.take_facts, SERIES) == seen


def claimant(*arguments: str) -> subprocess.Popen[str]:
    """A process of its own on this ledger."""
    command = [sys.executable, "-m", "tests.render.ledger.claimant", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
