"""What is deployed on a Prefect server: every deployment of Tailframe with its schedules, as data.

`prefect.yaml` says the same for whoever works in a checkout; a test holds both together, by what a server has then.
`flows.prefect.deploy` brings these to a server. Schedules are switched off at first: nothing is bought by a deployment
that nobody looked at. A schedule keeps its slug for ever, as the server knows it by that name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

__all__ = ["Deployment", "Hours", "Schedule", "deployments_for"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a deployment runs by itself, and with what: its parameters go before those of the deployment."""

    slug: str
    cron: str
    time_zone: str = "UTC"
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A flow as a server offers it."""

    name: str
    flow: str  # its module and name, as Prefect imports it: no file of a checkout
    does: str  # one sentence for people
    tags: tuple[str, ...]
    parameters: Mapping[str, Any]  # what its form begins with
    at_once: int  # runs
    beyond: Literal["ENQUEUE", "CANCEL_NEW"] = "ENQUEUE"  # what becomes of those that are too many
    schedules: tuple[Schedule, ...] = ()
    queue: str = "default"  # of the work pool; runs that wait for others have one of their own, and take no place there


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When a night begins, what it may spend, and between which hours it orders."""

    begins: str = "22:00"  # as all hours here: by the clock of the zone
    window_from: str = "22:00"
    window_until: str = "06:00"
    time_zone: str = "Europe/Berlin"
    budget_usd: float = 25

    @property
    def cron(self) -> str:
        """Every day at that hour."""
        hour, _, minute = self.begins.partition(":")
        return f"{int(minute)} {int(hour)} * * *"

    @property
    def parameters(self) -> dict[str, Any]:
        """As `nightly` takes them."""
        window = {"window_from": self.window_from, "window_until": self.window_until, "time_zone": self.time_zone}
        return {"budget_usd": self.budget_usd, **window}


def deployments_for(project: str, hours: Hours) -> tuple[Deployment, ...]:
    """Every deployment, with this project where a form or a schedule names one."""
    return (
        *_of_one_episode(project),
        *_of_a_series(project),
        *_by_the_clock(project, hours),
        *_looking_after(project),
    )


def _of_one_episode(project: str) -> tuple[Deployment, ...]:
    """What people start."""
    first = {"project": project, "episode": "e01"}
    return (
        Deployment(
            name="produce",
            flow="flows.prefect.produce.produce",
            does="Make an episode. What exists is never paid for again.",
            tags=("tailframe", "episode"),
            parameters=first,
            at_once=16,
        ),
        Deployment(
            name="reshoot",
            flow="flows.prefect.reshoot.reshoot",
            does="Make the named shots of an episode again, and cut it.",
            tags=("tailframe", "shots"),
            parameters=first,
            at_once=4,
        ),
        Deployment(
            name="preview",
            flow="flows.prefect.produce.preview",
            does="Cut an animatic of an episode, for nothing.",
            tags=("tailframe", "free"),
            parameters=first,
            at_once=4,
        ),
        Deployment(
            name="rehearse",
            flow="flows.prefect.produce.rehearse",
            does="Make an episode for nothing, where the worker's vendors are stand-ins on its own machine.",
            tags=("tailframe", "free"),
            parameters=first,
            at_once=1,
        ),
    )


def _of_a_series(project: str) -> tuple[Deployment, ...]:
    """All episodes at once, and the parts of one that is spread over several runs."""
    return (
        Deployment(
            name="series",
            flow="flows.prefect.series.series",
            does="Make every episode of a series, each by a flow run of its own.",
            tags=("tailframe", "series"),
            parameters={"project": project},
            at_once=4,
            queue="series",
        ),
        Deployment(
            name="shots",
            flow="flows.prefect.make_shots.make_shots",
            does="Make some shots of an episode, and cut nothing; a part of one that is spread.",
            tags=("tailframe", "shots"),
            parameters={"project": project, "episode": "e01"},
            at_once=16,
        ),
    )


def _by_the_clock(project: str, hours: Hours) -> tuple[Deployment, ...]:
    """What goes on by itself, of a whole series."""
    own = {"project": project}
    night = {**own, **hours.parameters}
    return (
        Deployment(
            name="nightly",
            flow="flows.prefect.nightly.nightly",
            does="Make what changed in every episode of a series, under one night's budget and within its hours.",
            tags=("tailframe", "scheduled"),
            parameters=night,
            at_once=4,
            schedules=(Schedule(slug="nightly", cron=hours.cron, time_zone=hours.time_zone, parameters=night),),
            queue="series",
        ),
        Deployment(
            name="approvals",
            flow="flows.prefect.look_again.look_again",
            does="Let runs go on that wait for an approval which this server was not told of.",
            tags=("tailframe", "free"),
            parameters=own,
            at_once=1,
            beyond="CANCEL_NEW",
            schedules=(Schedule(slug="approvals", cron="*/5 * * * *", parameters=own),),
        ),
    )


def _looking_after(project: str) -> tuple[Deployment, ...]:
    """What orders nothing, and sees to what was ordered and made."""
    own = {"project": project}
    return (
        Deployment(
            name="sweep",
            flow="flows.prefect.sweep.sweep",
            does="Settle and collect what earlier runs left at vendors, and look after runs that died. Orders nothing.",
            tags=("tailframe", "free"),
            parameters=own,
            at_once=1,
            schedules=(Schedule(slug="sweep", cron="*/15 * * * *", parameters=own),),
        ),
        Deployment(
            name="verify",
            flow="flows.prefect.verify_archive.verify_archive",
            does="Read every byte of the newest archive of each episode.",
            tags=("tailframe", "free"),
            parameters=own,
            at_once=1,
            beyond="CANCEL_NEW",
            schedules=(Schedule(slug="verify", cron="0 6 * * 0", time_zone="Europe/Berlin", parameters=own),),
        ),
        Deployment(
            name="cancel-jobs",
            flow="flows.prefect.cancel_jobs.cancel_jobs",
            does="End jobs that are out at vendors, where a vendor can end them. Orders nothing.",
            tags=("tailframe", "free"),
            parameters=own,
            at_once=4,
        ),
    )
