"""The environment is read once, checked, and never shown."""

from pathlib import Path

import pytest

from flows.errors import SettingsError
from flows.run.tell_outside import endpoints_of
from flows.settings import places_of, read_settings

SECRET = "sk-do-not-show-me"


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KINOVI_API_KEY", "KINOVI_BASE_URL", "TAILFRAME_LEDGER_URL", "TAILFRAME_STORE_URL"):
        monkeypatch.delenv(name, raising=False)


def test_a_key_is_kept_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the settings' text nor their dump shows a vendor's key."""
    monkeypatch.setenv("KINOVI_API_KEY", SECRET)
    settings = read_settings()
    assert SECRET not in f"{settings!r} {settings} {settings.model_dump()}"
    assert settings.kinovi_api_key is not None
    assert settings.kinovi_api_key.get_secret_value() == SECRET


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("KINOVI_BASE_URL", "http://api.example.com", "plain http is allowed to this machine only"),
        ("EVOLINK_FILES_URL", "ftp://files.example.com", "is not a URL"),
        ("OXEN_BASE_URL", "api.example.com", "is not a URL"),
        ("OXEN_BASE_URL", "https://[::1", "is not a URL"),
        ("OXEN_BASE_URL", "https://api.example.com:99999", "port is not a number"),
        ("AIHUBMAX_BASE_URL", f"https://me:{SECRET}@api.example.com", "must hold no user"),
        ("KINOVI_DIALECT", "both", "must be one of: 'urls' or 'typed'"),
        ("TAILFRAME_LEDGER_URL", f"mysql://me:{SECRET}@db/x", "sqlite:/// or postgresql://"),
        ("TAILFRAME_STORE_URL", "gs://bucket", "a folder, or s3://bucket/prefix"),
        ("TAILFRAME_ARCHIVE_URL", "s3:///prefix", "names no bucket"),
        ("TAILFRAME_POLL_INTERVAL", "soon", "must be a number of seconds"),
        ("TAILFRAME_POLL_INTERVAL", "nan", "must be"),
        ("TAILFRAME_POLL_INTERVAL", "0", "must be more than 0 seconds"),
        ("TAILFRAME_POLL_INTERVAL", "1e9", "must be 3600 seconds at most"),
        ("TAILFRAME_CLIP_PATIENCE", "-1", "must be 0 seconds at least"),
        ("TAILFRAME_CACHE_GB", "much", "must be a number of gigabytes"),
        ("TAILFRAME_CACHE_GB", "nan", "must be from 0 to"),
        ("TAILFRAME_CACHE_GB", "-1", "must be from 0 to"),
        ("TAILFRAME_WORK_DIR", "s3://bucket/work", "must be a folder of this machine"),
        ("TAILFRAME_PROXY", f"me:{SECRET}@proxy", "must be http://, https:// or socks5://"),
        ("TAILFRAME_PROXY", f"socks5h://me:{SECRET}@proxy", "write socks5://"),
        ("TAILFRAME_WEBHOOK_URL", f"http://hooks.example.com/{SECRET}", "must be https://"),
        ("TAILFRAME_WEBHOOK_SECRET", SECRET, "must begin with whsec_"),
    ],
)
def test_a_wrong_value_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str
) -> None:
    """The message says which variable is wrong and what to write, and never repeats the value."""
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert caught.value.variable == variable
    assert words in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("secret", ["", "whsec_short"])
def test_an_endpoint_without_a_secret_is_wrong_and_told_to_nobody(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    """Whoever reads the rest all the same, as the doctor does, finds no endpoint."""
    monkeypatch.setenv("TAILFRAME_WEBHOOK_URL", f"https://hooks.example.com/{SECRET}")
    monkeypatch.setenv("TAILFRAME_WEBHOOK_SECRET", secret)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert caught.value.variable == "TAILFRAME_WEBHOOK_SECRET"
    assert endpoints_of(read_settings(without=caught.value.problems)) == ()


def test_every_wrong_variable_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two slips cost one attempt, not two."""
    monkeypatch.setenv("KINOVI_BASE_URL", "http://api.example.com")
    monkeypatch.setenv("TAILFRAME_POLL_INTERVAL", "soon")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert set(caught.value.problems) == {"KINOVI_BASE_URL", "TAILFRAME_POLL_INTERVAL"}


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8123", "http://localhost:1/", "http://[::1]:80", "https://x.example"]
)
def test_addresses_that_are_allowed(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """A stand-in on this machine may speak plain http; the world speaks https. A trailing slash is dropped."""
    monkeypatch.setenv("OXEN_BASE_URL", url)
    assert read_settings().oxen_base_url == url.rstrip("/")


def test_a_bound_is_in_gigabytes_and_need_not_be_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a thousand million bytes each, as disks are sold; unset, it is twenty of them."""
    monkeypatch.delenv("TAILFRAME_CACHE_GB", raising=False)
    assert read_settings().tailframe_cache_gb == 20_000_000_000
    monkeypatch.setenv("TAILFRAME_CACHE_GB", "0.5")
    assert read_settings().tailframe_cache_gb == 500_000_000


def test_empty_is_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """`KINOVI_BASE_URL=` in a shell means the default, not an empty address."""
    monkeypatch.setenv("KINOVI_BASE_URL", "")
    assert read_settings().kinovi_base_url is None


def test_a_project_keeps_everything_in_itself_by_default(tmp_path: Path) -> None:
    """Without variables, ledger and blobs are in `.tailframe/` and archives in `archive/`."""
    places = places_of(tmp_path, read_settings())
    assert places.ledger == tmp_path / ".tailframe/ledger.sqlite"
    assert places.store_url == f"{tmp_path}/.tailframe/blobs"
    assert places.archive_url == f"{tmp_path}/archive"
    assert places.output("e01") == tmp_path / "output" / "e01"


def test_a_rehearsal_never_shares_with_the_real_thing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A rehearsal's ledger, store and output are its own, even where a team's database is set."""
    monkeypatch.setenv("TAILFRAME_LEDGER_URL", "postgresql://team@db/ledger")
    settings = read_settings()
    real, rehearsal = places_of(tmp_path, settings), places_of(tmp_path, settings, rehearsal=True)
    assert real.ledger == "postgresql://team@db/ledger"
    assert rehearsal.ledger == tmp_path / ".tailframe/rehearsals/ledger.sqlite"
    assert rehearsal.store_url != real.store_url
    assert rehearsal.output("e01") != real.output("e01")
    assert rehearsal.archive_url != real.archive_url


def test_a_folder_for_blobs_is_taken_from_where_one_stands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A relative folder is relative to the current directory, once, when it is read."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TAILFRAME_STORE_URL", "blobs")
    assert places_of(tmp_path, read_settings()).store_url == str(tmp_path / "blobs")
