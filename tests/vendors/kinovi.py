"""Kinovi, in the two dialects of its pages."""

from __future__ import annotations

from typing import Any

from render.providers.kinovi.capabilities import Dialect
from render.providers.kinovi.error_codes import ERROR_CODES
from render.providers.kinovi.payloads import LINK_LIVES, order_body, read_status
from render.providers.kinovi.provider import UPLOAD_LIVES
from tests.render.providers.hosted import says
from tests.render.providers.wire import Say
from tests.vendors.facts import AUDIO, IMAGE, VIDEO, Expected, Links, Vendor, VendorFacts, answered, lasting, of_kinds

URLS = Vendor("kinovi", first_frame=True, audio_switch=False, token="@image", usd_per_second=("0.075", "0.095"))
TYPED = Vendor("kinovi", dialect="typed", seed=True, token="@image", usd_per_second=("0.075", "0.095"))


def _documented(vendor: Vendor, shot: Expected, prompt: str, links: Links) -> dict[str, Any]:
    inputs: dict[str, Any] = {
        "prompt": prompt,
        "aspectRatio": "16:9",
        "mode": "keyframe" if shot.first_frame else "reference",
        "outputResolution": "480p",
    }
    if vendor.dialect == "urls":
        inputs |= {"duration": "4", "urls": links[IMAGE] + links[VIDEO]}
        inputs |= {"audioUrls": links[AUDIO]} if links[AUDIO] else {}
    else:
        inputs |= {"duration": 4, "generate_audio": shot.audio} | of_kinds(links, "{}Urls")
        inputs |= {} if shot.seed is None else {"seed": shot.seed}
    return {"model": "seedance-20", "inputs": inputs}


def _failed_job(code: str, said: str) -> dict[str, Any]:
    error = {"code": code, "message": said}
    return {"taskId": "task_1", "model": "seedance-20", "status": "fail", "output": None, "error": error}


def _refusal(status: int, code: str, said: str) -> dict[str, Any]:
    message, _, detail = said.partition(": ")
    if status == 400:
        return {"message": message, "errors": [{"code": code, "message": detail, "path": "inputs.urls"}]}
    if status == 402:
        return {"message": message.partition(" (")[0], "required": 200, "available": 0}
    if status == 429:
        return {"message": said, "limit": 5, "current": 5}
    return {"message": said}


def _before_upload(url: str) -> Say:
    """The link that a file is put to."""
    return says({"uploadUrl": f"{url}/put", "url": f"{url}/a.png", "contentType": "image/png"})


FACTS = VendorFacts(
    title="Kinovi",
    usd_per_second="0.075",
    price_on_page=True,
    lists_jobs=False,
    variables=frozenset({"KINOVI_CONCURRENT_JOBS"}),
    free_shape=None,
    spellings=(URLS, TYPED),
    documented=_documented,
    write=lambda request: order_body(request, (), Dialect.URLS),
    poll="/jobs/recordInfo?taskId={}",
    clip_link=lambda told: told["output"][0]["url"],
    good_key=says({"message": "Task not found"}, 404),
    examined_by_orders=1,
    taken={"taskId": "task_1"},
    callback_key="callBackUrl",
    called_back={"code": 200, "message": "success", "data": {"taskId": "task_1", "status": "success"}},
    read_bill=lambda clip, bill: read_status(
        answered(f'{{"status": "success", "output": [{{"url": "{clip}"}}], "creditsUsed": {bill}}}')
    ),
    upload_lives=UPLOAD_LIVES,
    clips_live=lasting(LINK_LIVES),
    failed_jobs="refunded",
    statuses={"order": {400, 401, 402, 403, 404, 429, 500}, "question": {401, 404, 429, 500}},
    error_codes=(ERROR_CODES,),
    job_codes={"2038", "4011", "500", "asset_review_failed", "InvalidParameter"},
    failed_job=_failed_job,
    refusal=_refusal,
    before_upload=_before_upload,
)
