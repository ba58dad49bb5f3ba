"""What all pages have in common: who asks, the frame around every page, and errors as pages that say what to do."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from flows.errors import FlowError
from flows.review.form_data import FormRefused
from flows.review.gate import Session, own_path
from flows.review.room import Room
from render.claim_errors import BudgetRefused, OnHold
from render.errors import ChoiceChanged, LedgerConflict, RenderError
from storyboard.errors import InvalidProject, NoSuchName, StoryboardError, TailframeError
from storyboard.text.printable import printable

__all__ = ["Endpoint", "answering", "done", "person_of", "session_of", "shown"]

Endpoint = Callable[[Request], Awaitable[Response]]

DONE = {
    "circled": "Circled.",
    "rejected": "Rejected.",
    "noted": "Noted.",
    "waived": "Waived: the cut goes without it.",
    "unwaived": "Asked for again.",
    "held": "On hold: nothing more is ordered.",
    "released": "Released.",
    "settled": "Settled.",
    "asked": "Asked for; it is shown above, and here when it is done.",
    "named": "Your name is kept.",
    "approved": "Approved.",
    "withdrawn": "Withdrawn.",
}
"""What a page says after something was done, by the word in its address: never a text that came from there."""


def session_of(request: Request) -> Session:
    """Whose request it is; the guard has let it in."""
    session: Session | None = request.state.session
    assert session is not None, "a page behind the door was asked for without a session"
    return session


def person_of(room: Room, request: Request) -> str:
    """Who acts: the name that they gave, else whoever started the room."""
    return session_of(request).person or room.person


async def shown(
    room: Room, request: Request, template: str, page: str, values: Mapping[str, Any], *, status: int = 200
) -> Response:
    """A page of the room, with the frame that all have. Rendered in a thread: a board takes a while."""
    session = session_of(request)
    framed = {
        "page": page,
        "path": request.url.path,
        "query": request.url.query,
        "form_token": room.gate.form_token(session),
        "person": person_of(room, request),
        "done": DONE.get(request.query_params.get("done", ""), ""),
        "runs": room.runs.all()[:6],
        "series_title": "Series",
        "mark": "",
        **values,
    }
    return await room.calls.in_thread(room.pages.page, request, template, framed, status=status)


def answering(room: Room, endpoint: Endpoint) -> Endpoint:
    """The endpoint, with whatever it meets as a page that says what happened, or JSON for whoever wants that."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except FormRefused as refused:
            return await _failed(room, request, refused.status, "Not understood", refused.words, "form_refused")
        except TailframeError as error:
            status, heading = _status(error)
            return await _failed(room, request, status, heading, str(error), error.code)

    return answer


def done(request: Request, word: str, back: str, **more: Any) -> Response:
    """Something was done: on to the page that it was done from, or JSON for whoever wants that."""
    if _wants_json(request):
        return JSONResponse({"done": word, "message": DONE[word], **more})
    path = own_path(back or "/").partition("#")[0]
    return RedirectResponse(f"{path}{'&' if '?' in path else '?'}done={word}", 303)


async def _failed(room: Room, request: Request, status: int, heading: str, words: str, code: str) -> Response:
    words = printable(words, lines=True)
    if _wants_json(request):
        return JSONResponse({"error": code, "message": words}, status)
    back = request.url.path if request.method == "GET" else _came_from(request)
    values = {"heading": heading, "words": words, "code": code, "back": back}
    return await shown(room, request, "message.html", "message", values, status=status)


def _came_from(request: Request) -> str:
    """The page that an action belongs to: its address without the deed."""
    path = request.url.path.rpartition("/")[0]
    return own_path(path or "/")


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


def _status(error: TailframeError) -> tuple[int, str]:
    """The HTTP status of an error, and the heading of its page."""
    return next((told for kinds, told in _STATUSES if isinstance(error, kinds)), (500, "It does not work"))


_STATUSES: Final = (
    (ChoiceChanged, (409, "Somebody was faster")),
    (LedgerConflict, (409, "It stands otherwise by now")),
    ((BudgetRefused, OnHold), (409, "Refused")),
    (NoSuchName, (404, "There is no such thing")),
    (InvalidProject, (422, "The storyboard has mistakes")),
    ((StoryboardError, FlowError), (400, "That cannot be done")),
    (RenderError, (503, "It does not work now")),
)
"""The narrowest kinds of error first."""
