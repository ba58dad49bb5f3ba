"""How a job that ended without a clip is told: the vendor's own code and words, and what to do now.

A job fails with the same sort of codes as an order that is refused, so one table of error codes serves both.
"""

from __future__ import annotations

from collections.abc import Sequence

from render.providers.base import Ended, PublishedReference
from render.providers.rejected_inputs import Keys, objection
from render.providers.vendor_errors import CONTENT, ONCE_MORE, OTHERWISE, ErrorMeanings, VendorError, meaning_of
from storyboard.request import BoundReference


def ended(
    vendor_error: VendorError, error_codes: ErrorMeanings, *, provider: str, key_variable: str, charged: bool | None
) -> Ended:
    """The end of a job that `vendor_error` explains. `charged`: False only where the vendor documents the refund."""
    meaning = meaning_of(vendor_error, 0, error_codes)
    if meaning is OTHERWISE and not vendor_error.code:
        meaning = ONCE_MORE  # there is nothing to look up
    return Ended(
        code=vendor_error.code or "failed",
        words=vendor_error.words or f"{provider} does not say why",
        remedy=meaning.remedy.format(provider=provider, key_variable=key_variable),
        refused=meaning.refused,
        charged=charged,
        input_name=vendor_error.input_name,
        scope=meaning.scope,
    )


def told(
    end: Ended, *, provider: str, shot: str, references: Sequence[BoundReference | PublishedReference], keys: Keys
) -> str:
    """An end in whole sentences: whose words, which shot, which input, and what to do now.

    `references` are those of the order, with their links where they are still known.
    """
    if end.cancelled:
        return f"the job for {shot} was cancelled at {provider}. Produce again to make a new take"
    verb = "refused" if end.refused else "failed"
    sentences = [
        f"{provider} {verb} the job for {shot} ({end.code}): {end.words}",
        objection(end.input_name, end.words, references, keys),
        end.remedy or (CONTENT.remedy if end.refused else ""),
    ]
    return ". ".join(each.rstrip(". ") for each in sentences if each)
