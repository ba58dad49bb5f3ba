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
    looks_at_leases,
)

__all__ = [
    "Ended",
    "JobRef",
    "JobStatus",
    "ListedJob",
    "Pending",
    "Provider",
    "PublishedReference",
    "Succeeded",
    "looks_at_leases",
]
