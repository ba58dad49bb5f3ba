"""`tailframe migrate`: brings a shared ledger to this version."""

from pathlib import Path

from flows.cli.arguments import Project
from flows.terminal.printing import tell


def migrate(*, project: Project) -> None:
    """Bring the ledger's tables to this version. Only a PostgreSQL ledger needs it; SQLite does it by itself.

    A ledger that an earlier version kept beside a project with ? or % in its
    folder's name is copied to its place. Run it while nothing else works on the ledger.

      TAILFRAME_LEDGER_URL=postgresql://… tailframe migrate my-series
    """
    from flows.run.workspace import workspace_of
    from render.ledger import migrate as bring_up
    from render.ledger.misplaced import take_over

    ledger = workspace_of(project, misplaced=True).places.ledger
    if isinstance(ledger, Path) and (before := take_over(ledger)):
        tell(f"{before} is copied to {ledger}, and stays as it is")
    version = bring_up(ledger)
    tell(f"the ledger is at version {version}")


COMMANDS = (migrate,)
