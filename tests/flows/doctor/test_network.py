"""The ways out of this machine, well and unwell."""

import socket
from contextlib import closing
from pathlib import Path

import pytest

from flows.doctor.network import look_at_network
from render.providers.findings import Finding, Health
from tests.flows.doctor.checks import around


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without proxies and certificates of its own."""
    proxies = ("TAILFRAME_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
    for name in (*proxies, "SSL_CERT_FILE", "SSL_CERT_DIR", "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


def found() -> list[tuple[str, Health, str]]:
    """What is told, and nothing of a password in it; what is not good has a remedy."""
    findings: list[Finding] = list(look_at_network(around()))
    assert all(each.remedy for each in findings if each.health in {Health.LOOK, Health.WRONG})
    assert not any("secretly" in each.value + each.remedy for each in findings)
    return [(each.what, each.health, each.value) for each in findings]


def test_without_proxies_vendors_are_asked_directly() -> None:
    """And there is nothing else to tell."""
    assert found() == [("proxy", Health.GOOD, "none: TAILFRAME_PROXY is not set, and vendors are asked directly")]


def test_the_operators_proxy_is_knocked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that listens, one that does not, and what is no proxy."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        port = listening.getsockname()[1]
        monkeypatch.setenv("TAILFRAME_PROXY", f"http://ada:secretly@127.0.0.1:{port}")
        ((_, health, told),) = found()
        assert health is Health.GOOD
        assert told.startswith(f"http://127.0.0.1:{port} answers")
    ((_, health, told),) = found()
    assert (health, "does not answer" in told) == (Health.WRONG, True)
    monkeypatch.setenv("TAILFRAME_PROXY", "socks5h://ada:secretly@127.0.0.1:1080")
    ((_, health, told),) = found()
    assert (health, told.startswith("TAILFRAME_PROXY lets the proxy look names up")) == (Health.WRONG, True)


def test_proxies_for_every_program_are_told_as_not_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator who thinks that they are learns what to set; one that is none is told too."""
    monkeypatch.setenv("HTTPS_PROXY", "http://ada:secretly@proxy.example:3128")
    monkeypatch.setenv("all_proxy", "socks5://ada:secretly@127.0.0.1:1")
    told = {value: health for what, health, value in found() if what == "others"}
    assert set(told.values()) == {Health.LOOK}
    assert "HTTPS_PROXY is set, and is not obeyed for vendors" in told
    assert any(value.startswith("ALL_PROXY names no proxy of the kinds http:// and https://") for value in told)


def test_certificates_that_are_none_are_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """For vendors and for S3, each by its variable."""
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.setenv(name, str(tmp_path / "none.pem"))
    told = [(health, value) for what, health, value in found() if what == "certificates"]
    assert [health for health, _ in told] == [Health.WRONG] * 2
    assert [value.split()[0] for _, value in told] == ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"]
    assert all("none.pem, which cannot be read" in value for _, value in told)
