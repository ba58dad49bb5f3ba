"""The ways out of this machine: the operator's proxy, what the environment says of others, whose certificates count."""

import socket
from collections.abc import Iterable, Mapping, Sequence

from flows.doctor.doctor_context import DoctorContext
from flows.doctor.runner import told_by
from render.errors import BadSetting
from render.net.proxy import VARIABLE, Proxy, operators_proxy
from render.net.system_proxies import (
    CERTIFICATES,
    PROXY_REMEDY,
    PROXY_VARIABLES,
    S3_CERTIFICATES,
    unusable_address,
    unusable_certificates,
)
from render.providers.findings import Finding, good, look, wrong

__all__ = ["look_at_network"]

KNOCK_S = 10.0


def look_at_network(around: DoctorContext) -> Sequence[Finding]:
    """Whether the operator's proxy answers, and whether what the environment says can be used where it counts."""
    environment = around.environment
    return [_proxy(environment), *_others(environment), *_certificates(environment)]


def _proxy(environment: Mapping[str, str]) -> Finding:
    try:
        proxy = operators_proxy(environment)
    except BadSetting as error:
        told, _ = told_by(error)
        return wrong("proxy", told, f"Correct {VARIABLE}, or unset it")
    if proxy is None:
        return good("proxy", f"none: {VARIABLE} is not set, and vendors are asked directly")
    return _answers(proxy)


def _answers(proxy: Proxy) -> Finding:
    """Only that something listens: whether it gives a way to a vendor, that vendor's own lines say."""
    try:
        socket.create_connection((proxy.host, proxy.port), KNOCK_S).close()
    except (OSError, UnicodeError) as error:
        return wrong("proxy", f"{proxy} does not answer: {error}", f"Start it, or correct {VARIABLE}")
    return good("proxy", f"{proxy} answers; vendors and their clips are asked for through it")


def _others(environment: Mapping[str, str]) -> Iterable[Finding]:
    """Proxies for every program, by which S3 and a Prefect server go where they are elsewhere, and vendors never."""
    said = {name: environment.get(name.lower()) or environment.get(name, "") for name in PROXY_VARIABLES}
    for name, address in said.items():
        if address and (why := unusable_address(address)):
            told = f"{name} {why}: no bucket and no Prefect server elsewhere is reached by it"
            yield look("others", told, PROXY_REMEDY)
        elif address and not environment.get(VARIABLE):
            remedy = f"If vendors are reached by a proxy alone, name it in {VARIABLE}"
            yield look("others", f"{name} is set, and is not obeyed for vendors", remedy)


def _certificates(environment: Mapping[str, str]) -> Iterable[Finding]:
    for variables in (CERTIFICATES, S3_CERTIFICATES):
        named = next((name for name in variables if environment.get(name)), None)
        if (found := unusable_certificates(environment, variables)) is not None:
            yield wrong("certificates", f"{found.variable} {found.problem}", found.remedy)
        elif named is not None:
            yield good("certificates", f"those that {named} names")
