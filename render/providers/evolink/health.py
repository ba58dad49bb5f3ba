"""Looks at an EvoLink account without ordering anything: both hosts, the clock, the key and the balance."""

from __future__ import annotations

from dataclasses import replace

from render.net.addresses import is_loopback_url
from render.providers.findings import Finding, good, wrong
from render.providers.health_checks import Unreached, ask_once, credits_findings
from render.providers.http import VendorHttp


async def examine(http: VendorHttp, files: VendorHttp) -> tuple[Finding, ...]:
    """The API by its credits; the host for files by whether it answers at all. Whether it takes a file costs a file."""
    try:
        reply = await ask_once(http, "GET", "/v1/credits")
    except Unreached as unreached:
        return (unreached.finding,)
    return (*credits_findings(http.endpoint, reply), await _files(http, files))


async def _files(http: VendorHttp, files: VendorHttp) -> Finding:
    """Beside a stand-in the real host is not even asked: a stand-in's key has no business there."""
    if http.allow_loopback and not is_loopback_url(files.endpoint.base_url):
        told = f"{files.endpoint.base_url} is the real one, and EVOLINK_BASE_URL is on this machine"
        return wrong("files", told, "Set EVOLINK_FILES_URL to the stand-in's too")
    try:
        reply = await ask_once(files, "GET", "/")
    except Unreached as unreached:
        remedy = unreached.finding.remedy.replace("EVOLINK_BASE_URL", "EVOLINK_FILES_URL")
        return replace(unreached.finding, what="files", remedy=remedy)
    return good("files", f"{files.endpoint.base_url} in {reply.took_s * 1000:.0f} ms")
