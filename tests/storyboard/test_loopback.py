"""What leads to this machine is known by how it is spelled."""

from __future__ import annotations

import pytest

from storyboard.loopback import is_loopback_host, is_loopback_url

HERE = ["localhost", "localhost.", "127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1", "2002:7f00:1::"]
ELSEWHERE = [
    "",
    "localhost.example.com",
    "example.com",
    "10.0.0.1",
    "0.0.0.0",
    "::",
    "127.1",
    "::ffff:10.0.0.1",
    "[::1",
]


@pytest.mark.parametrize("host", HERE)
def test_this_machine_is_known(host: str) -> None:
    """By name, and by every way of writing a loopback address."""
    assert is_loopback_host(host)
    written = f"[{host}]" if ":" in host else host
    assert is_loopback_url(f"http://{written}:8080/clip.mp4")
    assert is_loopback_url(f"HTTPS://{written.upper()}/")


@pytest.mark.parametrize("host", ELSEWHERE)
def test_what_is_elsewhere_is_not_this_machine(host: str) -> None:
    """However alike it looks; what is no address either is elsewhere."""
    assert not is_loopback_host(host)
    assert not is_loopback_url(f"http://{host}/")


@pytest.mark.parametrize("text", ["", "localhost", "clips/a.mp4", "http://[::1/"])
def test_what_is_no_link_leads_nowhere(text: str) -> None:
    """A path or a bare name is no link."""
    assert not is_loopback_url(text)
