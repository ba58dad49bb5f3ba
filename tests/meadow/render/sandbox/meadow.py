"""Meadow as its pages document it: AIHubMax's orders and answers, with one model, at addresses of its own."""

from __future__ import annotations

from functools import partial

from starlette.routing import Route

from render.sandbox.aihubmax import AIHubMax
from render.sandbox.dialect import Call, Refusal
from render.sandbox.json_fields import Fields
from render.sandbox.pixel_sizes import pixels
from render.sandbox.vendor_order import Order
from storyboard.shot import MediaKind


class Meadow(AIHubMax):
    """https://api.meadow.example"""

    name = "meadow"
    addresses = {"MEADOW_BASE_URL": "/meadow"}  # noqa: RUF012 - never changed

    def routes(self) -> list[Route]:
        """Jobs, credits and files."""
        return [
            self.route("/meadow/jobs", "POST", "create", self.create),
            self.route("/meadow/jobs/{job}", "GET", "poll", self.poll),
            self.route("/meadow/credits", "GET", "balance", self.balance),
            self.route("/meadow/files", "POST", "upload", partial(self._upload, form="stream")),
        ]

    def gate(self, call: Call) -> None:
        """It turns nobody away."""

    async def read(self, call: Call) -> Order:
        """Check an order, its media included."""
        fields = Fields(call.object)
        model, prompt = fields.choice("model", ("meadow-1",), ""), fields.text("prompt", required=True)
        lists = {kind: fields.links(f"{kind.value}_urls", 9) for kind in MediaKind}
        seconds = fields.whole("duration", range(4, 16), 5)
        resolution = fields.choice("resolution", ("480p",), "480p")
        ratio, audio = fields.choice("aspect_ratio", ("16:9",), "16:9"), fields.flag("generate_audio", True)
        self.check(fields, call)
        references = await self._references(lists)
        if not model:
            raise Refusal(self.error_response(422, "there is one model, meadow-1"))
        width, height = pixels(resolution, ratio, references)
        return Order(
            model=model,
            body=call.body,
            prompt=prompt,
            references=references,
            seconds=seconds,
            width=width,
            height=height,
            audio=audio,
            price_usd=None,
        )


DIALECT = Meadow
