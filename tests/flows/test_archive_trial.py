"""An archive that could not take the episode is found before anything is ordered, and by the doctor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import httpx
import pytest

from flows.doctor import Check
from flows.doctor.locations import look_at_archive
from flows.doctor.runner import in_thread
from render.episode.archive.trial_write import NAME, TRIAL, try_archive
from render.errors import StoreError, passes
from render.providers.findings import Health
from tests.acme.fixture import Acme
from tests.flows.doctor.checks import around, run_checks
from tests.flows.episodes import buys_from, film, produce, takes_of
from tests.s3 import TestBucket, bucket, refusing_server, s3_client, s3_endpoint, s3_environment, serving
from tests.thinning import exhaustive, one_in

__all__ = ["bucket", "s3_client", "s3_endpoint", "s3_environment"]


@contextmanager
def deaf_to(endpoint: str, *deaf: str, garbles: bool = False) -> Iterator[str]:
    """An S3 server that does not know these headers of a request, or gives other bytes than it took."""

    class Passing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            sent = {name: value for name, value in self.headers.items() if name.lower() not in {"host", *deaf}}
            answer = httpx.request(self.command, f"{endpoint}{self.path}", headers=sent, content=body, trust_env=False)
            said = b"x" * len(answer.content) if garbles and self.command == "GET" else answer.content
            self.send_response(answer.status_code)
            for name, value in answer.headers.items():
                if name not in {"content-length", "connection", "date", "server", "transfer-encoding"}:
                    self.send_header(name, value)
            length = answer.headers.get("content-length", "0") if self.command == "HEAD" else str(len(said))
            self.send_header("Content-Length", length)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(said)

        do_HEAD = do_PUT = do_POST = do_GET  # noqa: N815 - named so by the base class

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named so by the base class
            """Say nothing."""

    with serving(Passing) as url:
        yield url


def test_a_good_bucket_is_tried_and_keeps_one_small_object(bucket: TestBucket) -> None:
    """However often."""
    for _ in range(2):
        try_archive(f"{bucket.url}/archive")
    (key,) = bucket.keys()
    assert key == f"studio/tailframe/archive/{NAME}"
    assert bucket.client.get_object(Bucket=bucket.name, Key=key)["Body"].read() == TRIAL


@exhaustive
@pytest.mark.parametrize("deaf", ["if-none-match", "if-match"])
def test_a_bucket_that_writes_over_what_is_there_is_no_archive(
    deaf: str, bucket: TestBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ignores one of the two conditions: the doctor says so, with what to use instead."""
    with deaf_to(bucket.endpoint, deaf) as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", endpoint)
        monkeypatch.setenv("TAILFRAME_ARCHIVE_URL", f"{bucket.url}/archive")
        seen = around()
        ((found,),) = [part.findings for part in run_checks(Check("archive", in_thread(lambda: look_at_archive(seen))))]
    assert found.health is Health.WRONG
    assert "does not know conditional writes" in found.value
    assert found.remedy.startswith("Use a server that does")


@exhaustive
def test_a_bucket_that_gives_other_bytes_is_no_archive(bucket: TestBucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written has to be what is read."""
    with deaf_to(bucket.endpoint, "x-amz-checksum-mode", garbles=True) as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", endpoint)
        with pytest.raises(StoreError):
            try_archive(f"{bucket.url}/archive")


@one_in(3)
@pytest.mark.usefixtures("s3_environment")
@pytest.mark.parametrize(("status", "code"), [(501, "NotImplemented"), (403, "AccessDenied"), (500, "InternalError")])
def test_nothing_is_ordered_where_the_archive_cannot_be_written(
    status: int, code: str, acme: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A bucket without checksums, without rights, or that is ill: the run says so before its first order."""
    buys_from(acme, monkeypatch, TAILFRAME_ARCHIVE_URL="s3://episodes/archive", AWS_MAX_ATTEMPTS="1")
    project = film(tmp_path)
    with refusing_server(status, code) as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", endpoint)
        with pytest.raises(StoreError, match="the archive cannot take the episode, so nothing was ordered") as told:
            produce(project)
    assert passes(told.value) is (status == 500)
    assert takes_of(project) == ()


def test_a_folder_is_tried_by_what_archiving_does_and_left_as_it_was(tmp_path: Path) -> None:
    """Also where it is not there yet; one that cannot be written is said so."""
    try_archive(str(tmp_path / "not" / "there"))
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StoreError, match="/proc"):
        try_archive("/proc/nobody/may/write")
