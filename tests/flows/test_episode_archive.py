"""A finished episode is kept for good: whole in its archive, and brought back byte by byte without paying again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from mypy_boto3_s3.client import S3Client
from mypy_boto3_s3.type_defs import CopySourceTypeDef

from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import actions, buys_from, circled, edit, film, made, manifest, master_of, money, produce
from tests.projects import scene, shot
from tests.s3 import ENVIRONMENT, TestBucket, bucket, s3_client, s3_endpoint, s3_environment
from tests.thinning import exhaustive

__all__ = ["bucket", "s3_client", "s3_endpoint", "s3_environment"]


@dataclass(frozen=True)
class Finished:
    """An episode that was made, paid for and archived, with its vendor and its bucket."""

    project: Path
    bucket: str
    acme: Acme


def keeps_in(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blobs and archive go to this bucket."""
    monkeypatch.setenv("TAILFRAME_STORE_URL", f"s3://{bucket}/blobs")
    monkeypatch.setenv("TAILFRAME_ARCHIVE_URL", f"s3://{bucket}/archive")


@pytest.fixture(scope="module")
def finished(
    s3_endpoint: str, s3_client: S3Client, acme_clips: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Finished]:
    """Made once; each test gets a copy."""
    s3_client.create_bucket(Bucket="finished")
    acme = Acme(tmp_path_factory.mktemp("acme"), acme_clips)
    acme.start()
    shots = shot("010", "{{ mara }} lights the lamp"), shot("020", "{{ mara }} waits")
    project = film(tmp_path_factory.mktemp("finished"), scene("lamp", *shots))
    with pytest.MonkeyPatch.context() as environment:
        buys_from(acme, environment, **ENVIRONMENT, AWS_ENDPOINT_URL_S3=s3_endpoint)
        keeps_in("finished", environment)
        assert produce(project).exit_code == 0
    yield Finished(project, "finished", acme)
    acme.close()


@pytest.fixture
def acme(finished: Finished) -> Acme:
    return finished.acme


