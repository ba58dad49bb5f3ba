"""Whether a delivery tells of itself what its master does: its title, and its chapters where they begin."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from render.errors import UnfitDelivery
from render.markers.labels import Labels
from storyboard.delivery_formats import CHAPTERED
from storyboard.text.printable import one_line, printable
from storyboard.timeline.delivery_plan import DeliveryPlan

if TYPE_CHECKING:
    from av.container import InputContainer

_WITHIN_S = Fraction(1, 1000)  # some files count chapters in milliseconds


def checked_labels(plan: DeliveryPlan, container: InputContainer, labels: Labels) -> Iterator[str]:
    """What was looked at and is right, in words. Raises UnfitDelivery."""
    wanted = printable(labels.metadata.title, lines=True).strip()
    if (found := _title(container).strip()) != wanted:
        raise UnfitDelivery(plan.name, f"it is titled {found!r} instead of {wanted!r}")
    yield "title"
    if not labels.chapters or plan.delivery.kind not in CHAPTERED:
        return
    titles, starts = [one_line(each.title) for each in labels.chapters], [each.start for each in labels.chapters]
    there = container.chapters()
    if [each["metadata"].get("title", "").strip() for each in there] != [title.strip() for title in titles]:
        raise UnfitDelivery(plan.name, f"it has {len(there)} chapters that are not the {len(titles)} of the master")
    for each, title, start in zip(there, titles, starts, strict=True):
        at_s = each["start"] * (each["time_base"] or Fraction(1, 1000))
        if abs(at_s - start / plan.master.fps) > _WITHIN_S:
            raise UnfitDelivery(plan.name, f"its chapter {title} begins at {float(at_s):.3f} s")
    yield "chapters"


def _title(container: InputContainer) -> str:
    """Ogg keeps it with its sound, every other file for the whole."""
    return container.metadata.get("title") or next(
        (each.metadata["title"] for each in container.streams if "title" in each.metadata), ""
    )
