"""A machine that runs workers breaks."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.drills.drill import Drill, wait_s
from tests.drills.earlier_version import earlier_checkout
from tests.drills.small_disk import mounted
from tests.drills.studio import Studio
from tests.thinning import drill

pytestmark = pytest.mark.timeout(900)


@drill
def test_a_worker_is_killed(studio: Studio) -> None:
    """Worker and flow runs die while what they ordered is paid for and under way; the machine comes back later."""
    it = Drill(studio, "worker-killed", "a worker killed")
    with it.fault():
        busy = max(studio.workers.values(), key=lambda each: len(each.tree()))
        assert len(busy.kill()) > 1, "no flow run was under way there"
        wait_s(20)
        busy.start()
    it.end()


@drill
@pytest.mark.parametrize("clock", ["+1h", "-1h"])
def test_a_clock_is_an_hour_off(studio: Studio, clock: str) -> None:
    """One worker, and every run that it makes, lives an hour ahead of all others, or behind them."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    assert library is not None, "libfaketime is not installed (apt-get install faketime)"
    off = {"LD_PRELOAD": str(library), "FAKETIME": clock, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    with studio.altered("south", **off):
        it = Drill(studio, f"clock{clock.replace('+', '-plus-')}", f"a worker's clock {clock}")
        with it.fault():
            pass
        it.end()


@drill
def test_a_worker_is_of_an_earlier_version(studio: Studio, tmp_path: Path) -> None:
    """It knows neither today's parameters nor today's ledger: it refuses, pays nothing, and the series completes."""
    with earlier_checkout(tmp_path / "earlier") as checkout:
        path = f"{checkout}:{os.environ['PYTHONPATH']}"
        old = studio.add_worker("old", checkout, 1, options=("--work-queue", "default"), PYTHONPATH=path)
        old.start()
        try:  # with more episodes than the others have places for, so that it is given some of their runs
            it = Drill(studio, "two-versions", "a worker of an earlier version", count=8)
            with it.fault():
                pass
            it.end()
        finally:
            old.stop()
    assert any(run["state_type"] == "CRASHED" for run in it.production.runs("produce")), "it was given no run"
    assert it.production.told == [], "the series ended before it was made"


@drill
def test_a_workers_disk_is_full(studio: Studio) -> None:
    """Its folder has not a block left, and nobody makes room: the other workers complete the series."""
    south = studio.workers["south"]
    with mounted(studio.folder / "small", 64) as disk, studio.altered("south", home=disk.at):
        it = Drill(studio, "disk-full", "a worker's disk full, for good")
        with it.fault():
            disk.fill()
        it.end(600)
        assert south.up
        disk.free()
