"""Makes the buckets of TAILFRAME_STORE_URL and TAILFRAME_ARCHIVE_URL where they are not there yet.

For an object store of your own, such as that of deploy/compose.yaml; safe to repeat. Keys and address are read from
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_ENDPOINT_URL_S3, as boto3 does.

    python deploy/make_bucket.py
"""

import os
import sys
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import BotoCoreError, ClientError

MINE = {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}


def main() -> int:
    """Exit code: 0 all are there, 1 one is not, 2 the environment names none."""
    places = [os.environ.get(name, "") for name in ("TAILFRAME_STORE_URL", "TAILFRAME_ARCHIVE_URL")]
    names = sorted({urlsplit(place).netloc for place in places if place.startswith("s3://")})
    if not names:
        return _complain("TAILFRAME_STORE_URL names no bucket; write s3://bucket/prefix", 2)
    try:
        client = boto3.client("s3")
        for name in names:
            _make(client, name)
    except (BotoCoreError, ClientError, ValueError) as error:
        return _complain(f"{', '.join(names)} cannot be made: {error}", 1)
    return 0


def _make(client: Any, name: str) -> None:
    try:
        client.create_bucket(Bucket=name)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") not in MINE:
            raise
    sys.stdout.write(f"{name} is there\n")


def _complain(text: str, code: int) -> int:
    sys.stderr.write(f"{text}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
