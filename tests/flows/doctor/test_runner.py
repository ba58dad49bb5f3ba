"""Checks run side by side, each on its own, and are told in one order."""

import asyncio
import threading
import time
from collections.abc import Sequence

import pytest

from flows.doctor import Check, Part, look_after
from flows.doctor.runner import in_thread
from render.errors import LedgerError
from render.providers.findings import Finding, Health, good
from tests.flows.doctor.checks import around, run_checks


def test_parts_are_told_in_their_own_order_and_run_side_by_side() -> None:
    """Whatever ends first, the order is that of the list; each hears of the others only while they run."""
    both = threading.Barrier(2, timeout=10)

    def slow() -> list[Finding]:
        both.wait()
        time.sleep(0.05)
        return [good("it", "is well")]

    def quick() -> list[Finding]:
        both.wait()
        return [good("it", "is well")]

    waited: list[Sequence[str]] = []
    parts: list[Part] = []
    checks = [Check("slow", in_thread(slow)), Check("quick", in_thread(quick))]
    asyncio.run(look_after(checks, told=parts.append, waiting=waited.append))
    assert [part.name for part in parts] == ["slow", "quick"]
    assert waited[0] == ["slow", "quick"]
    assert waited[-1] == []


def test_one_check_that_fails_or_hangs_spoils_no_other() -> None:
    """An error of ours is told with its remedy, another as a mistake; a thread that hangs is left behind."""
    never = threading.Event()

    def hang() -> list[Finding]:
        never.wait()
        return []

    def refuse() -> list[Finding]:
        raise LedgerError("the ledger is of another version", "Run `tailframe migrate`")

    def stumble() -> list[Finding]:
        raise ZeroDivisionError("odd")

    def denied() -> list[Finding]:
        raise PermissionError(13, "Permission denied", "/ledger")

    looks = [hang, refuse, stumble, denied, lambda: [good("it", "is well")]]
    checks = [Check(f"part {n}", in_thread(each), 0.1) for n, each in enumerate(looks)]
    hung, refused, stumbled, kept_out, well = [part.findings[0] for part in run_checks(*checks)]
    never.set()
    assert hung.health is Health.WRONG
    assert "0.1 s" in hung.value
    assert (refused.value, refused.remedy) == ("the ledger is of another version", "Run `tailframe migrate`")
    assert "ZeroDivisionError" in stumbled.value
    assert "Permission denied" in kept_out.value
    assert well.health is Health.GOOD


def test_no_secret_is_told() -> None:
    """Whatever a library puts into its words."""

    def blab() -> list[Finding]:
        raise ValueError("the key sk-secret-0123 is wrong")

    ((finding,),) = [part.findings for part in run_checks(Check("it", in_thread(blab)), secrets=["sk-secret-0123"])]
    assert "sk-secret" not in finding.value


def test_keys_of_the_environment_are_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every variable that is named like one, third parties' too; a word of three letters is none."""
    monkeypatch.setenv("ACME_API_KEY", "acme-secret")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "aws-secret-key")
    monkeypatch.setenv("OXEN_API_KEY", "abc")
    assert {"acme-secret", "aws-secret-key"} <= set(around().secrets)
    assert "abc" not in around().secrets
