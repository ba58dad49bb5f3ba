"""The store in a folder: what outlives killed writers, damage and full disks."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path

import pytest

from render.errors import StoreError
from render.store import LocalStore
from render.store.atomic_files import part_file, sweep
from render.store.range_copy import copy_range


@pytest.fixture
def local(tmp_path: Path) -> LocalStore:
    """An empty store."""
    return LocalStore(tmp_path / "blobs")


def run_python(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own."""
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def blob_of(local: LocalStore, sha256: str) -> Path:
    """The file that holds a blob."""
    return Path(local.url) / sha256[:2] / sha256[2:]


def flip_a_bit(file: Path) -> None:
    """What a failing disk does."""
    data = bytearray(file.read_bytes())
    data[0] ^= 1
    file.chmod(0o644)
    file.write_bytes(data)


def files_in(folder: Path) -> list[Path]:
    """Every file under a folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_blob_is_read_only(local: LocalStore) -> None:
    """Nobody writes into a blob by accident."""
    sha256 = local.put(b"kept")
    assert stat.S_IMODE(blob_of(local, sha256).stat().st_mode) & 0o222 == 0
    assert not local.shared
    assert local.link(sha256, timedelta(hours=1)) is None


def test_a_file_that_was_made_becomes_the_blob(local: LocalStore, tmp_path: Path) -> None:
    """It is moved and not copied, and is read-only from then on."""
    (tmp_path / "piece.mp4").write_bytes(b"made")
    inode = (tmp_path / "piece.mp4").stat().st_ino
    kept = blob_of(local, local.put_made(tmp_path / "piece.mp4")).stat()
    assert (kept.st_ino, kept.st_mode & 0o222) == (inode, 0)


def test_a_damaged_blob_is_mended_by_what_is_made_again(local: LocalStore, tmp_path: Path) -> None:
    """As by any other way in."""
    sha256 = local.put(b"made")
    flip_a_bit(blob_of(local, sha256))
    (tmp_path / "piece.mp4").write_bytes(b"made")
    assert local.put_made(tmp_path / "piece.mp4") == sha256
    assert local.get(sha256) == b"made"


def test_a_copy_within_the_system_is_whole_or_none(tmp_path: Path) -> None:
    """Where the file ends before, nothing is left of it, and whoever asked copies otherwise."""
    (tmp_path / "from").write_bytes(b"bytes")
    for size, copied in ((5, b"bytes"), (9, b"")):
        with (tmp_path / "from").open("rb") as source, (tmp_path / "to").open("w+b") as target:
            assert copy_range(source, target, size) is bool(copied) or not hasattr(os, "copy_file_range")
        assert (tmp_path / "to").read_bytes() == copied


def test_what_is_there_is_not_written_again(local: LocalStore, tmp_path: Path) -> None:
    """The second put leaves the first one's file alone."""
    sha256 = local.put(b"once")
    before = blob_of(local, sha256).stat()
    (tmp_path / "same").write_bytes(b"once")
    assert local.put(b"once") == local.put_file(tmp_path / "same") == sha256
    assert blob_of(local, sha256).stat() == before


def test_damage_is_found_by_every_way_to_read(local: LocalStore, tmp_path: Path) -> None:
    """A flipped bit never leaves the store, and the error names the file."""
    sha256 = local.put(b"precious")
    (tmp_path / "target").write_bytes(b"before")
    flip_a_bit(blob_of(local, sha256))
    for read in (local.get, local.local_path, lambda name: local.fetch(name, tmp_path / "target")):
        with pytest.raises(StoreError, match="damaged") as refusal:
            read(sha256)
        assert str(blob_of(local, sha256)) in str(refusal.value)
    assert (tmp_path / "target").read_bytes() == b"before"
    assert files_in(tmp_path) == sorted([tmp_path / "target", blob_of(local, sha256)])


def test_putting_the_bytes_again_mends_a_damaged_blob(local: LocalStore) -> None:
    """What is delivered once more takes the damaged one's place, under every name it has."""
    sha256 = local.put(b"precious")
    named = local.local_path(sha256, ".mp4")
    flip_a_bit(blob_of(local, sha256))
    local.put(b"precious")
    assert local.get(sha256) == named.read_bytes() == b"precious"


