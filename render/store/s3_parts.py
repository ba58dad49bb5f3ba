"""Big files to and from S3: uploads in parts, each with its own checksum, and downloads that survive a break."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, Final, TypedDict

from render.errors import StoreError
from render.store.digests import CHUNK_BYTES

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef, GetObjectOutputTypeDef

SMALLEST_PART_BYTES: Final = 5 << 20  # S3's own minimum for every part but the last
_MOST_PARTS: Final = 10_000  # S3's own maximum
_PARTS_AT_ONCE: Final = 4


def base64_of(digest: bytes) -> str:
    """A digest as S3's headers want it."""
    return b64encode(digest).decode()


class Place(TypedDict):
    """Which object, in S3's own words."""

    Bucket: str
    Key: str


class Condition(TypedDict, total=False):
    """When a write may happen, in S3's own words; empty: always."""

    IfNoneMatch: str
    IfMatch: str


class MultipartUpload:
    """One upload in parts to one object, which appears when the last step succeeds and not before."""

    def __init__(self, client: S3Client, place: Place, *, sha256: str) -> None:
        self._client, self._place, self._sha256 = client, place, sha256

    def send(self, source: BinaryIO, size: int, *, part_bytes: int, condition: Condition) -> None:
        """Upload a stream of `size` bytes; StoreError if its bytes are not those announced."""
        started = self._client.create_multipart_upload(
            **self._place, ChecksumAlgorithm="SHA256", Metadata={"sha256": self._sha256}
        )
        upload_id = started["UploadId"]
        try:
            parts = self._send_parts(upload_id, source, max(part_bytes, -(-size // _MOST_PARTS)))
            self._client.complete_multipart_upload(
                **self._place,
                UploadId=upload_id,
                MultipartUpload={"Parts": parts},
                **condition,
            )
        except BaseException:
            with suppress(Exception):
                self._client.abort_multipart_upload(**self._place, UploadId=upload_id)
            raise

    def _send_parts(self, upload_id: str, source: BinaryIO, part_bytes: int) -> list[CompletedPartTypeDef]:
        """A few parts at once, each read once, in the one pass that also checks the whole."""
        whole = hashlib.sha256()
        done: list[CompletedPartTypeDef] = []
        under_way: deque[Future[CompletedPartTypeDef]] = deque()
        with ThreadPoolExecutor(_PARTS_AT_ONCE) as pool:
            for number, data in enumerate(iter(lambda: source.read(part_bytes), b""), start=1):
                whole.update(data)
                under_way.append(pool.submit(self._send_part, upload_id, number, data))
                if len(under_way) == _PARTS_AT_ONCE:
                    done.append(under_way.popleft().result())
            done.extend(part.result() for part in under_way)
        if whole.hexdigest() != self._sha256:
            raise changed_meanwhile(self._place["Key"])
        return done

    def _send_part(self, upload_id: str, number: int, data: bytes) -> CompletedPartTypeDef:
        checksum = base64_of(hashlib.sha256(data).digest())
        answer = self._client.upload_part(
            **self._place,
            UploadId=upload_id,
            PartNumber=number,
            Body=data,
            ChecksumAlgorithm="SHA256",
            ChecksumSHA256=checksum,
        )
        return {"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": checksum}


class Download:
    """One download. It knows how far it came, and goes on from there in the very same object."""

    def __init__(self, client: S3Client, place: Place) -> None:
        self._client, self._place = client, place
        self._done, self._size, self._etag = 0, -1, ""

    def go_on(self, write: Callable[[bytes], object]) -> None:
        """Read from where it stands to the end."""
        if self._done == self._size:
            return
        for chunk in self._answer()["Body"].iter_chunks(CHUNK_BYTES):
            write(chunk)
            self._done += len(chunk)

    def _answer(self) -> GetObjectOutputTypeDef:
        if self._done:
            return self._client.get_object(**self._place, Range=f"bytes={self._done}-", IfMatch=self._etag)
        answer = self._client.get_object(**self._place)
        self._size, self._etag = answer["ContentLength"], answer["ETag"]
        return answer


def changed_meanwhile(key: str) -> StoreError:
    """What to say where a file has other bytes now than when its hash was taken."""
    return StoreError(f"the file for {key} was changed while it was read", "Run the same command again")
