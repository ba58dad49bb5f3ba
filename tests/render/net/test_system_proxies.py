"""What the environment says to every program, and how much of it counts here."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import httpx
import pytest
from botocore.utils import get_environ_proxies

from render.net.system_proxies import (
    CERTIFICATES,
    proxies_to,
    proxy_to,
    reaching,
    unusable_certificates,
    unusable_proxy,
)
from tests.render.net.certificates import certificate

PROXY = "http://ada:secret@proxy.example:3128"


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize(
    "here", ["http://127.0.0.1:4200/api", "http://localhost:9000", "http://[::1]:9", "https://127.8.8.8"]
)
@pytest.mark.parametrize("name", ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"])
def test_this_machine_is_reached_directly_whatever_is_said(
    here: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By us, and by the libraries that read the environment themselves, which take no harm from what it holds."""
    monkeypatch.setenv(name, "socks5://nobody.example:1")
    monkeypatch.setenv("NO_PROXY", "[::1],fd00::/8,://")
    assert proxies_to(here) == {}
    with reaching(here):
        assert httpx.Client()._mounts == {}
        assert get_environ_proxies(here) == {}
    assert os.environ["NO_PROXY"] == "[::1],fd00::/8,://"


def test_what_goes_elsewhere_goes_as_was_said_also_while_this_machine_is_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A bucket elsewhere is opened within a run on the embedded server."""
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    with reaching("http://127.0.0.1:4200/api"), reaching("http://127.0.0.1:4300/api"):
        assert proxy_to("https://s3.eu-central-1.amazonaws.com") == PROXY
        assert proxy_to("http://s3.example") is None
    with reaching("https://prefect.example/api"):
        assert httpx.Client()._mounts != {}


@pytest.mark.parametrize(
    ("left_out", "url"),
    [
        ("*", "https://s3.example"),
        ("s3.example", "https://s3.example"),
        (" .Example , x", "https://s3.example."),
        ("*.example", "https://s3.example:9000"),
        ("s3.example:9000", "https://s3.example:9000"),
        ("10.0.0.0/8", "https://10.2.3.4"),
        ("fd00::/8", "https://[fd00::12]:9000"),
        ("[fd00::12]", "https://[fd00::12]:9000"),
    ],
)
def test_who_is_left_out_is_reached_directly(left_out: str, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By name, domain, port, address and range, in either spelling of IPv6."""
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    monkeypatch.setenv("NO_PROXY", left_out)
    assert proxies_to(url) == {}


@pytest.mark.parametrize("left_out", ["", "3.example", "s3.example:443", "10.0.0.0/8", "[::1]", "://", "fd00::/999"])
def test_who_is_not_left_out_is_asked_for_by_the_proxy(left_out: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Part of a name is no domain, and what cannot be read leaves nobody out."""
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    monkeypatch.setenv("NO_PROXY", left_out)
    assert proxy_to("https://s3.example:9000") == PROXY
    with reaching("https://s3.example:9000"):
        assert set(httpx.Client()._mounts) != set()


@pytest.mark.parametrize(
    "address", ["socks5://u:secretly@127.0.0.1:1", "junk://x", "http://:99999", "http://[::1", "http://"]
)
def test_a_proxy_that_is_none_is_told_by_its_variable_alone(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a library raises at it; only where one would be asked."""
    monkeypatch.setenv("HTTPS_PROXY", address)
    found = unusable_proxy("https://s3.example", ["https"])
    assert found is not None
    assert found[0] == "HTTPS_PROXY"
    assert "secretly" not in found[1]
    assert unusable_proxy("https://127.0.0.1", ["https"]) is None
    assert unusable_proxy("http://s3.example", ["http"]) is None


def test_certificates_are_looked_at_before_a_library_does(tmp_path: Path) -> None:
    """Not there, a folder, no certificates, a folder that knows none by their hashes; and what can be used."""
    good = certificate("api.acme.test", tmp_path)
    (tmp_path / "letter.txt").write_text("dear friend")
    folder = tmp_path / "hashed"
    folder.mkdir()
    shutil.copy(good, folder / "api.pem")
    for name, place, words in [
        ("SSL_CERT_FILE", "/no/such/file", "cannot be read (No such file or directory)"),
        ("SSL_CERT_FILE", tmp_path, "cannot be read (Is a directory)"),
        ("SSL_CERT_FILE", tmp_path / "letter.txt", "holds no certificates"),
        ("SSL_CERT_FILE", "/dev/null", "holds no certificates"),
        ("SSL_CERT_DIR", "/no/such/folder", "cannot be read (No such file or directory)"),
        ("SSL_CERT_DIR", good, "cannot be read (Not a directory)"),
        ("SSL_CERT_DIR", folder, "no certificates under their hashes"),
    ]:
        found = unusable_certificates({name: str(place)}, CERTIFICATES)
        assert found is not None, place
        assert found[0] == name
        assert words in found[1]
    shutil.copy(good, folder / "0a1b2c3d.0")
    assert unusable_certificates({"SSL_CERT_DIR": f"/{os.pathsep}{folder}"}, CERTIFICATES) is None
    assert unusable_certificates({"SSL_CERT_FILE": str(good), "SSL_CERT_DIR": "/nowhere"}, CERTIFICATES) is None
    assert unusable_certificates({}, CERTIFICATES) is None
