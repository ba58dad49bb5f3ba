"""Looks at a Kinovi account without ordering anything: connection, clock, key, and which of two dialects it
answers in.

Two pages of the vendor spell an order differently, and keys that it does not know are ignored: in the wrong spelling
an order costs money and gives a wrong clip. So one order is sent that is wrong for many reasons in either spelling, and
the refusal is read: a server whose errors name `urls` knows `urls`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum

from render.net.responses import Json, words
from render.providers.findings import Finding, Health, good, look, wrong
from render.providers.health_checks import Reply, Unreached, ask_once, key_finding, line_findings, said_of
from render.providers.http import VendorHttp
from render.providers.kinovi.capabilities import STANDARD, Dialect
from render.providers.vendor_errors import read_vendor_error

NO_TASK = "task_that_cannot_exist"

NONSENSE: Mapping[str, Json] = {
    "mode": "reference",
    "prompt": "",
    "urls": 0,
    "imageUrls": 0,
    "videoUrls": 0,
    "audioUrls": 0,
    "duration": "0",
    "aspectRatio": "0:0",
    "outputResolution": "0p",
    "upscaleResolution": "0k",
    "seed": "none",
    "generate_audio": "none",
}
"""No server can take this, however lenient: in either dialect there is no prompt, no reference, and no value sold."""

_KNOWN_BY = {"urls": Dialect.URLS, "imageUrls": Dialect.TYPED, "videoUrls": Dialect.TYPED}
_UNKNOWN_KEY = re.compile(r"unrecogni[sz]ed|unknown|unexpected|not allowed", re.IGNORECASE)


class Spoken(StrEnum):
    """Which dialect's keys a refusal names."""

    URLS = "urls"
    TYPED = "typed"
    BOTH = "both"
    UNTOLD = "untold"


async def examine(http: VendorHttp, dialect: Dialect) -> tuple[Finding, ...]:
    """Connection, clock, key; and the dialect where the key is good. Two questions, and neither can cost anything."""
    try:
        reply = await ask_once(http, "GET", "/jobs/recordInfo", params={"taskId": NO_TASK})
    except Unreached as unreached:
        return (unreached.finding,)
    key = good("key", "accepted") if _knows_no_such_task(reply) else key_finding(http.endpoint, reply)
    found = (*line_findings(http.endpoint, reply), key)
    return (*found, await _dialect(http, dialect)) if key.health is Health.GOOD else found


def spoken(told: Json) -> Spoken:
    """Which dialect's own keys the errors of a refusal name."""
    dialects = {_KNOWN_BY[name] for name in _named_in(told) if name in _KNOWN_BY}
    if len(dialects) == 1:
        return Spoken(dialects.pop().value)
    return Spoken.BOTH if dialects else Spoken.UNTOLD


async def _dialect(http: VendorHttp, ours: Dialect) -> Finding:
    try:
        reply = await ask_once(http, "POST", "/jobs/createTask", body={"model": STANDARD, "inputs": dict(NONSENSE)})
    except Unreached as unreached:
        return _untold(ours, unreached.finding.value)
    if reply.status < 300:
        return _taken(ours, reply)
    if not 400 <= reply.status < 500 or reply.status in {402, 408, 429}:
        return _untold(ours, f"it answered {reply.status}{said_of(http.endpoint, reply.answer)}")
    return _compared(ours, spoken(reply.json()))


def _compared(ours: Dialect, theirs: Spoken) -> Finding:
    match theirs:
        case Spoken.UNTOLD:
            return _untold(ours, "its refusal names no key that only one of them has")
        case Spoken.BOTH:
            return good("dialect", f"it takes both; orders are spelled as `{ours}`")
        case Spoken.URLS | Spoken.TYPED if theirs.value == ours.value:
            return good("dialect", f"`{ours}`, as it answers")
    return wrong(
        "dialect",
        f"it answers as `{theirs}`, and orders are spelled as `{ours}`",
        f"Set KINOVI_DIALECT={theirs} before you order: keys that it does not know are ignored, and paid for",
    )


def _untold(ours: Dialect, why: str) -> Finding:
    remedy = "Make one short shot there first, and look whether its clip follows the references"
    return look("dialect", f"cannot be told, orders are spelled as `{ours}`: {why}", remedy)


def _taken(ours: Dialect, reply: Reply) -> Finding:
    """It must never come to this; if it does, somebody has to know at once what was taken."""
    told = reply.json()
    task = told.get("taskId") if isinstance(told, Mapping) else None
    if task is None:
        return _untold(ours, f"it answered {reply.status} to an order that nobody can take")
    return wrong(
        "dialect",
        f"IT TOOK AN ORDER THAT HOLDS NOTHING BUT NONSENSE, as task {words(str(task))[:200]}",
        "Look at that task on kinovi's own page, and ask kinovi not to charge it; it stands in no ledger",
    )


def _knows_no_such_task(reply: Reply) -> bool:
    """The documented answer to whoever may ask, about a task that there is not."""
    return reply.status == 404 and read_vendor_error(reply.json()).words.lower() == "task not found"


def _named_in(told: Json) -> Iterator[str]:
    """The names in the paths of a refusal, save those that it only calls unknown."""
    errors = told.get("errors") if isinstance(told, Mapping) else None
    for error in errors if isinstance(errors, list) else ():
        if not isinstance(error, Mapping) or _UNKNOWN_KEY.search(f"{error.get('code')} {error.get('message')}"):
            continue
        path = error.get("path")
        parts = path if isinstance(path, list) else [path]
        yield from (name for part in parts for name in re.split(r"[^A-Za-z]+", str(part)))
