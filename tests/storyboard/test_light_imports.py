"""A part of the package costs no more to import than it needs itself."""

from __future__ import annotations

import subprocess
import sys


def test_a_part_that_needs_no_yaml_reads_none() -> None:
    """Importing the errors brings neither pydantic nor Jinja2."""
    code = "import sys, storyboard.errors; print(sorted({'pydantic', 'jinja2', 'ruamel'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
