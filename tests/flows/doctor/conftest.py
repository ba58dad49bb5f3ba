"""The doctor's tests begin in an environment that says nothing."""

import os
import re

import pytest


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if re.match(r"TAILFRAME_|PREFECT_|KINOVI|EVOLINK|AIHUBMAX|OXEN", name)]:
        monkeypatch.delenv(name)
