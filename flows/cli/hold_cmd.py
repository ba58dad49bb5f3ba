"""`tailframe hold`, `release` and `acknowledge`: stop what spends money, and let it go on."""

import os
from typing import Annotated

import typer

from flows.cli.arguments import Project, Why
from flows.cli.project_access import person, series_of
from flows.terminal.printing import tell

Vendor = Annotated[str, typer.Argument(metavar="VENDOR", help="The vendor's name, as the storyboard writes it.")]


def hold(*, project: Project, why: Why = "") -> None:
    """Let nothing more be ordered for this series, by any process on any machine. What is under way goes on.

    tailframe hold my-series --why "the script changes tonight"
    """
    from flows.run.workspace import workspace_of
    from render.ledger import holds
    from storyboard.paths import typed

    series = series_of(project)
    with workspace_of(project).writing() as workspace:
        workspace.ledger.write(holds.hold, series, person(), why)
    tell(f"{series} is on hold; go on with: tailframe release {typed(project)}")


def release(*, project: Project) -> None:
    """Let a series that is on hold go on.

    tailframe release my-series
    """
    from flows.run.workspace import workspace_of
    from render.ledger import holds

    series = series_of(project)
    with workspace_of(project).writing() as workspace:
        workspace.ledger.write(holds.release, series)
    tell(f"{series} goes on")


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
