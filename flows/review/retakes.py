"""Retakes: their price first, then a confirmation of that very snapshot and sum, then an ordinary run.

What a person is shown is signed, and what they confirm is that text: neither the files nor the sum can be others by
then. It counts once, for a quarter of an hour, and only while nothing has moved of its shots.
"""

import hashlib
import json
import os
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from flows.errors import UsageError
from flows.review.asked_form import checked_form
from flows.review.form_data import Form
from flows.review.price_view import PriceView, price_view
from flows.review.room import Room
from flows.review.room_answers import Endpoint, done, person_of, shown
from flows.run.frozen_plan import frozen_plan
from flows.run.options import RunOptions
from flows.run.price_ahead import refusal, to_pay
from render.errors import LedgerConflict
from render.ledger import queries
from storyboard.shot_key import full_key

if TYPE_CHECKING:
    from flows.run.planned_episode import PlannedEpisode

__all__ = ["Retakes"]

COUNTS_FOR_S = 15 * 60
"""Seconds for which a price can be confirmed."""

MOST_SHOTS = 500


@dataclass(frozen=True, slots=True)
class _Confirmed:
    """What somebody confirmed here."""

    by: str
    shots: frozenset[str]  # EPISODE/SCENE/SHOT
    stands: str  # how their takes stood then
    at_s: float


