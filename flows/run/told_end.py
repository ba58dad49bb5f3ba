"""How a run's end is told to the outside: what became of its shots, in words that may leave."""

import logging
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from flows.run.run_result import Result
from render.claim_errors import NotApproved
from render.errors import LedgerError
from render.ledger.message_facts import FailedShot, RunEnd, tell_run_end
from storyboard.errors import ExitCode, TailframeError

if TYPE_CHECKING:
    from flows.run.options import RunOptions
    from flows.run.planned_episode import PlannedEpisode
    from render.context import RunContext

__all__ = ["tell_error", "told_end"]

_LOG = logging.getLogger(__name__)


def told_end(result: Result, reading: "PlannedEpisode", run_options: "RunOptions") -> RunEnd | None:
    """What is told of a run that came to its end; None: nothing, of a rehearsal, a preview, a mere cut."""
    if not _is_told(run_options):
        return None
    prompts = {shot.key: shot.prompt for shot in reading.plan.shots}
    failed = [
        FailedShot(key=each.key, state=each.state.value, code=each.code, words=each.message, prompt=prompts[each.key])
        for each in result.outcomes
        if each.key in result.asked and not each.good
    ]
    assembly = result.assembly
    return RunEnd(
        exit_code=result.exit_code,
        words=result.message,
        shots=Counter(each.state.value for each in result.outcomes),
        failed=failed,
        changed=assembly is not None and (assembly.fresh or any(each.made for each in result.outcomes)),
        master_sha256=None if assembly is None else assembly.master.sha256,
        duration_s=None if assembly is None else assembly.master.duration_s,
    )


async def tell_error(context: "RunContext", run_options: "RunOptions", error: Exception) -> None:
    """Tell that this error ended a run, unless it had ended before. What waits for approval is told where it waits.

    The run itself stays as it is: the same command goes on with what it wanted. Raises nothing.
    """
    if not _is_told(run_options) or isinstance(error, NotApproved):
        return
    end = RunEnd(exit_code=ExitCode.NOT_DONE, code=type(error).__name__.lower(), words=str(error))
    if isinstance(error, TailframeError):
        end = replace(end, exit_code=error.exit_code, code=error.code)
    try:
        await context.write(tell_run_end, context.run, end)
    except LedgerError as failed:
        _LOG.warning("nobody outside is told that the run ended: %s", failed)


def _is_told(run_options: "RunOptions") -> bool:
    return run_options.buys and not run_options.rehearsal
