"""Connections go to a checked address, and still prove the name that was asked for."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.render.net.certificates import certificate, proving
from tests.render.providers.wire import Wire, answer

pytestmark = pytest.mark.anyio

ORDER = """
import asyncio, sys
from render.providers.http import VendorHttp, Endpoint

async def main():
    endpoint = Endpoint(provider="acme", base_url=sys.argv[1], key="k" * 20, key_variable="ACME_API_KEY")
    http = VendorHttp(endpoint)
    print(await http.create("/jobs", {}, read=lambda got: got["id"], shot="e01/lamp/010"))

asyncio.run(main())
"""


async def order_over_tls(name_proven: str, folder: Path) -> tuple[str, str, Wire]:
    """What a process says that orders from `localhost`, where a server proves to be `name_proven`."""
    proof = certificate(name_proven, folder)
    heard = Wire([answer('{"id": "job-7"}')])
    server = await asyncio.start_server(heard.meet, "127.0.0.1", 0, ssl=proving(proof))
    port = server.sockets[0].getsockname()[1]
    child = await asyncio.create_subprocess_exec(
        *[sys.executable, "-c", ORDER, f"https://localhost:{port}"],
        env={**os.environ, "SSL_CERT_FILE": str(proof)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await child.communicate()
    server.close()
    return out.decode(), err.decode(), heard


async def test_the_name_is_proven_though_an_address_is_connected_to(tmp_path: Path) -> None:
    """SNI, Host and the certificate's check all use the name, never the address."""
    out, _, heard = await order_over_tls("localhost", tmp_path)
    assert out.strip() == "job-7"
    assert b"Host: localhost:" in heard.heard[0]


async def test_another_names_certificate_stops_the_order_unsent(tmp_path: Path) -> None:
    """Where the server proves to be somebody else, nothing is sent to it."""
    _, err, heard = await order_over_tls("evil.acme.test", tmp_path)
    assert "NotSent" in err
    assert heard.heard == []
