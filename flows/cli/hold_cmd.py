"""`tailframe hold`, `release` and `acknowledge`: stop what spends money, and let it go on."""

import os
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.arguments import Project, Why
from flows.cli.project_access import person, series_of
from flows.terminal.printing import tell

Vendor = Annotated[str, typer.Argument(metavar="VENDOR", help="The vendor's name, as the storyboard writes it.")]
Everything = Annotated[bool, typer.Option("--all", help="Every series that shares the ledger, not this one alone.")]


def hold(*, project: Project, why: Why = "", everything: Everything = False) -> None:
    """Let nothing more be ordered for this series, by any process on any machine. What is under way goes on.

    With --all for no series that shares its ledger, whatever is begun meanwhile.

      tailframe hold my-series --why "the script changes tonight"
      tailframe hold my-series --all --why "the bill is being looked at"
    """
    from flows.run.workspace import workspace_of
    from render.ledger import holds
    from storyboard.paths import typed

    series, flag = _held(project, everything=everything)
    with workspace_of(project).writing() as workspace:
        workspace.ledger.write(holds.hold, series, person(), why)
    tell(f"{_named(series)} is on hold; go on with: tailframe release {typed(project)}{flag}")


def release(*, project: Project, everything: Everything = False) -> None:
    """Let a series that is on hold go on; with --all, all that were held together. What is held by itself stays so.

    tailframe release my-series
    """
    from flows.run.workspace import workspace_of
    from render.ledger import holds, queries

    series, _ = _held(project, everything=everything)
    with workspace_of(project).writing() as workspace:
        workspace.ledger.write(holds.release, series)
        still = workspace.ledger.read(queries.held, series)
    tell(f"{_named(series)} goes on" if still is None else f"{series} is released, but {still.told}: release --all")


def _held(project: Path, *, everything: bool) -> tuple[str, str]:
    """What is held, as the ledger knows it, and the flag that says so. Everything can be held of any folder."""
    from render.ledger.records import EVERYTHING

    return (EVERYTHING, " --all") if everything else (series_of(project), "")


def _named(series: str) -> str:
    from render.ledger.records import EVERYTHING

    return "everything" if series == EVERYTHING else series


def acknowledge(*, project: Project, vendor: Vendor) -> None:
    """Let orders go to a vendor again that charged more than its price. See `status` for what it charged.

    tailframe acknowledge my-series kinovi
    """
    from flows.run.workspace import workspace_of
    from render.ledger import holds
    from render.providers.registry import capabilities_of

    account = capabilities_of(vendor, dict(os.environ)).account
    with workspace_of(project).writing() as workspace:
        workspace.ledger.write(holds.acknowledge, account)
    tell(f"{account} may be asked again")


COMMANDS = (hold, release, acknowledge)
