"""What an answer means. An order and a question read the same status differently, as only one of them costs money."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from render.errors import NotSent, PutOff, TakeError, Terminal, Transient, UnknownOutcome
from render.providers.answers import Json, Unreadable, read_json, without, words
from render.providers.complaints import Complaint, numbered, refusal
from render.providers.pace import retry_after_s
from render.providers.site import VendorSite

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
        """What `Retry-After` says."""
        return retry_after_s(self.headers.get("retry-after"), datetime.now(UTC))

    @property
    def uncertain(self) -> bool:
        """Whether it leaves open what the vendor did."""
        return self.status >= 500 or self.status in UNCERTAIN

    def json(self) -> Json:
        """The body, read under limits; raises Unreadable."""
        told = read_json(self.body, self.headers.get("content-type", ""))
        return without(told, self.conceal) if b"\\" in self.body else told


def order_outcome(site: VendorSite, answer: Answer, read: Read[T], what: str, wait_s: float | None) -> T:
    """What `read` finds in the answer to an order, else PutOff, Terminal or UnknownOutcome."""
    if answer.status == 429:
        raise _put_off(PutOff, site, answer, what, wait_s)
    if answer.uncertain:
        complaint = _complaint(site, answer)
        raise unknown(site, what, f"it answered {numbered(answer.status, complaint)}{_said(complaint)}", complaint.code)
    if answer.status >= 300:
        raise _refusal(site, answer, what, charged=False)
    try:
        return read(answer.json())
    except UNREADABLE as error:
        raise unknown(site, what, f"its answer cannot be read: {_unreadable(error, answer)}") from None


def question_outcome(
    site: VendorSite, answer: Answer, read: Read[T], what: str, wait_s: float | None, *, asked: bool = True
) -> T:
    """What `read` finds in the answer to a question, else Transient or Terminal. `asked`: it is one about a job."""
    if answer.status == 429 or answer.uncertain:
        raise _put_off(Transient, site, answer, what, wait_s)
    if answer.status >= 300:
        raise _refusal(site, answer, what, charged=None, asked=asked)
    try:
        return read(answer.json())
    except UNREADABLE as error:
        raise Transient(
            f"{what}: {site.provider}'s answer cannot be read: {_unreadable(error, answer)}. Try again",
            code="unreadable",
        ) from None


def transfer_outcome(site: VendorSite, answer: Answer, what: str) -> None:
    """Whether a file arrived where a link said; what such a host answers besides its status says nothing."""
    if answer.status == 429 or answer.uncertain:
        raise _put_off(Transient, site, answer, what, answer.asked_wait_s)
    if answer.status >= 300:
        raise Terminal(
            f"{what} was refused where {site.provider} wanted it ({answer.status}). Produce again: another place is "
            f"asked for then. Where it stays so, tell {site.provider}",
            code=f"http_{answer.status}",
        )


def unknown(site: VendorSite, what: str, why: str, code: str = "") -> UnknownOutcome:
    """An order left and nobody knows whether it was taken."""
    return UnknownOutcome(
        f"{what} left for {site.provider}, and it is not known whether it was taken: {why}. "
        f"It is not sent again by itself; `tailframe reconcile` settles it",
        code=code,
        words=why,
    )


def cause(error: Exception) -> str:
    """Why no answer came, in words fit to be shown."""
    if isinstance(error, TakeError):
        return error.message
    return words(str(error)).rstrip(".") or type(error).__name__


def _put_off(kind: type[Transient], site: VendorSite, answer: Answer, what: str, wait_s: float | None) -> Transient:
    complaint = _complaint(site, answer)
    return kind(
        f"{site.provider} put off {what} ({numbered(answer.status, complaint)}){_said(complaint)}. Try again",
        code=complaint.code or f"http_{answer.status}",
        words=complaint.words,
        charged=False if issubclass(kind, NotSent) else None,
        retry_after_s=wait_s,
    )


def _refusal(site: VendorSite, answer: Answer, what: str, *, charged: bool | None, asked: bool = False) -> Terminal:
    return refusal(
        _complaint(site, answer),
        answer.status,
        site.verdicts,
        provider=site.provider,
        key_variable=site.key_variable,
        what=what,
        charged=charged,
        asked=asked,
    )


def _complaint(site: VendorSite, answer: Answer) -> Complaint:
    try:
        return site.complaint(answer.json())
    except UNREADABLE:
        return Complaint(words=words(answer.body[:200].decode("utf-8", "replace")))


def _said(complaint: Complaint) -> str:
    return f": {complaint.words.rstrip('. ')}" if complaint.words else ""


def _unreadable(error: Exception, answer: Answer) -> str:
    if isinstance(error, Unreadable):
        return words(str(error))
    return f"{type(error).__name__} in {words(answer.body[:200].decode('utf-8', 'replace'))}"
