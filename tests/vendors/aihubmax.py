"""AIHubMax: EvoLink's API with differences."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from render.providers.aihubmax.error_codes import ERROR_CODES
from render.providers.aihubmax.payloads import LINK_LIVES, order_body, read_task
from render.providers.aihubmax.provider import UPLOAD_LIVES
from tests.render.providers.hosted import says
from tests.vendors.facts import Expected, Links, Vendor, VendorFacts, answered, lasting
from tests.vendors.unified import JOB_CODES, documented, failed_job, refusal

NOW = datetime(2026, 10, 1, tzinfo=UTC)


def _documented(vendor: Vendor, shot: Expected, prompt: str, links: Links) -> dict[str, Any]:
    body = documented(vendor, shot, prompt, links)
    body |= {"resolution": body.pop("quality"), "seed": -1 if shot.seed is None else shot.seed}
    if shot.first_frame:
        body["image_url"], *last = body.pop("image_urls")
        body |= {"end_image_url": last[0]} if last else {}
    return body


FACTS = VendorFacts(
    title="AIHubMax",
    usd_per_second="0.05",
    price_on_page=False,
    lists_jobs=False,
    free_shape="adaptive",
    spellings=(Vendor("aihubmax", first_frame=True, seed=True, smallest_side=300, smallest_film=409_600),),
    documented=_documented,
    write=lambda request: order_body(request, ()),
    poll="/v1/tasks/{}",
    clip_link=lambda told: told["results"][0]["url"],
    good_key=says({"data": {"credits": 420}}),
    read_bill=lambda clip, bill: read_task(
        answered(f'{{"status": "completed", "results": [{{"url": "{clip}"}}], "usage": {{"credits": {bill}}}}}'),
        NOW,
    ),
    upload_lives=UPLOAD_LIVES,
    clips_live=lasting(LINK_LIVES),
    failed_jobs="count as spent",
    statuses={"order": {400, 401, 402, 403, 404, 422, 429, 500, 503}, "question": {401, 404, 429, 500}},
    error_codes=(ERROR_CODES,),
    job_codes=JOB_CODES,
    failed_job=failed_job,
    refusal=refusal,
)
