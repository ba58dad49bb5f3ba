"""Exit codes, and the one place where an exception becomes one of them and a text that a person can act on."""

import contextlib
import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from flows.cli.orders_left import orders_left
from flows.terminal.printing import tell
from storyboard.errors import ExitCode, InvalidProject, TailframeError

__all__ = ["ExitCode", "ended", "guarded", "told"]


NO_THREAD = "can't start new thread"
"""What Python says, as a RuntimeError, where the system gives it none."""


def guarded(command: Callable[..., int | None]) -> Callable[..., None]:
    """The command behind the one error boundary: no traceback, always one of the exit codes."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        project = kwargs.get("project")
        root = project if isinstance(project, Path) else None
        left = functools.partial(orders_left, command.__name__, root, kwargs.get("episode"))
        raise typer.Exit(_outcome(lambda: command(*args, **kwargs), root, left))

    return run


def ended(command_line: Callable[[], object]) -> int:
    """The exit code of a whole command line. What it prints by itself (help, the version) has the same boundary."""

    def run() -> int:
        try:
            command_line()
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else ExitCode.DONE
        return ExitCode.DONE

    return _outcome(run, None)


def _outcome(call: Callable[[], int | None], project: Path | None, left: Callable[[], str] = str) -> int:
    """`left` says what an interrupted command leaves at vendors."""
    try:
        code = call()
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read our results has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.DONE
    except BaseException as error:
        if _is_interruption(error):
            _say(f"interrupted; what is paid for is written down, and the same command goes on from here{left()}")
            return ExitCode.INTERRUPTED
        if not isinstance(error, Exception) or isinstance(error, typer.Exit):
            raise
        if os.environ.get("TAILFRAME_DEBUG", "0") not in {"", "0"}:
            import traceback

            traceback.print_exc()
        return _explain(error, project)
    return int(code or 0)


def _is_interruption(error: BaseException) -> bool:
    """Ctrl-C, and the same as it arrives through asyncio and through Prefect (which turns SIGTERM into a signal)."""
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        return True
    return {"CancelledError", "ExternalSignal"} & {kind.__name__ for kind in type(error).__mro__} != set()


def told(error: Exception, project: Path) -> int:
    """Say what one of several episodes met, as the whole command's end would be said; its exit code."""
    return _explain(error, project)


def _explain(error: Exception, project: Path | None) -> int:
    """Say what happened; returns the exit code."""
    if isinstance(error, InvalidProject):
        _say_mistakes(error)
        return error.exit_code
    if isinstance(error, TailframeError):
        _say(f"{'refused' if error.exit_code is ExitCode.BUDGET else 'error'}: {error}")
        return error.exit_code
    if scarce := _scarce(error):
        _say(f"error: {scarce}")
        return ExitCode.NOT_DONE
    log = _write_log(error, project)
    if isinstance(error, OSError):
        said = f"{error.strerror}: {error.filename}. Check its rights and the room on its disk"
        _say(f"error: the system said: {said if error.filename and error.strerror else error}{log}")
        return ExitCode.NOT_DONE
    _say(
        f"error: Tailframe met something that it did not expect ({type(error).__name__}: {error}). This is a mistake "
        f"in Tailframe, not in your project; nothing that was paid for is lost. Please report it{log}"
    )
    return ExitCode.NOT_DONE


def _scarce(error: Exception) -> str:
    """What the machine had too little of; empty where that is not why.

    For a thread that the system refuses Python has no class of its own: it is a RuntimeError, known by its words alone.
    """
    no_thread = isinstance(error, RuntimeError) and str(error) == NO_THREAD
    what = "memory" if isinstance(error, MemoryError) else "thread" if no_thread else ""
    return what and f"this machine has no {what} left for this. End other programs or raise its limits, then run again"


def _say_mistakes(error: InvalidProject) -> None:
    _say(str(error))
    _say(f"{len(error.mistakes)} {'mistake' if len(error.mistakes) == 1 else 'mistakes'} to mend")


def _say(text: str) -> None:
    with contextlib.suppress(OSError):  # whoever could be told is gone
        tell(text, lines=True)


def _write_log(error: Exception, project: Path | None) -> str:
    """Keep the traceback in a file; returns the words that say where, or nothing where no file can be written."""
    import datetime
    import importlib.metadata
    import platform
    import traceback

    from flows.prefect.server import state_folder

    with contextlib.suppress(Exception):
        folder = (_private(project) or state_folder()) / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        now = datetime.datetime.now(datetime.UTC)
        log = folder / f"error-{now:%Y%m%dT%H%M%S}-{os.getpid()}.log"
        version = importlib.metadata.version("tailframe")
        head = f"tailframe {version}, Python {platform.python_version()}, {platform.platform()}, {now:%FT%TZ}\n"
        log.write_text(head + "".join(traceback.format_exception(error)))
        return f". The details are in {log}"
    return ""


def _private(project: Path | None) -> Path | None:
    """The project's own folder for what went wrong; None where there is no project, or a link leads out of it."""
    from storyboard.paths import link_out

    if project is None or not (project / "series.yaml").is_file():
        return None
    return None if link_out(project, project / ".tailframe" / "logs") else project / ".tailframe"
