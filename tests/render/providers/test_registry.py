"""Finding vendors by name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from render.errors import BadSetting, BrokenVendor
from render.providers.registry import ProviderContext, capabilities_of, open_provider, provider_names
from storyboard.errors import NoSuchName


def context(**environment: str) -> ProviderContext:
    return ProviderContext(scratch=Path("unused"), blob_path=Path, environment=environment)


def bring(folder: Path, name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a distribution that announces one vendor."""
    info = folder / "stranger-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[tailframe.providers]\n{name} = {value}\n")
    monkeypatch.syspath_prepend(folder)


def test_built_in_and_brought_vendors_are_named() -> None:
    """What other distributions bring stands beside what is built in."""
    assert {"animatic", "acme"} <= set(provider_names())
    assert capabilities_of("animatic", {}).paid is False
    assert capabilities_of("acme", {}).provider == "acme"


def test_an_unknown_name_gets_the_nearest_and_the_list() -> None:
    """A slip in a name is answered with what was probably meant."""
    with pytest.raises(NoSuchName, match=r"did you mean 'animatic'\?.*acme, .*animatic"):
        capabilities_of("animatik", {})


def test_the_origin_follows_the_base_url_without_its_port() -> None:
    """Payments to a sandbox never look like payments to the vendor, whatever port it takes today."""
    assert capabilities_of("acme", {}).origin == "https://api.acme.example"
    assert capabilities_of("acme", {"ACME_BASE_URL": "http://localhost:8080/v1/"}).origin == "http://localhost"
    assert capabilities_of("acme", {"ACME_BASE_URL": "http://[::1]:8080"}).origin == "http://[::1]"


@pytest.mark.parametrize(
    "url",
    ["http://api.acme.example", "api.acme.example", "https://", "https://u:p@acme.example", "https://a.example?x=1"],
)
def test_a_base_url_that_cannot_be_used_names_its_variable(url: str) -> None:
    """Plain http only to this machine; nothing but an address."""
    with pytest.raises(BadSetting, match="ACME_BASE_URL"):
        capabilities_of("acme", {"ACME_BASE_URL": url})


@pytest.mark.parametrize("key", ["", "  ", "se cret", "sec\x00ret", "schlüssel"])
def test_a_key_that_cannot_be_used_names_its_variable_and_not_itself(key: str) -> None:
    """A missing or mangled key is said so before anything is asked, and is not shown."""
    with pytest.raises(BadSetting, match="ACME_API_KEY") as raised:
        open_provider("acme", context(ACME_API_KEY=key))
    assert not key.strip() or key not in str(raised.value)


@pytest.mark.parametrize(("name", "value"), [("ACME_CONCURRENT_JOBS", "0"), ("ACME_CONCURRENT_JOBS", "many")])
def test_numbers_are_checked(name: str, value: str) -> None:
    """A number that is none is said so."""
    with pytest.raises(BadSetting, match=name):
        capabilities_of("acme", {name: value})


@pytest.mark.parametrize("value", ["0", "-1", "nan", "soon", "1e9"])
def test_poll_intervals_are_checked(value: str) -> None:
    """An interval that would poll without end or never is refused."""
    with pytest.raises(BadSetting, match="TAILFRAME_POLL_INTERVAL"):
        open_provider("acme", context(ACME_API_KEY="k" * 20, TAILFRAME_POLL_INTERVAL=value))


def test_keys_stay_out_of_the_contexts_text() -> None:
    """A context in a traceback shows no key."""
    assert "sk-secret" not in repr(context(ACME_API_KEY="sk-secret"))


def test_a_stranger_that_cannot_be_loaded_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken distribution spoils only the vendor that it brings, and is named."""
    bring(tmp_path, "strange", "no_such_module_at_all:VENDOR", monkeypatch)
    with pytest.raises(BrokenVendor, match="'strange' comes from stranger"):
        capabilities_of("strange", {})
    assert capabilities_of("animatic", {}).provider == "animatic"


@pytest.mark.parametrize("name", ["animatic", "evolink", "kinovi"])
def test_asking_what_a_vendor_sells_loads_no_http_and_no_drawing(name: str) -> None:
    """A plan starts at once: capabilities are plain values."""
    code = (
        f"import sys; from render.providers.registry import capabilities_of; capabilities_of({name!r}, {{}})\n"
        "print([name for name in ('httpx', 'av', 'PIL', 'sqlalchemy', 'anyio') if name in sys.modules])"
    )
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert child.stdout.strip() == "[]"
