"""A real S3 protocol server on this machine, a proxy that breaks connections, and a server that only refuses."""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import boto3
import botocore.session
import pytest
from moto.server import ThreadedMotoServer
from mypy_boto3_s3.client import S3Client

botocore.session.create_loader = cache(botocore.session.create_loader)
"""What boto3 knows of services it would read from a megabyte of JSON for each client."""

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "AKIATESTTESTTESTTEST",
    "AWS_SECRET_ACCESS_KEY": "a-secret-that-no-text-may-show",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/nonexistent/config",
    "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent/credentials",
}


@dataclass(frozen=True)
class TestBucket:
    """A fresh bucket, and a client of our own to look into it."""

    __test__ = False

    name: str
    endpoint: str
    client: S3Client

    @property
    def url(self) -> str:
        """Its address, with a prefix as studios use one."""
        return f"s3://{self.name}/studio/tailframe"

    def keys(self) -> list[str]:
        """Every key in the bucket."""
        return sorted(item["Key"] for item in self.client.list_objects_v2(Bucket=self.name).get("Contents", []))

    def environment(self) -> dict[str, str]:
        """What a subprocess needs to reach it."""
        return ENVIRONMENT | {"AWS_ENDPOINT_URL_S3": self.endpoint}


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """The address of an S3 server that runs for the session."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys for the test server, and nothing that this machine may have configured."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="session")
def s3_client(s3_endpoint: str) -> Iterator[S3Client]:
    """A client of our own on the test server, made once because that takes long."""
    session = boto3.session.Session(
        ENVIRONMENT["AWS_ACCESS_KEY_ID"], ENVIRONMENT["AWS_SECRET_ACCESS_KEY"], region_name=ENVIRONMENT["AWS_REGION"]
    )
    with closing(session.client("s3", endpoint_url=s3_endpoint)) as client:
        yield client


@pytest.fixture
def bucket(s3_endpoint: str, s3_client: S3Client, s3_environment: None, monkeypatch: pytest.MonkeyPatch) -> TestBucket:
    """A fresh bucket on the test server, with the environment set so that boto3 finds it."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", s3_endpoint)
    name = f"bucket-{secrets.token_hex(6)}"
    s3_client.create_bucket(Bucket=name)
    return TestBucket(name, s3_endpoint, s3_client)


@contextmanager
def cutting_proxy(endpoint: str, *, after_bytes: int, times: int) -> Iterator[str]:
    """A way to the server that breaks off the first `times` answers that are longer than `after_bytes`."""
    upstream = urlsplit(endpoint)
    cuts = iter(range(times))

    def carry(source: socket.socket, sink: socket.socket, *, may_cut: bool) -> None:
        passed = 0
        with closing(source), closing(sink):
            try:
                while data := source.recv(65536):
                    passed += len(data)
                    if may_cut and passed > after_bytes and next(cuts, None) is not None:
                        sink.shutdown(socket.SHUT_RDWR)
                        return
                    sink.sendall(data)
            except OSError:
                return

    def accept(listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            server = socket.create_connection((str(upstream.hostname), upstream.port or 80))
            for source, sink, may_cut in ((client, server, False), (server, client, True)):
                threading.Thread(target=carry, args=(source, sink), kwargs={"may_cut": may_cut}, daemon=True).start()

    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        threading.Thread(target=accept, args=(listener,), daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def refusing_server(status: int, code: str, message: str = "no") -> Iterator[str]:
    """A server that answers everything with this error, in S3's XML."""
    body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode()
    with answering(status, "application/xml", body) as url:
        yield url


@contextmanager
def answering(status: int, kind: str, body: bytes) -> Iterator[str]:
    """A server that answers everything so, whatever it is asked."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_HEAD = do_PUT = do_POST = do_GET  # noqa: N815 - named so by the base class

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named so by the base class
            """Say nothing."""

    with serving(Answers) as url:
        yield url


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """A server on a free port of this machine, and its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
