"""A form that somebody sent from a page of the room: theirs without doubt, with what they saw when they sent it."""

from typing import TYPE_CHECKING

from starlette.requests import Request

from flows.review.form_data import Form, FormRefused, read_form
from flows.review.room import Room
from flows.review.room_answers import session_of
from render.errors import LedgerConflict
from render.ledger.choices import Seen
from storyboard.shot_key import ShotKey, local_key
from storyboard.text.printable import one_line

if TYPE_CHECKING:
    from render.ledger import Take

__all__ = ["AskedForm", "checked_form"]


class AskedForm:
    """One form, with who sent it and the shot that it is about."""

    def __init__(self, room: Room, request: Request, form: Form, by: str) -> None:
        self.room, self.form, self.by = room, form, by
        self.series = room.readings.project().series.series
        self._parts = request.path_params

    @property
    def episode(self) -> str:
        """The episode's id, as the address has it."""
        return str(self._parts["episode"])

    @property
    def shot(self) -> str:
        """EPISODE/SCENE/SHOT. Raises NoSuchName where the storyboard has none of that name."""
        reading = self.room.readings.episode(self._parts["episode"])
        return reading.name_of(local_key(self._parts["scene"], self._parts["shot"]))

    @property
    def seen(self) -> Seen:
        """What the person saw of the shot's choice."""
        return Seen(self.shot, self.form.needed("version"))

    def take_of_shot(self) -> "Take":
        """The take that the form names, which has to be the shot's own, or in use by it. Raises as `take`."""
        found, shot = self.take(), self.shot
        reading = self.room.readings.recent(self.episode)
        used = reading.used(reading.planned(ShotKey.parse(shot).local))
        if found.shot != shot and (used is None or used.id != found.id):
            raise LedgerConflict(f"take {found.number} is of {found.shot}, and is not in use by {shot}")
        return found

    def take(self) -> "Take":
        """The take that the form names. Raises LedgerConflict where the series has none of that id."""
        from render.ledger import queries

        name = self.form.needed("take")
        found = self.room.ledger.read(queries.take, name)
        if found is None or found.series != self.series:
            raise LedgerConflict(f"the ledger knows no take {one_line(name)[:80]!r} of this series")
        return found


async def checked_form(room: Room, request: Request) -> Form:
    """A form of this very session. Raises FormRefused for any other."""
    form = await read_form(request)
    token = form.fields.get("form_token") or request.headers.get("x-form-token", "")
    if not room.gate.is_form_token(session_of(request), token):
        raise FormRefused(403, "This form is not of this session; load the page again. Nothing was done.")
    return form
