"""`tailframe preview`: the whole cut from stills, for nothing."""

from flows.cli.arguments import Episode, Project


def preview(*, project: Project, episode: Episode) -> int:
    """Cut an animatic beside the master: free, made on this machine, every shot at its exact length.

    Touches no master and no choice of takes.

      tailframe preview my-series e01
    """
    from flows.cli.run_flow import run_flow
    from flows.prefect.server import prefect_server

    with prefect_server() as server:
        return run_flow(server, "preview", project=str(project), episode=episode)


COMMANDS = (preview,)
