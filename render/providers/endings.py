"""How a job that ended without a clip is told: the vendor's own code and words, and what to do now.

A job fails with the same sort of codes as an order that is refused, so one table of verdicts serves both.
"""

from __future__ import annotations

from render.providers.answers import words
from render.providers.base import Ended
from render.providers.complaints import Complaint, Verdicts, judge


def ended(complaint: Complaint, verdicts: Verdicts, *, provider: str, key_variable: str, charged: bool | None) -> Ended:
    """The end of a job that `complaint` explains. `charged`: False only where the vendor documents the refund."""
    verdict = judge(complaint, 0, verdicts)
    remedy = verdict.remedy.format(provider=provider, key_variable=key_variable)
    said = complaint.words.rstrip(". ") or f"the job failed at {provider}, which did not say why"
    return Ended(
        code=complaint.code or "failed",
        words=words(f"{said}. {remedy}"),
        refused=verdict.refused,
        charged=charged,
        input_name=complaint.input_name,
        scope=verdict.scope,
    )
