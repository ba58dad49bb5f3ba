"""A command's help, made of its docstring: prose as wide as the terminal, and examples that keep their lines."""

import inspect
import re
from typing import Any

from typer.core import TyperCommand

__all__ = ["Command", "help_text"]

EXAMPLE = re.compile(r"(\w+=\S+ )*tailframe( |$)")
"""How a line begins that can be typed."""


class Command(TyperCommand):
    """A command whose usage line says `PROJECT` where an argument must be given, and `[EPISODE]` where it may be."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Newer Typers write `{PROJECT}`."""
        return [piece.removeprefix("{").removesuffix("}") for piece in super().collect_usage_pieces(ctx)]


def help_text(function: object, heading: str = "Examples") -> str:
    """What Typer shows for a function, in Rich's markup. Lines to type are its docstring's last paragraph."""
    paragraphs = inspect.cleandoc(getattr(function, "__doc__", None) or "").split("\n\n")
    examples = [line.strip() for line in paragraphs[-1].splitlines()]
    if not all(map(EXAMPLE.match, examples)):
        return "\n\n".join(map(_flowing, paragraphs))
    # Typer takes blanks at the beginning of a line away, and leaves them within markup.
    shown = [f"[not dim]  {_escaped(line)}[/not dim]" for line in examples]
    return "\n\n".join([*map(_flowing, paragraphs[:-1]), "\n".join([f"[bold]{heading}[/bold]", *shown])])


def _flowing(paragraph: str) -> str:
    return _escaped(" ".join(paragraph.split()))


def _escaped(text: str) -> str:
    return text.replace("[", r"\[")
