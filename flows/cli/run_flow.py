"""Runs a flow for a person at a terminal: news while it runs, results at the end."""

from typing import TYPE_CHECKING, Any, Literal

from flows.cli.exits import ExitCode
from flows.terminal.printing import say, tell
from storyboard.text.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from flows.prefect.server import PrefectServer
    from flows.run.session import Result
    from render.watcher import Watcher

__all__ = ["carry_out", "print_result", "run_flow"]


def run_flow(server: "PrefectServer", flow: Literal["produce", "preview"], **parameters: Any) -> int:
    """Run a flow of `flows.prefect.produce` to its end, tell its news, print what it made. Returns the exit code."""
    with server.connected():
        from flows.terminal.progress import reporting

        with reporting(parameters["episode"]) as reporter:
            result = carry_out(flow, reporter, **parameters)
        return print_result(result)


def carry_out(
    flow: Literal["produce", "preview", "rehearse"],
    watcher: "Watcher",
    *,
    counted_under: "Callable[[str], None] | None" = None,
    **parameters: Any,
) -> "Result":
    """Run one of those flows to its end on the server that is connected. Raises whatever ended it before its result.

    `counted_under` is called with the name under which the ledger counts what it spends (`flows.run.retry_budget`).
    A server that is gone by the end changes nothing about what was made; ServerError is raised where it went before the
    start.
    """
    import flows.prefect.produce as made
    from flows.prefect.caller import CALLER, Caller
    from flows.terminal.cancellation import run_in_order

    caller, gone, state = Caller(watcher=watcher), None, None
    token = CALLER.set(caller)
    try:
        state = run_in_order(getattr(made, flow)(**parameters, return_state=True), watcher.note)
    except Exception as error:  # not of the run itself, which leaves its own with the caller
        gone = error
    finally:
        CALLER.reset(token)
        if counted_under is not None and caller.try_of is not None:
            counted_under(caller.try_of)
    if caller.error is not None:
        raise caller.error
    if caller.result is None:
        raise _not_begun(gone, state)
    if gone is not None:
        watcher.note(
            f"the Prefect server cannot be told how this run ended ({_words(gone)}). Its pages may show the run as "
            "running; what was made is in its place, and the ledger knows all of it"
        )
    return caller.result


def _not_begun(gone: Exception | None, state: Any) -> Exception:
    """Why a flow has neither a result nor an error of its own."""
    import httpx

    from flows.errors import ServerError

    if gone is None:
        why = f"Prefect ended the run before it began: {state.name}: {state.message}"
    elif isinstance(gone, httpx.HTTPError | OSError):
        why = f"the Prefect server did not let the run begin ({_words(gone)})"
    else:
        return gone
    return ServerError(why, "Nothing was ordered; run the same command again")


def _words(error: Exception) -> str:
    return printable(str(error)).partition("\n")[0] or type(error).__name__


def print_result(result: "Result") -> int:
    """Print where the master is, and say what is left to do. Returns the run's exit code."""
    if result.assembly is not None:
        say(result.assembly.master.path)
    if result.exit_code != ExitCode.DONE and result.message:
        tell(result.message, lines=True)
    return result.exit_code
