"""Vendors of video models, behind one Protocol."""

from render.providers.base import (
    Ended,
    JobRef,
    JobStatus,
    ListedJob,
    Pending,
    Provider,
    PublishedReference,
    Succeeded,
)

__all__ = ["Ended", "JobRef", "JobStatus", "ListedJob", "Pending", "Provider", "PublishedReference", "Succeeded"]
