"""The store in a bucket: parts, checksums, conditional writes, broken connections, and what it says when it cannot."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import signal
import subprocess
import sys
import textwrap
from base64 import b64decode
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from botocore.exceptions import ClientError

from render.errors import StoreError, StoreUnavailable, passes
from render.net.system_proxies import reaching
from render.store import LocalStore, Store, open_store
from render.store.digests import sha256_of
from render.store.s3_bucket import Bucket
from render.store.s3_errors import s3_errors
from render.store.s3_store import S3Store
from tests.s3 import ENVIRONMENT, TestBucket, cutting_proxy, refusing_server

PART_BYTES = 5 << 20


@pytest.fixture
def shared(bucket: TestBucket, tmp_path: Path) -> S3Store:
    """An empty store in a bucket, with the smallest parts that S3 takes."""
    return S3Store(Bucket(bucket.url, part_bytes=PART_BYTES), cache=LocalStore(tmp_path / "cache"))


def on_another_machine(bucket: TestBucket, tmp_path: Path) -> Store:
    """The same bucket with nothing cached."""
    return open_store(bucket.url, cache=tmp_path / "another" / "cache")


def test_a_big_file_goes_up_in_parts_and_comes_back_the_same(
    shared: S3Store, bucket: TestBucket, tmp_path: Path
) -> None:
    """More than one part: S3 joined parts with SHA-256 checksums, and another machine reads the same bytes."""
    film = tmp_path / "film.mp4"
    film.write_bytes(os.urandom(2 * PART_BYTES + 1234))
    sha256 = shared.put_file(film)
    (key,) = bucket.keys()
    assert key == f"studio/tailframe/{sha256[:2]}/{sha256[2:]}"
    stored = bucket.client.head_object(Bucket=bucket.name, Key=key, ChecksumMode="ENABLED")
    assert stored["ETag"].endswith('-3"')
    parts = [film.read_bytes()[start : start + PART_BYTES] for start in range(0, film.stat().st_size, PART_BYTES)]
    of_parts = hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).digest()
    assert b64decode(stored["ChecksumSHA256"].partition("-")[0]) == of_parts
    on_another_machine(bucket, tmp_path).fetch(sha256, tmp_path / "back.mp4")
    assert (tmp_path / "back.mp4").read_bytes() == film.read_bytes()


def test_a_small_blob_carries_its_checksum(shared: S3Store, bucket: TestBucket) -> None:
    """The server is told the SHA-256 of what it gets, so that it can refuse anything else."""
    shared.put(b"small")
    stored = bucket.client.head_object(Bucket=bucket.name, Key=bucket.keys()[0], ChecksumMode="ENABLED")
    assert b64decode(stored["ChecksumSHA256"]) == hashlib.sha256(b"small").digest()
    assert shared.shared


def test_a_blob_is_what_was_put_whatever_coding_the_bucket_tells(bucket: TestBucket, tmp_path: Path) -> None:
    """A store that packs, or says so, is not believed: nothing is unpacked, and the hash decides."""
    packed = gzip.compress(b"small")
    sha256 = on_another_machine(bucket, tmp_path).put(packed)
    (key,) = bucket.keys()
    bucket.client.put_object(Bucket=bucket.name, Key=key, Body=packed, ContentEncoding="gzip, gzip")
    assert on_another_machine(bucket, tmp_path / "third").local_path(sha256).read_bytes() == packed


def test_what_is_there_is_not_uploaded_again(shared: S3Store, bucket: TestBucket, tmp_path: Path) -> None:
    """A blob that another machine put is left alone."""
    sha256 = shared.put(b"once")
    (key,) = bucket.keys()
    before = bucket.client.head_object(Bucket=bucket.name, Key=key)["LastModified"]
    assert on_another_machine(bucket, tmp_path).put(b"once") == sha256
    assert bucket.client.head_object(Bucket=bucket.name, Key=key)["LastModified"] == before


def test_a_write_is_conditional(bucket: TestBucket, tmp_path: Path) -> None:
    """What is there is never written over, neither by a small object nor by one in parts."""
    place = Bucket(bucket.url, part_bytes=PART_BYTES)
    small, big = tmp_path / "small", tmp_path / "big"
    small.write_bytes(b"first")
    big.write_bytes(b"second" * 1_000_000)
    assert place.upload("key", small, sha256_of(b"first"))
    assert not place.upload("key", big, sha256_of(big.read_bytes()))
    assert not place.put("key", b"third")
    content, etag = place.get("key") or (b"", "")
    assert content == b"first"
    assert place.put("key", b"fourth", replacing=etag)
    assert not place.put("key", b"fifth", replacing=etag)
    assert bucket.client.list_multipart_uploads(Bucket=bucket.name).get("Uploads", []) == []


def test_a_file_that_changes_while_it_goes_up_never_appears(bucket: TestBucket, tmp_path: Path) -> None:
    """Bytes other than those announced are an error, and no object is left, whole or in parts."""
    place = Bucket(bucket.url, part_bytes=PART_BYTES)
    for size in (10, PART_BYTES + 10):
        (tmp_path / "file").write_bytes(b"x" * size)
        with pytest.raises(StoreError, match="was changed while it was read"):
            place.upload("key", tmp_path / "file", "1" * 64)
    assert bucket.keys() == []
    assert bucket.client.list_multipart_uploads(Bucket=bucket.name).get("Uploads", []) == []


def test_a_killed_upload_leaves_no_blob_and_the_next_run_completes(bucket: TestBucket, tmp_path: Path) -> None:
    """SIGKILL between two parts: the blob is not there, and putting the file again makes it whole."""
    film = tmp_path / "film.mp4"
    film.write_bytes(os.urandom(3 * PART_BYTES))
    code = """
        import os, signal, sys
        from pathlib import Path
        from render.store.s3_bucket import Bucket
        from render.store.digests import sha256_of_file

        bucket, film = Bucket(sys.argv[1], part_bytes=1), Path(sys.argv[2])

        def last_words(params, **_):
            if params["query_string"].get("partNumber") == 2:
                os.kill(os.getpid(), signal.SIGKILL)

        bucket._client.meta.events.register("before-call.s3.UploadPart", last_words)
        bucket.upload("film", film, sha256_of_file(film))
        """
    killed = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), bucket.url, str(film)],
        env=os.environ | bucket.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert bucket.keys() == []
    place = Bucket(bucket.url, part_bytes=1)
    assert place.upload("film", film, sha256_of(film.read_bytes()))
    assert place.get("film") is not None


def test_a_download_goes_on_where_the_connection_broke(
    shared: S3Store, bucket: TestBucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that breaks twice in one blob costs nothing but the rest of it."""
    film = tmp_path / "film.mp4"
    film.write_bytes(os.urandom(4_000_000))
    sha256 = shared.put_file(film)
    with cutting_proxy(bucket.endpoint, after_bytes=1_500_000, times=2) as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", endpoint)
        assert on_another_machine(bucket, tmp_path).get(sha256) == film.read_bytes()


