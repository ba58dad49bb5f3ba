"""A server that enforces the policies in `deploy/s3/`: moto's own, and before it what moto leaves out.

moto checks signatures, and of a user's policy actions and resources. It knows neither conditions nor wildcards of one
letter, nor policies of a bucket in all their parts; and removing many objects at once it allows by the bucket alone.
So what comes to it is held against the whole policies first, key by key, by a page of code that reads them as AWS
documents them (IAM's *Policy evaluation logic*; S3's *condition keys*).
"""

from __future__ import annotations

import io
import json
import re
import secrets
import threading
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import translate
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote
from xml.sax.saxutils import unescape

import boto3
from moto.server import DomainDispatcherApplication, create_backend_app
from mypy_boto3_s3.client import S3Client
from werkzeug.serving import make_server

from tests.s3 import ENVIRONMENT

POLICIES = Path(__file__).parents[1] / "deploy/s3"
ROLES = ("worker", "review", "read-only", "gc")
BUCKET = "studio-bucket"

Statement = Mapping[str, Any]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Call:
    """What one request asks for, in IAM's words."""

    action: str
    resource: str
    context: Mapping[str, str]


@dataclass
class Enforcing:
    """A server with one bucket, and the keys of each role."""

    url: str
    keys: dict[str, tuple[str, str]] = field(default_factory=dict)

    def environment(self, role: str) -> dict[str, str]:
        """What a process of this role has in its environment."""
        key, secret = self.keys[role]
        return ENVIRONMENT | {
            "AWS_ACCESS_KEY_ID": key,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_ENDPOINT_URL_S3": self.url,
            "AWS_MAX_ATTEMPTS": "1",
        }


def policy(name: str) -> list[dict[str, Any]]:
    """The statements of a policy, for the bucket of the tests."""
    text = (POLICIES / f"{name}.json").read_text().replace("STUDIO-BUCKET", BUCKET)
    statements: list[dict[str, Any]] = json.loads(text)["Statement"]
    return statements


