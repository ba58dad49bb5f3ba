"""The page counts what processes really take of PostgreSQL."""

from __future__ import annotations

import re

from sqlalchemy import QueuePool, make_url

from render.ledger.database import open_engine
from tests.operations.deploy_files import services, variables
from tests.operations.terminal import PAGE
from tests.operations.test_deploy_files import DEPLOY, FILLED
from tests.thinning import exhaustive


def told() -> int:
    """How many connections the page gives each process."""
    (found,) = re.findall(r"has up to (\d+) \(5 kept, 10 more at a\s+peak", PAGE.read_text(encoding="utf-8"))
    return int(found)


def test_a_ledger_has_as_many_connections_as_the_page_says() -> None:
    """For PostgreSQL; nothing is connected to."""
    engine = open_engine(make_url("postgresql+psycopg://nobody@127.0.0.1:1/none"))
    assert isinstance(engine.pool, QueuePool)
    assert engine.pool.size() + engine.pool._max_overflow == told()
    engine.dispose()


def test_the_compose_file_has_room_for_all_of_them() -> None:
    """Both workers' runs at once, and the three others that the page counts."""
    assert variables(DEPLOY / ".env.example")
    found = services(FILLED)
    limits = [
        int(each["command"][each["command"].index("--limit") + 1])
        for each in found.values()
        if "--limit" in each["command"]
    ]
    (most,) = re.findall(r"max_connections=(\d+)", " ".join(found["postgres"]["command"]))
    assert int(most) >= told() * (sum(limits) + 3)
    assert f"{told() * (sum(limits) + 3)} for two workers" in PAGE.read_text(encoding="utf-8")


@exhaustive
def test_prefects_server_has_as_many() -> None:
    """By its own settings."""
    from prefect.settings import get_current_settings

    pools = get_current_settings().server.database.sqlalchemy
    assert pools.pool_size + pools.max_overflow == told()
