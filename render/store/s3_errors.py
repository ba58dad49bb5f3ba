"""What S3 and the way to it can answer, as StoreErrors that say what to do. No text holds a key or a signed link."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from render.errors import StoreError, StoreUnavailable

if TYPE_CHECKING:
    from botocore.exceptions import BotoCoreError, ClientError
    from mypy_boto3_s3.type_defs import ResponseMetadataTypeDef

_Told = tuple[str, str]
"""What happened, and what to do now; the latter is empty where there is nothing to say."""

NO_BUCKET: Final[_Told] = ("there is no such bucket", "Check the address, or create the bucket")
_KEYS_REFUSED = ("the keys were refused", "Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN")
_KEYS_EXPIRED = ("the keys have expired", "Sign in again, or set a new AWS_SESSION_TOKEN")
_ELSEWHERE = ("the bucket is in another region", "Set AWS_REGION to the bucket's own")
_DENIED = ("access is denied", "Give these keys the right for it; see docs/s3.md")
_RIGHTS: Final[Mapping[str, str]] = {
    "GetObject": "s3:GetObject on it",
    "HeadObject": "s3:GetObject on it, and s3:ListBucket on the bucket: without that one, S3 says 'denied' of whatever "
    "is not there",
    "PutObject": "s3:PutObject on it",
    "CreateMultipartUpload": "s3:PutObject on it",
    "UploadPart": "s3:PutObject on it",
    "UploadPartCopy": "s3:GetObject and s3:PutObject on it",
    "CompleteMultipartUpload": "s3:PutObject on it",
    "CopyObject": "s3:GetObject and s3:PutObject on it",
    "AbortMultipartUpload": "s3:AbortMultipartUpload on it",
    "DeleteObject": "s3:DeleteObject on it",
    "DeleteObjects": "s3:DeleteObject on it",
    "ListObjectsV2": "s3:ListBucket on the bucket, for this prefix",
    "HeadBucket": "s3:ListBucket on the bucket",
    "ListMultipartUploads": "s3:ListBucketMultipartUploads on the bucket",
}
"""Which right each of boto3's calls needs."""

_REFUSED: Final = frozenset({"AccessDenied", "403"})
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
_PASSING: Final = frozenset({"SlowDown", "ServiceUnavailable", "RequestTimeout", "InternalError", "503"})
_UNREACHABLE = ("it cannot be reached", "Check the network and AWS_ENDPOINT_URL_S3, then run the same command again")


@contextmanager
def s3_errors(url: str, doing: str) -> Iterator[None]:
    """Turn what boto3 raises into a StoreError, and a field that its answer lacks. `doing`: "read", "write", "list"."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        happened, remedy = _explained(error)
        kind = StoreUnavailable if _passes(error) else StoreError
        raise kind(f"cannot {doing} {url}: {happened}", remedy) from error
    except RecursionError as error:  # boto3 follows a redirect that leads nowhere until its stack is full
        raise StoreError(
            f"cannot {doing} {url}: what answers leads in circles, as no S3 server does", "Check AWS_ENDPOINT_URL_S3"
        ) from error
    except KeyError as error:  # a page that asks to sign in answers 200 to everything, and says nothing that S3 says
        raise StoreError(
            f"cannot {doing} {url}: what answers is no S3 server (it says no {error.args[0]})",
            "Check AWS_ENDPOINT_URL_S3",
        ) from error


def answered_at(response: ResponseMetadataTypeDef) -> datetime:
    """When the server answered, by its own clock (aware, UTC); by this machine's where it does not say."""
    try:
        return parsedate_to_datetime(response["HTTPHeaders"]["date"])
    except (KeyError, ValueError):
        return datetime.now(UTC)


def code_of(error: ClientError) -> str:
    """The server's code for what went wrong ("NoSuchKey"), or the HTTP status as text where an answer has no body."""
    return str(error.response.get("Error", {}).get("Code", ""))


def refused(url: str, doing: str, code: str, call: str) -> StoreError:
    """What to say where S3 did what it was asked for some objects and not for this one: `call` is boto3's name."""
    from botocore.exceptions import ClientError

    happened, remedy = _explained(ClientError({"Error": {"Code": code}}, call))
    return StoreError(f"cannot {doing} {url}: {happened}", remedy)


def _passes(error: BotoCoreError | ClientError) -> bool:
    """Whether a server is away, starts or has too much to do: the same may be asked again."""
    from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # noqa: A004 - botocore's own

    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return code_of(error) in _PASSING or (status >= 500 and status != 501)
    return isinstance(error, ConnectionError | HTTPClientError) and type(error).__name__ not in _BY_KIND


def _explained(error: BotoCoreError | ClientError) -> _Told:
    from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # noqa: A004 - botocore's own

    if isinstance(error, ClientError):
        if code_of(error) in _REFUSED and (right := _RIGHTS.get(error.operation_name)):
            return _DENIED[0], f"These keys need {right}; docs/s3.md has policies for each role"
        return _BY_CODE.get(code_of(error)) or (_servers_words(error), "")
    known = _BY_KIND.get(type(error).__name__)
    if known is None and isinstance(error, ConnectionError | HTTPClientError):
        return _UNREACHABLE
    return known or (f"boto3 gave up ({type(error).__name__})", "Check the AWS_ variables")


def _servers_words(error: ClientError) -> str:
    words = " ".join(str(error.response.get("Error", {}).get("Message", "")).split())
    return f"the server answered {code_of(error) or 'an error'}: {words[:300] or 'without a word'}"
