"""What is looked at, in which order it is told, and for how long each part may take."""

from flows.doctor import locations, machine, network, vendor_checks
from flows.doctor.doctor_context import DoctorContext
from flows.doctor.runner import Check, in_thread
from render.providers.registry import provider_names

__all__ = ["checklist"]

DRAWN_HERE = frozenset({"animatic"})  # no vendor: what it needs is this machine
VENDOR_S = 75.0
"""How long one vendor may take: longer than all its questions, one after another."""


def checklist(around: DoctorContext) -> list[Check]:
    """The machine, then the places, as far as there are any, then every vendor."""
    environment = around.environment
    found = [
        Check("python", in_thread(machine.look_at_python)),
        Check("ffmpeg", machine.look_at_ffmpeg, 90),
        Check("prefect", in_thread(lambda: machine.look_at_prefect(environment))),
        Check("environment", in_thread(lambda: locations.look_at_environment(around))),
        Check("network", in_thread(lambda: network.look_at_network(around))),
    ]
    if around.project is not None:
        found.append(Check("project", in_thread(lambda: locations.look_at_project(around))))
    if around.ledger is not None:
        found.append(Check("ledger", in_thread(lambda: locations.look_at_ledger(around))))
    if around.store_url is not None:
        found.append(Check("store", in_thread(lambda: locations.look_at_store(around)), 60))
    if around.archive_url is not None:
        found.append(Check("archive", in_thread(lambda: locations.look_at_archive(around)), 60))
    return [*found, *(_vendor(name, around) for name in provider_names() if name not in DRAWN_HERE)]


def _vendor(name: str, around: DoctorContext) -> Check:
    return Check(name, lambda: vendor_checks.look_at_vendor(name, around), VENDOR_S)
