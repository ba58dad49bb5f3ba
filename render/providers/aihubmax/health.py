"""Looks at an AIHubMax account without ordering anything: line, clock, key and what is left."""

from __future__ import annotations

from render.providers.findings import Finding
from render.providers.health_checks import Unreached, ask_once, balance_finding, key_finding, line_findings
from render.providers.http import VendorHttp


async def examine(http: VendorHttp) -> tuple[Finding, ...]:
    """One question, for the account's credits."""
    try:
        reply = await ask_once(http, "GET", "/v1/account/credits")
    except Unreached as unreached:
        return (unreached.finding,)
    balance = (balance_finding(http.endpoint, reply),) if reply.status < 300 else ()
    return (*line_findings(http.endpoint, reply), key_finding(http.endpoint, reply), *balance)
