"""EvoLink."""

from __future__ import annotations

from render.providers.evolink.error_codes import ERROR_CODES, FILES_ERROR_CODES, TASK_ERROR_CODES
from render.providers.evolink.payloads import LINK_LIVES, order_body, read_status
from render.providers.evolink.provider import UPLOAD_LIVES
from tests.render.providers.hosted import says
from tests.vendors.facts import Vendor, VendorFacts, answered, lasting
from tests.vendors.unified import JOB_CODES, documented, failed_job, refusal

FACTS = VendorFacts(
    title="EvoLink",
    usd_per_second="0.0919",
    price_on_page=True,
    lists_jobs=True,
    free_shape="adaptive",
    spellings=(
        Vendor(
            "evolink", first_frame=True, smallest_side=300, smallest_film=409_600, usd_per_second=("0.0919", "0.1120")
        ),  # 0.0560 for each second of max(in, out) + out: twice, where the film is the shorter one
    ),
    documented=documented,
    write=lambda request: order_body(request, ()),
    poll="/v1/tasks/{}",
    clip_link=lambda told: told["results"][0],
    good_key=says({"data": {"credits": 420}}),
    other_hosts=1,  # for files
    taken={"id": "task-1"},
    callback_key="callback_url",
    called_back={"id": "task-1", "status": "completed"},
    read_bill=lambda clip, bill: read_status(
        answered(f'{{"status": "completed", "results": ["{clip}"], "usage": {{"credits": {bill}}}}}')
    ),
    upload_lives=UPLOAD_LIVES,
    clips_live=lasting(LINK_LIVES),
    failed_jobs="refunded",
    statuses={"order": {400, 401, 402, 403, 413, 429, 500, 502, 503}, "question": {401, 404, 429, 500}},
    error_codes=(ERROR_CODES, TASK_ERROR_CODES, FILES_ERROR_CODES),
    job_codes=JOB_CODES,
    failed_job=failed_job,
    refusal=refusal,
)
