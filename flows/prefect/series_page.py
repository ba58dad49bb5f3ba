"""What Prefect's own pages show of a series: one table, a row an episode."""

import re
from collections.abc import Sequence

from prefect.artifacts import acreate_table_artifact

from flows.run.series_account import EpisodeAccount
from storyboard.text.dollars import usd
from storyboard.text.printable import printable

__all__ = ["publish_series"]


async def publish_series(series: str, accounts: Sequence[EpisodeAccount], told: str) -> None:
    """The account as a table, updated by each run of this series under the same key."""
    rows = [
        {
            "episode": each.episode,
            "state": each.state,
            "shots": f"{each.done} of {each.of}",
            "spent": usd(each.spent_usd),
            "reserved": usd(each.reserved_usd),
            "why": printable(each.told),
        }
        for each in accounts
    ]
    key = re.sub(r"[^a-z0-9]+", "-", series.lower()).strip("-")
    await acreate_table_artifact(key=f"{key}-series", table=rows, description=printable(told))
