"""What `aws s3 sync` does between two places of one S3 server, for machines without it: copies what is not there yet.

python -m tests.operations.bucket_sync s3 sync s3://from/prefix s3://to/prefix
"""

from __future__ import annotations

import sys
from urllib.parse import urlsplit

import boto3


def main(arguments: list[str]) -> None:
    """Copy on the server, so that an object keeps what was noted with it."""
    *words, source, target = arguments
    assert words == ["s3", "sync"], arguments
    (from_bucket, from_prefix), (to_bucket, to_prefix) = _place(source), _place(target)
    client = boto3.client("s3")
    pages = client.get_paginator("list_objects_v2")
    there = {
        each["Key"]: each["ETag"]
        for page in pages.paginate(Bucket=to_bucket, Prefix=to_prefix)
        for each in page.get("Contents", [])
    }
    for page in pages.paginate(Bucket=from_bucket, Prefix=from_prefix):
        for each in page.get("Contents", []):
            key = to_prefix + each["Key"].removeprefix(from_prefix)
            if there.get(key) != each["ETag"]:
                client.copy_object(Bucket=to_bucket, Key=key, CopySource={"Bucket": from_bucket, "Key": each["Key"]})


def _place(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.netloc, parts.path.strip("/") + "/"


if __name__ == "__main__":
    main(sys.argv[1:])
