"""How commands speak: results on standard output, all else on standard error, and nothing that is not fit to be shown.

Whatever a command prints goes through here, or through `flows.terminal.consoles` where it is a table.
"""

import json
from typing import Any

import typer

from flows.terminal.news_lines import news_line
from storyboard.text.printable import printable, printable_json

__all__ = ["ask", "say", "say_json", "tell"]


def say(result: object, *, lines: bool = False) -> None:
    """A result, for whoever reads standard output. `lines`: it is made of several."""
    typer.echo(printable(str(result), lines=lines))


def say_json(result: Any) -> None:
    """A result for scripts. What is not fit to be shown is escaped, and read as it was."""
    typer.echo(printable_json(json.dumps(result, indent=2, ensure_ascii=False)))


def tell(news: object, *, lines: bool = False) -> None:
    """What a person should know beside the results."""
    typer.echo(news_line(str(news), lines=lines), err=True)


def ask(question: str) -> bool:
    """A person's yes or no."""
    return typer.confirm(printable(question), err=True)