class Retakes:
    """Answers questions about prices, and confirmations of them."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._turn = threading.Lock()
        self._confirmed: dict[str, _Confirmed] = {}  # by the name of the price

    def pages(self) -> dict[str, Endpoint]:
        """What is looked at, by its path."""
        return {"/e/{episode}/price": self.price}

    def deeds(self) -> dict[str, Endpoint]:
        """What is done, by its path."""
        return {"/e/{episode}/retake": self.retake, "/e/{episode}/preview": self.preview}

    async def price(self, request: Request) -> Response:
        """What it would cost to make these shots again. Freezes the project, and orders nothing."""
        form = Form(dict(request.query_params))
        view = await self._room.calls.in_thread(self._priced, request.path_params["episode"], form)
        told = {"view": view, "series_title": view.series_title}
        return await shown(self._room, request, "price.html", "price", told)

    async def retake(self, request: Request) -> Response:
        """Somebody confirms what they were shown."""
        form = await checked_form(self._room, request)
        by, episode = person_of(self._room, request), request.path_params["episode"]
        await self._room.calls.in_thread(self._begin, episode, form.fields.get("order", ""), by)
        return done(request, "asked", form.fields.get("back", ""))

    async def preview(self, request: Request) -> Response:
        """The whole cut from stills, for nothing."""
        form = await checked_form(self._room, request)
        by, episode = person_of(self._room, request), request.path_params["episode"]
        await self._room.calls.in_thread(self._room.readings.episode, episode)
        what = self._flow("preview", {"episode": episode})
        await self._room.calls.in_thread(self._room.runs.agreed, f"{_asking()}preview of {episode}", by, what)
        return done(request, "asked", form.fields.get("back", ""))

    def _priced(self, episode: str, form: Form) -> PriceView:
        room, options = self._room, _options(episode, form)
        room.readings.episode(episode)  # what cannot be made leaves nothing behind
        stands = self._stands(options)
        with room.workspace.reading() as opened:
            frozen = frozen_plan(opened, options)
        read = frozen.read
        cost_usd, unpriced = to_pay(read, frozen.lines, until_budget=False)
        refused = self._refused(read) or str(refusal(read, frozen.lines) or "")
        waiting = tuple(room.approvals.view(read.episode, each) for each in frozen.waiting)
        beside = frozenset(shot.key for shot in unpriced)
        agreed = replace(options, snapshot=frozen.snapshot, agreed_usd=cost_usd, unpriced=beside)
        order = "" if refused or waiting else self._signed(agreed, stands)
        return price_view(read, cost_usd, unpriced, refused=refused, waiting=waiting, order=order)

    def _refused(self, read: "PlannedEpisode") -> str:
        """Why nobody is asked to pay: the series is held, or something would be paid for twice."""
        from render.episode.elsewhere import told_archived, told_elsewhere

        hold = self._room.ledger.read(queries.held, read.episode.series)
        if hold is not None:
            return f"{hold.told}. Release it first."
        shots = [shot for shot in read.plan.shots if shot.asked]
        told = "; ".join(filter(None, (told_elsewhere(shots), told_archived(shots, self._room.root))))
        return told and f"{told}. To pay anew for that, use the command line: tailframe produce … --anew"

    def _signed(self, agreed: RunOptions, stands: str) -> str:
        order = {
            "options": agreed.parameters("produce"),
            "usd": str(agreed.agreed_usd),
            "stands": stands,
            "until": time.time() + COUNTS_FOR_S,
            "once": secrets.token_hex(8),
        }
        return self._room.gate.signed("order", json.dumps(order))

    def _stands(self, options: RunOptions) -> str:
        """How the takes of these shots stand, so that a retake of what somebody else retook meanwhile is noticed."""
        named = {full_key(options.episode, key) for key in options.shots or ()}
        series = self._room.readings.project().series.series
        facts = self._room.ledger.read(queries.take_facts, series) or ()
        told = " ".join(f"{take.id}:{take.state.value}" for take in facts if take.shot in named)
        return hashlib.sha256(told.encode()).hexdigest()

    def _begin(self, episode: str, order: str, by: str) -> None:
        """Start the run that was confirmed. Raises UsageError, LedgerConflict."""
        agreed = self._agreed(episode, order)
        options = RunOptions.of_parameters(episode, {k: v for k, v in agreed["options"].items() if k != "episode"})
        options = replace(options, agreed_usd=Decimal(agreed["usd"]))
        shots = frozenset(full_key(episode, key) for key in options.shots or ())
        with self._turn:
            self._refuse_again(agreed, shots)
            if agreed["stands"] != self._stands(options):
                told = "takes of it were ordered, made or settled since this price was shown"
                raise LedgerConflict(told, "Look at them, then ask for the price anew")
            title = f"{_asking()}retake of {', '.join(sorted(options.shots or ()))}"
            self._room.runs.agreed(title, by, self._flow("produce", options.parameters("produce")), shots)
            self._confirmed[agreed["once"]] = _Confirmed(by, shots, agreed["stands"], time.monotonic())

    def _refuse_again(self, agreed: Mapping[str, Any], shots: frozenset[str]) -> None:
        """Raises LedgerConflict where the same was confirmed before, and nothing has come of it yet."""
        if agreed["once"] in self._confirmed:
            raise LedgerConflict("this was confirmed already, and is being made", "See what runs, above")
        if (other := self._room.runs.running_on(shots)) is not None:
            told = f"{other.by} asked for {other.title} before, and it is being made"
            raise LedgerConflict(told, "Wait for it, then ask for the price anew")
        for each in self._confirmed.values() if _deployed() else ():  # a worker begins when it comes to it
            waits = each.shots & shots and each.stands == agreed["stands"]
            if waits and time.monotonic() - each.at_s < COUNTS_FOR_S:
                told = f"{each.by} confirmed a retake of it before, and no worker has begun it yet"
                raise LedgerConflict(told, "Prefect's pages show how it stands; wait for it, or cancel it there")

    def _agreed(self, episode: str, order: str) -> dict[str, Any]:
        text = self._room.gate.read("order", order)
        if text is None:
            raise UsageError("this price was not shown by this room", "Ask for the price anew. Nothing was ordered")
        agreed: dict[str, Any] = json.loads(text)
        if agreed["options"]["episode"] != episode:
            raise UsageError("this price is of another episode", "Ask for the price anew. Nothing was ordered")
        if time.time() > agreed["until"]:
            raise LedgerConflict("this price is older than a quarter of an hour", "Ask for it anew")
        return agreed

    def _flow(self, flow: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """What `flows.cli.agreed_run` reads: on a server that operators named, deployments know the project by name."""
        deployed = _deployed()
        project = self._room.named if deployed else str(self._room.root)
        return {"flow": flow, "deployed": deployed, "project": project, "parameters": parameters}


def _deployed() -> bool:
    """Whether workers of a server that operators named make what is asked for."""
    return bool(os.environ.get("PREFECT_API_URL"))


def _asking() -> str:
    """How a run begins to be called that ends when a worker was asked, and not when it has made it."""
    return "asking Prefect for a " if _deployed() else ""


def _options(episode: str, form: Form) -> RunOptions:
    """What is asked for. Raises UsageError where no shot is named: an empty list never means all of them."""
    text = form.text("shots", 40 * MOST_SHOTS)
    shots = frozenset(key.strip() for key in text.split(",") if key.strip())
    if not shots or len(shots) > MOST_SHOTS:
        raise UsageError(f"name the shots, 1 to {MOST_SHOTS}, as SCENE/SHOT with commas between them")
    takes = form.number("takes")
    if takes is not None and not 1 <= takes <= 16:
        raise UsageError("1 to 16 takes can be made at once")
    return RunOptions(
        episode=episode,
        shots=shots,
        new_take=True,
        takes=takes,
        with_notes=form.flag("with_notes"),
        cascade=form.flag("cascade"),
    )
