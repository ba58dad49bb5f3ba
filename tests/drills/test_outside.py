"""What a studio does not own breaks: the object store, and the vendor."""

from __future__ import annotations

import pytest

from tests.drills.drill import Drill, lasting, wait_s
from tests.drills.faulty_proxy import Weather
from tests.drills.studio import Studio
from tests.thinning import drill

pytestmark = pytest.mark.timeout(900)


@drill
def test_s3_refuses(studio: Studio) -> None:
    """Nobody listens where the store is."""
    it = Drill(studio, "s3-refuses", "S3 refuses connections")
    with it.fault(), studio.s3_way.during(Weather(refuses=True)):
        wait_s(lasting(20, 60))
    it.end()


@drill
def test_s3_is_slow(studio: Studio) -> None:
    """Each request waits, and so does each part of a long answer."""
    it = Drill(studio, "s3-slow", "S3 is slow")
    with it.fault(), studio.s3_way.during(Weather(delay_s=2)):
        wait_s(lasting(20, 60))
    it.end()
    assert studio.s3_way.delayed > 0


@drill
def test_s3_is_busy_at_random(studio: Studio) -> None:
    """A third of all requests is answered 503, chosen by a seed."""
    it = Drill(studio, "s3-busy", "S3 answers 503 to a third of requests")
    with it.fault(), studio.s3_way.during(Weather(busy=0.33)):
        wait_s(lasting(20, 60))
    it.end()
    assert studio.s3_way.busy > 0


@drill
def test_the_vendor_is_down(studio: Studio) -> None:
    """Killed, with all connections to it, and started again on its books."""
    it = Drill(studio, "vendor-down", "the sandbox is down")
    with it.fault():
        studio.sandbox.kill()
        wait_s(lasting(20, 60))
        studio.restart_sandbox()
    it.end()
