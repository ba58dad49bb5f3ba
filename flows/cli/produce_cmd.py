"""`tailframe produce`: makes an episode, or every one, and pays for nothing twice."""

from typing import Any

from flows.cli.arguments import Every, OneEpisode, Project, Yes, assigned, one_or_every, with_run_options
from flows.cli.exits import ExitCode


@with_run_options(after="every")
def produce(
    *, project: Project, episode: OneEpisode = None, every: Every = False, yes: Yes = False, **asked: Any
) -> int:
    """Make the episode. Run it again after whatever happened: only what is missing is made.

    With --all every episode is made, by a run of its own, and you are asked once, about all of them together. What one
    of them meets does not stop the others.

    Ends with 0 when all that was asked for is done, 1 when it is not, 2 when the input is wrong, 3 when a budget
    refused, 130 when interrupted. Without a terminal, paid work needs --yes or --budget.

      tailframe produce my-series e01
      tailframe produce my-series --all
      tailframe produce my-series e01 --budget 12.50 --until-budget
      tailframe produce my-series e01 --shots lamp/010,lamp/020 --new-take --yes
    """
    one = one_or_every(episode, every=every, asked=asked)
    if one is None:
        from flows.cli.produce_all import produce_all

        return produce_all(project, asked, yes=yes)
    from flows.cli.consent import agree
    from flows.cli.run_flow import run_flow
    from flows.prefect.server import prefect_server

    run_options = assigned(one, asked)
    with prefect_server() as server:
        agreed = agree(project, run_options, yes=yes)
        if agreed is None:
            return ExitCode.NOT_DONE
        return run_flow(server, "produce", project=str(project), **agreed.of(run_options).parameters("produce"))


COMMANDS = (produce,)
