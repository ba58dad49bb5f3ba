"""What a vendor's refusal means: its code and words as it sent them, and what the house makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from render.errors import Refused, Scope, Terminal
from render.providers.answers import Json, words


@dataclass(frozen=True, slots=True)
class Complaint:
    """A vendor's own code and words. Either may be empty."""

    code: str = ""
    words: str = ""
    input_name: str | None = None  # which parameter it objects to


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a refusal spoils and what to do now. `refused`: the vendor refused the content itself."""

    scope: Scope
    remedy: str
    refused: bool = False


Verdicts = Mapping[int | str, Verdict]
"""By the vendor's code, else by HTTP status."""

MEND_SHOT = Verdict(scope=Scope.SHOT, remedy="Mend what it names in the shot, then produce again")
OTHER_KEY = Verdict(scope=Scope.VENDOR, remedy="Check the key in {key_variable}")
PAY = Verdict(scope=Scope.VENDOR, remedy="Buy credits from {provider}, then produce again")
NOT_ALLOWED = Verdict(scope=Scope.VENDOR, remedy="Ask {provider} to allow this model for the key in {key_variable}")
NOT_THERE = Verdict(scope=Scope.VENDOR, remedy="Check {provider}'s base URL and the model's name")
CONTENT = Verdict(scope=Scope.SHOT, refused=True, remedy="Change the shot's words or references, or ask for a new take")
OTHERWISE = Verdict(scope=Scope.ATTEMPT, remedy="Look up {provider}'s documentation for this code")

HOUSE_VERDICTS: Verdicts = {
    400: MEND_SHOT,
    401: OTHER_KEY,
    402: PAY,
    403: NOT_ALLOWED,
    404: NOT_THERE,
    405: NOT_THERE,
    413: MEND_SHOT,
    422: MEND_SHOT,
    451: CONTENT,
}


def read_complaint(answer: Json) -> Complaint:
    """Finds code and words in every shape that the vendors document; an empty complaint where there is none.

    `{"message"}`, `{"message", "errors": [{"code", "message", "path"}]}`, `{"error": {"code", "message" | "title" +
    "detail", "type"}}`, `{"error": "…"}`, `{"status_message"}`, `{"detail"}`.
    """
    if not isinstance(answer, Mapping):
        return Complaint()
    error = answer.get("error")
    inner = error if isinstance(error, Mapping) else answer
    first = _first_detail(answer)
    said = [_text(inner, "message", "title", "status_message"), _text(inner, "detail"), _text(first, "message")]
    if isinstance(error, str):
        said.insert(0, error)
    return Complaint(
        code=_text(first, "code") or _text(inner, "code", "type"),
        words=words(": ".join(dict.fromkeys(filter(None, said)))),
        input_name=_text(first, "path", "param") or _text(inner, "param") or None,
    )


def _first_detail(answer: Mapping[str, Json]) -> Mapping[str, Json]:
    errors = answer.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    return first if isinstance(first, Mapping) else {}


def _text(source: Mapping[str, Json], *names: str) -> str:
    """The first of these that says something; a list is a path (`["inputs", "urls", 0]`)."""
    for name in names:
        value = source.get(name)
        if isinstance(value, list):
            value = ".".join(str(part) for part in value)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value):
            return words(str(value))
    return ""


def judge(complaint: Complaint, status: int, verdicts: Verdicts) -> Verdict:
    """The vendor's own table by code, then by status, then the house's."""
    for table, key in ((verdicts, complaint.code), (verdicts, status), (HOUSE_VERDICTS, status)):
        if key in table:
            return table[key]
    return OTHERWISE


def refusal(
    complaint: Complaint,
    status: int,
    verdicts: Verdicts,
    *,
    provider: str,
    key_variable: str,
    what: str,
    charged: bool | None,
) -> Terminal:
    """The error for a clear refusal (a 4xx). `charged` is False for a refused order: nothing was made."""
    verdict = judge(complaint, status, verdicts)
    said = f": {complaint.words}" if complaint.words else ""
    code = f" {complaint.code}" if complaint.code else ""
    remedy = verdict.remedy.format(provider=provider, key_variable=key_variable)
    kind = Refused if verdict.refused else Terminal
    return kind(
        f"{provider} refused {what} ({status}{code}){said}. {remedy}",
        code=complaint.code or f"http_{status}",
        words=complaint.words,
        scope=verdict.scope,
        charged=charged,
        input_name=complaint.input_name,
    )
