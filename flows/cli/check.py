"""`tailframe check`: every mistake of a project at once."""

import os

import typer

from flows.cli.arguments import MaybeEpisode, Project
from flows.cli.exits import ExitCode


def check(project: Project, episode: MaybeEpisode = None) -> int:
    """Find every mistake at once, as `file:line:column: message`, with the nearest right name.

    Nothing is asked of a vendor or the web, and nothing is written.
    Ends with 2 where there is a mistake.

      tailframe check my-series
      tailframe check my-series e01
    """
    from flows.planning import facts_of
    from render.providers.registry import capabilities_of
    from storyboard.check import check as mistakes_of

    environment = dict(os.environ)
    mistakes = mistakes_of(project, episode, lambda name: capabilities_of(name, environment), facts_of)
    for mistake in mistakes:
        typer.echo(mistake)
    if mistakes:
        typer.echo(f"{len(mistakes)} {'mistake' if len(mistakes) == 1 else 'mistakes'} to mend", err=True)
        return ExitCode.WRONG_INPUT
    typer.echo(f"{project}{' ' + episode if episode else ''}: no mistakes", err=True)
    return ExitCode.DONE
