"""What a studio's runs stand on breaks: Prefect's server, and PostgreSQL."""

from __future__ import annotations

import signal
import time

import pytest

from tests.drills.drill import Drill, lasting, wait_s
from tests.drills.studio import Studio
from tests.thinning import drill

pytestmark = pytest.mark.timeout(1200)


@drill
def test_prefects_server_is_restarted(studio: Studio) -> None:
    """Ended in order, and started anew at once."""
    it = Drill(studio, "server-restarted", "Prefect's server restarted")
    with it.fault():
        studio.server.stop()
        studio.server.start()
        studio.wait_for_server()
    it.end()


@drill
def test_prefects_server_is_gone(studio: Studio) -> None:
    """Killed, and away for as long as a machine takes to be replaced."""
    it = Drill(studio, "server-gone", "Prefect's server gone")
    with it.fault():
        studio.server.kill()
        wait_s(lasting(20, 300))
        studio.server.start()
        studio.wait_for_server()
    it.end(900)


@drill
def test_postgresql_is_restarted(studio: Studio) -> None:
    """As a power cut does it: whoever was within a transaction does not know what became of it."""
    it = Drill(studio, "postgres-restarted", "PostgreSQL restarted")
    with it.fault():
        studio.postgres.stop(signal.SIGQUIT)
        wait_s(5)
        studio.postgres.start()
    it.end()


@drill
def test_postgresql_is_full(studio: Studio) -> None:
    """Not a block is left: what it cannot write it refuses, and it is started anew should it give up."""
    it = Drill(studio, "postgres-full", "PostgreSQL's disk full")
    disk = studio.postgres_disk
    with it.fault():
        disk.fill()
        until = time.monotonic() + lasting(20, 60)
        while time.monotonic() < until:
            studio.postgres.revive()
            wait_s(2)
        disk.free()
        studio.postgres.revive()
    it.end(600)
    assert "No space left on device" in studio.postgres.log()
