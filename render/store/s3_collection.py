"""What garbage collection does in a bucket: list with ages, renew, remove. Runs do none of it but renew.

S3 removes whatever is there, and cannot be asked to remove an object only if it was not written since. So of each
folder of blobs the ages are listed once more right before some of it are removed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Final

from render.concurrency.parallel import side_by_side
from render.store.blob_ages import USERS, StoredBlob
from render.store.s3_bucket import Bucket
from render.store.s3_errors import answered_at, refused, s3_errors

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef, ObjectTypeDef

_BLOB: Final = re.compile(r"([0-9a-f]{2})/([0-9a-f]{62})")
_AT_ONCE: Final = 1_000  # objects of one request, S3's own maximum


class S3Collection(Bucket):
    """A `BlobCollection` under a prefix of a bucket. Other keys than those of blobs are left alone."""

    def now(self) -> datetime:
        """By the server's answer."""
        with s3_errors(self.url, "list"):
            answer = self._client.list_objects_v2(Bucket=self._name, Prefix=self._key(f"{USERS}/"), MaxKeys=1)
        return answered_at(answer["ResponseMetadata"])

    def blobs(self) -> Iterator[StoredBlob]:
        """By listing everything under the prefix."""
        return self._blobs_under("")

    def renew(self, sha256s: Collection[str]) -> None:
        """By a copy of each onto itself, several at once."""
        side_by_side(lambda sha256: self.renew_object(f"{sha256[:2]}/{sha256[2:]}"), sorted(sha256s))

    def remove(self, sha256s: Collection[str], *, before: datetime) -> Iterator[StoredBlob]:
        """Folder by folder: listed once more, and what is old still is removed at once."""
        for folder, names in groupby(sorted(sha256s), key=lambda sha256: sha256[:2]):
            wanted = {*names}
            old = [each for each in self._blobs_under(folder) if each.sha256 in wanted and each.at < before]
            for start in range(0, len(old), _AT_ONCE):
                some = old[start : start + _AT_ONCE]
                self._delete([f"{folder}/{each.sha256[2:]}" for each in some])
                yield from some

    def sweep(self, *, before: datetime) -> int:
        """Uploads in parts that nobody finished."""
        count, prefix = 0, self._key("")
        with s3_errors(self.url, "list the uploads of"):
            pages = self._client.get_paginator("list_multipart_uploads").paginate(Bucket=self._name, Prefix=prefix)
            begun = [each for page in pages for each in page.get("Uploads", []) if each["Initiated"] < before]
        for upload in begun:
            key = upload["Key"].removeprefix(prefix)
            if _BLOB.fullmatch(key):
                with s3_errors(self._where(key), "end an upload to"):
                    self._client.abort_multipart_upload(**self._place(key), UploadId=upload["UploadId"])
                count += 1
        return count

    def users(self) -> Mapping[str, datetime]:
        """By their objects."""
        found = self._listed(USERS)
        return {item["Key"].rpartition("/")[2]: item["LastModified"] for item in found}

    def forget_users(self, runs: Collection[str]) -> None:
        """By removing their objects."""
        keys = [f"{USERS}/{run}" for run in sorted(runs)]
        for start in range(0, len(keys), _AT_ONCE):
            self._delete(keys[start : start + _AT_ONCE])

    def _blobs_under(self, folder: str) -> Iterator[StoredBlob]:
        for item in self._listed(folder):
            if name := _BLOB.fullmatch(item["Key"].removeprefix(self._key(""))):
                yield StoredBlob(f"{name[1]}{name[2]}", item["Size"], item["LastModified"])

    def _listed(self, folder: str) -> Iterator[ObjectTypeDef]:
        prefix = self._key(f"{folder}/" if folder else "")
        with s3_errors(self._where(folder), "list"):
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._name, Prefix=prefix):
                yield from page.get("Contents", [])

    def _delete(self, keys: Sequence[str]) -> None:
        """Remove these objects. S3 answers 200 and lists those that it did not remove."""
        objects: list[ObjectIdentifierTypeDef] = [{"Key": self._key(key)} for key in keys]
        with s3_errors(self._where(keys[0]), "remove"):
            answer = self._client.delete_objects(Bucket=self._name, Delete={"Objects": objects, "Quiet": True})
        for wrong in answer.get("Errors", []):
            raise refused(f"s3://{self._name}/{wrong.get('Key', '')}", "remove", wrong.get("Code", ""), "DeleteObjects")
