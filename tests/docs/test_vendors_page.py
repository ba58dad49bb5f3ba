"""The page of vendors tells what is sold, how accounts work and what each documented error means, as the code does."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from render.providers.base import JobRef
from render.providers.registry import capabilities_of
from tests.acme.orders import order
from tests.docs.vendor_errors import ANY_WORDS, FOLLOWS, LOST, PATIENCE, Row, made_of
from tests.docs.vendors import PAGE, Rows, as_text, forms, markdown, reach, section, sold, tables, tokens
from tests.render.providers.hosted import hosted, says
from tests.vendors import FACTS, VENDORS

pytestmark = pytest.mark.anyio

NOTHING = {"status": "success", "generation_id": "job-1", "generations": [], "data": []}
"""An answer in which every vendor reads that there is nothing, and that what was asked for was done."""


async def account(vendor: str) -> Rows:
    """How an account works, as the code knows it."""
    sells = capabilities_of(vendor, {})
    async with hosted(vendor, says(NOTHING)) as (provider, _):
        lists = await provider.list_jobs(datetime(2026, 1, 1, tzinfo=UTC)) is not None
        ends = await provider.cancel(JobRef("job-1", order()))
    assert ends == sells.cancels
    bound = "no bound is documented" if sells.concurrent_jobs is None else str(sells.concurrent_jobs)
    facts = FACTS[vendor]
    return as_text(
        {
            "`provider`, key": f"`{vendor}`, `{vendor.upper()}_API_KEY`",
            "jobs at once": bound,
            "references, unless by a store's links": reach(sells, facts.upload_lives),
            "how prompts point at them": tokens(sells),
            "a clip's link lives": facts.clips_live,
            "calls back": "no" if sells.callback_job is None else "yes",
            "lists its jobs": "yes" if lists else "no",
            "ends a job": "yes" if ends else "no",
            "failed jobs": facts.failed_jobs,
            "what a job cost": "told" if sells.tells_cost else "not told",
        }
    )


def errors(vendor: str) -> list[Row]:
    """The page's errors of one vendor."""
    head, *rows = tables(section(vendor))[2]
    assert head == ("at", "answer", "words", "here", "charged", "what to do now")
    return [Row(*cells) for cells in rows]


ROWS = [(vendor, row) for vendor in VENDORS for row in errors(vendor)]


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_is_sold_stands_in_the_page(vendor: str) -> None:
    """Models, limits and dated prices are those that plans are made with."""
    assert markdown(tables(section(vendor))[0]) == markdown(sold(vendor))


def test_how_prompts_are_written_stands_in_the_page() -> None:
    """Each model's forms are those that prompts are composed in, with who says so and when."""
    (told,) = re.findall(r"^## How prompts are written$(.*?)(?=^## )", PAGE.read_text(), re.M | re.S)
    assert [markdown(table) for table in tables(told)] == [markdown(table) for table in forms()]


@pytest.mark.parametrize("vendor", VENDORS)
async def test_how_an_account_works_stands_in_the_page(vendor: str) -> None:
    """Bounds, uploads, lists, callbacks and refunds are those that runs rely on."""
    assert markdown(tables(section(vendor))[1]) == markdown(await account(vendor))


@pytest.mark.parametrize(("vendor", "row"), ROWS, ids=[f"{vendor} {row.at} {row.answer}" for vendor, row in ROWS])
async def test_each_error_means_what_the_page_says(vendor: str, row: Row, tmp_path: Path) -> None:
    """Sent as the vendor documents it, it has the code, the words, the consequence, the money and the remedy."""
    made = await made_of(vendor, row, tmp_path)
    assert (made.follows, made.charged) == (row.follows, row.charged)
    assert row.remedy in made.remedy
    assert made.code == (row.code or made.code)
    if row.at != "upload" or row.code:
        assert row.said in made.words
    if row.at == "job":
        assert made.remedy == row.remedy
        assert made.charged == {"refunded": "no", "count as spent": "counts as spent"}[FACTS[vendor].failed_jobs]


@pytest.mark.parametrize("vendor", VENDORS)
def test_each_code_and_status_that_is_known_stands_in_the_page(vendor: str) -> None:
    """No verdict of the code, and no documented status, is left out."""
    rows = errors(vendor)
    codes, statuses = {row.code for row in rows}, {row.status for row in rows}
    for error_codes in FACTS[vendor].error_codes:
        assert {key for key in error_codes if isinstance(key, str)} <= codes
        assert {key for key in error_codes if isinstance(key, int)} <= statuses
    for at, documented in FACTS[vendor].statuses.items():
        assert {row.status for row in rows if row.at == at} == documented
    assert {row.code for row in rows if row.at == "job"} >= FACTS[vendor].job_codes


def test_no_remedy_says_to_look_it_up() -> None:
    """Every documented error has an answer of its own."""
    assert [row for _, row in ROWS if "Look up" in row.remedy] == []


def test_the_page_explains_each_word_of_its_tables() -> None:
    """What happens here is told in few words, and each of them is explained."""
    legend = {row[0] for row in tables(PAGE.read_text())[0][1:]}
    assert legend == set(FOLLOWS.values()) >= {row.follows for _, row in ROWS}
    assert all(row.remedy for _, row in ROWS)
    assert {LOST, PATIENCE} <= {row.remedy for _, row in ROWS}
    assert ANY_WORDS in {row.words for _, row in ROWS}
