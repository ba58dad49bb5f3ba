"""`tailframe cut`: the master again, from the circled takes."""

from flows.cli.arguments import AllowMissing, Episode, Project


def cut(*, project: Project, episode: Episode, allow_missing: AllowMissing = False) -> int:
    """Make the master again from the circled takes. Generates nothing and asks no vendor.

    tailframe cut my-series e01
    """
    import asyncio

    from flows.cli.running import print_result
    from flows.cutting import cut_again
    from flows.progress import reporting

    with reporting(episode) as reporter:
        result = asyncio.run(cut_again(project, episode, allow_missing=allow_missing, watcher=reporter))
    return print_result(result)
