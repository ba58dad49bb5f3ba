"""Meadow."""

from __future__ import annotations

from render.providers.meadow.payloads import ERROR_CODES, order_body, read_status
from render.providers.meadow.provider import UPLOAD_LIVES

from tests.render.providers.hosted import says
from tests.vendors.facts import Expected, Links, Vendor, VendorFacts, answered, of_kinds
from tests.vendors.unified import failed_job, refusal


def _documented(_: Vendor, shot: Expected, prompt: str, links: Links) -> dict[str, object]:
    return {
        "model": "meadow-1",
        "prompt": prompt,
        **of_kinds(links, "{}_urls"),
        "duration": 4,
        "resolution": "480p",
        "aspect_ratio": "16:9",
        "generate_audio": shot.audio,
    }


FACTS = VendorFacts(
    title="Meadow",
    usd_per_second="0.05",
    price_on_page=False,
    lists_jobs=False,
    free_shape=None,
    spellings=(Vendor("meadow", token="@image"),),
    documented=_documented,
    write=lambda request: order_body(request, ()),
    poll="/jobs/{}",
    clip_link=lambda told: told["results"][0]["url"],
    good_key=says({"data": {"credits": 420}}),
    read_bill=lambda clip, bill: read_status(
        answered(f'{{"status": "completed", "results": [{{"url": "{clip}"}}], "cost": {bill}}}')
    ),
    upload_lives=UPLOAD_LIVES,
    clips_live="24 hours",
    failed_jobs="count as spent",
    statuses={"order": {401}, "question": {401}},
    error_codes=(ERROR_CODES,),
    job_codes={"content_policy_violation"},
    failed_job=failed_job,
    refusal=refusal,
)
