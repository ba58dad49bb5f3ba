"""Each vendor's documented errors as it would send them, and what the real client makes of them over a socket."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from render.errors import PutOff, Refused, Scope, TakeError, Terminal, Transient, UnknownOutcome
from render.providers.base import Ended, JobRef, Provider
from tests.acme.orders import order
from tests.render.providers.hosted import hosted, published, says
from tests.render.providers.wire import Say
from tests.vendors import FACTS

ANY_WORDS = "…"
"""Stands in the page for words that no page of the vendor gives."""

UNDOCUMENTED = "what went wrong"
FOLLOWS = {
    "waits": "waits",
    "again": "asks again",
    "unknown": "unknown",
    "refused": "shot refused",
    Scope.SHOT: "shot fails",
    Scope.ATTEMPT: "take fails",
    Scope.VENDOR: "vendor stopped",
}
"""What an error means, in the page's words."""

LOST = "`tailframe reconcile` settles it"
PATIENCE = "nothing"


@dataclass(frozen=True, slots=True)
class Row:
    """One error as the page has it. `answer` is a status, a code, or both."""

    at: str  # order, job, question, upload
    answer: str
    words: str
    follows: str
    charged: str
    remedy: str

    @property
    def status(self) -> int:
        """The HTTP status; 200 of a job that failed."""
        first = self.answer.split()[0]
        return int(first) if first.isdigit() else 200

    @property
    def code(self) -> str:
        """The vendor's code; empty where it gives none."""
        return self.answer.partition("`")[2].rstrip("`")

    @property
    def said(self) -> str:
        """The words that are sent."""
        return UNDOCUMENTED if self.words == ANY_WORDS else self.words


@dataclass(frozen=True, slots=True)
class Made:
    """What the client made of an answer."""

    follows: str
    code: str
    words: str
    charged: str
    remedy: str  # in the error's text, or beside the end of a job


async def made_of(vendor: str, row: Row, folder: Path) -> Made:
    """Send the row's answer to the real client, and say what it makes of it."""
    answer = _answer(vendor, row)
    async with hosted(vendor, answer) as (provider, server):
        if row.at == "upload" and (before := FACTS[vendor].before_upload) is not None:
            server.answers = [before(server.url), answer]
        try:
            end = await _provoke(provider, row, folder)
        except TakeError as error:
            return _of_error(error, row)
    assert isinstance(end, Ended), end
    charged = {False: "no", None: "counts as spent"}[end.charged]
    return Made(FOLLOWS["refused" if end.refused else end.scope], end.code, end.words, charged, end.remedy)


async def _provoke(provider: Provider, row: Row, folder: Path) -> object:
    request = order(provider=provider.capabilities.provider, model=provider.capabilities.default_model)
    if row.at == "order":
        return await provider.create(request, (published("@image1"),), take_id="take-1")
    if row.at == "upload":
        file = folder / "a.png"
        file.write_bytes(b"a picture")
        return await provider.publish(published("@image1").reference, file)
    return await provider.poll(JobRef("job-1", request))


def _of_error(error: TakeError, row: Row) -> Made:
    text = str(error)
    assert (row.at != "order") or "e01/lamp/010" in text, f"no shot is named: {text}"
    follows = {PutOff: "waits", Transient: "again", UnknownOutcome: "unknown", Refused: "refused"}.get(
        type(error), error.scope
    )
    charged = "–" if row.at in {"question", "upload"} else {False: "no", None: "reserved"}[error.charged]
    remedy = {"waits": PATIENCE, "again": PATIENCE, "unknown": LOST}.get(str(follows), text)
    assert follows != "unknown" or LOST in text
    if follows is Scope.ATTEMPT and row.at != "order":
        follows = Scope.SHOT  # in this run; the take stands where it stood
    assert isinstance(error, Terminal) == (remedy is text)
    return Made(FOLLOWS[follows], error.code, text, charged, remedy)


def _answer(vendor: str, row: Row) -> Say:
    """A question that is put off for long is handed back at once, so that no test sits it out."""
    later = {"Retry_After": "600"} if row.status == 429 else {}
    facts = FACTS[vendor]
    if row.at == "job":
        return says(facts.failed_job(row.code, row.said), row.status, **later)
    return says(facts.refusal(row.status, row.code, row.said), row.status, **later)
