"""Only plain files are opened, whatever stands under their names."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from render.errors import StoreError
from render.store import LocalStore
from render.store.atomic_files import sweep
from render.store.digests import sha256_of, sha256_of_file
from render.store.plain_files import NoPlainFile, open_plain, open_within, read_plain

Stand = Callable[[Path], object]


def stand_socket(path: Path) -> None:
    """Bind from within the folder: a socket's path may not be long."""
    here = Path.cwd()
    os.chdir(path.parent)
    with socket.socket(socket.AF_UNIX) as standing:
        standing.bind(path.name)
    os.chdir(here)


STRANGE: dict[str, Stand] = {
    "a pipe": os.mkfifo,
    "a folder": Path.mkdir,
    "a socket": stand_socket,
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
    "a link to a file": lambda path: path.symlink_to(__file__),
    "a link to nothing": lambda path: path.symlink_to("nowhere"),
    "a link to itself": lambda path: path.symlink_to(path),
}


@pytest.fixture(params=STRANGE.values(), ids=STRANGE)
def strange(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Something that is no plain file."""
    path = tmp_path / "strange"
    request.param(path)
    return path


def test_what_is_no_plain_file_is_refused_at_once(strange: Path) -> None:
    """Nobody waits for a pipe's other end."""
    with pytest.raises(NoPlainFile, match="no plain file"):
        open_plain(strange)
    with pytest.raises(NoPlainFile, match="no plain file"):
        open_within(strange.parent, strange.name)


def test_a_link_is_followed_only_where_links_may_be(tmp_path: Path) -> None:
    """A producer's reference may be one; to a device it leads nowhere either."""
    (tmp_path / "file").write_bytes(b"content")
    (tmp_path / "link").symlink_to("file")
    assert read_plain(tmp_path / "link", most_bytes=7) == b"content"
    (tmp_path / "device").symlink_to("/dev/zero")
    with pytest.raises(NoPlainFile):
        sha256_of_file(tmp_path / "device")


def test_more_than_may_be_read_is_not_read(tmp_path: Path) -> None:
    """A file of a terabyte fills no memory."""
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(NoPlainFile, match="larger than 100 bytes"):
        read_plain(tmp_path / "sparse", most_bytes=100)


def test_nothing_on_the_way_is_a_link(tmp_path: Path) -> None:
    """A folder that leads elsewhere is not entered."""
    (tmp_path / "tree/inner").mkdir(parents=True)
    (tmp_path / "tree/inner/file").write_bytes(b"content")
    (tmp_path / "tree/away").symlink_to(tmp_path / "tree/inner")
    with open_within(tmp_path / "tree", "inner/file") as file:
        assert file.read() == b"content"
    with pytest.raises(NoPlainFile):
        open_within(tmp_path / "tree", "away/file")
    with pytest.raises(FileNotFoundError):
        open_within(tmp_path / "tree", "inner/nothing")


@pytest.mark.parametrize("name", [name for name in STRANGE if name != "a folder"])  # which a person has to take away
def test_a_blob_that_is_something_else_is_no_blob(tmp_path: Path, name: str) -> None:
    """It hangs nobody, is never believed, and keeping its bytes puts the file in its place."""
    content, store = b"content", LocalStore(tmp_path / "blobs")
    sha256 = sha256_of(content)
    blob = tmp_path / "blobs" / sha256[:2] / sha256[2:]
    blob.parent.mkdir(parents=True)
    STRANGE[name](blob)
    assert not store.has(sha256)
    assert not store.whole(sha256)
    for read in (store.get, store.local_path, lambda blob: store.fetch(blob, tmp_path / "target")):
        with pytest.raises(StoreError):
            read(sha256)
    assert store.put(content) == sha256
    assert store.get(sha256) == content


def test_a_strange_leftover_hangs_no_sweep(strange: Path) -> None:
    """What has the name of an unfinished file is no writer's if it is a pipe; nobody waits for it."""
    strange.rename(strange.with_name(".tailframe-0.part"))
    sweep(strange.parent)
