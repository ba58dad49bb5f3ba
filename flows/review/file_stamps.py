"""Whether the files that a plan is made of have changed, without reading them."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from storyboard.loading import Project
from storyboard.paths import is_url

__all__ = ["stamp_of"]


def stamp_of(root: Path, project: Project, written: str = "") -> str:
    """The same for as long as none of its YAML, and nothing that this names, is written, comes or goes.

    `written` is the stamp of the YAML from before it was read, so that whatever is written meanwhile is noticed later.
    """
    named = sorted(project.on_disk(source) for source in project.sources() if not is_url(source))
    return f"{written or written_stamp(root)} {_stamp([root / name for name in named])}"


def written_stamp(root: Path) -> str:
    """The same for as long as no YAML of the folder is written, comes or goes."""
    return _stamp([root / "series.yaml", *sorted(root.glob("episodes/*")), *sorted(root.glob("cards/*"))])


def _stamp(files: Sequence[Path]) -> str:
    """The same for as long as none of the files is written, comes or goes."""
    told = hashlib.sha256()
    for file in files:
        try:
            status = file.stat()
            told.update(f"{file}\0{status.st_mtime_ns}\0{status.st_size}\0{status.st_ino}\n".encode(errors="replace"))
        except OSError:
            told.update(f"{file}\0-\n".encode(errors="replace"))
    return told.hexdigest()[:20]
