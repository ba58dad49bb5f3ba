"""Where the files of cards lie once a run has frozen its project: in the store, by what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from render.cards.card_fonts import FileOf
from render.errors import MediaError
from render.store import Store


def stored_files(files: Mapping[str, str], respelled: Mapping[str, str], store: Store) -> FileOf:
    """Gives files of a snapshot (path to sha256, see `render.store.snapshot.files_of`) as the store has them.

    `respelled` are the paths that their folders spell otherwise than the YAML does, as in `Project.respelled`.
    """

    def file_of(source: str) -> Path:
        name = respelled.get(source, source)
        if name not in files:
            raise MediaError(f"{source} is not among the files that this run has frozen", "Begin a new run")
        return store.local_path(files[name], PurePosixPath(name).suffix)

    return file_of
