"""Asks the vendor acme for one shot, and hears what it is refused for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from storyboard.bind.binding import bind
from storyboard.bind.selection import ContinuityInput
from storyboard.capabilities import Capabilities
from storyboard.errors import CannotBind
from storyboard.request import FrameId, Request
from storyboard.shot import MediaKind, Role, Shot
from tests.storyboard.stories import MASTER, facts_of, model, reference, vendor

TAIL = ContinuityInput(
    kind=MediaKind.IMAGE, source="lamp/000", sha256="png", frame=FrameId("clip", 71), width=1280, height=720
)
EVERYTHING = (
    reference("sea", Role.EXTRA),
    reference("gouache", Role.STYLE),
    reference("lamp_room", Role.LOCATION),
    reference("logbook", Role.PROP),
    reference("mara"),
    reference("tomas"),
)
IMAGES, ALL_MEDIA = MediaKind.IMAGE, model().media


def ask(one: Shot, capabilities: Capabilities | None = None, **options: Any) -> Request:
    """Bind a shot to acme, with plain facts for all that it sends."""
    options.setdefault("references", facts_of(one))
    return bind(one, capabilities or vendor(), series="lighthouse", wish="w", master=MASTER, **options)


def refusal(one: Shot, capabilities: Capabilities | None = None, **options: Any) -> str:
    """What is said where a shot cannot be bound."""
    with pytest.raises(CannotBind) as caught:
        ask(one, capabilities, **options)
    assert caught.value.shot == one.key
    assert caught.value.remedy
    return str(caught.value)


def limited(kind: MediaKind = IMAGES, **limits: Any) -> Capabilities:
    """Acme with other limits for one kind."""
    return vendor(media={**ALL_MEDIA, kind: replace(ALL_MEDIA[kind], **limits)})
