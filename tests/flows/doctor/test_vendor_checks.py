"""A vendor that is set up is asked, one that is not is nobody's mistake, and a wrong setting is a finding."""

import asyncio
from pathlib import Path

import pytest

from flows.doctor import DoctorContext
from flows.doctor.vendor_checks import look_at_vendor
from render.providers.findings import Finding, Health
from tests.flows.doctor.checks import around
from tests.projects import write_project


def vendor(name: str, seen: DoctorContext) -> Finding:
    (found,) = asyncio.run(look_at_vendor(name, seen))
    assert found.remedy or found.health in {Health.GOOD, Health.ABSENT}
    return found


def test_a_vendor_without_a_key_is_not_set_up(tmp_path: Path) -> None:
    """Nobody's mistake, unless the project names it."""
    assert vendor("kinovi", around()).health is Health.ABSENT
    asking = around(write_project(tmp_path, series={"defaults": {"provider": ["kinovi", "animatic"]}}))
    found = vendor("kinovi", asking)
    assert found.health is Health.WRONG
    assert "lighthouse names it" in found.value
    assert "KINOVI_API_KEY" in found.remedy
    assert vendor("oxen", asking).health is Health.ABSENT


@pytest.mark.parametrize(
    ("variable", "value", "health", "words"),
    [
        ("KINOVI_DIALECT", "both", Health.LOOK, "not while its settings are wrong"),
        ("KINOVI_ACCOUNT", "studio b", Health.WRONG, "KINOVI_ACCOUNT must be a name"),
        ("KINOVI_CONCURRENT_JOBS", "many", Health.WRONG, "KINOVI_CONCURRENT_JOBS must be"),
        ("OXEN_API_KEY", "two words", Health.WRONG, "OXEN_API_KEY holds characters"),
        ("OXEN_NAMESPACE", "a/b", Health.WRONG, "OXEN_NAMESPACE is not the name"),
    ],
)
def test_a_vendors_wrong_setting_is_a_finding(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, health: Health, words: str
) -> None:
    """Told once: those that stop every command are told of the environment."""
    name = variable.partition("_")[0]
    monkeypatch.setenv(f"{name}_API_KEY", "sk-good-key-0123")
    monkeypatch.setenv(variable, value)
    found = vendor(name.lower(), around())
    assert found.health is health
    assert found.value.startswith(words)


def test_a_vendor_that_cannot_be_examined_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever brings a vendor need not bring an examination of it."""
    monkeypatch.setenv("ACME_API_KEY", "acme-key-0123")
    monkeypatch.setenv("ACME_BASE_URL", "http://127.0.0.1:1")
    found = vendor("acme", around())
    assert (found.what, found.health) == ("opened", Health.GOOD)


def test_the_account_that_is_asked_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the operator has several, it is told which one pays; of a stand-in, that it is one."""
    monkeypatch.setenv("ACME_API_KEY", "acme-key-0123")
    monkeypatch.setenv("ACME_BASE_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("ACME_ACCOUNT", "studio-b")
    account, opened = asyncio.run(look_at_vendor("acme", around()))
    assert (account.what, account.value) == ("account", "acme:studio-b@stand-in")
    assert opened.what == "opened"
