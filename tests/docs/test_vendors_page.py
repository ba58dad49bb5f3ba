"""The page of vendors tells what is sold, how accounts work and what each documented error means, as the code does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from render.providers.aihubmax import payloads as aihubmax_wording
from render.providers.aihubmax import provider as aihubmax
from render.providers.aihubmax.error_codes import ERROR_CODES as AIHUBMAX
from render.providers.base import JobRef
from render.providers.evolink import provider as evolink
from render.providers.evolink.error_codes import ERROR_CODES as EVOLINK
from render.providers.evolink.error_codes import FILES_ERROR_CODES, TASK_ERROR_CODES
from render.providers.kinovi import payloads as kinovi_wording
from render.providers.kinovi import provider as kinovi
from render.providers.kinovi.error_codes import ERROR_CODES as KINOVI
from render.providers.oxen.error_codes import ERROR_CODES as OXEN
from render.providers.registry import capabilities_of
from render.providers.vendor_errors import ErrorMeanings
from tests.acme.orders import order
from tests.docs.vendor_errors import ANY_WORDS, FOLLOWS, LOST, PATIENCE, Row, made_of
from tests.docs.vendors import PAGE, VENDORS, Rows, as_text, hours, markdown, reach, section, sold, tables, tokens
from tests.render.providers.hosted import hosted, says

pytestmark = pytest.mark.anyio

KEPT = {"kinovi": kinovi.UPLOAD_LIVES, "evolink": evolink.UPLOAD_LIVES, "aihubmax": aihubmax.UPLOAD_LIVES}
CLIPS_LIVE = {
    "kinovi": hours(kinovi_wording.LINK_LIVES),
    "evolink": "24 hours",
    "aihubmax": hours(aihubmax_wording.LINK_LIVES),
    "oxen": "a limited time",
}
REFUNDS = {"kinovi": "refunded", "evolink": "refunded", "aihubmax": "count as spent", "oxen": "count as spent"}

DOCUMENTED: dict[str, dict[str, set[int]]] = {
    "kinovi": {"order": {400, 401, 402, 403, 404, 429, 500}, "question": {401, 404, 429, 500}},
    "evolink": {"order": {400, 401, 402, 403, 413, 429, 500, 502, 503}, "question": {401, 404, 429, 500}},
    "aihubmax": {"order": {400, 401, 402, 403, 404, 422, 429, 500, 503}, "question": {401, 404, 429, 500}},
    "oxen": {"order": {200, 400, 401, 402, 404, 429, 500}, "question": {401, 404, 500}},
}
"""The statuses that each vendor's pages name, and those that any API may give."""

TABLES: dict[str, tuple[ErrorMeanings, ...]] = {
    "kinovi": (KINOVI,),
    "evolink": (EVOLINK, TASK_ERROR_CODES, FILES_ERROR_CODES),
    "aihubmax": (AIHUBMAX,),
    "oxen": (OXEN,),
}

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
    kept: timedelta | None = KEPT.get(vendor)
    return as_text(
        {
            "`provider`, key": f"`{vendor}`, `{vendor.upper()}_API_KEY`",
            "jobs at once": bound,
            "references, unless by a store's links": reach(sells, kept),
            "how prompts point at them": tokens(sells),
            "a clip's link lives": CLIPS_LIVE[vendor],
            "calls back": "no" if sells.callback_job is None else "yes",
            "lists its jobs": "yes" if lists else "no",
            "ends a job": "yes" if ends else "no",
            "failed jobs": REFUNDS[vendor],
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
        assert made.charged == {"refunded": "no", "count as spent": "counts as spent"}[REFUNDS[vendor]]


@pytest.mark.parametrize("vendor", VENDORS)
def test_each_code_and_status_that_is_known_stands_in_the_page(vendor: str) -> None:
    """No verdict of the code, and no documented status, is left out."""
    rows = errors(vendor)
    codes, statuses = {row.code for row in rows}, {row.status for row in rows}
    for verdicts in TABLES[vendor]:
        assert {key for key in verdicts if isinstance(key, str)} <= codes
        assert {key for key in verdicts if isinstance(key, int)} <= statuses
    for at, documented in DOCUMENTED[vendor].items():
        assert {row.status for row in rows if row.at == at} == documented
    assert {row.code for row in rows if row.at == "job"} >= {
        "kinovi": {"2038", "4011", "500", "asset_review_failed", "InvalidParameter"},
        "oxen": set(OXEN) - {"unauthenticated"},
    }.get(vendor, set(TASK_ERROR_CODES))


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
