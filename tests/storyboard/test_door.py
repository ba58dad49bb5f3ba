"""The package's door names what it says it names, and opening it costs nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

import storyboard


def test_everything_that_the_door_names_is_there() -> None:
    """Each name leads to something, and the list is sorted as a reader expects."""
    assert all(getattr(storyboard, name) is not None for name in storyboard.__all__)
    assert sorted(storyboard.__all__, key=lambda name: (name[0].islower(), name)) == storyboard.__all__


def test_a_name_that_is_not_there_is_told() -> None:
    """As Python would."""
    with pytest.raises(AttributeError, match="module 'storyboard' has no attribute 'Shoot'"):
        storyboard.Shoot  # noqa: B018  the access is the test


def test_opening_the_door_loads_nothing_else() -> None:
    """A part of the package that needs no YAML reads none: importing its errors brings neither pydantic nor Jinja2."""
    code = "import sys, storyboard.errors; print(sorted({'pydantic', 'jinja2', 'ruamel'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
