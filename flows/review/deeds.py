"""What is decided in the room: each deed is one step of the ledger, and refused where somebody decided since.

A form carries what its person saw. Whoever was faster is named to whoever was not, and nothing of either is lost.
"""

import functools
import json
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from flows.errors import UsageError
from flows.review.asked_form import AskedForm, checked_form
from flows.review.form_data import Form
from flows.review.gate import LONGEST_NAME, Session
from flows.review.room import Room
from flows.review.room_answers import Endpoint, done, person_of, session_of
from render.errors import LedgerConflict
from render.ledger.drawings import read_drawing
from storyboard.text.printable import one_line

if TYPE_CHECKING:
    from render.ledger.drawings import Drawing

__all__ = ["Deeds"]

MOST_WORDS = 500
"""Characters of a reason."""

Deed = Callable[["AskedForm"], str]
"""Does it, in a thread; returns the word for what was done."""


class Deeds:
    """Answers forms. Each carries its session's token; `back` is the page to go on to."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def endpoints(self) -> dict[str, Endpoint]:
        """Each deed by its path."""
        shot = "/e/{episode}/s/{scene}/{shot}"
        of_shots = {"circle": _circle, "reject": _reject, "note": _note, "waive": _waive, "unwaive": _unwaive}
        deeds = {f"{shot}/{name}": self._step(deed) for name, deed in of_shots.items()}
        deeds |= {f"{shot}/settle": self._step(_settle), "/hold": self._step(_hold), "/release": self._step(_release)}
        deeds |= {"/e/{episode}/approve": self._step(_approve), "/e/{episode}/withdraw": self._step(_withdraw)}
        return {**deeds, "/name": self.name, "/e/{episode}/cut": self.cut}

    async def name(self, request: Request) -> Response:
        """Somebody says who they are."""
        form = await checked_form(self._room, request)
        named = one_line(form.text("name", LONGEST_NAME))
        answer = done(request, "named", form.fields.get("back", "/"))
        session = Session(session_of(request).id, named)
        answer.headers["set-cookie"] = self._room.gate.session_cookie(session)
        return answer

    async def cut(self, request: Request) -> Response:
        """The master again, from what is circled now."""
        form = await checked_form(self._room, request)
        episode = request.path_params["episode"]
        await self._room.calls.in_thread(self._room.readings.episode, episode)
        more = ["--allow-missing"] if form.flag("allow_missing") else []
        arguments = ["cut", *more, "--", str(self._room.root), episode]
        by = person_of(self._room, request)
        await self._room.calls.in_thread(self._room.runs.command, f"cut of {episode}", by, arguments)
        return done(request, "asked", form.fields.get("back", ""))

    def _step(self, deed: Deed) -> Endpoint:
        async def answer(request: Request) -> Response:
            form = await checked_form(self._room, request)
            by = person_of(self._room, request)
            word = await self._room.calls.in_thread(lambda: deed(AskedForm(self._room, request, form, by)))
            self._room.told("ledger")
            return done(request, word, form.fields.get("back", ""))

        return answer


def _circle(asked: AskedForm) -> str:
    from render.ledger import circles

    take, seen = asked.take_of_shot(), asked.seen
    step = functools.partial(circles.circle, by_person=True, by=asked.by, seen=seen)
    asked.room.ledger.write(step, asked.series, seen.shot, take.id)
    return "circled"


def _reject(asked: AskedForm) -> str:
    from render.ledger import circles

    take, note = asked.take(), asked.form.text("note", 2_000)
    asked.room.ledger.write(circles.reject, take.id, note, by=asked.by, seen=asked.seen)
    return "rejected"


def _note(asked: AskedForm) -> str:
    from render.ledger import notes

    form, take = asked.form, asked.take()
    words, drawing = form.needed("words", notes.MOST_CHARACTERS), _drawing(form)
    step = functools.partial(notes.add, frame=form.number("frame"), retake=form.flag("retake"), drawing=drawing)
    asked.room.ledger.write(step, take.id, words, by=asked.by)
    return "noted"


def _drawing(form: Form) -> "Drawing":
    try:
        return read_drawing(json.loads(form.fields.get("drawing") or "[]"))
    except (ValueError, RecursionError) as error:
        raise UsageError(f"the drawing {error}") from None


def _waive(asked: AskedForm) -> str:
    from render.ledger import circles

    why, seen = asked.form.text("why", MOST_WORDS), asked.seen
    why = f"{asked.by}: {why}" if why else asked.by
    asked.room.ledger.write(circles.waive, asked.series, seen.shot, why, seen=seen)
    return "waived"


def _unwaive(asked: AskedForm) -> str:
    from render.ledger import circles

    seen = asked.seen
    asked.room.ledger.write(circles.unwaive, asked.series, seen.shot, seen=seen)
    return "unwaived"


def _settle(asked: AskedForm) -> str:
    from render.ledger import settlement

    take, outcome = asked.take(), asked.form.needed("outcome")
    seen = asked.form.needed("state")
    if take.state.value != seen:
        raise LedgerConflict(f"take {take.number} of {take.shot} is {take.state.value} by now")
    if outcome == "adopt":
        job = asked.form.needed("job")
        arguments = ["reconcile", "--take", take.id, f"--adopt={job}", "--", str(asked.room.root)]
        asked.room.runs.command(f"{take.shot}:{take.number} is job {one_line(job)}", asked.by, arguments)
        return "asked"
    if outcome not in {"charged", "not_charged"}:
        raise UsageError("say what became of it: adopt, charged or not_charged")
    asked.room.ledger.write(settlement.settle_by_hand, take.id, charged=outcome == "charged", by=asked.by, seen=seen)
    return "settled"


def _hold(asked: AskedForm) -> str:
    from render.ledger import holds

    why = asked.form.text("why", MOST_WORDS)
    asked.room.ledger.write(holds.hold, asked.series, asked.by, why, seen=asked.form.needed("version"))
    return "held"


def _release(asked: AskedForm) -> str:
    from render.ledger import holds

    asked.room.ledger.write(holds.release, asked.series, seen=asked.form.needed("version"))
    return "released"


def _approve(asked: AskedForm) -> str:
    from render.ledger import approvals

    shown = asked.room.approvals.read(asked.episode, asked.form.needed("shown", 2_000))
    words = asked.form.text("words", MOST_WORDS)
    step = functools.partial(approvals.approve, by=asked.by, words=words, name=shown.name, shown_at=shown.at)
    asked.room.ledger.write(step, asked.series, shown.episode, shown.content)
    if os.environ.get("PREFECT_API_URL"):  # runs that wait there for this word
        where = {"series": asked.series, "episode": shown.episode}
        what = {"flow": "look_again", "deployed": True, "project": "", "parameters": where}
        asked.room.runs.agreed(f"runs of {shown.episode} look again", asked.by, what)
    return "approved"


def _withdraw(asked: AskedForm) -> str:
    from render.ledger import approval_queries, approvals

    name = asked.form.needed("approval")
    known = asked.room.ledger.read(approval_queries.approvals, asked.series, asked.episode) or ()
    if name not in {each.id for each in known}:
        raise LedgerConflict("the ledger knows no such approval of this episode")
    asked.room.ledger.write(approvals.withdraw, name, by=asked.by)
    return "withdrawn"
