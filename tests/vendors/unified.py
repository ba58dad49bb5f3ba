"""What the pages of EvoLink and AIHubMax have in common."""

from __future__ import annotations

from typing import Any

from render.providers.evolink.error_codes import TASK_ERROR_CODES
from tests.vendors.facts import Expected, Links, Vendor, of_kinds

JOB_CODES = {code for code in TASK_ERROR_CODES if isinstance(code, str)}


def documented(_: Vendor, shot: Expected, prompt: str, links: Links) -> dict[str, Any]:
    """EvoLink's body of an order."""
    return {
        "model": "seedance-2.0-image-to-video" if shot.first_frame else "seedance-2.0-reference-to-video",
        "prompt": prompt,
        **of_kinds(links, "{}_urls"),
        "duration": 4,
        "quality": "480p",
        "aspect_ratio": "16:9",
        "generate_audio": shot.audio,
    }


def failed_job(code: str, said: str) -> dict[str, Any]:
    """A task that failed."""
    error = {"code": code, "message": said}
    return {"id": "job-1", "object": "video.generation.task", "status": "failed", "progress": 40, "error": error}


def refusal(_: int, code: str, said: str) -> dict[str, Any]:
    """The envelope of every error."""
    return {"error": {"code": code, "message": said, "type": "invalid_request_error"}}
