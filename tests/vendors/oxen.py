"""Oxen.ai."""

from __future__ import annotations

from typing import Any

from render.providers.oxen.error_codes import ERROR_CODES
from render.providers.oxen.payloads import order_body, read_status
from tests.render.providers.hosted import says
from tests.vendors.facts import Expected, Links, Vendor, VendorFacts, answered


def _documented(_: Vendor, shot: Expected, prompt: str, links: Links) -> dict[str, Any]:
    return {
        "model": "bytedance-seedance-2-0-reference-to-video",
        "prompt": prompt,
        **{f"input_{kind}s": urls for kind, urls in links.items()},
        "resolution": "480p",
        "duration": "4",
        "aspect_ratio": "16:9",
        "generate_audio": shot.audio,
        "num_generations": 1,
        **({} if shot.seed is None else {"seed": shot.seed}),
    }


def _failed_job(_: str, said: str) -> dict[str, Any]:
    return {"generation_id": "job-1", "status": "failed", "result_url": None, "error_message": said}


def _refusal(status: int, _: str, said: str) -> dict[str, Any]:
    """Each of the shapes that its pages show."""
    if status == 200:
        return {"generations": [], "error": {"detail": said}}
    if status == 401:
        return {"status": "error", "status_message": said}
    if status == 402:
        return {"error": {"message": said}}
    title, _, detail = said.partition(": ")
    error = {"type": "error", "title": title} | ({"detail": detail} if detail else {})
    return {"error": error, "status": "error", "status_message": title}


FACTS = VendorFacts(
    title="Oxen.ai",
    usd_per_second="0.05",
    price_on_page=False,
    lists_jobs=True,
    variables=frozenset({"OXEN_NAMESPACE"}),
    moderates=False,
    free_shape="auto",
    spellings=(Vendor("oxen", seed=True, uploads=False, smallest_film=409_600),),
    documented=_documented,
    write=lambda request: order_body(request, (), None),
    poll="/queue/{}",
    clip_link=lambda told: told["result_url"],
    good_key=says({"generations": []}),
    read_bill=lambda clip, bill: read_status(
        answered(f'{{"status": "succeeded", "result_url": "{clip}", "cost": {bill}}}')
    ),
    upload_lives=None,
    clips_live="a limited time",
    failed_jobs="count as spent",
    statuses={"order": {200, 400, 401, 402, 404, 429, 500}, "question": {401, 404, 500}},
    error_codes=(ERROR_CODES,),
    job_codes=set(ERROR_CODES) - {"unauthenticated"},
    failed_job=_failed_job,
    refusal=_refusal,
)
