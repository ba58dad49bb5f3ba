"""What stands in `deploy/` and the Dockerfile, read as Docker Compose and systemd read it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.docs.pages import ROOT

DEPLOY = ROOT / "deploy"
UNITS = tuple(sorted((DEPLOY / "systemd").glob("*.service")))
_VARIABLE = re.compile(r"\$(?:\$|\{(?P<name>\w+)(?::(?P<how>[-?])(?P<words>[^}]*))?\})")


def variables(file: Path) -> dict[str, str]:
    """The variables of an env file, those that are commented out among them."""
    lines = file.read_text(encoding="utf-8").splitlines()
    pairs = (re.fullmatch(r"#?([A-Z][A-Z0-9_]*)=(.*)", line) for line in lines)
    return {pair[1]: pair[2] for pair in pairs if pair}


def filled(values: Mapping[str, str], text: str) -> str:
    """A text of a compose file with its variables. AssertionError where one that is required has no value."""

    def value(match: re.Match[str]) -> str:
        if match["name"] is None:
            return "$"
        found = values.get(match["name"], "")
        assert found or match["how"] != "?", f"{match['name']} is required"
        return found or (match["words"] or "")

    return _VARIABLE.sub(value, text)


def named_variables() -> set[str]:
    """Every variable that the compose file asks for."""
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    return {match["name"] for match in _VARIABLE.finditer(text) if match["name"]}


def services(values: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The services of the compose file with these variables."""
    written = YAML(typ="safe").load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    found: dict[str, dict[str, Any]] = _with(values, written)["services"]
    return found


def _with(values: Mapping[str, str], written: Any) -> Any:
    if isinstance(written, dict):
        return {key: _with(values, each) for key, each in written.items()}
    if isinstance(written, list):
        return [_with(values, each) for each in written]
    return filled(values, written) if isinstance(written, str) else written


def unit(file: Path) -> dict[str, list[str]]:
    """A systemd unit: each key's values, whatever section they stand in."""
    found: dict[str, list[str]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        key, is_set, value = line.partition("=")
        if is_set and not line.startswith(("#", "[")):
            found.setdefault(key, []).append(value)
    return found


def instructions() -> list[tuple[str, list[str]]]:
    """The Dockerfile's instructions with their words, in order."""
    text = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split()[0], shlex.split(line)[1:]) for line in lines]
