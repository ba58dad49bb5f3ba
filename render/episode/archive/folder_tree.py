"""An archive in a folder: every file appears whole, read-only, and only if its name is free."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from render.episode.archive.tree import MOST_BYTES_OF_A_RECORD, Vouched, already_different
from render.episode.archive_errors import ArchiveError
from render.store.atomic_files import disk_errors, folder_lock, link_new, make_folder, part_file, sweep
from render.store.digests import copy_stream, digest_of, is_digest, sha256_of_file
from render.store.known_digests import remember_linked
from render.store.plain_files import open_plain, open_within, read_bounded
from render.store.range_copy import copy_range
from storyboard.paths import refuse_link_out


class FolderTree:
    """An `ObjectTree` of files under `root`. Methods return and raise as that Protocol says."""

    def __init__(self, root: Path, *, within: Path | None = None) -> None:
        self._root = root
        self._within = within  # the project whose own folder it is; nothing is written through a link out of it
        self._incoming = root / ".incoming"
        self._swept = False

    @property
    def url(self) -> str:
        """The folder's path."""
        return str(self._root)

    def put_file(self, name: str, file: Path, sha256: str, vouched: Vouched | None = None) -> bool:
        """Copy a file in; what nobody vouches for is read again, and is of `sha256`. False where it is there."""
        target = self._root / name
        with disk_errors(f"write {target}"):
            if not target.exists() and self._put(file, target, sha256, vouched):
                return True
            if sha256_of_file(target, links=False) != sha256:
                raise already_different(str(target))
        return False

    def put_if_absent(self, name: str, content: bytes) -> bool:
        """Write a record; False where its name is taken."""
        target = self._root / name
        with disk_errors(f"write {target}"):
            self._make_ready(target)
            with part_file(self._incoming, mode=0o444) as part:
                part.file.write(content)
                return part.publish_new(target)

    def replace(self, name: str, content: bytes, *, seen: bytes) -> bool:
        """Write a record in place of `seen`, under a lock of its folder; False where it is another by now."""
        target = self._root / name
        with disk_errors(f"write {target}"), folder_lock(target.parent):
            if self.get(name) != seen:
                return False
            self._make_ready(target)
            with part_file(self._incoming, mode=0o444) as part:
                part.file.write(content)
                part.publish(target)
            return True

    def get(self, name: str) -> bytes | None:
        """A record's bytes; None where there is none."""
        target = self._root / name
        with disk_errors(f"read {target}"):
            try:
                with self._open(name) as file:
                    return read_bounded(target, file, MOST_BYTES_OF_A_RECORD)
            except (FileNotFoundError, NotADirectoryError):
                return None

    def read_into(self, name: str, write: Callable[[bytes], object]) -> None:
        """Pass a file's bytes to `write`, chunk by chunk."""
        with disk_errors(f"read {self._root / name}"), self._open(name) as file:
            copy_stream(file, write)

    def list(self) -> Mapping[str, int]:
        """Size in bytes of every file below, by its path, except what writers have not finished; -1 for a link."""
        found: dict[str, int] = {}
        with disk_errors(f"list {self._root}"):
            for folder, folders, names in os.walk(self._root, onerror=_raise):
                if Path(folder) == self._root and ".incoming" in folders:
                    folders.remove(".incoming")
                links = [name for name in folders if Path(folder, name).is_symlink()]
                for name in [*names, *links]:
                    path = Path(folder, name)
                    plain = path.is_file() and not path.is_symlink()
                    found[path.relative_to(self._root).as_posix()] = path.stat().st_size if plain else -1
        return found

    def _open(self, name: str) -> BufferedReader:
        """A file to read. Whose archive it is may link its folders as they like; within a version nothing is a link."""
        return open_within(self._root, name) if is_digest(self._root.name) else open_plain(self._root / name)

    def _put(self, file: Path, target: Path, sha256: str, vouched: Vouched | None) -> bool:
        self._make_ready(target)
        if vouched is not None and vouched.shared:
            before = file.lstat()
            if link_new(file, target):
                remember_linked(file, before)
                return True
        with part_file(self._incoming, mode=0o444) as part:
            if vouched is None:
                _copy(file, part.file, sha256)
            else:
                vouched.copy(part.file)
            return part.publish_new(target)

    def _make_ready(self, target: Path) -> None:
        if self._within is not None:
            for folder in (target.parent, self._incoming):
                refuse_link_out(self._within, folder)
        make_folder(target.parent)
        make_folder(self._incoming)
        if not self._swept:
            self._swept = True
            sweep(self._incoming)


def _copy(file: Path, target: BinaryIO, sha256: str) -> None:
    with open_plain(file, links=True) as source:
        if not copy_range(source, target, os.fstat(source.fileno()).st_size):
            copy_stream(source, target.write)
    if digest_of(target) != sha256:
        raise ArchiveError(f"{file} was changed while it was archived", "Run the same command again")


def _raise(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error
