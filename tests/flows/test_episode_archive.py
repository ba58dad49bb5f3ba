"""A finished episode is kept for good: whole in its archive, and brought back byte by byte without paying again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acme.fixture import Acme
from tests.flows.cli.studio import tailframe
from tests.flows.episodes import actions, buys_from, circled, edit, film, made, manifest, master_of, money, produce
from tests.projects import scene, shot
from tests.s3 import TestBucket, bucket, s3_client, s3_endpoint, s3_environment

__all__ = ["bucket", "s3_client", "s3_endpoint", "s3_environment"]


@pytest.fixture
def project(acme: Acme, bucket: TestBucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A finished episode whose blobs and archive are in a bucket."""
    buys_from(acme, monkeypatch)
    monkeypatch.setenv("TAILFRAME_STORE_URL", f"{bucket.url}/blobs")
    monkeypatch.setenv("TAILFRAME_ARCHIVE_URL", f"{bucket.url}/archive")
    made_of = scene("lamp", shot("010", "{{ mara }} lights the lamp"), shot("020", "{{ mara }} waits"))
    made_here = film(tmp_path, made_of)
    result = produce(made_here)
    assert result.exit_code == 0, result.message
    return made_here


def versions(bucket: TestBucket) -> dict[str, set[str]]:
    """The files of each archived version, by the hash that names it."""
    found: dict[str, set[str]] = {}
    for key in marks(bucket, "archive/lighthouse/e01/"):
        version, inside, file = key.partition("archive/lighthouse/e01/")[2].partition("/")
        if inside:
            found.setdefault(version, set()).add(file)
    return found


def marks(bucket: TestBucket, within: str) -> dict[str, str]:
    """The mark that the server gives to each file's content, for files with this in their names."""
    listed = bucket.client.list_objects_v2(Bucket=bucket.name)["Contents"]
    return {each["Key"]: each["ETag"] for each in listed if within in each["Key"]}


def test_a_restored_episode_is_the_same_and_costs_nothing(
    acme: Acme, bucket: TestBucket, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Verified clean, restored beside a store that never saw a clip: the identical master, and nothing to buy."""
    archive = f"{bucket.url}/archive/lighthouse/e01"
    assert tailframe("verify", archive).exit_code == 0
    monkeypatch.setenv("TAILFRAME_STORE_URL", f"{bucket.url}/another-studio")

    back = tmp_path / "restored"
    restored = tailframe("restore", archive, back)

    assert restored.exit_code == 0, restored.output
    assert master_of(back).read_bytes() == master_of(project).read_bytes()
    assert (back / "series.yaml").read_bytes() == (project / "series.yaml").read_bytes()
    assert manifest(back) == manifest(project)
    assert set(actions(back).values()) == {"reuse"}
    result = produce(back)
    assert (result.exit_code, made(result)) == (0, [])
    assert (len(acme.jobs()), money(back)) == (2, (0, 0))
    assert master_of(back).read_bytes() == master_of(project).read_bytes()
    assert circled(back, "lamp/020") == 1


def test_restoring_costs_nothing_even_where_the_ledger_is_gone(
    acme: Acme, bucket: TestBucket, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One edited shot of a restored episode costs one shot, and its successor is stale as it would have been before."""
    back = tmp_path / "restored"
    assert tailframe("restore", f"{bucket.url}/archive/lighthouse/e01", back).exit_code == 0
    edit(back, "lights the lamp", "trims the wick")

    assert actions(back) == {"lamp/010": "generate", "lamp/020": "stale"}
    result = produce(back)

    assert (result.exit_code, made(result)) == (0, ["lamp/010"])
    assert len(acme.jobs()) == 3


def test_a_second_version_leaves_the_first(bucket: TestBucket, project: Path, tmp_path: Path) -> None:
    """An edited episode is archived beside the one before, the newest is named, and both verify."""
    first_master = master_of(project).read_bytes()
    (first,) = versions(bucket)
    before = marks(bucket, first)
    edit(project, "{{ mara }} waits", "{{ mara }} sleeps")

    assert produce(project).exit_code == 0

    assert len(versions(bucket)) == 2
    (second,) = set(versions(bucket)) - {first}
    assert marks(bucket, first) == before
    for version in (first, second):
        assert tailframe("verify", f"{bucket.url}/archive/lighthouse/e01/{version}").exit_code == 0
    assert tailframe("restore", f"{bucket.url}/archive/lighthouse/e01", tmp_path / "newest").exit_code == 0
    assert master_of(tmp_path / "newest").read_bytes() == master_of(project).read_bytes()
    assert tailframe("restore", f"{bucket.url}/archive/lighthouse/e01/{first}", tmp_path / "first").exit_code == 0
    assert master_of(tmp_path / "first").read_bytes() == first_master


def test_the_same_episode_is_archived_once(bucket: TestBucket, project: Path) -> None:
    """A run that changes nothing adds no version."""
    before = versions(bucket)
    assert produce(project).exit_code == 0
    assert versions(bucket) == before


def test_a_flipped_byte_is_found(bucket: TestBucket, project: Path, tmp_path: Path) -> None:
    """`verify` names the very file and ends with 1, and `restore` brings nothing back from a damaged archive."""
    (key,) = (key for key in marks(bucket, "/archive/") if key.endswith("clips/lamp/010.mp4"))
    content = bytearray(bucket.client.get_object(Bucket=bucket.name, Key=key)["Body"].read())
    content[len(content) // 2] ^= 1
    bucket.client.put_object(Bucket=bucket.name, Key=key, Body=bytes(content))

    done = tailframe("verify", f"{bucket.url}/archive/lighthouse/e01")

    assert done.exit_code == 1
    (finding,) = done.stdout.splitlines()
    assert "clips/lamp/010.mp4" in finding
    restored = tailframe("restore", f"{bucket.url}/archive/lighthouse/e01", tmp_path / "restored")
    assert restored.exit_code == 1
    assert not list((tmp_path / "restored").rglob("*.mp4"))
