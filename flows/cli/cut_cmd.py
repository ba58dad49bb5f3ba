"""`tailframe cut`: the master again, from the circled takes."""

from flows.cli.arguments import AllowMissing, Episode, Project


def cut(*, project: Project, episode: Episode, allow_missing: AllowMissing = False) -> int:
    """Make the master again from the circled takes. Generates nothing and asks no vendor.

    What was made before of the same inputs is used again, and it says how much was.

    tailframe cut my-series e01
    """
    from flows.cli.run_flow import print_result
    from flows.run.recut import cut_again
    from flows.terminal.cancellation import run_in_order
    from flows.terminal.printing import tell
    from flows.terminal.progress import reporting

    with reporting(episode) as reporter:
        result = run_in_order(cut_again(project, episode, allow_missing=allow_missing, watcher=reporter), reporter.note)
    if result.assembly is not None:
        for line in result.assembly.work.lines():
            tell(line)
    return print_result(result)


COMMANDS = (cut,)