def test_a_blob_damaged_in_the_bucket_is_found_and_not_cached(
    shared: S3Store, bucket: TestBucket, tmp_path: Path
) -> None:
    """Other bytes under a blob's name never reach anyone; putting the blob again mends it."""
    sha256 = shared.put(b"precious")
    bucket.client.put_object(Bucket=bucket.name, Key=bucket.keys()[0], Body=b"worthless")
    elsewhere = on_another_machine(bucket, tmp_path)
    for _ in range(2):
        with pytest.raises(StoreError, match=f"{bucket.url}/.* is damaged"):
            elsewhere.get(sha256)
    elsewhere.put(b"precious")
    assert open_store(bucket.url, cache=tmp_path / "third").get(sha256) == b"precious"


def test_a_link_gives_the_blob_to_whoever_has_it(shared: S3Store) -> None:
    """A signed link needs no keys, and cannot be asked to live longer than S3 lets it."""
    link = shared.link(shared.put(b"for the vendor"), timedelta(hours=1))
    assert link is not None
    with urlopen(link, timeout=10) as answer:
        assert answer.read() == b"for the vendor"
    with pytest.raises(StoreError, match="seven days at most"):
        shared.link("1" * 64, timedelta(days=8))


def test_a_link_says_what_the_file_is(shared: S3Store) -> None:
    """Blobs are named by their hash; who follows a link learns the file's type and ending from the answer."""
    link = shared.link(shared.put(b"a picture"), timedelta(hours=1), filename="mara.png")
    assert link is not None
    with urlopen(link, timeout=10) as answer:
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["Content-Disposition"] == 'inline; filename="mara.png"'


