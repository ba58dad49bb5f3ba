"""The doctor's tests begin in an environment that says nothing."""

import os
import re

import pytest

from render.providers.registry import hosted_vendors


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    vendors = "".join(f"|{vendor.name.upper()}" for vendor in hosted_vendors())
    for name in [name for name in os.environ if re.match(rf"TAILFRAME_|PREFECT_{vendors}", name)]:
        monkeypatch.delenv(name)
