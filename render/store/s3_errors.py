"""What S3 and the way to it can answer, as StoreErrors that say what to do. No text holds a key or a signed link."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from render.errors import StoreError

if TYPE_CHECKING:
    from botocore.exceptions import BotoCoreError, ClientError

_Told = tuple[str, str]
"""What happened, and what to do now; the latter is empty where there is nothing to say."""

NO_BUCKET: Final[_Told] = ("there is no such bucket", "Check the address, or create the bucket")
_KEYS_REFUSED = ("the keys were refused", "Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN")
_KEYS_EXPIRED = ("the keys have expired", "Sign in again, or set a new AWS_SESSION_TOKEN")
_ELSEWHERE = ("the bucket is in another region", "Set AWS_REGION to the bucket's own")
_DENIED = (
    "access is denied",
    "These keys need s3:GetObject, s3:PutObject and s3:AbortMultipartUpload on what is under it, and s3:ListBucket on "
    "the bucket (without that one, S3 says 'denied' of whatever is not there)",
)
_BUSY = ("S3 asks to slow down, and still did after several tries", "Run the same command again later")
NOT_SUPPORTED: Final[_Told] = (
    "this server does not know conditional writes or SHA-256 checksums (PutObject with If-None-Match), "
    "without which nothing here is safe",
    "Use a server that does: AWS, Cloudflare R2 and MinIO do",
)
_BY_CODE: Final[Mapping[str, _Told]] = {
    "NoSuchBucket": NO_BUCKET,
    "NoSuchKey": ("it is not there, or not any more", ""),
    "400": ("the server refused the request without a word", "Check AWS_REGION, and that the keys have not expired"),
    "AccessDenied": _DENIED,
    "403": _DENIED,
    "AllAccessDisabled": _DENIED,
    "InvalidAccessKeyId": _KEYS_REFUSED,
    "SignatureDoesNotMatch": _KEYS_REFUSED,
    "InvalidToken": _KEYS_REFUSED,
    "AuthorizationHeaderMalformed": _ELSEWHERE,
    "PermanentRedirect": _ELSEWHERE,
    "IllegalLocationConstraintException": _ELSEWHERE,
    "301": _ELSEWHERE,
    "ExpiredToken": _KEYS_EXPIRED,
    "RequestExpired": _KEYS_EXPIRED,
    "RequestTimeTooSkewed": ("this machine's clock is wrong by more than S3 allows", "Set the clock"),
    "SlowDown": _BUSY,
    "ServiceUnavailable": _BUSY,
    "503": _BUSY,
    "NotImplemented": NOT_SUPPORTED,
    "501": NOT_SUPPORTED,
    "BadDigest": ("the bytes changed on their way", "Run the same command again"),
    "XAmzContentChecksumMismatch": ("the bytes changed on their way", "Run the same command again"),
}
_BY_KIND: Final[Mapping[str, _Told]] = {
    "NoCredentialsError": ("no keys were found", "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"),
    "PartialCredentialsError": ("the keys are incomplete", "Set both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"),
    "ProfileNotFound": ("AWS_PROFILE names a profile that is not in the AWS configuration files", ""),
    "SSLError": ("its certificate was not accepted", "Check AWS_ENDPOINT_URL_S3 and AWS_CA_BUNDLE"),
    "FlexibleChecksumError": ("what arrived does not match its checksum: the object is damaged", ""),
}
_UNREACHABLE = ("it cannot be reached", "Check the network and AWS_ENDPOINT_URL_S3, then run the same command again")


@contextmanager
def s3_errors(url: str, doing: str) -> Iterator[None]:
    """Turn what boto3 raises into a StoreError. `doing`: "read", "write", "list"."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        happened, remedy = _explained(error)
        raise StoreError(f"cannot {doing} {url}: {happened}", remedy) from error
    except RecursionError as error:  # boto3 follows a redirect that leads nowhere until its stack is full
        raise StoreError(
            f"cannot {doing} {url}: what answers leads in circles, as no S3 server does", "Check AWS_ENDPOINT_URL_S3"
        ) from error


def code_of(error: ClientError) -> str:
    """The server's code for what went wrong ("NoSuchKey"), or the HTTP status as text where an answer has no body."""
    return str(error.response.get("Error", {}).get("Code", ""))


def _explained(error: BotoCoreError | ClientError) -> _Told:
    from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # noqa: A004 - botocore's own

    if isinstance(error, ClientError):
        return _BY_CODE.get(code_of(error)) or (_servers_words(error), "")
    known = _BY_KIND.get(type(error).__name__)
    if known is None and isinstance(error, ConnectionError | HTTPClientError):
        return _UNREACHABLE
    return known or (f"boto3 gave up ({type(error).__name__})", "Check the AWS_ variables")


def _servers_words(error: ClientError) -> str:
    words = " ".join(str(error.response.get("Error", {}).get("Message", "")).split())
    return f"the server answered {code_of(error) or 'an error'}: {words[:300] or 'without a word'}"
