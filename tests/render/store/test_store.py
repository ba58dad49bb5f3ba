"""What every store promises, on a folder and on an S3 server over sockets."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from render.errors import StoreError
from render.store import Store, open_store

ABSENT = "0" * 64


def test_bytes_come_out_as_they_went_in(store: Store) -> None:
    """A blob is named by its sha256 and gives the very bytes back."""
    for data in (b"", b"a clip", bytes(range(256)) * 5000):
        sha256 = store.put(data)
        assert sha256 == hashlib.sha256(data).hexdigest()
        assert store.has(sha256)
        assert store.get(sha256) == data


def test_a_file_goes_in_and_stays_as_it_was(store: Store, tmp_path: Path) -> None:
    """Keeping a file neither moves nor changes it."""
    file = tmp_path / "clip.mp4"
    file.write_bytes(b"moving pictures" * 1000)
    sha256 = store.put_file(file)
    assert file.read_bytes() == store.get(sha256)


@pytest.mark.parametrize("there", [False, True])
def test_a_file_that_was_made_goes_in_and_is_gone(store: Store, tmp_path: Path, there: bool) -> None:
    """Also where the store has its bytes already."""
    file = tmp_path / "piece.mp4"
    file.write_bytes(b"moving pictures" * 1000)
    sha256 = store.put(file.read_bytes()) if there else hashlib.sha256(file.read_bytes()).hexdigest()
    assert store.put_made(file) == sha256
    assert not file.exists()
    assert store.get(sha256) == b"moving pictures" * 1000


def test_a_copy_is_nobody_elses(store: Store, tmp_path: Path) -> None:
    """Whoever writes into what was fetched changes neither the blob nor another copy, however often it was checked."""
    sha256 = store.put(b"as it was made")
    store.local_path(sha256)
    for name in ("one", "two"):
        store.fetch(sha256, tmp_path / name)
    with (tmp_path / "one").open("r+b") as file:
        file.write(b"by hand")
    assert (tmp_path / "two").read_bytes() == store.get(sha256) == b"as it was made"


def test_a_part_of_a_blob_is_read_and_nothing_else_of_it(store: Store, tmp_path: Path) -> None:
    """Players skip to and fro: what they pass over is not fetched, into no cache either."""
    sha256 = store.put(bytes(range(200)))
    fresh = open_store(store.url, cache=tmp_path / "another")
    assert fresh.size(sha256) == 200
    assert fresh.read_range(sha256, 10, 14) == bytes((10, 11, 12, 13))
    assert fresh.read_range(sha256, 190, 500) == bytes(range(190, 200))
    assert fresh.read_range(sha256, 5, 5) == b""
    assert not list((tmp_path / "another").rglob("*"))


def test_no_part_is_read_of_a_blob_that_is_not_there(store: Store) -> None:
    """And its size is not known."""
    for ask in (store.size, lambda sha256: store.read_range(sha256, 0, 1)):
        with pytest.raises(StoreError, match="is not in the store"):
            ask(ABSENT)


def test_keeping_the_same_again_changes_nothing(store: Store) -> None:
    """The second put of the same bytes gives the same name."""
    assert store.put(b"once") == store.put(b"once")


def test_fetch_replaces_a_file_and_makes_its_folders(store: Store, tmp_path: Path) -> None:
    """A fetched blob stands under the name asked for, alone in its folder."""
    sha256 = store.put(b"new")
    target = tmp_path / "output" / "e01" / "e01.mp4"
    target.parent.mkdir(parents=True)
    target.write_bytes(b"old")
    store.fetch(sha256, target)
    assert target.read_bytes() == b"new"
    assert [path.name for path in target.parent.iterdir()] == ["e01.mp4"]
    store.fetch(sha256, tmp_path / "elsewhere" / "deep" / "x.mp4")
    assert (tmp_path / "elsewhere" / "deep" / "x.mp4").read_bytes() == b"new"


def test_a_local_path_has_the_ending_that_tools_look_at(store: Store) -> None:
    """With and without an ending, a local path names a file of the blob's bytes."""
    sha256 = store.put(b"frames")
    assert store.local_path(sha256).read_bytes() == b"frames"
    named = store.local_path(sha256, ".mp4")
    assert named.suffix == ".mp4"
    assert named.read_bytes() == b"frames"
    assert store.local_path(sha256, ".mp4") == named


@pytest.mark.parametrize("suffix", ["mp4", "/../x", ".a/b", ".mp4\n", "."])
def test_an_ending_that_is_none_is_refused(store: Store, suffix: str) -> None:
    """An ending never leads out of the store."""
    with pytest.raises(StoreError, match="ending"):
        store.local_path(store.put(b"x"), suffix)


def test_a_blob_that_is_not_there_is_named_with_its_store(store: Store, tmp_path: Path) -> None:
    """Every way to read says which blob is missing, and where."""
    assert not store.has(ABSENT)
    for read in (store.get, store.local_path, lambda sha256: store.fetch(sha256, tmp_path / "x")):
        with pytest.raises(StoreError, match=f"{ABSENT} is not in the store") as refusal:
            read(ABSENT)
        assert store.url in str(refusal.value)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n", f"{'0' * 60}/../"])
def test_only_a_sha256_names_a_blob(store: Store, name: str) -> None:
    """Nothing else gets as far as a path or a key."""
    for ask in (store.has, store.get, store.local_path):
        with pytest.raises(StoreError, match="not the name of a blob"):
            ask(name)


def test_many_threads_keep_the_same_blob_at_once(store: Store) -> None:
    """Concurrent writers of one blob all succeed, and it is whole."""
    data = b"the same" * 50_000
    with ThreadPoolExecutor(8) as pool:
        names = set(pool.map(store.put, [data] * 16))
    assert len(names) == 1
    assert store.get(names.pop()) == data


@pytest.mark.parametrize("url", ["ftp://host/x", "s3:/bucket/x", "gs://bucket/x", "", "  "])
def test_an_address_of_another_form_is_refused_with_the_valid_ones(url: str, tmp_path: Path) -> None:
    """A mistyped address is an error and not a folder of that name."""
    with pytest.raises(StoreError, match=r"Valid forms are: a folder, or s3://bucket/prefix"):
        open_store(url, cache=tmp_path)
