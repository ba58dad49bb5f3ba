"""Signs messages as Standard Webhooks 1.0.0 describe it: HMAC-SHA256 over id, time and content, in base64.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md. Pure.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

PREFIX = "whsec_"
FEWEST_BYTES, MOST_BYTES = 24, 64
"""Of a secret, by the same page."""


def read_secrets(text: str) -> tuple[bytes, ...]:
    """The secrets that stand in `whsec_BASE64`, parted by blanks: while one takes another's place there are two.

    ValueError says what is wrong with them, without a letter of them.
    """
    secrets = tuple(_read(each) for each in text.split())
    if not secrets:
        raise ValueError("holds no secret; make one as docs/webhooks.md shows")
    return secrets


def signed_headers(message: str, at_s: int, content: bytes, secrets: Sequence[bytes]) -> dict[str, str]:
    """The headers of one attempt: `at_s` is its time in whole seconds since 1970, `message` an id without full stop."""
    signatures = " ".join(_signature(f"{message}.{at_s}.".encode() + content, secret) for secret in secrets)
    return {"webhook-id": message, "webhook-timestamp": str(at_s), "webhook-signature": signatures}


def _signature(signed: bytes, secret: bytes) -> str:
    return f"v1,{base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()}"


def _read(text: str) -> bytes:
    if not text.startswith(PREFIX):
        raise ValueError(f"must begin with {PREFIX}, and base64 behind it")
    written = text.removeprefix(PREFIX)
    try:
        secret = base64.b64decode(written + "=" * (-len(written) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"holds what is not base64 behind {PREFIX}") from None
    if not FEWEST_BYTES <= len(secret) <= MOST_BYTES:
        raise ValueError(f"must hold {FEWEST_BYTES} to {MOST_BYTES} bytes in base64 behind {PREFIX}")
    return secret