def test_a_moved_store_keeps_its_named_files(local: LocalStore, tmp_path: Path) -> None:
    """A project folder may be moved with everything in it."""
    sha256 = local.put(b"clip")
    local.local_path(sha256, ".mp4")
    moved = Path(local.url).rename(tmp_path / "moved")
    assert LocalStore(moved).local_path(sha256, ".mp4").read_bytes() == b"clip"


def test_bytes_that_are_not_the_blob_are_not_kept(local: LocalStore) -> None:
    """A blob received from elsewhere is checked before it gets its name."""
    with pytest.raises(StoreError, match="far away is damaged"):
        local.receive("1" * 64, lambda write: write(b"something else"), source="far away")
    assert files_in(Path(local.url)) == []


def test_a_killed_writer_leaves_nothing_that_can_be_read(local: LocalStore) -> None:
    """SIGKILL in the middle of a write: no blob, and the next writer clears the leftovers away."""
    killed = run_python(
        """
        import os, signal, sys
        from pathlib import Path
        from render.store import LocalStore

        def half(write):
            write(b"x" * 3_000_000)
            os.kill(os.getpid(), signal.SIGKILL)

        LocalStore(Path(sys.argv[1])).receive("1" * 64, half, source="here")
        """,
        local.url,
    )
    assert killed.returncode == -signal.SIGKILL
    assert len(files_in(Path(local.url))) == 1
    assert not local.has("1" * 64)
    sha256 = local.put(b"the next one")
    assert files_in(Path(local.url)) == [blob_of(local, sha256)]


def test_what_a_living_writer_writes_is_not_swept(tmp_path: Path) -> None:
    """Another process's sweep leaves a file alone for as long as its writer lives."""
    with part_file(tmp_path) as part:
        sweep(tmp_path)
        swept = run_python(
            "import sys, pathlib; from render.store.atomic_files import sweep; sweep(pathlib.Path(sys.argv[1]))",
            tmp_path,
        )
        assert swept.returncode == 0, swept.stderr
        part.file.write(b"still here")
        part.publish(tmp_path / "done")
    assert (tmp_path / "done").read_bytes() == b"still here"
    assert files_in(tmp_path) == [tmp_path / "done"]


def test_processes_keep_the_same_file_at_once(local: LocalStore, tmp_path: Path) -> None:
    """Four processes that put one file all end well, and it is there once."""
    file = tmp_path / "clip"
    file.write_bytes(os.urandom(2_000_000))
    code = """
        import sys
        from pathlib import Path
        from render.store import LocalStore

        print(LocalStore(Path(sys.argv[1])).put_file(Path(sys.argv[2])))
        """
    command = [sys.executable, "-c", textwrap.dedent(code), local.url, str(file)]
    writers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    names = {writer.communicate(timeout=60)[0].strip() for writer in writers}
    assert [writer.returncode for writer in writers] == [0, 0, 0, 0]
    assert files_in(Path(local.url)) == [blob_of(local, names.pop())]
    assert not names


def test_a_full_disk_is_said_so_and_nothing_is_kept(local: LocalStore) -> None:
    """Where no more bytes can be written the error says so, and no half blob stays."""
    full = run_python(
        """
        import resource, sys
        from pathlib import Path
        from render.errors import StoreError
        from render.store import LocalStore

        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        try:
            LocalStore(Path(sys.argv[1])).put(b"x" * 1_000_000)
        except StoreError as error:
            print(error)
        """,
        local.url,
    )
    assert "no space left. Make room" in full.stdout, full.stderr
    assert files_in(Path(local.url)) == []


def test_a_file_in_the_stores_place_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    """A store cannot be made where a file stands."""
    (tmp_path / "blobs").write_text("a file")
    with pytest.raises(StoreError, match="a file stands where a folder is needed"):
        LocalStore(tmp_path / "blobs").put(b"x")


def test_a_file_that_is_not_there_cannot_be_kept(local: LocalStore, tmp_path: Path) -> None:
    """The error names the file."""
    with pytest.raises(StoreError, match="absent"):
        local.put_file(tmp_path / "absent")
