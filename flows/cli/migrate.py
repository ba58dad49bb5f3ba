"""`tailframe migrate`: brings a shared ledger to this version."""

import typer

from flows.cli.arguments import Project
from flows.cli.opening import places_of


def migrate(*, project: Project) -> None:
    """Bring the ledger's tables to this version. Only a PostgreSQL ledger needs it; SQLite does it by itself.

    Run it while nothing else works on the ledger.

      TAILFRAME_LEDGER_URL=postgresql://… tailframe migrate my-series
    """
    from render.ledger import migrate as bring_up

    version = bring_up(places_of(project).ledger_url)
    typer.echo(f"the ledger is at version {version}", err=True)
