"""What an HTTP answer means, as a value or an error of `render.errors`. Pure.

An order and a question read the same status differently, as only one of them costs money.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from render.errors import NotSent, PutOff, TakeError, Terminal, Transient, UnknownOutcome
from render.net.rate_limit import retry_after_s
from render.net.responses import Json, Unreadable, read_json, without, words
from render.providers.endpoint import Endpoint
from render.providers.vendor_errors import VendorError, numbered, refusal

T = TypeVar("T")
Read = Callable[[Json], T]
"""Takes what is wanted out of an answer. LookupError, TypeError or ValueError mean that the answer is unreadable."""

UNCERTAIN = frozenset({302, 303, 408})
"""Answers under 500 that a server may give after it has taken an order."""

UNREADABLE = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer's status, headers and bytes, from which the key is already taken out.

    `conceal` takes it out of a text: where JSON escapes letters, only its reader sees what they say.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    conceal: Callable[[str], str] = str

    @property
    def asked_wait_s(self) -> float | None:
        """Seconds that `Retry-After` asks to wait; None where it asks for nothing."""
        return retry_after_s(self.headers.get("retry-after"), datetime.now(UTC))

    @property
    def uncertain(self) -> bool:
        """Whether it leaves open what the vendor did with the request."""
        return self.status >= 500 or self.status in UNCERTAIN

    def json(self) -> Json:
        """The body, read under limits; raises Unreadable."""
        told = read_json(self.body, self.headers.get("content-type", ""))
        return without(told, self.conceal) if b"\\" in self.body else told


def order_outcome(endpoint: Endpoint, answer: Answer, read: Read[T], what: str, wait_s: float | None) -> T:
    """What `read` finds in the answer to an order, else PutOff, Terminal or UnknownOutcome."""
    if answer.status == 429:
        raise _put_off(PutOff, endpoint, answer, what, wait_s)
    if answer.uncertain:
        vendor_error = _vendor_error(endpoint, answer)
        raise unknown(
            endpoint,
            what,
            f"it answered {numbered(answer.status, vendor_error)}{_said(vendor_error)}",
            vendor_error.code,
        )
    if answer.status >= 300:
        raise _refusal(endpoint, answer, what, charged=False)
    try:
        return read(answer.json())
    except UNREADABLE as error:
        raise unknown(endpoint, what, f"its answer cannot be read: {_unreadable(error, answer)}") from None


def question_outcome(
    endpoint: Endpoint, answer: Answer, read: Read[T], what: str, wait_s: float | None, *, asked: bool = True
) -> T:
    """What `read` finds in the answer to a question, else Transient or Terminal. `asked`: it is one about a job."""
    if answer.status == 429 or answer.uncertain:
        raise _put_off(Transient, endpoint, answer, what, wait_s)
    if answer.status >= 300:
        raise _refusal(endpoint, answer, what, charged=None, asked=asked)
    try:
        return read(answer.json())
    except UNREADABLE as error:
        raise Transient(
            f"{what}: {endpoint.provider}'s answer cannot be read: {_unreadable(error, answer)}",
            "Try again",
            code="unreadable",
        ) from None


def transfer_outcome(endpoint: Endpoint, answer: Answer, what: str) -> None:
    """Whether a file arrived where a link said; what such a host answers besides its status says nothing."""
    if answer.status == 429 or answer.uncertain:
        raise _put_off(Transient, endpoint, answer, what, answer.asked_wait_s)
    if answer.status >= 300:
        raise Terminal(
            f"{what} was refused where {endpoint.provider} wanted it ({answer.status})",
            f"Produce again: another place is asked for then. Where it stays so, tell {endpoint.provider}",
            code=f"http_{answer.status}",
        )


def unknown(endpoint: Endpoint, what: str, why: str, code: str = "") -> UnknownOutcome:
    """An order left and nobody knows whether it was taken."""
    return UnknownOutcome(
        f"{what} left for {endpoint.provider}, and it is not known whether it was taken: {why}",
        "It is not sent again by itself; `tailframe reconcile` settles it",
        code=code,
        words=why,
    )


def cause(error: Exception) -> str:
    """Why no answer came, in words fit to be shown."""
    if isinstance(error, TakeError):
        return str(error)
    return words(str(error)).rstrip(".") or type(error).__name__


def _put_off(kind: type[Transient], endpoint: Endpoint, answer: Answer, what: str, wait_s: float | None) -> Transient:
    vendor_error = _vendor_error(endpoint, answer)
    return kind(
        f"{endpoint.provider} put off {what} ({numbered(answer.status, vendor_error)}){_said(vendor_error)}",
        "Try again",
        code=vendor_error.code or f"http_{answer.status}",
        words=vendor_error.words,
        charged=False if issubclass(kind, NotSent) else None,
        retry_after_s=wait_s,
    )


def _refusal(endpoint: Endpoint, answer: Answer, what: str, *, charged: bool | None, asked: bool = False) -> Terminal:
    return refusal(
        _vendor_error(endpoint, answer),
        answer.status,
        endpoint.error_codes,
        provider=endpoint.provider,
        key_variable=endpoint.key_variable,
        what=what,
        charged=charged,
        asked=asked,
    )


def _vendor_error(endpoint: Endpoint, answer: Answer) -> VendorError:
    try:
        return endpoint.vendor_error(answer.json())
    except UNREADABLE:
        return VendorError(words=words(answer.body[:200].decode("utf-8", "replace")))


def _said(vendor_error: VendorError) -> str:
    return f": {vendor_error.words.rstrip('. ')}" if vendor_error.words else ""


def _unreadable(error: Exception, answer: Answer) -> str:
    if isinstance(error, Unreadable):
        return words(str(error))
    return f"{type(error).__name__} in {words(answer.body[:200].decode('utf-8', 'replace'))}"
