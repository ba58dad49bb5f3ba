"""What EvoLink's own codes mean. Failed tasks are refunded, by its pages; of cancelled ones they say nothing."""

from __future__ import annotations

from render.errors import Scope
from render.providers.vendor_errors import (
    CONTENT,
    LATER,
    MEND_SHOT,
    NO_SUCH_JOB,
    NOT_ALLOWED,
    ONCE_MORE,
    OTHER_KEY,
    OTHER_PICTURE,
    OUTAGE,
    PAY,
    ErrorMeaning,
    ErrorMeanings,
)

FILE_NOT_TAKEN = ErrorMeaning(
    scope=Scope.SHOT,
    remedy="Give a picture as another file. It is not documented that {provider}'s file host takes video and sound: "
    "leave such references out (and `continuity: tail_clip`), or name another vendor",
)
GONE = ErrorMeaning(
    scope=Scope.ATTEMPT,
    remedy="Produce again: references are sent by new links then; where it fails so once more, change the references",
)

TASK_ERROR_CODES: ErrorMeanings = {
    "content_policy_violation": CONTENT,
    "invalid_parameters": MEND_SHOT,
    "image_processing_error": OTHER_PICTURE,
    "image_dimension_mismatch": OTHER_PICTURE,
    "request_cancelled": LATER,
    "generation_failed_no_content": ONCE_MORE,
    "service_error": LATER,
    "generation_timeout": LATER,
    "resource_exhausted": OUTAGE,
    "quota_exceeded": PAY,
    "service_unavailable": OUTAGE,
    "resource_not_found": GONE,
    "upstream_error": LATER,
    "unknown_error": LATER,
}
"""Of failed tasks."""

ERROR_CODES: ErrorMeanings = {
    **TASK_ERROR_CODES,
    "invalid_request": MEND_SHOT,
    "unauthorized": OTHER_KEY,
    "insufficient_quota": PAY,
    "model_access_denied": NOT_ALLOWED,
    "resource_not_found": NO_SUCH_JOB,
}
"""Of refused orders and questions."""

FILES_ERROR_CODES: ErrorMeanings = {**ERROR_CODES, 400: FILE_NOT_TAKEN, 415: FILE_NOT_TAKEN, 422: FILE_NOT_TAKEN}
"""Of the files host."""
