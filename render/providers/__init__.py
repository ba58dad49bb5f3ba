"""What may a vendor do? One Protocol, and a package for each vendor of video models."""

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
