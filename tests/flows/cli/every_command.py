"""Every command that can be typed, taken from the program itself; those of a group by both words: `invoice check`."""

from __future__ import annotations

import typer
from typer.core import TyperCommand, TyperGroup

from flows.cli import app

TAILFRAME = typer.main.get_command(app)


def every_command(group: object = TAILFRAME, before: str = "") -> dict[str, TyperCommand]:
    """By what is typed behind `tailframe`."""
    assert isinstance(group, TyperGroup)
    found: dict[str, TyperCommand] = {}
    for name, each in group.commands.items():
        if isinstance(each, TyperGroup):
            found |= every_command(each, f"{before}{name} ")
        else:
            assert isinstance(each, TyperCommand)
            found[f"{before}{name}"] = each
    return found
