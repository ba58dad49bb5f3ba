"""What every test lives by: no network but this machine's own, no waiting between retries, no deadlines on examples."""

from __future__ import annotations

import gc
import importlib
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.thinning import examples, kept, thinned

pytest_plugins = ["tests.acme.fixture", "tests.prefect_api"]

GUARD = Path(__file__).parent / "guard"
FREE = {"test_crashes.py", "test_odd_names.py"}
TOGETHER = (
    "tests/flows/cli/",
    "tests/flows/prefect/",
    "tests/flows/run/test_run_log.py",
    "tests/flows/terminal/test_streams.py",
    "tests/flows/test_episode_broken.py",
    "tests/flows/test_stated_prices.py",
)
"""Tests that share a Prefect server and what commands are forked from: both take longer to start than most of them."""
DRILLS = "tests/drills/"
"""Drills share one studio of a dozen processes, which takes longer to open than most of them take."""
ACME = Path(__file__).parent / "acme" / "site"

sys.path.append(str(ACME))  # brings the entry point by which `acme` can be named

sys.path.append(str(GUARD))  # one module under one name, here and in every process that a test starts
importlib.import_module("network_guard").install()
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(GUARD), os.environ.get("PYTHONPATH", "")]))

gc.set_threshold(50_000)  # what libraries and fixtures made stays; looking at it over and over costs a fifth

# What tests write need not outlive the machine: in memory, nobody waits for a disk to have it. Where there is room.
MEMORY, ROOM_BYTES = Path("/dev/shm"), 4 * 1024**3
_in_memory = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM_BYTES
if _in_memory:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    os.environ.setdefault("TMPDIR", str(MEMORY))

# What is remembered of references is forgotten with the tests, and nothing of anybody's own is read or written.
_cache = tempfile.TemporaryDirectory(prefix="tailframe-tests-", dir=MEMORY if _in_memory else None)
os.environ["XDG_CACHE_HOME"] = _cache.name

for _name in [name for name in os.environ if name.startswith("OTEL_")]:
    del os.environ[_name]  # nobody's collector hears of tests

# Started in the background by a shell, or under nohup, this process ignores signals, and so would all that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

# Shared machines stall at will: an example that took long proves nothing, so only its result is judged.
settings.register_profile(
    "local", max_examples=examples(100), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("ci", settings.get_profile("local"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what `make test` leaves to `make crash`; properties are tried by both, here with fewer examples."""
    items[:] = kept(items)
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False) and not item.get_closest_marker("thinned"):
            item.add_marker(thinned)


def pytest_collection_finish() -> None:
    """What was imported and collected stays: nobody looks at it again for what could go, at the end neither."""
    gc.freeze()


class ByFile(LoadScopeScheduling):
    """A file's tests stay with one worker, which then makes once what they begin from; long ones may go anywhere."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        if file.startswith(TOGETHER):
            return TOGETHER[0]
        if file.startswith(DRILLS):
            return DRILLS
        return nodeid if Path(file).name in FREE else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    """Whatever `--dist` says: xdist 3.8 reads groups from where pytest 9 keeps nothing any more."""
    return ByFile(config, log)


@pytest.fixture(autouse=True)
def _retries_without_waiting() -> Iterator[None]:
    """Stamina tries again at once, and three times at most."""
    stamina.set_testing(True, attempts=3, cap=True)
    yield
    stamina.set_testing(False)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Tests marked `anyio` run on asyncio, as everything here does."""
    return "asyncio"
