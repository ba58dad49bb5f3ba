"""How long a job is waited for does not depend on the clock of the machine that waits."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from render.context import RunContext
from render.ledger import Take, open_ledger, queries
from render.takes.job_age import age_of
from tests.render.ledger.stage import Stage

pytestmark = pytest.mark.anyio


@dataclass
class Apart:
    """A run on a machine whose clock goes so far from the ledger's."""

    by: timedelta

    async def read(self, query: Any) -> datetime:
        assert query is queries.now
        return datetime.now(UTC) + self.by


@pytest.mark.parametrize("hours", [-1, 0, 1])
async def test_a_job_is_as_old_as_the_ledger_says(hours: int, tmp_path: Path) -> None:
    """Ordered a minute ago by the ledger's clock, it is a minute old, whatever time it is here."""
    apart = timedelta(hours=hours)
    with closing(open_ledger(tmp_path / "ledger.sqlite")) as ledger:
        take = Stage.begin(ledger).submitted()
    ordered: Take = replace(take, submitted_at=datetime.now(UTC) + apart - timedelta(minutes=1))
    age = await age_of(cast(RunContext, Apart(apart)), ordered)
    assert timedelta(seconds=60) <= age() < timedelta(seconds=70)
