"""Finished episodes, kept for good: written once, checked byte by byte, and brought back as a project."""

from __future__ import annotations

from render.archive.packing import ArchivedEpisode, ArchiveParts, archive_episode
from render.archive.places import open_tree
from render.archive.reading import resolve
from render.archive.rejoining import restore_into
from render.archive.restoring import Restored, restore
from render.archive.tree import ObjectTree
from render.archive.verifying import Finding, Problem, verify

__all__ = [
    "ArchiveParts",
    "ArchivedEpisode",
    "Finding",
    "ObjectTree",
    "Problem",
    "Restored",
    "archive_episode",
    "open_tree",
    "resolve",
    "restore",
    "restore_into",
    "verify",
]