@contextmanager
def enforcing_server() -> Iterator[Enforcing]:
    """Run it, with a user for each role."""
    roles: dict[str, list[dict[str, Any]]] = {}
    application = _held_to(roles, policy("archive-write-once"), DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, application, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made = Enforcing(f"http://127.0.0.1:{server.server_port}")
    try:
        _set_up(made, roles)
        _check_from(made.url, "0")
        yield made
    finally:
        _check_from(made.url, "inf")
        server.shutdown()


def _set_up(made: Enforcing, roles: dict[str, list[dict[str, Any]]]) -> None:
    given = {"endpoint_url": made.url, "aws_access_key_id": "root", "aws_secret_access_key": "root"}
    iam = boto3.client("iam", region_name="us-east-1", **given)
    _empty_bucket(boto3.client("s3", region_name="us-east-1", **given))
    for role in ROLES:
        user = f"{role}-{secrets.token_hex(4)}"  # all servers of a process have the same users
        iam.create_user(UserName=user)
        plain = [_as_moto_reads(each) for each in policy(role)]
        document = json.dumps({"Version": "2012-10-17", "Statement": plain})
        iam.put_user_policy(UserName=user, PolicyName=role, PolicyDocument=document)
        key = iam.create_access_key(UserName=user)["AccessKey"]
        made.keys[role] = key["AccessKeyId"], key["SecretAccessKey"]
        roles[key["AccessKeyId"]] = policy(role)


def _empty_bucket(client: S3Client) -> None:
    """Make it, or empty the one of a server before."""
    client.create_bucket(Bucket=BUCKET)
    for each in client.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        client.delete_object(Bucket=BUCKET, Key=each["Key"])


def _as_moto_reads(statement: dict[str, Any]) -> dict[str, Any]:
    """A statement without what moto does not know; the right to remove some objects is one on the bucket to it."""
    plain = {name: statement[name] for name in statement if name != "Condition"}
    removes = "s3:DeleteObject" in statement["Action"]
    return {**plain, "Resource": [statement["Resource"], f"arn:aws:s3:::{BUCKET}"]} if removes else plain


def _check_from(url: str, count: str) -> None:
    """After how many calls moto begins to check whose they are."""
    headers = {"Content-Type": "text/plain"}
    asked = urllib.request.Request(f"{url}/moto-api/reset-auth", count.encode(), headers, method="POST")
    urllib.request.urlopen(asked).close()


def _held_to(roles: Mapping[str, list[dict[str, Any]]], bucket: list[dict[str, Any]], then: Application) -> Application:
    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        credential = re.search(r"Credential=([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
        if (
            credential is None
            or credential[1] not in roles
            or all(allows(roles[credential[1]], bucket, call) for call in calls_of(environ))
        ):
            return then(environ, start)
        start("403 Forbidden", [("Content-Type", "application/xml")])
        head = environ["REQUEST_METHOD"] == "HEAD"
        return [] if head else [b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"]

    return application


def allows(user: Iterable[Statement], bucket: Iterable[Statement], call: Call) -> bool:
    """Whether something allows it and nothing denies it."""
    applying = [each for each in (*user, *bucket) if _applies(each, call)]
    return bool(applying) and all(each["Effect"] == "Allow" for each in applying)


def calls_of(environ: dict[str, Any]) -> list[Call]:
    """What a request needs the right for."""
    method, query = environ["REQUEST_METHOD"], parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    key = unquote(environ["PATH_INFO"]).strip("/").partition("/")[2]
    where = f"arn:aws:s3:::{BUCKET}"
    if not key:
        if "delete" in query:
            return [Call("s3:DeleteObject", f"{where}/{key}", {}) for key in _keys_to_remove(environ)]
        action = "s3:ListBucketMultipartUploads" if "uploads" in query else "s3:ListBucket"
        return [Call(action, where, {"s3:prefix": query["prefix"][0]} if "prefix" in query else {})]
    creates = (method == "PUT" and "uploadId" not in query) or (method == "POST" and "uploadId" in query)
    context = {"s3:ObjectCreationOperation": str(creates).lower()}
    if (condition := environ.get("HTTP_IF_NONE_MATCH")) is not None:
        context["s3:if-none-match"] = condition
    action = {"GET": "s3:GetObject", "HEAD": "s3:GetObject", "PUT": "s3:PutObject", "POST": "s3:PutObject"}.get(method)
    if method == "DELETE":
        action = "s3:AbortMultipartUpload" if "uploadId" in query else "s3:DeleteObject"
    found = [Call(str(action), f"{where}/{key}", context)]
    if source := environ.get("HTTP_X_AMZ_COPY_SOURCE"):
        found.append(Call("s3:GetObject", f"arn:aws:s3:::{unquote(source).lstrip('/')}", {}))
    return found


def _keys_to_remove(environ: dict[str, Any]) -> list[str]:
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return [unescape(key) for key in re.findall(r"<Key>(.*?)</Key>", body.decode())]


def _applies(statement: Statement, call: Call) -> bool:
    return (
        _matches(statement["Action"], call.action)
        and _matches(statement["Resource"], call.resource)
        and all(
            _holds(operator, key, wanted, call.context)
            for operator, pairs in statement.get("Condition", {}).items()
            for key, wanted in pairs.items()
        )
    )


def _holds(operator: str, key: str, wanted: str | list[str], context: Mapping[str, str]) -> bool:
    found = context.get(key)
    if operator == "Null":
        return (found is None) == (wanted == "true")
    if found is None:
        return operator.endswith("IfExists")
    assert operator in {"Bool", "StringLike", "StringLikeIfExists"}, f"teach the tests {operator}"
    return _matches(wanted, found)


def _matches(patterns: str | list[str], text: str) -> bool:
    """`*` is any letters and `?` any one, the slash among them."""
    several = [patterns] if isinstance(patterns, str) else patterns
    return any(re.fullmatch(translate(each.replace("[", "[[]")), text) for each in several)