@pytest.fixture
def project(finished: Finished, bucket: TestBucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The finished episode in a folder and a bucket of the test's own."""
    for each in bucket.client.list_objects_v2(Bucket=finished.bucket)["Contents"]:
        source: CopySourceTypeDef = {"Bucket": finished.bucket, "Key": each["Key"]}
        bucket.client.copy_object(CopySource=source, Bucket=bucket.name, Key=each["Key"])
    buys_from(finished.acme, monkeypatch)
    keeps_in(bucket.name, monkeypatch)
    return Path(shutil.copytree(finished.project, tmp_path / "project"))


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


@exhaustive
def test_a_restored_episode_is_the_same_and_costs_nothing(
    acme: Acme, bucket: TestBucket, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Verified clean, restored beside a store that never saw a clip: the identical master, and nothing to buy."""
    before = len(acme.jobs())
    archive = f"s3://{bucket.name}/archive/lighthouse/e01"
    assert tailframe("verify", archive).exit_code == 0
    monkeypatch.setenv("TAILFRAME_STORE_URL", f"s3://{bucket.name}/another-studio")

    back = tmp_path / "restored"
    restored = tailframe("restore", archive, back)

    assert restored.exit_code == 0, restored.output
    assert master_of(back).read_bytes() == master_of(project).read_bytes()
    assert (back / "series.yaml").read_bytes() == (project / "series.yaml").read_bytes()
    assert manifest(back) == manifest(project)
    assert set(actions(back).values()) == {"reuse"}
    result = produce(back)
    assert (result.exit_code, made(result)) == (0, [])
    assert (len(acme.jobs()), money(back)) == (before, (0, 0))
    assert master_of(back).read_bytes() == master_of(project).read_bytes()
    assert circled(back, "lamp/020") == 1


@exhaustive
def test_an_edit_of_a_restored_episode_costs_one_shot(
    acme: Acme, bucket: TestBucket, project: Path, tmp_path: Path
) -> None:
    """The edited shot is bought, and its successor is stale as it would have been before."""
    before = len(acme.jobs())
    back = tmp_path / "restored"
    assert tailframe("restore", f"s3://{bucket.name}/archive/lighthouse/e01", back).exit_code == 0
    edit(back, "lights the lamp", "trims the wick")

    assert actions(back) == {"lamp/010": "generate", "lamp/020": "stale"}
    result = produce(back)

    assert (result.exit_code, made(result)) == (0, ["lamp/010"])
    assert len(acme.jobs()) == before + 1


@exhaustive
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
        assert tailframe("verify", f"s3://{bucket.name}/archive/lighthouse/e01/{version}").exit_code == 0
    assert tailframe("restore", f"s3://{bucket.name}/archive/lighthouse/e01", tmp_path / "newest").exit_code == 0
    assert master_of(tmp_path / "newest").read_bytes() == master_of(project).read_bytes()
    assert tailframe("restore", f"s3://{bucket.name}/archive/lighthouse/e01/{first}", tmp_path / "first").exit_code == 0
    assert master_of(tmp_path / "first").read_bytes() == first_master


def test_the_same_episode_is_archived_once(bucket: TestBucket, project: Path) -> None:
    """A run that changes nothing adds no version."""
    before = versions(bucket)
    assert produce(project).exit_code == 0
    assert versions(bucket) == before


def test_a_flipped_byte_is_found(bucket: TestBucket, project: Path, tmp_path: Path) -> None:
    """`verify` names the very file and ends with 1, and `restore` brings nothing back from a damaged archive."""
    (key,) = (key for key in marks(bucket, "archive/lighthouse/") if key.endswith("clips/lamp/010.mp4"))
    content = bytearray(bucket.client.get_object(Bucket=bucket.name, Key=key)["Body"].read())
    content[len(content) // 2] ^= 1
    bucket.client.put_object(Bucket=bucket.name, Key=key, Body=bytes(content))

    done = tailframe("verify", f"s3://{bucket.name}/archive/lighthouse/e01")

    assert done.exit_code == 1
    (finding,) = done.stdout.splitlines()
    assert "clips/lamp/010.mp4" in finding
    restored = tailframe("restore", f"s3://{bucket.name}/archive/lighthouse/e01", tmp_path / "restored")
    assert restored.exit_code == 1
    assert not list((tmp_path / "restored").rglob("*.mp4"))


@exhaustive
def test_a_restored_episode_keeps_what_a_person_circled(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A take that a person circled before its shot was edited is cut with after a restore as before, and not bought."""
    buys_from(acme, monkeypatch)
    project = film(tmp_path, scene("lamp", shot("010", "{{ mara }} lights the lamp"), shot("020", "waves")))
    assert produce(project).exit_code == 0
    assert tailframe("circle", project, "e01", "lamp/010", "1").exit_code == 0
    edit(project, "lights the lamp", "trims the wick")
    assert produce(project).exit_code == 0

    assert tailframe("restore", project / "archive/lighthouse/e01", tmp_path / "back").exit_code == 0

    assert actions(tmp_path / "back") == actions(project) == {"lamp/010": "stale", "lamp/020": "stale"}


@exhaustive
def test_notes_are_in_the_manifest_and_come_back_from_the_archive(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the take that the cut uses; a note that comes later makes a manifest and a version of its own, no master."""
    buys_from(acme, monkeypatch)
    project = film(tmp_path, scene("lamp", shot("010", "{{ mara }} lights the lamp")))
    assert produce(project).exit_code == 0
    before, master = manifest(project), master_of(project).stat().st_ino
    assert "notes" not in before["shots"][0]
    assert tailframe("note", project, "e01", "lamp/010", "1", "a second\x1bshadow", "--frame", "5").exit_code == 0
    assert produce(project).exit_code == 0
    (note,) = manifest(project)["shots"][0]["notes"]
    assert (note["words"], note["frame"]) == ("a second\N{REPLACEMENT CHARACTER}shadow", 5)
    assert manifest(project)["master"] == before["master"]
    assert master_of(project).stat().st_ino == master
    assert len([each for each in (project / "archive/lighthouse/e01").iterdir() if each.is_dir()]) == 2

    assert tailframe("restore", project / "archive/lighthouse/e01", tmp_path / "back").exit_code == 0
    come = [json.loads(tailframe("notes", each, "--json").stdout)["notes"] for each in (project, tmp_path / "back")]
    assert [[each["id"], each["take_id"], each["frame"]] for each in come[0]] == [
        [each["id"], each["take_id"], each["frame"]] for each in come[1]
    ]
    assert tailframe("verify", project / "archive/lighthouse/e01").exit_code == 0


@exhaustive
def test_a_restored_episode_keeps_what_was_waived(acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shot that the archived cut goes without is not bought after a restore."""
    buys_from(acme, monkeypatch)
    project = film(tmp_path, scene("lamp", shot("010", "{{ mara }} lights the lamp"), shot("020", "waves")))
    assert tailframe("waive", project, "e01", "lamp/010").exit_code == 0
    assert produce(project).exit_code == 0

    assert tailframe("restore", project / "archive/lighthouse/e01", tmp_path / "back").exit_code == 0

    assert actions(tmp_path / "back") == {"lamp/010": "waived", "lamp/020": "reuse"}
