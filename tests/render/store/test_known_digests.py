"""Large files are not read again while nobody touches them; whoever touches them in any way is found out."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from render.errors import StoreError
from render.media.ffmpeg import ffmpeg_path
from render.store import LocalStore
from render.store.digests import sha256_of_file
from render.store.known_digests import LEAST, read_digest, remember_digest, remember_linked, remember_written
from tests.thinning import exhaustive

COUNTED = Path("/proc/self/io")


def bytes_read(work: Callable[[], object]) -> int:
    """How many bytes this process reads while it works, from the disk or from memory."""

    def so_far() -> int:
        return int(COUNTED.read_text().split()[1])

    before = so_far()
    work()
    return so_far() - before


def large(folder: Path) -> Path:
    """A file that is worth remembering, and was just written."""
    file = folder / "large"
    file.write_bytes(b"x" * LEAST)
    return file


def flip(file: Path) -> None:
    """Change a byte, and hide it as well as a program can: same size, same place, same time of the last change."""
    before = file.stat()
    file.chmod(0o644)
    with file.open("r+b") as opened:
        opened.write(b"y")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


@exhaustive
@pytest.mark.skipif(not COUNTED.exists(), reason="this system does not count what a process reads")
def test_what_lies_quiet_is_read_once_a_day() -> None:
    """The second time it is known; when that is too long ago, it is read again."""
    file = ffmpeg_path().resolve()
    size = file.stat().st_size
    assert read_digest(file) == sha256_of_file(file)
    assert bytes_read(lambda: read_digest(file)) < LEAST
    assert bytes_read(lambda: read_digest(file, believed_for_s=0)) >= size


@pytest.mark.skipif(not COUNTED.exists(), reason="this system does not count what a process reads")
def test_what_changed_a_moment_ago_is_read_again(tmp_path: Path) -> None:
    """It might change once more within one tick; only who wrote it may have it remembered, after that tick."""
    file = large(tmp_path)
    read_digest(file)
    assert bytes_read(lambda: read_digest(file)) >= LEAST
    remember_written({file: (sha256_of_file(file), file.stat())})
    assert bytes_read(lambda: read_digest(file)) < LEAST


def test_what_is_touched_is_read_again(tmp_path: Path) -> None:
    """A byte within it, with its time set back; another file in its place; one that came between writing and noting."""
    file = large(tmp_path)
    written = sha256_of_file(file)
    remember_written({file: (written, file.stat())})
    assert read_digest(file) == written
    flip(file)
    assert read_digest(file) == sha256_of_file(file) != written

    status = file.stat()
    file.unlink()
    remember_written({large(tmp_path): ("0" * 64, status)})
    assert read_digest(file) == written
    remember_digest(file, "0" * 64, file.stat())
    assert read_digest(file) == written


def test_a_large_blob_that_was_damaged_is_found_by_the_next_process(tmp_path: Path) -> None:
    """Whatever this one, or the one before it, remembers of it."""
    content = b"x" * LEAST
    store = LocalStore(tmp_path / "blobs")
    sha256 = store.put(content)
    blob = store.local_path(sha256)
    remember_written({blob: (sha256, blob.lstat())})
    assert LocalStore(tmp_path / "blobs").local_path(sha256) == blob
    flip(blob)
    for each in (store, LocalStore(tmp_path / "blobs")):
        with pytest.raises(StoreError, match="damaged"):
            each.local_path(sha256)
        with pytest.raises(StoreError, match="damaged"):
            each.fetch(sha256, tmp_path / "copy")
    assert LocalStore(tmp_path / "blobs").put(content) == sha256
    assert store.get(sha256) == content


@pytest.mark.skipif(not COUNTED.exists(), reason="this system does not count what a process reads")
def test_a_second_name_makes_no_other_file_of_it(tmp_path: Path) -> None:
    """It is not read again for that; what was written through the second name is found."""
    file, second = large(tmp_path), tmp_path / "second"
    remember_written({file: (sha256_of_file(file), file.stat())})
    before = file.lstat()
    second.hardlink_to(file)
    remember_linked(file, before)
    assert bytes_read(lambda: read_digest(file)) < LEAST
    flip(second)
    assert read_digest(file) == sha256_of_file(second)


@pytest.mark.skipif(not COUNTED.exists(), reason="this system does not count what a process reads")
def test_a_file_whose_hash_its_maker_knows_is_kept_unread(tmp_path: Path) -> None:
    """It gets the blob's name, and a copy of it is made within the system."""
    store, file = LocalStore(tmp_path / "blobs"), large(tmp_path)
    sha256 = sha256_of_file(file)
    assert bytes_read(lambda: store.put_made(file, known=sha256)) < LEAST
    assert not file.exists()
    store.fetch(sha256, tmp_path / "copy")
    assert sha256_of_file(tmp_path / "copy") == sha256 == sha256_of_file(store.local_path(sha256))
