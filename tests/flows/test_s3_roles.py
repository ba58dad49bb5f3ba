"""A whole episode in a bucket that enforces rights, each part of it with no more than its role's."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import film, plain_environment, produce, three_shots
from tests.flows.review.rooms import browser, open_room
from tests.s3_policies import BUCKET, enforcing_server
from tests.thinning import exhaustive

pytestmark = exhaustive


@pytest.fixture
def act_as(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Take a role's keys; clips and archive are in the bucket."""
    plain_environment(monkeypatch)
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TAILFRAME_STORE_URL", f"s3://{BUCKET}/tailframe/blobs")
    monkeypatch.setenv("TAILFRAME_ARCHIVE_URL", f"s3://{BUCKET}/tailframe/archive")
    with enforcing_server() as server:

        def act_as(role: str) -> None:
            for name, value in server.environment(role).items():
                monkeypatch.setenv(name, value)

        yield act_as


def test_each_role_can_do_its_part_of_an_episode(act_as: Callable[[str], None], tmp_path: Path) -> None:
    """Produced, archived, verified, reviewed, collected: and each is refused what is another's, by the right's name."""
    project = film(tmp_path, *three_shots(), provider="animatic")
    act_as("worker")
    assert tailframe("doctor", project).exit_code in {0, 1}
    assert produce(project).exit_code == 0
    manifest = json.loads((project / "output/e01/manifest.json").read_text())
    refused = tailframe("gc", project, "--only-these", "--delete")
    assert (refused.exit_code, "s3:ListBucketMultipartUploads on the bucket" in refused.stderr) == (1, True)

    act_as("read-only")
    archived = f"s3://{BUCKET}/tailframe/archive/lighthouse/e01"
    assert tailframe("verify", archived).exit_code == 0
    assert tailframe("status", project).exit_code == 0
    refused = tailframe("cut", project, "e01")
    assert (refused.exit_code, "s3:PutObject on it" in refused.stderr) == (1, True)

    act_as("review")
    shutil.rmtree(project / ".tailframe/cache")
    with open_room(project) as room, browser(room) as one:
        (poster, *_) = re.findall(r'src="(/poster/[0-9a-f]{64}/\d+)"', one.page("/e/e01"))
        assert one.get(poster).status_code == 200

    act_as("gc")
    done = tailframe("gc", project, "--only-these", "--delete", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["removed"]["blobs"] == 0

    act_as("worker")
    shutil.rmtree(project / "output")
    assert tailframe("cut", project, "e01").exit_code == 0
    assert json.loads((project / "output/e01/manifest.json").read_text())["master"] == manifest["master"]
