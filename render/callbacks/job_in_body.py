"""Which job a callback's body names, where its vendor documents that it does. Anybody may have written it."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from render.errors import RenderError
from render.net.responses import Json, Unreadable, read_job_id, read_json
from render.providers.registry import capabilities_of
from storyboard.errors import StoryboardError

_LOG = logging.getLogger(__name__)


def named_job(body: bytes, vendor: str, environment: Mapping[str, str]) -> str | None:
    """The job's id; None where the body cannot be read or names none that a vendor could have given."""
    try:
        path = capabilities_of(vendor, environment).callback_job
    except (RenderError, StoryboardError) as error:
        _LOG.warning("%s is not known here, so its calls can wake but name no job: %s", vendor, error)
        return None
    if path is None:
        return None
    try:
        return read_job_id(_at(path, read_json(body, "")))
    except Unreadable:
        return None


def _at(path: tuple[str, ...], told: Json) -> Json:
    for key in path:
        told = told.get(key) if isinstance(told, Mapping) else None
    return told
