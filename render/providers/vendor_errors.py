"""What a vendor's error codes mean: code and words as it sent them, what they spoil, and what to do now. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from render.errors import Refused, Scope, Terminal
from render.net.responses import Json, words


@dataclass(frozen=True, slots=True)
class VendorError:
    """A vendor's own code and words. Any may be empty."""

    code: str = ""
    words: str = ""
    input_name: str | None = None  # which parameters it objects to, as it writes them: "inputs.urls.0, inputs.duration"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorMeaning:
    """What a refusal spoils and what to do now. `refused`: the vendor refused the content itself."""

    scope: Scope
    remedy: str
    refused: bool = False


ErrorMeanings = Mapping[int | str, ErrorMeaning]
"""By the vendor's code, else by HTTP status."""

MEND_SHOT = ErrorMeaning(scope=Scope.SHOT, remedy="Mend what it names in the shot, then produce again")
TOO_LARGE = ErrorMeaning(scope=Scope.SHOT, remedy="Give fewer or smaller references, then produce again")
OTHER_PICTURE = ErrorMeaning(scope=Scope.SHOT, remedy="Give another picture for the reference, then produce again")
CONTENT = ErrorMeaning(
    scope=Scope.SHOT, refused=True, remedy="Change the shot's words or references, or ask for a new take"
)
OTHER_KEY = ErrorMeaning(scope=Scope.VENDOR, remedy="Check the key in {key_variable}")
PAY = ErrorMeaning(scope=Scope.VENDOR, remedy="Buy credits from {provider}, then produce again")
NOT_ALLOWED = ErrorMeaning(
    scope=Scope.VENDOR, remedy="Ask {provider} to allow this model for the key in {key_variable}"
)
NOT_THERE = ErrorMeaning(scope=Scope.VENDOR, remedy="Check {provider}'s base URL and the model's name")
OUTAGE = ErrorMeaning(
    scope=Scope.VENDOR, remedy="{provider} has no room now: produce again later, or name another vendor as well"
)
LATER = ErrorMeaning(scope=Scope.ATTEMPT, remedy="Produce again later: {provider} failed, not the shot")
ONCE_MORE = ErrorMeaning(
    scope=Scope.ATTEMPT, remedy="Produce again; where it fails so once more, change the shot's words or references"
)
NO_SUCH_JOB = ErrorMeaning(
    scope=Scope.ATTEMPT,
    remedy="Look for the job on {provider}'s own page, with the account of the key in {key_variable}",
)
OTHERWISE = ErrorMeaning(scope=Scope.ATTEMPT, remedy="Look up {provider}'s documentation for this code")

COMMON_ERROR_CODES: ErrorMeanings = {
    400: MEND_SHOT,
    401: OTHER_KEY,
    402: PAY,
    403: NOT_ALLOWED,
    404: NOT_THERE,
    405: NOT_THERE,
    413: TOO_LARGE,
    422: MEND_SHOT,
    451: CONTENT,
}
"""What HTTP statuses mean where a vendor's own table says nothing: of orders and uploads."""

QUESTION_ERROR_CODES: ErrorMeanings = {404: NO_SUCH_JOB}
"""The same of questions about a job: there the address is known to be right."""


def read_vendor_error(answer: Json) -> VendorError:
    """Finds code and words in every shape that the vendors document; an empty error where there is none.

    `{"message"}`, `{"message", "errors": [{"code", "message", "path"}]}`, `{"error": {"code", "message" | "title" +
    "detail", "type"}}`, `{"error": "…"}`, `{"status_message"}`, `{"detail"}`.
    """
    if not isinstance(answer, Mapping):
        return VendorError()
    error, details = answer.get("error"), _details(answer)
    inner = error if isinstance(error, Mapping) else answer
    said = [_text(inner, "message", "title", "status_message"), _text(inner, "detail")]
    if isinstance(error, str):
        said.insert(0, words(error))
    detailed = "; ".join(_different(details, "message"))
    inputs = ", ".join(_different(details, "path", "param")) or _text(inner, "param")
    return VendorError(
        code=_first(details, "code") or _text(inner, "code", "type"),
        words=words(": ".join(dict.fromkeys(filter(None, [*said, detailed])))),
        input_name=inputs or None,
    )


def _details(answer: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    """A list of single errors, where there is one; a page's example shows what each may hold."""
    errors = answer.get("errors")
    return [each for each in errors if isinstance(each, Mapping)] if isinstance(errors, list) else []


def _different(details: list[Mapping[str, Json]], *names: str) -> list[str]:
    return [each for each in dict.fromkeys(_text(detail, *names) for detail in details) if each]


def _first(details: list[Mapping[str, Json]], name: str) -> str:
    return _text(details[0], name) if details else ""


def _text(source: Mapping[str, Json], *names: str) -> str:
    """The first of these that says something; a list is a path (`["inputs", "urls", 0]`)."""
    for name in names:
        value = source.get(name)
        if isinstance(value, list):
            value = ".".join(str(part) for part in value)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value):
            return words(str(value))
    return ""


def meaning_of(
    vendor_error: VendorError, status: int, error_codes: ErrorMeanings, *, asked: bool = False
) -> ErrorMeaning:
    """What an error means: by the vendor's own table by code, then by HTTP status, then by the common table.

    `asked`: it answers a question about a job, so that a 404 is about the job.
    """
    tables: list[tuple[ErrorMeanings, int | str]] = [
        (error_codes, vendor_error.code),
        (error_codes, status),
        (COMMON_ERROR_CODES, status),
    ]
    if asked:
        tables.insert(1, (QUESTION_ERROR_CODES, status))
    for table, key in tables:
        if key in table:
            return table[key]
    return OTHERWISE


def refusal(
    vendor_error: VendorError,
    status: int,
    error_codes: ErrorMeanings,
    *,
    provider: str,
    key_variable: str,
    what: str,
    charged: bool | None,
    asked: bool = False,
) -> Terminal:
    """The error for a clear refusal (a 4xx). `charged` is False for a refused order: nothing was made."""
    meaning = meaning_of(vendor_error, status, error_codes, asked=asked)
    said = f": {vendor_error.words.rstrip('. ')}" if vendor_error.words else ""
    remedy = meaning.remedy.format(provider=provider, key_variable=key_variable)
    kind = Refused if meaning.refused else Terminal
    return kind(
        f"{provider} refused {what} ({numbered(status, vendor_error)}){said}",
        remedy,
        code=vendor_error.code or f"http_{status}",
        words=vendor_error.words,
        scope=meaning.scope,
        charged=charged,
        input_name=vendor_error.input_name,
    )


def numbered(status: int, vendor_error: VendorError) -> str:
    """An answer's status with the vendor's own code beside it: `400 too_big`."""
    return f"{status} {vendor_error.code}".rstrip()