@pytest.mark.parametrize(
    ("endpoint", "given"), [("https://objects.example.com", True), ("http://objects.example.com", False)]
)
def test_a_link_elsewhere_is_https_or_none(
    endpoint: str, given: bool, s3_environment: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nobody outside is given a link without encryption."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", endpoint)
    link = open_store("s3://bucket/prefix", cache=tmp_path).link("1" * 64, timedelta(hours=1))
    assert (link or "").startswith("https://") is given


def test_a_bucket_that_is_not_there_is_said_so(bucket: TestBucket, tmp_path: Path) -> None:
    """Neither reading nor writing takes a wrong bucket for an empty one."""
    wrong = open_store(f"s3://{bucket.name}-typo/prefix", cache=tmp_path / "cache")
    for ask in (lambda: wrong.put(b"x"), lambda: wrong.has("1" * 64), lambda: wrong.get("1" * 64)):
        with pytest.raises(StoreError, match=r"-typo/prefix.*there is no such bucket. Check the address"):
            ask()


def test_a_refusal_says_what_to_do_and_shows_no_secret(s3_environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """What S3 answers over the socket is told in words, with the address and without a key."""
    with refusing_server(403, "SignatureDoesNotMatch", f"you sent {ENVIRONMENT['AWS_ACCESS_KEY_ID']}") as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", endpoint)
        with pytest.raises(StoreError) as refusal:
            Bucket("s3://bucket/prefix").put("key", b"data")
    assert str(refusal.value) == (
        "cannot write s3://bucket/prefix/key: the keys were refused. "
        "Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN"
    )


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("AccessDenied", "access is denied. These keys need s3:PutObject on it"),
        ("403", "access is denied"),
        ("InvalidAccessKeyId", "the keys were refused. Check AWS_ACCESS_KEY_ID"),
        ("ExpiredToken", "the keys have expired"),
        ("RequestTimeTooSkewed", "clock is wrong"),
        ("AuthorizationHeaderMalformed", "another region. Set AWS_REGION"),
        ("SlowDown", "slow down"),
        ("NotImplemented", "does not know conditional writes"),
        ("Teapot", "the server answered Teapot: short and stout"),
    ],
)
def test_every_code_of_s3_has_a_remedy(code: str, words: str) -> None:
    """No producer has to look up what a code means."""
    answer = ClientError({"Error": {"Code": code, "Message": "short\n and   stout"}}, "PutObject")
    with pytest.raises(StoreError, match=re.escape(words)), s3_errors("s3://bucket/key", "write"):
        raise answer


