"""Whatever a vendor says that it charged: its clip is used, the books stay whole, and the next run works."""

from __future__ import annotations

import hashlib
import itertools
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from render.episode.manifest import Cost, Manifest, Master, from_json, to_json
from render.ledger import holds, open_ledger, open_ledger_read_only, queries, settlement
from render.ledger.money import MOST_USD
from render.providers import Succeeded
from tests.render.ledger.stage import ACCOUNT, SERIES, Stage, clip, want
from tests.thinning import examples
from tests.vendors import FACTS, VENDORS

NOW = datetime(2026, 10, 1, tzinfo=UTC)
CLIP = "https://cdn.example/1.mp4"
SHA256 = hashlib.sha256(b"").hexdigest()
NUMBERS = st.one_of(
    st.integers().map(str),
    st.integers(min_value=1, max_value=6000).map(lambda digits: "9" * digits),
    st.floats().map(json.dumps),
    st.decimals(allow_nan=False, allow_infinity=False).map(lambda number: f"{number:e}"),
    st.sampled_from(
        ["1e15", "-1e15", "1e400", "1e99999999999999999999", "NaN", "Infinity", "-Infinity", "-0", "0.001"]
    ),
)
BILLS = st.one_of(
    NUMBERS,
    NUMBERS.map(json.dumps),
    st.text(max_size=40).map(json.dumps),
    st.sampled_from(["true", "false", "null", "[]", "{}", '[1, {"a": 2}]']),
)


@dataclass
class Books:
    """One ledger for all that vendors may say, as its file and as runs hold it."""

    path: Path
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def sums(self) -> list[tuple[str, ...]]:
        """The types of every amount that stands in it."""
        with closing(sqlite3.connect(self.path)) as books:
            return [
                *books.execute("SELECT DISTINCT typeof(spent_micros), typeof(reserved_micros) FROM budgets"),
                *books.execute(
                    "SELECT DISTINCT typeof(reserved_micros), typeof(cost_micros) FROM takes WHERE state = 'done'"
                ),
            ]


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Books:
    path = tmp_path_factory.mktemp("books") / "l.sqlite"
    open_ledger(f"sqlite:///{path}").close()
    return Books(path)


@settings(max_examples=examples(15))
@given(bill=BILLS)
@example(bill="1e15")
@example(bill="1" * 5000)
@example(bill="NaN")
@pytest.mark.parametrize("vendor", VENDORS)
def test_no_bill_spoils_the_books(books: Books, vendor: str, bill: str) -> None:
    """The clip is there; every sum is whole and adds up; manifest and status can be written and read; work goes on."""
    status = FACTS[vendor].read_bill(CLIP, bill)
    assert isinstance(status, Succeeded)
    assert status.clip_url == CLIP
    with open_ledger(f"sqlite:///{books.path}") as ledger:
        stage = Stage.begin(ledger)
        ledger.write(holds.acknowledge, ACCOUNT)
        (take,) = stage.open(want(f"e01/a/{next(books.numbers)}"))
        stage.claim(take)
        stage.submit(take)
        assert ledger.write(
            settlement.generated,
            take.id,
            cost_usd=status.cost_usd,
            usage=status.usage,
            clip_url=status.clip_url,
            expires_at=status.expires_at,
        )
        ledger.write(settlement.done, take.id, clip(take.id))
        done = stage.now(take)
        assert done.cost_usd is not None
        assert 0 <= done.cost_usd <= MOST_USD
        assert done.reported_usd in {None, done.cost_usd}
        assert ledger.read(queries.money, SERIES) == (
            sum(each.cost_usd or 0 for each in ledger.read(queries.takes, SERIES)),
            0,
        )
        assert _read_again(done.cost_usd) == done.cost_usd
    assert set(books.sums()) == {("integer", "integer")}
    with open_ledger_read_only(f"sqlite:///{books.path}") or pytest.fail("no ledger") as reader:
        assert reader.read(queries.take, take.id) == done


def _read_again(usd: Decimal) -> Decimal | None:
    """The cost after it was written into a manifest and read from it."""
    manifest = Manifest(
        series=SERIES,
        episode="e01",
        snapshot=SHA256,
        created_at=NOW,
        master=Master(
            path="e01.mp4", sha256=SHA256, bytes=1, duration_s=Decimal(1), width=160, height=90, fps=Fraction(24)
        ),
        cost=Cost(estimated_usd=usd, actual_usd=usd),
        shots=(),
    )
    return from_json(to_json(manifest)).cost.actual_usd
