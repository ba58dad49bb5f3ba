"""The address that vendors are told: one that they can call, and that leads here."""

from __future__ import annotations

import pytest

from render.callbacks.public_url import LONGEST, read_public_url, what_is_wrong
from render.errors import ForbiddenAddress
from tests.render.net.bombs import bomb
from tests.render.providers.wire import answer, wire


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://calls.example.com", "https://calls.example.com"),
        (" https://calls.example.com:8443/tailframe/ ", "https://calls.example.com:8443/tailframe"),
        ("https://93.184.216.34/", "https://93.184.216.34"),
        ("http://127.0.0.1:8791", "http://127.0.0.1:8791"),
        ("http://[::1]:8791", "http://[::1]:8791"),
        ("http://localhost:8791", "http://localhost:8791"),
    ],
)
def test_an_address_that_can_be_called_is_taken_as_it_is_written(written: str, url: str) -> None:
    """https to the world, or this machine for a sandbox on it."""
    assert read_public_url(written) == url


@pytest.mark.parametrize(
    "written",
    [
        "",
        "calls.example.com",
        "http://calls.example.com",
        "ftp://calls.example.com",
        "https://",
        "https://10.0.0.7",
        "https://192.168.1.2/tailframe",
        "https://169.254.169.254",
        "https://[fd00::1]",
        "https://user:word@calls.example.com",
        "https://calls.example.com/?key=1",
        "https://calls.example.com/#door",
        "https://calls.example.com/a b",
        "https://calls.example.com/{token}",
        "https://calls.example.com/%2e",
        f"https://calls.example.com/{'x' * LONGEST}",
    ],
)
def test_an_address_that_no_vendor_can_call_is_refused(written: str) -> None:
    """With the reason, before anything listens."""
    with pytest.raises(ForbiddenAddress):
        read_public_url(written)


@pytest.mark.anyio
async def test_an_address_that_leads_elsewhere_is_noticed() -> None:
    """Nothing there, something else there, and something that says yes to everything; only the nonce shows us."""
    packed = answer(bomb(1), Content_Encoding="gzip")
    async with wire(answer("not here", 404), answer("welcome"), answer("n0nce"), packed) as server:
        assert await what_is_wrong(server.url, "n0nce") == "something else answers there, with 404"
        assert await what_is_wrong(server.url, "n0nce") == "something else answers there, with 200"
        assert await what_is_wrong(server.url, "n0nce") is None
        assert await what_is_wrong(server.url, "n0nce") == "the answer is larger than 1048576 bytes"
    assert await what_is_wrong("http://127.0.0.1:1", "n0nce") == "All connection attempts failed"
