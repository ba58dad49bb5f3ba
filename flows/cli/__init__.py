"""What does a command do? One small module a command, each importing what it needs only when it runs.

Results go to standard output, everything else to standard error. `flows.cli.exits` holds the exit codes,
`flows.cli.commands` puts the commands together.
"""

from typing import TYPE_CHECKING, Any

from flows.startup_signals import leave_on_signals

if TYPE_CHECKING:
    from flows.cli.commands import app

__all__ = ["app", "main"]

INTERRUPTED = 130  # `ExitCode.INTERRUPTED`, before there is anything to import it from


def main() -> None:
    """Run the command that the shell gave, and end it in order on any signal, also while its modules are imported."""
    leave_on_signals(INTERRUPTED)
    from flows.cli.commands import run

    run()


def __getattr__(name: str) -> Any:
    """The commands themselves are imported when somebody asks for them."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from flows.cli.commands import app

    return app
