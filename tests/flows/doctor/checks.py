"""What the doctor's tests share: the context of its checks, a run of some checks, and findings by name."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

from flows.doctor import Check, DoctorContext, Part, doctor_context, look_after
from render.providers.findings import Finding, Health


def around(project: Path | None = None) -> DoctorContext:
    """This process's environment, as a test has made it, and perhaps a project."""
    return doctor_context(project, dict(os.environ))


def by_what(found: Sequence[Finding]) -> dict[str, Finding]:
    """The findings by what was looked at; each that is not good has a remedy."""
    assert all(each.remedy for each in found if each.health in {Health.LOOK, Health.WRONG})
    return {each.what: each for each in found}


def run_checks(*checks: Check, secrets: Sequence[str] = ()) -> list[Part]:
    """Run these checks; returns the parts that are told, in their order."""
    parts: list[Part] = []
    asyncio.run(look_after(checks, secrets=secrets, told=parts.append))
    return parts
