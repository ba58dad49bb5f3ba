"""What AIHubMax's own codes mean. Its pages list codes of refused orders; those of failed tasks are EvoLink's.

It does not say that failed tasks are refunded.
"""

from __future__ import annotations

from render.errors import Scope
from render.providers.evolink.error_codes import TASK_ERROR_CODES
from render.providers.vendor_errors import NOT_THERE, OTHER_PICTURE, OUTAGE, PAY, ErrorMeaning, ErrorMeanings

ERROR_CODES: ErrorMeanings = {
    **TASK_ERROR_CODES,
    403: ErrorMeaning(
        scope=Scope.VENDOR,
        remedy="Ask {provider} to allow this model for the key in {key_variable}; it also turns away what it takes "
        "for a robot",
    ),
    "insufficient_quota": PAY,
    "model_not_found": NOT_THERE,
    "no_compatible_channel": OUTAGE,
    "invalid_file_type": ErrorMeaning(
        scope=Scope.SHOT, remedy="Give the reference as another kind of file, then produce again"
    ),
    "invalid_image_url": OTHER_PICTURE,
}
"""By the code of a refused order or of a failed task. Any other code says to look it up."""
