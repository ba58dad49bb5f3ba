"""Signatures are those of Standard Webhooks, and secrets are checked without being shown."""

from __future__ import annotations

import base64
import time

import pytest

from render.outgoing.webhook_signature import read_secrets, signed_headers
from tests.render.outgoing.receiver import documented

LIBRARIES = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SPEC = "whsec_C2FVsBQIhrscChlQIMV+b5sSYob7oH2b"
CREATED = (
    b'{"type":"contact.created","timestamp":"2022-11-03T20:26:10.344522Z",'
    b'"data":{"id":"1f81eb52-5198-4599-803e-771906343485"}}'
)


@pytest.mark.parametrize(
    ("secret", "message", "at_s", "content", "signature"),
    [
        (
            LIBRARIES,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            b'{"test": 2432232314}',
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ),
        (
            SPEC,
            "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W",
            1674087231,
            CREATED,
            "v1,rl0u4H7WyW4Qyi5dgbcP6DG/aMFK6FWMCMFw9YmV3f4=",
        ),
    ],
    ids=["the vector of the reference libraries", "the message of the specification, by openssl"],
)
def test_a_signature_is_the_published_one(secret: str, message: str, at_s: int, content: bytes, signature: str) -> None:
    """HMAC-SHA256 over id, time and content, each parted by a full stop."""
    assert signed_headers(message, at_s, content, read_secrets(secret)) == {
        "webhook-id": message,
        "webhook-timestamp": str(at_s),
        "webhook-signature": signature,
    }


def test_each_secret_signs_while_one_takes_anothers_place() -> None:
    """Whoever knows either of them verifies; not so with another secret, body or id, and not after five minutes."""
    now = int(time.time())
    headers = signed_headers("msg_1", now, CREATED, read_secrets(f"{LIBRARIES} \n {SPEC}"))
    assert len(headers["webhook-signature"].split(" ")) == 2
    verified = documented()
    assert verified(headers, CREATED, [LIBRARIES])
    assert verified(headers, CREATED, [SPEC])
    assert not verified(headers, CREATED, ["whsec_" + base64.b64encode(bytes(32)).decode()])
    assert not verified(headers, CREATED + b" ", [SPEC])
    assert not verified(headers | {"webhook-id": "msg_2"}, CREATED, [SPEC])
    old = signed_headers("msg_1", now - 301, CREATED, read_secrets(SPEC))
    assert not verified(old, CREATED, [SPEC])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "must begin with whsec_"),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa", "must hold 24 to 64 bytes"),
        (f"whsec_{base64.b64encode(bytes(65)).decode()}", "must hold 24 to 64 bytes"),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2L!LaSw", "not base64"),
        ("  ", "holds no secret"),
    ],
)
def test_a_wrong_secret_is_told_without_a_letter_of_it(text: str, words: str) -> None:
    """Cut off, of another kind, or not there."""
    with pytest.raises(ValueError, match=words) as caught:
        read_secrets(text)
    assert "MfKQ" not in str(caught.value)
