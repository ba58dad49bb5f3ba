"""One prefix of one S3 bucket: checksums, conditional writes, and errors that say what to do.

Every method raises StoreError and nothing else for what S3 and the network do. boto3 is imported at the first call,
because it takes a quarter of a second.

An upload in parts that a killed process left behind is in no listing and in no reader's way, but it is stored: give
the bucket a lifecycle rule that aborts incomplete multipart uploads.
"""

from __future__ import annotations

import logging
import mimetypes
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlsplit

import stamina

from render.errors import StoreError
from render.net.system_proxies import S3_CERTIFICATES, proxies_to, unusable_certificates, unusable_proxy
from render.store.digests import sha256_of
from render.store.s3_errors import NO_BUCKET, answered_at, code_of, s3_errors
from render.store.s3_parts import (
    SMALLEST_PART_BYTES,
    Condition,
    Download,
    MultipartUpload,
    Place,
    base64_of,
    changed_meanwhile,
)
from storyboard.loopback import is_loopback_url

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

_Answer = TypeVar("_Answer")

_PART_BYTES: Final = 16 << 20
_LONGEST_LINK: Final = timedelta(days=7)  # S3's own maximum for signature version 4
_ADDRESS: Final = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([^?#]*))?")
_LARGEST_COPY: Final = 4 << 30  # bytes; S3 copies five in one piece
_ABSENT: Final = {"NoSuchKey", "NotFound", "404"}
_TAKEN: Final = {"PreconditionFailed", "412"}
_CONFLICT: Final = {"ConditionalRequestConflict", "OperationAborted", "409"}


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What the bucket says of one object. `sha256` is what was noted when it was written; None: others wrote it."""

    bytes: int
    sha256: str | None
    age: timedelta = timedelta(0)  # since it was written, by the server's clock


class Bucket:
    """Everything under `s3://bucket/prefix`. Keys are relative to the prefix. Safe to share between threads."""

    def __init__(self, url: str, *, part_bytes: int = _PART_BYTES) -> None:
        self._name, self._prefix = parse_s3_url(url)
        self._part_bytes = max(part_bytes, SMALLEST_PART_BYTES)
        self._opening = threading.Lock()
        self._opened: S3Client | None = None
        self._seen = False

    @property
    def url(self) -> str:
        """`s3://bucket/prefix`, which holds no secret."""
        return f"s3://{self._name}/{self._prefix}".rstrip("/")

    def head(self, key: str) -> StoredObject | None:
        """What is stored under this key; None if nothing is."""
        with s3_errors(self._where(key), "read"):
            answer = _unless_absent(lambda: self._client.head_object(**self._place(key)))
            if answer is None:
                self._make_sure_it_exists()
                return None
            age = answered_at(answer["ResponseMetadata"]) - answer["LastModified"]
            return StoredObject(answer["ContentLength"], answer["Metadata"].get("sha256"), age)

    def get(self, key: str, *, limit_bytes: int = _PART_BYTES) -> tuple[bytes, str] | None:
        """A small object's bytes and its etag; None if nothing is stored under this key."""
        with s3_errors(self._where(key), "read"):
            answer = _unless_absent(lambda: self._client.get_object(**self._place(key)))
            if answer is None:
                return None
            with closing(answer["Body"]) as body:
                if answer["ContentLength"] > limit_bytes:
                    raise StoreError(f"{self._where(key)} is larger than {limit_bytes} bytes; it is no record of ours")
                return body.read(), answer["ETag"]

    def read_range(self, key: str, start: int, end: int) -> bytes | None:
        """An object's bytes from `start` on, before `end`; None if nothing is stored under this key."""
        if end <= start:
            return b""
        with s3_errors(self._where(key), "read"):
            wanted = f"bytes={start}-{end - 1}"
            answer = _unless_absent(lambda: self._client.get_object(**self._place(key), Range=wanted))
            if answer is None:
                return None
            with closing(answer["Body"]) as body:
                return body.read(end - start)

    def read_into(self, key: str, write: Callable[[bytes], object]) -> None:
        """Pass an object's bytes to `write`. A connection that breaks is taken up again where it broke."""
        with s3_errors(self._where(key), "read"):
            download = Download(self._client, self._place(key))
            for attempt in stamina.retry_context(on=_broke_off, attempts=5, wait_initial=0.2, timeout=None):
                with attempt:
                    download.go_on(write)

    def put(self, key: str, data: bytes, *, replacing: str | None = None) -> bool:
        """Write a small object if nothing is there, or if what is there has the etag `replacing`; else False."""
        condition: Condition = {"IfNoneMatch": "*"} if replacing is None else {"IfMatch": replacing}
        with s3_errors(self._where(key), "write"):
            return _unless_taken(lambda: self._put(key, data, sha256_of(data), condition))

    def upload(self, key: str, file: Path, sha256: str, *, overwrite: bool = False) -> bool:
        """Write a file of these bytes if nothing is there (or in any case); False if something is.

        Raises StoreError if the file has other bytes than `sha256` says: it was changed meanwhile.
        """
        condition: Condition = {} if overwrite else {"IfNoneMatch": "*"}
        with s3_errors(self._where(key), "write"):
            if file.stat().st_size > self._part_bytes:
                return _unless_taken(lambda: self._put_in_parts(key, file, sha256, condition))
            data = file.read_bytes()
            if sha256_of(data) != sha256:
                raise changed_meanwhile(self._where(key))
            return _unless_taken(lambda: self._put(key, data, sha256, condition))

    def renew_object(self, key: str) -> bool:
        """Let an object count as written just now, by a copy of it onto itself; False where nothing is there."""
        from boto3.s3.transfer import TransferConfig

        with s3_errors(self._where(key), "renew"):
            found = _unless_absent(lambda: self._client.head_object(**self._place(key)))
            if found is None:
                return False
            kept = {"Metadata": found["Metadata"], "MetadataDirective": "REPLACE", "ChecksumAlgorithm": "SHA256"}
            place, whole = self._place(key), TransferConfig(multipart_threshold=_LARGEST_COPY)

            def copy() -> bool:
                self._client.copy({"Bucket": self._name, "Key": self._key(key)}, **place, ExtraArgs=kept, Config=whole)
                return True

            return _unless_absent(copy) is not None

    def list(self, under: str) -> Iterator[tuple[str, int]]:
        """Every key under a folder ("" for all), and its bytes."""
        folder = self._key(under).rstrip("/")
        with s3_errors(self._where(under), "list"):
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._name, Prefix=f"{folder}/" if folder else ""):
                for item in page.get("Contents", []):
                    yield item["Key"][len(self._key("")) :], item["Size"]

    def link(self, key: str, lifetime: timedelta, *, filename: str | None = None) -> str | None:
        """A link that anyone can read the object by; None if the server is neither on https nor on this machine."""
        if lifetime > _LONGEST_LINK:
            raise StoreError(f"a link into {self.url} can live seven days at most, not {lifetime}")
        with s3_errors(self._where(key), "make a link into"):
            link = self._client.generate_presigned_url(
                "get_object",
                Params={**self._place(key), **_announced(filename)},
                ExpiresIn=int(lifetime.total_seconds()),
            )
        return link if link.startswith("https://") or is_loopback_url(link) else None

    def _make_sure_it_exists(self) -> None:
        """Asked once: to a question about an object S3 answers the same whether object or bucket is not there."""
        from botocore.exceptions import ClientError

        if self._seen:
            return
        try:
            self._client.head_bucket(Bucket=self._name)
        except ClientError as error:
            if code_of(error) in _ABSENT:
                raise StoreError(f"cannot read {self.url}: {NO_BUCKET[0]}", NO_BUCKET[1]) from error
        self._seen = True  # or may not be asked, which is the owner's choice

    @property
    def _client(self) -> S3Client:
        with self._opening:
            if self._opened is None:
                self._opened = _open_client(self.url)
            return self._opened

    def _key(self, key: str) -> str:
        return f"{self._prefix}/{key}" if self._prefix else key

    def _place(self, key: str) -> Place:
        return {"Bucket": self._name, "Key": self._key(key)}

    def _where(self, key: str) -> str:
        return f"{self.url}/{key}".rstrip("/")

    def _put(self, key: str, data: bytes, sha256: str, condition: Condition) -> None:
        self._client.put_object(
            **self._place(key),
            Body=data,
            ChecksumAlgorithm="SHA256",
            ChecksumSHA256=base64_of(bytes.fromhex(sha256)),
            Metadata={"sha256": sha256},
            **condition,
        )

    def _put_in_parts(self, key: str, file: Path, sha256: str, condition: Condition) -> None:
        upload = MultipartUpload(self._client, self._place(key), sha256=sha256)
        with file.open("rb") as source:
            upload.send(source, file.stat().st_size, part_bytes=self._part_bytes, condition=condition)


def parse_s3_url(url: str) -> tuple[str, str]:
    """Bucket and prefix of `s3://bucket/prefix`. The address is not repeated where it may hold keys."""
    match = _ADDRESS.fullmatch(url)
    prefix = (match[2] or "").strip("/") if match else ""
    if match is None or not _is_plain(prefix):
        shown = "this" if "@" in url else repr(url)
        raise StoreError(
            f"{shown} is not an address in S3",
            "Write s3://bucket/prefix; keys go into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, the address of "
            "another server than Amazon's into AWS_ENDPOINT_URL_S3",
        )
    return match[1], prefix


def _is_plain(prefix: str) -> bool:
    return not prefix or not {"", ".", ".."} & set(prefix.split("/"))


def _open_client(url: str) -> S3Client:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    _keep_signatures_out_of_logs()
    bounds = Config(
        signature_version="s3v4",
        retries={"mode": "standard"},  # three attempts, or AWS_MAX_ATTEMPTS
        connect_timeout=10,
        read_timeout=60,
        max_pool_connections=32,
    )
    with s3_errors(url, "open"):
        session = boto3.session.Session()
        try:
            endpoint = session.client("s3", config=bounds).meta.endpoint_url
            _refuse_unusable_proxies(url, endpoint)
            return session.client("s3", config=bounds.merge(Config(proxies=proxies_to(endpoint))))
        except (BotoCoreError, StoreError):
            raise
        except ValueError as error:  # what boto3 says of an endpoint that is no URL
            raise StoreError(f"cannot open {url}: AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL is not a URL") from error
        except Exception as error:  # it reads files and variables that anybody may have written, and trips where it may
            raise StoreError(
                f"cannot open {url}: boto3 cannot read what the AWS_ variables and files say "
                f"({type(error).__name__}: {error})",
                "Check AWS_CONFIG_FILE, and what is under s3 in it",
            ) from error


def _refuse_unusable_proxies(url: str, endpoint: str) -> None:
    """Raises StoreError where the environment names a proxy or certificates by which boto3 could not get there."""
    wrong = unusable_proxy(endpoint, [urlsplit(endpoint).scheme])
    if wrong is None and endpoint.startswith("https://"):
        wrong = unusable_certificates(os.environ, S3_CERTIFICATES)
    if wrong is not None:
        raise StoreError(f"cannot open {url}: {wrong.variable} {wrong.problem}", wrong.remedy)


def _keep_signatures_out_of_logs() -> None:
    """At DEBUG these write every signed request and link, and whoever has one can read what it leads to."""
    for name in ("boto3", "botocore", "s3transfer", "urllib3"):
        logger = logging.getLogger(name)
        if logger.level < logging.INFO:
            logger.setLevel(logging.INFO)


def _unless_absent(ask: Callable[[], _Answer]) -> _Answer | None:
    from botocore.exceptions import ClientError

    try:
        return ask()
    except ClientError as error:
        if code_of(error) in _ABSENT:
            return None
        raise


def _announced(filename: str | None) -> dict[str, str]:
    """What a link's answer says of the file, since its key says nothing: readers go by the type and the ending."""
    if filename is None:
        return {}
    kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    return {"ResponseContentType": kind, "ResponseContentDisposition": f'inline; filename="{filename}"'}


def _unless_taken(write: Callable[[], None]) -> bool:
    """Whether the write met its condition. Two conditional writes at the same moment are told to try again."""
    from botocore.exceptions import ClientError

    try:
        for attempt in stamina.retry_context(on=_is_conflict, attempts=8, wait_initial=0.2, timeout=None):
            with attempt:
                write()
    except ClientError as error:
        if code_of(error) in _TAKEN:
            return False
        raise
    return True


def _is_conflict(error: Exception) -> bool:
    from botocore.exceptions import ClientError

    return isinstance(error, ClientError) and code_of(error) in _CONFLICT


def _broke_off(error: Exception) -> bool:
    from botocore.exceptions import IncompleteReadError, ReadTimeoutError, ResponseStreamingError

    return isinstance(error, IncompleteReadError | ReadTimeoutError | ResponseStreamingError)
