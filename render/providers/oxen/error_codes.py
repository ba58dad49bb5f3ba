"""What Oxen.ai's words mean: it gives sentences and no codes, so the codes here are ours.

Parameters are checked when a job runs, so most of these end a job. It does not say that failed jobs are refunded.
"""

from __future__ import annotations

from dataclasses import replace

from render.errors import Scope
from render.providers.vendor_errors import CONTENT, MEND_SHOT, OTHER_KEY, PAY, ErrorMeaning, ErrorMeanings, VendorError

_OUR_ORDER = ErrorMeaning(
    scope=Scope.VENDOR, remedy="{provider} has changed what an order must hold: look for a newer Tailframe"
)
"""Of what no producer writes: no other shot fares better."""

ERROR_CODES: ErrorMeanings = {
    "unauthenticated": OTHER_KEY,
    "insufficient_credits": PAY,
    "content_refused": CONTENT,
    "field_required": _OUR_ORDER,
    "invalid_num_generations": _OUR_ORDER,
    "too_many_files": ErrorMeaning(scope=Scope.SHOT, remedy="Give fewer references, then produce again"),
    "sound_without_picture": ErrorMeaning(
        scope=Scope.SHOT, remedy="Add a picture, or remove the sound reference, then produce again"
    ),
    "invalid_duration": MEND_SHOT,
    "invalid_resolution": MEND_SHOT,
}
"""By the code that `classed` gives an error for its words."""

_CLASSES: tuple[tuple[str, str, str | None], ...] = (
    ("unauthenticated", "unauthenticated", None),
    ("insufficient credits", "insufficient_credits", None),
    ("field required", "field_required", None),
    ("too many input files", "too_many_files", None),
    ("audio requires at least one image or video", "sound_without_picture", "input_audios"),
    ("num_generations", "invalid_num_generations", "num_generations"),
    ("invalid duration", "invalid_duration", "duration"),
    ("invalid resolution", "invalid_resolution", "resolution"),
    # How moderators speak. None is documented here; one that was missed would be ordered, and paid for, again.
    ("content policy", "content_refused", None),
    ("moderat", "content_refused", None),
    ("sensitive", "content_refused", None),
    ("safety", "content_refused", None),
)
"""What the words hold, the code of ours that stands for them, and the input that they speak of."""


def classed(vendor_error: VendorError) -> VendorError:
    """The error under a code of ours, where its words are known; else as it is."""
    said = vendor_error.words.lower()
    for phrase, code, input_name in _CLASSES:
        if phrase in said:
            return replace(vendor_error, code=code, input_name=vendor_error.input_name or input_name)
    return vendor_error
