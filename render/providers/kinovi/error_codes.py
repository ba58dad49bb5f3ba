"""What Kinovi's own codes mean, for a refused order and for a failed job alike.

Failed jobs are refunded, by its pages.
"""

from __future__ import annotations

from render.errors import Scope
from render.providers.vendor_errors import LATER, MEND_SHOT, NO_SUCH_JOB, ErrorMeaning, ErrorMeanings

JOB_UNKNOWN = "task_not_found"
"""Kinovi gives this refusal no code, and its status is also that of a wrong address."""

ERROR_CODES: ErrorMeanings = {
    "2038": ErrorMeaning(
        scope=Scope.SHOT,
        refused=True,
        remedy="Change the shot's words, which moderation refused, or ask for a new take",
    ),
    "4011": ErrorMeaning(
        scope=Scope.ATTEMPT,
        remedy="{provider}'s pages do not say what this code means: produce again; where it fails so once more, change "
        "the shot's words or references",
    ),
    "500": LATER,
    "asset_review_failed": ErrorMeaning(
        scope=Scope.SHOT,
        refused=True,
        remedy="Give other references: their review refuses real faces, for one; or ask for a new take",
    ),
    "InvalidParameter": MEND_SHOT,
    JOB_UNKNOWN: NO_SUCH_JOB,
}
