"""All commands as one command line, and how it begins and ends."""

import contextlib
import gc
import importlib
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from flows.cli.exits import ended, guarded
from flows.cli.help_text import Command, help_text
from flows.terminal.cancellation import end_on_signals, end_process
from flows.terminal.printing import say
from flows.terminal.streams import keep_libraries_quiet, stand_on_streams
from storyboard.text.printable import printable

__all__ = ["app", "run"]


class _Commands(TyperGroup):
    """The commands. What a shell gave for their arguments comes back in complaints, fit to be shown."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """The context of the command line itself."""
        with _complaints_printable():
            return super().make_context(info_name, args, parent, **extra)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """A command of two words, such as `notes import`, comes before one of its first word alone."""
        if (two := " ".join(args[:2])) in self.commands:
            args = [two, *args[2:]]
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run a command, whose arguments are read first."""
        with _complaints_printable():
            return super().invoke(ctx)


@contextlib.contextmanager
def _complaints_printable() -> Iterator[None]:
    try:
        yield
    except Exception as complaint:  # which class it is of changes with Typer's version
        if isinstance(said := getattr(complaint, "message", None), str):
            complaint.message = printable(said)  # type: ignore[attr-defined]
        raise


app = typer.Typer(
    name="tailframe",
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
PANELS = {
    "Look before you pay": ("check", "plan", "preview", "rehearse", "sandbox"),
    "Make": (
        "new",
        "produce",
        "push",
        "redownload",
        "cut",
        "status",
        "watch",
        "takes",
        "notes",
        "review",
        "compare",
        "storyboard",
        "worker",
        "callbacks",
    ),
    "Decide": ("circle", "approve", "hold", "cancel", "reconcile"),
    "Keep": ("archive", "gc", "ledger", "invoice", "webhooks", "migrate", "deploy", "doctor"),
}
"""The modules of commands, `flows.cli.…_cmd`, in the order of help. Each names its commands: COMMANDS."""


def _commands_of(stem: str) -> tuple[Callable[..., int | None], ...]:
    commands: tuple[Callable[..., int | None], ...] = importlib.import_module(f"flows.cli.{stem}_cmd").COMMANDS
    return commands


for _panel, _stems in PANELS.items():
    for _command in (each for stem in _stems for each in _commands_of(stem)):
        _name = _command.__name__.replace("_", " ")
        app.command(_name, cls=Command, help=help_text(_command), rich_help_panel=_panel)(guarded(_command))


def _version(asked: bool) -> None:
    if asked:
        import importlib.metadata

        say(f"tailframe {importlib.metadata.version('tailframe')}")
        raise typer.Exit


def tailframe(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="The version.")] = False,
) -> None:
    """Turn a series written in YAML into finished episodes. No shot is ever paid for twice by accident.

    tailframe new my-series          a small series that renders as it is
    tailframe preview my-series e01  the whole cut from stills, for nothing
    tailframe plan my-series e01     what it would make, and at what cost
    tailframe produce my-series e01  makes it; run again, only what is missing
    """


app.callback(help=help_text(tailframe, heading="To begin"))(tailframe)


def run() -> None:
    """Run the command that the shell gave, whatever it gave for standard streams, and end it in order on any signal."""
    gc.set_threshold(50_000)  # imports make many objects that stay; looking at them over and over costs a fifth
    stand_on_streams()
    keep_libraries_quiet()
    end_process(lambda: ended(_begin))


def _begin() -> None:
    """From here on a signal is an exception, so this is within the boundary that expects one."""
    end_on_signals()
    app(prog_name="tailframe")