def test_a_server_out_of_reach_is_said_so(s3_environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused connection names what to check."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    with pytest.raises(StoreError, match=r"cannot be reached. Check the network and AWS_ENDPOINT_URL_S3"):
        Bucket("s3://bucket").get("key")


@pytest.mark.parametrize(
    ("status", "code", "passing"),
    [(503, "SlowDown", True), (500, "InternalError", True), (502, "", True), (403, "AccessDenied", False)],
)
def test_what_passes_by_itself_is_told_from_what_does_not(
    status: int, code: str, passing: bool, s3_environment: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that is away or busy may be asked again in a while; one that refuses may not."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with refusing_server(status, code) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", server)
        with pytest.raises(StoreError) as told:
            Bucket("s3://bucket").get("key")
    assert passes(told.value) is passing
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    with pytest.raises(StoreUnavailable):
        Bucket("s3://bucket").get("key")


def test_an_endpoint_that_is_no_url_is_said_so(s3_environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistyped endpoint names its variable."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "not a url")
    with pytest.raises(StoreError, match="AWS_ENDPOINT_URL_S3"):
        Bucket("s3://bucket").get("key")


def test_a_bucket_on_this_machine_is_reached_directly(bucket: TestBucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment says of proxies, also where nobody may ask one for the moment."""
    for name, value in {"HTTP_PROXY": "http://127.0.0.1:1", "ALL_PROXY": "socks5://x", "NO_PROXY": "[::1]"}.items():
        monkeypatch.setenv(name, value)
    assert Bucket(bucket.url).put("here", b"a lamp")
    with reaching("http://127.0.0.1:4200/api"):
        assert Bucket(bucket.url).get("here") is not None


def test_a_bucket_elsewhere_is_asked_for_by_the_proxy_that_the_environment_names(
    s3_environment: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As boto3 does, also within a run on the embedded Prefect server; unless NO_PROXY leaves it out."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://s3.example:9000")
    with refusing_server(403, "AccessDenied") as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy)
        with reaching("http://127.0.0.1:4200/api"), pytest.raises(StoreError, match="access is denied"):
            Bucket("s3://bucket/prefix").get("key")
        monkeypatch.setenv("NO_PROXY", ".example")
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
        with pytest.raises(StoreError, match="it cannot be reached"):
            Bucket("s3://bucket/prefix").get("key")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("HTTPS_PROXY", "socks5://u:secretly@x", "HTTPS_PROXY names no proxy of the kinds http:// and https://"),
        ("AWS_CA_BUNDLE", "/no/such/file", "AWS_CA_BUNDLE names /no/such/file, which cannot be read"),
        ("REQUESTS_CA_BUNDLE", "/dev/null", "REQUESTS_CA_BUNDLE names /dev/null, which holds no certificates"),
    ],
)
def test_a_way_to_s3_that_the_environment_spoils_is_said_so(
    name: str, value: str, words: str, s3_environment: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the variable, and never with the password in it."""
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "https://s3.example:9000")
    monkeypatch.setenv(name, value)
    with pytest.raises(StoreError, match=words) as raised:
        Bucket("s3://bucket/prefix").get("key")
    assert "secretly" not in str(raised.value)


def test_missing_keys_are_said_so(s3_environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without keys the error names the variables to set, also with half of them."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(StoreError, match="Set"):
        Bucket("s3://bucket").get("key")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(StoreError, match=r"no keys were found. Set AWS_ACCESS_KEY_ID"):
        Bucket("s3://bucket").get("key")


@pytest.mark.parametrize(
    "url", ["s3://", "s3:///x", "s3://UPPER/x", "s3://b", "s3://bucket/a//b", "s3://bucket/../x", "s3://bucket/x?y=1"]
)
def test_an_address_with_a_mistake_is_refused(url: str, tmp_path: Path) -> None:
    """A mistyped bucket or prefix is told before anything is asked of the network."""
    with pytest.raises(StoreError, match=r"is not an address in S3. Write s3://bucket/prefix"):
        open_store(url, cache=tmp_path)


def test_keys_in_an_address_are_not_repeated(tmp_path: Path) -> None:
    """Whoever puts keys into the address is told where they go, and finds them in no log."""
    with pytest.raises(StoreError, match="keys go into AWS_ACCESS_KEY_ID") as refusal:
        open_store("s3://AKIA123:sesame@bucket/prefix", cache=tmp_path)
    assert "sesame" not in str(refusal.value)
    assert "AKIA123" not in str(refusal.value)


def test_boto3_is_imported_only_when_a_bucket_is_asked() -> None:
    """Opening a store costs no command its quick start."""
    code = """
        import sys
        from pathlib import Path
        from render.store import open_store

        open_store("s3://bucket/prefix", cache=Path("/nonexistent"))
        print("boto3" in sys.modules or "botocore" in sys.modules)
        """
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.stdout.strip() == "False", ran.stderr
