"""One vendor: whether it is set up, and what it says of itself where it can be examined."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from flows.doctor.doctor_context import DoctorContext
from flows.doctor.runner import told_by
from render.errors import BadSetting
from render.providers.findings import Examinable, Finding, Health, good, look, wrong
from render.providers.registry import capabilities_of
from storyboard.accounts import name_of

__all__ = ["look_at_vendor"]


async def look_at_vendor(name: str, around: DoctorContext) -> Sequence[Finding]:
    """Open one vendor as a run would, and ask it what costs nothing: its `examine`, where it has one."""
    with tempfile.TemporaryDirectory(prefix="tailframe-doctor-") as scratch:
        try:
            account = _account(name, around)
            provider = around.workspace.vendor(name, scratch=Path(scratch))
        except BadSetting as error:
            return [_not_opened(name, error, around)]
        try:
            if isinstance(provider, Examinable):
                return [*account, *await provider.examine()]
            return [*account, good("opened", "it brings no examination of its own")]
        finally:
            await provider.aclose()


def _account(name: str, around: DoctorContext) -> list[Finding]:
    """Which of several accounts is asked, where the operator names one."""
    account = capabilities_of(name, around.environment).account
    return [good("account", account)] if name_of(account) else []


def _not_opened(name: str, error: BadSetting, around: DoctorContext) -> Finding:
    """A vendor without a key is nobody's mistake, unless the project asks it."""
    if error.variable in around.problems:
        return look("asked", "not while its settings are wrong", f"Correct {error.variable}")
    if around.environment.get(error.variable, "").strip():
        told, remedy = told_by(error)
        return wrong("setting", told, remedy)
    if name in around.storyboards.vendors:
        series = around.storyboards.series
        told = f"not set up, and {series} names it"
        return wrong("set up", told, f"Put this vendor's key into {error.variable}, or name another vendor")
    return Finding("set up", Health.ABSENT, f"no: {error.variable} is not set")
