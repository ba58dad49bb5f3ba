"""`tailframe new`: begins a series."""

from pathlib import Path
from typing import Annotated

import typer

from flows.terminal.printing import say, tell

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A folder that does not exist yet, or an empty one.")]
Title = Annotated[str | None, typer.Option("--title", help="The series' title, as people read it.")]


def new(*, folder: Folder, title: Title = None) -> None:
    """Begin a series: a small one that renders as it is, with comments that teach the YAML.

    tailframe new my-series
    tailframe new my-series --title "The Last Lamp"
    """
    from flows.cli.new_project import new_project
    from storyboard.paths import typed

    new_project(folder, title=title)
    say(folder)
    tell(f"see it now, for nothing: tailframe produce {typed(folder)} e01")


COMMANDS = (new,)
