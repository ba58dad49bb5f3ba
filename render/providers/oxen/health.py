"""Looks at an Oxen.ai account without ordering anything: connection, clock, key, and whether it may have the model."""

from __future__ import annotations

from render.providers.findings import Finding, Health, good, look, wrong
from render.providers.health_checks import Unreached, ask_once, key_finding, line_findings, said_of
from render.providers.http import VendorHttp, quoted


async def examine(http: VendorHttp, models: tuple[str, ...], namespace: str | None) -> tuple[Finding, ...]:
    """The key by the queue, which is the account's own; each model by its page, which shows what it takes."""
    params = {"status": "queued"} | ({} if namespace is None else {"namespace": namespace})
    try:
        reply = await ask_once(http, "GET", "/queue", params=params)
    except Unreached as unreached:
        return (unreached.finding,)
    key = key_finding(http.endpoint, reply)
    found = (*line_findings(http.endpoint, reply), key)
    if key.health is not Health.GOOD:
        return found
    return (*found, *[await _model(http, model) for model in models])


async def _model(http: VendorHttp, model: str) -> Finding:
    try:
        reply = await ask_once(http, "GET", f"/models/{quoted(model)}")
    except Unreached as unreached:
        return look("model", f"{model}: {unreached.finding.value}", "Ask again in a minute")
    if reply.status < 300:
        return good("model", model)
    told = f"{model}: it answered {reply.status}{said_of(http.endpoint, reply.answer)}"
    if reply.status in {403, 404}:
        return wrong("model", told, f"Ask oxen to allow this model for the key in {http.endpoint.key_variable}")
    return look("model", told, "Ask again in a minute")
