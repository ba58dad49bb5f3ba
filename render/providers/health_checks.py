"""What examinations of vendors share: a question asked once, and what its answer says of connection, clock, key and
balance.

Whatever is asked here costs nothing, is asked once, and touches no ledger.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime

import httpx

from render.errors import ForbiddenAddress
from render.net.responses import Json, Unreadable, words
from render.providers.endpoint import Endpoint
from render.providers.findings import Finding, good, look, wrong
from render.providers.http import VendorHttp
from render.providers.http_outcomes import UNREADABLE, Answer, cause
from render.providers.parsing import amount
from render.providers.vendor_errors import PAY
from storyboard.accounts import variable_of

CLOCK_MAY_DIFFER_S = 60.0
"""A larger difference between the vendor's clock and this machine's is told."""

CLOCK_MUST_NOT_DIFFER_S = 900.0
"""S3 refuses requests that were signed by a clock so far off; links that are signed then begin in the future."""

_LEFT = re.compile(r"credit|balance|remain|avail|left|usd|amount", re.IGNORECASE)
_NOT_LEFT = re.compile(r"used|spent|frozen|reserved|consumed|expire|limit|total|_at$|_id$", re.IGNORECASE)
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of whatever status, how long it took, and by how much the vendor's clock is ahead of this one."""

    answer: Answer
    took_s: float
    ahead_s: float | None

    @property
    def status(self) -> int:
        """The answer's status."""
        return self.answer.status

    def json(self) -> Json:
        """The answer's JSON; None where it is none."""
        try:
            return self.answer.json()
        except UNREADABLE:
            return None


class Unreached(Exception):
    """Nothing was answered; `finding` says why."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.value)


async def ask_once(
    http: VendorHttp, method: str, path: str, *, params: Mapping[str, str] | None = None, body: Json = None
) -> Reply:
    """Ask, and return whatever is answered, of any status. Raises Unreached where nothing is."""
    began = time.time()
    try:
        answer = await http.request_once(method, path, params=params, body=body)
    except (httpx.HTTPError, OSError, Unreadable, ForbiddenAddress) as error:
        raise Unreached(_unreached(http.endpoint, error)) from None
    took_s = time.time() - began
    return Reply(answer, took_s, _ahead_s(answer, began + took_s / 2))


async def examine_by_credits(http: VendorHttp, path: str) -> tuple[Finding, ...]:
    """Connection, clock, key and balance, by one question for the account's credits. A failed one is a finding."""
    try:
        return credits_findings(http.endpoint, await ask_once(http, "GET", path))
    except Unreached as unreached:
        return (unreached.finding,)


def credits_findings(endpoint: Endpoint, reply: Reply) -> tuple[Finding, ...]:
    """What the answer to a question for the account's credits says of connection, clock, key and balance."""
    balance = (balance_finding(endpoint, reply),) if reply.status < 300 else ()
    return (*line_findings(endpoint, reply), key_finding(endpoint, reply), *balance)


def line_findings(endpoint: Endpoint, reply: Reply) -> tuple[Finding, ...]:
    """That the vendor is there, and whether its clock and this machine's agree."""
    line = f"{endpoint.base_url} in {reply.took_s * 1000:.0f} ms"
    if reply.ahead_s is None or abs(reply.ahead_s) <= CLOCK_MAY_DIFFER_S:
        return (good("reached", line if reply.ahead_s is None else f"{line}; the clocks agree"),)
    side = "behind" if reply.ahead_s > 0 else "ahead of"
    told = f"this machine's is {abs(reply.ahead_s):.0f} s {side} the vendor's"
    clock = wrong if abs(reply.ahead_s) > CLOCK_MUST_NOT_DIFFER_S else look
    return good("reached", line), clock("clock", told, "Set this machine's clock: signed links are judged by it")


def key_finding(endpoint: Endpoint, reply: Reply) -> Finding:
    """What an answer to a question that needs the key says of the key."""
    said = said_of(endpoint, reply.answer)
    if reply.status < 300:
        return good("key", "accepted")
    if reply.status == 401:
        return wrong("key", f"refused (401){said}", f"Check the key in {endpoint.key_variable}")
    if reply.status == 402:
        return look("key", f"accepted, and nothing is left (402){said}", PAY.remedy.format(provider=endpoint.provider))
    if reply.status == 403:
        return wrong(
            "key",
            f"not allowed (403){said}",
            f"Ask {endpoint.provider} what the key in {endpoint.key_variable} is allowed; "
            "a firewall in between answers so too",
        )
    return look(
        "key", f"cannot be told: {endpoint.provider} answered {reply.status}{said}", _remedy(endpoint, reply.status)
    )


def balance_finding(endpoint: Endpoint, reply: Reply) -> Finding:
    """What is left in the account. No vendor documents how it tells this, so every likely figure is shown."""
    figures = dict(_figures(reply.json(), _DEEPEST))
    if not figures:
        return look("balance", "answered, in a form that is not known", f"See it on {endpoint.provider}'s own page")
    shown = ", ".join(f"{name} {figure:f}" for name, figure in list(figures.items())[:4])
    if not any(figures.values()):
        return look("balance", shown, f"Buy credits from {endpoint.provider} before you produce")
    return good("balance", shown)


def said_of(endpoint: Endpoint, answer: Answer) -> str:
    """The vendor's own words in a refusal, after a colon; empty where there are none."""
    try:
        vendor_error = endpoint.vendor_error(answer.json())
    except UNREADABLE:
        return ""
    return f": {vendor_error.words}" if vendor_error.words else ""


def _figures(told: Json, depth: int) -> Iterator[tuple[str, Decimal]]:
    """Every amount under a name that could mean what is left."""
    if not isinstance(told, Mapping) or depth == 0:
        return
    for name, value in told.items():
        figure = amount(value)
        if figure is not None and _LEFT.search(name) and not _NOT_LEFT.search(name):
            yield words(name)[:40], figure
        yield from _figures(value, depth - 1)


def _ahead_s(answer: Answer, asked_at: float) -> float | None:
    """By how much the vendor's clock is ahead, as its `Date` tells: whole seconds, cut off."""
    try:
        told = parsedate_to_datetime(answer.headers.get("date", ""))
    except (ValueError, TypeError, OverflowError):
        return None
    told = told if told.tzinfo else told.replace(tzinfo=UTC)
    return (told - datetime.fromtimestamp(asked_at, UTC)).total_seconds() + 0.5


def _unreached(endpoint: Endpoint, error: Exception) -> Finding:
    why = "no answer in time" if isinstance(error, TimeoutError) else cause(error)
    variable = variable_of(endpoint.provider, "BASE_URL")
    if "CERTIFICATE" in why.upper() or "SSL" in why.upper():
        remedy = "Its certificate is not trusted here: check the clock, and SSL_CERT_FILE if your network has its own"
    elif isinstance(error, ForbiddenAddress):
        remedy = f"Check {variable}, and how this machine resolves names"
    else:
        remedy = f"Check {variable} and that this machine may connect there; proxies of the environment are not used"
    return wrong("reached", f"{endpoint.base_url}: {why}", remedy)


def _remedy(endpoint: Endpoint, status: int) -> str:
    if status == 429 or status >= 500:
        return "Ask again in a minute"
    variable = variable_of(endpoint.provider, "BASE_URL")
    return f"Check {variable}: this is not what that address answers by its documentation"
