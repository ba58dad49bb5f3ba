"""`tailframe deploy`: brings the deployments of one project to a Prefect server."""

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.arguments import usd
from flows.terminal.printing import say, tell

if TYPE_CHECKING:
    from flows.prefect.deployment_list import Hours

Deployed = Annotated[
    str, typer.Argument(metavar="PROJECT", help="The series' folder as workers see it, or a snapshot's name.")
]
Pool = Annotated[str, typer.Option("--pool", metavar="NAME", help="The work pool whose workers make it.")]
Budget = Annotated[
    Decimal | None,
    typer.Option(
        "--budget", metavar="USD", parser=usd, help="The most that a night may spend, in US dollars; else 25."
    ),
]
Nightly = Annotated[
    str, typer.Option("--nightly", metavar="HH:MM", help="When a night begins; else when its window opens.")
]
From = Annotated[
    str, typer.Option("--from", metavar="HH:MM", help="A night orders nothing before this hour; empty: at any.")
]
Until = Annotated[
    str, typer.Option("--until", metavar="HH:MM", help="A night orders nothing from this hour on; empty: at any.")
]
TimeZone = Annotated[
    str, typer.Option("--time-zone", metavar="ZONE", help="Whose clock shows these hours, such as Europe/Berlin.")
]


def deploy(
    *,
    project: Deployed,
    pool: Pool = "studio",
    budget: Budget = None,
    nightly: Nightly = "",
    window_from: From = "22:00",
    window_until: Until = "06:00",
    time_zone: TimeZone = "Europe/Berlin",
) -> None:
    """Bring Tailframe's deployments to the Prefect server of PREFECT_API_URL, with a project's own episodes and shots
    as choices in their forms. Safe to repeat.

    Schedules are switched off at first. Whoever switches one on in Prefect's
    pages finds it on after the next deployment.

      tailframe deploy my-series
      tailframe deploy my-series --nightly 23:30 --until 05:00 --budget 40
    """
    from flows.prefect.server import prefect_server

    hours = _hours(nightly, window_from, window_until, time_zone, budget)
    _require_server()
    with prefect_server() as server, server.connected():
        for name in _deployed(project, pool, hours):
            say(name)
    tell("schedules that are new are switched off; switch on in the server's pages what you want, such as nightly")


def _hours(nightly: str, window_from: str, window_until: str, time_zone: str, budget: Decimal | None) -> "Hours":
    from flows.errors import UsageError
    from flows.prefect.deployment_list import Hours
    from flows.run.night_window import hour_of, night_window

    window = night_window(window_from, window_until, time_zone)
    begins = nightly or window_from or "22:00"
    if window is not None and not window.shows(hour_of(begins)):
        raise UsageError(f"a night that begins at {begins} is not within its window, {window}", "Move one of them")
    return Hours(
        begins=f"{hour_of(begins):%H:%M}",
        window_from=window_from,
        window_until=window_until,
        time_zone=time_zone,
        budget_usd=Hours().budget_usd if budget is None else float(budget),
    )


def _require_server() -> None:
    import os

    from flows.errors import SettingsError

    if not os.environ.get("PREFECT_API_URL", "").strip():
        told = {"PREFECT_API_URL": "names no server to deploy to"}
        raise SettingsError(told, "Set it, such as http://127.0.0.1:4200/api")


def _deployed(project: str, pool: str, hours: "Hours") -> list[str]:
    from flows.prefect.checkout import as_workers_see
    from flows.prefect.deploy import deploy as bring
    from flows.prefect.deployment_list import deployments_for
    from flows.prefect.form_choices import choices_of
    from flows.prefect.project_source import project_folder
    from flows.terminal.cancellation import run_in_order
    from storyboard.loading import load_project

    async def carry_out() -> list[str]:
        folder = await project_folder(project)
        choices = choices_of(load_project(folder))
        return await bring(deployments_for(as_workers_see(project), hours), pool=pool, choices=choices)

    return run_in_order(carry_out())


COMMANDS = (deploy,)
