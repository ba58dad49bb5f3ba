"""`tailframe check`: every mistake of a project at once."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from flows.cli.arguments import MaybeEpisode, Project
from flows.cli.exits import ExitCode
from flows.cli.opening import ledger_for_reading, places_of, store_of

if TYPE_CHECKING:
    from storyboard.check import FactsOf
    from storyboard.loading import Project as Loaded
    from storyboard.request import ReferenceFacts
    from storyboard.shot import Episode


def check(project: Project, episode: MaybeEpisode = None) -> int:
    """Find every mistake at once, as `file:line:column: message`, with the nearest right name.

    Nothing is asked of a vendor or the web, and nothing is written.
    Ends with 2 where there is a mistake.

      tailframe check my-series
      tailframe check my-series e01
    """
    from flows.planning import capabilities_here
    from storyboard.check import check as mistakes_of

    environment, store_url = dict(os.environ), places_of(project).store_url
    notes: dict[str, None] = {}
    mistakes = mistakes_of(
        project,
        episode,
        lambda name: capabilities_here(name, environment, store_url),
        _facts_of(project, notes.setdefault),
    )
    for mistake in mistakes:
        typer.echo(mistake)
    for note in notes:
        typer.echo(note, err=True)
    if mistakes:
        typer.echo(f"{len(mistakes)} {'mistake' if len(mistakes) == 1 else 'mistakes'} to mend", err=True)
        return ExitCode.WRONG_INPUT
    typer.echo(f"{project}{' ' + episode if episode else ''}: no mistakes", err=True)
    return ExitCode.DONE


def _facts_of(project: Path, note: Callable[[str], None]) -> "FactsOf":
    """Looks into an episode's references. The ledger is opened only where a link is named, which it may remember."""
    from flows.planning import facts_of, known_links, place_of, unfetched

    def look(loaded: "Loaded", episode: "Episode") -> "dict[str, ReferenceFacts]":
        if not unfetched(episode, {}):
            return facts_of(loaded, episode)
        with ledger_for_reading(project) as ledger:
            facts = facts_of(loaded, episode, known_links(ledger, store_of(project)))
        for each in unfetched(episode, facts):
            at = place_of(loaded, episode, each)
            note(f"{at}: {each.source} is not fetched yet; produce fetches it before anything is paid")
        return facts

    return look
