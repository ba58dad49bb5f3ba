"""The policies in `deploy/s3/`: each role may do what it must, and nothing else, at a server that enforces them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from render.episode.archive.bucket_tree import BucketTree
from render.episode.archive.trial_write import try_archive
from render.errors import StoreError
from render.store import open_store
from render.store.collection import collection_at
from render.store.s3_bucket import Bucket
from tests.s3_policies import BUCKET, Enforcing, enforcing_server
from tests.thinning import exhaustive

BLOBS, ARCHIVE = f"s3://{BUCKET}/tailframe/blobs", f"s3://{BUCKET}/tailframe/archive"
LATER = datetime.max.replace(tzinfo=UTC)
pytestmark = exhaustive

VERSION = f"lighthouse/e01/{'a' * 64}"


@pytest.fixture(scope="module")
def enforcing() -> Iterator[Enforcing]:
    """A server with one user for each role."""
    with enforcing_server() as server:
        yield server


@pytest.fixture
def act_as(enforcing: Enforcing, monkeypatch: pytest.MonkeyPatch) -> As:
    """Take a role's keys."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    return As(enforcing, monkeypatch)


class As:
    """Changes whose keys this process has."""

    def __init__(self, enforcing: Enforcing, monkeypatch: pytest.MonkeyPatch) -> None:
        self._enforcing, self._monkeypatch = enforcing, monkeypatch

    def __call__(self, role: str) -> None:
        for name, value in self._enforcing.environment(role).items():
            self._monkeypatch.setenv(name, value)


def refused(right: str, where: str) -> pytest.RaisesExc[StoreError]:
    """An error that names the right that is missing, and the object."""
    return pytest.raises(StoreError, match=rf"{where}[^ ]*: access is denied. These keys need {right}")


def test_a_worker_reads_puts_and_archives_and_removes_nothing(act_as: As, tmp_path: Path) -> None:
    """Blobs small and large, records of an archive, and none of them over another; nothing beside its two places."""
    act_as("worker")
    store, large = open_store(BLOBS, cache=tmp_path / "cache"), tmp_path / "large"
    large.write_bytes(b"lamp" * (5 << 20))
    for sha256 in (store.put(b"lamp"), store.put_file(large)):
        assert open_store(BLOBS, cache=tmp_path / "other").local_path(sha256).stat().st_size
        assert not store.has("0" * 64)
        store.note_user("ab12")
    try_archive(ARCHIVE)
    tree = BucketTree(Bucket(ARCHIVE))
    assert tree.put_if_absent(f"{VERSION}/manifest.json", b"{}")
    assert not tree.put_if_absent(f"{VERSION}/manifest.json", b"{ }")
    tree.put_if_absent("lighthouse/e01/latest.json", b"1")
    assert tree.replace("lighthouse/e01/latest.json", b"2", seen=b"1")
    with refused("s3:PutObject", f"{ARCHIVE}/{VERSION}/manifest.json"):
        Bucket(ARCHIVE).upload(f"{VERSION}/manifest.json", large, store.put_file(large), overwrite=True)
    with refused("s3:DeleteObject", BLOBS):
        [*collection_at(BLOBS).remove([sha256], before=LATER)]
    for elsewhere in (f"s3://{BUCKET}/another/prefix", f"s3://{BUCKET}"):
        with refused("s3:PutObject", f"{elsewhere}/key"):
            Bucket(elsewhere).put("key", b"lamp")
        with refused("s3:ListBucket", elsewhere):
            [*Bucket(f"{elsewhere}/more").list("")]


def test_the_review_room_keeps_what_it_makes_and_archives_nothing(act_as: As, tmp_path: Path) -> None:
    """It shows blobs, and puts posters and copies for browsers."""
    act_as("review")
    store = open_store(BLOBS, cache=tmp_path / "cache")
    assert store.get(store.put(b"a poster")) == b"a poster"
    with refused("s3:PutObject", f"{ARCHIVE}/key"):
        Bucket(ARCHIVE).put("key", b"lamp")
    with refused("s3:DeleteObject", BLOBS):
        collection_at(BLOBS).forget_users(["ab12"])


def test_who_only_reads_writes_nothing(act_as: As, tmp_path: Path) -> None:
    """`plan`, `status`, `verify`: all of both places is read and listed."""
    act_as("worker")
    sha256 = open_store(BLOBS, cache=tmp_path / "cache").put(b"for whoever reads")
    act_as("read-only")
    store = open_store(BLOBS, cache=tmp_path / "other")
    assert store.get(sha256) == b"for whoever reads"
    assert all(isinstance(key, str) for key, _ in Bucket(ARCHIVE).list(""))
    with refused("s3:PutObject", BLOBS):
        store.put(b"anything")
    with pytest.raises(StoreError, match=r"need s3:PutObject"):
        try_archive(ARCHIVE)


def test_garbage_collection_removes_blobs_and_has_no_business_in_the_archive(act_as: As, tmp_path: Path) -> None:
    """It lists, renews and removes; and ends uploads that nobody finished."""
    act_as("worker")
    store = open_store(BLOBS, cache=tmp_path / "cache")
    kept, gone = store.put(b"kept"), store.put(b"gone")
    act_as("gc")
    collection = collection_at(BLOBS)
    collection.renew([kept])
    assert [blob.sha256 for blob in collection.remove([gone], before=LATER)] == [gone]
    assert collection.sweep(before=collection.now()) == 0
    collection.forget_users([*collection.users()])
    for needs, act in (
        ("s3:GetObject", lambda: Bucket(ARCHIVE).get(f"{VERSION}/manifest.json")),
        ("s3:PutObject", lambda: Bucket(ARCHIVE).put("key", b"lamp")),
        ("s3:ListBucket", lambda: [*Bucket(ARCHIVE).list("")]),
        ("s3:DeleteObject", lambda: collection_at(ARCHIVE).forget_users(["ab12"])),
    ):
        with refused(needs, ARCHIVE):
            act()
