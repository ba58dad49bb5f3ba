"""How is a finished episode kept for good? Written once, checked byte by byte, brought back as a project."""

from __future__ import annotations

from render.episode.archive.find_tree import open_tree
from render.episode.archive.pack import ArchivedEpisode, ArchiveParts, archive_episode
from render.episode.archive.read_archive import resolve
from render.episode.archive.rejoin_project import restore_into
from render.episode.archive.restore_project import Restored, restore
from render.episode.archive.tree import ObjectTree
from render.episode.archive.verify import Finding, Problem, verify

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
