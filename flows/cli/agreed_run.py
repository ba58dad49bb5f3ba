"""Runs what somebody agreed to in the review room: `python -m flows.cli.agreed_run`, told on standard input.

It is no command for people: the snapshot and the sum have no flags. A person was shown both, and the room signed for
them (`flows.review.retakes`). Where operators named a Prefect server, its deployment makes it, and this only asks; runs
that wait there for an approval are told to look again.
"""

import json
import sys
from typing import Any

from flows.cli.exits import ExitCode, ended
from flows.terminal.cancellation import end_on_signals, end_process
from flows.terminal.streams import keep_libraries_quiet, stand_on_streams


def main() -> None:
    """Do it, and end by one of the exit codes."""
    stand_on_streams()
    keep_libraries_quiet()
    end_process(lambda: ended(_begin))


def _begin() -> None:
    end_on_signals()
    told: dict[str, Any] = json.loads(sys.stdin.read())
    sys.exit(_asked(told) if told["deployed"] else _run(told))


def _run(told: dict[str, Any]) -> int:
    from flows.cli.run_flow import run_flow
    from flows.prefect.server import prefect_server

    with prefect_server() as server:
        return run_flow(server, told["flow"], project=told["project"], **told["parameters"])


def _asked(told: dict[str, Any]) -> int:
    from flows.prefect.asked_deployment import ask
    from flows.prefect.waiting_runs import let_go_on
    from flows.terminal.printing import say

    if told["flow"] == "look_again":
        for news in let_go_on(told["parameters"]["series"], told["parameters"]["episode"]):
            say(news)
        return ExitCode.DONE
    say(ask(told["flow"], project=told["project"], parameters=told["parameters"]))
    return ExitCode.DONE


if __name__ == "__main__":
    main()
