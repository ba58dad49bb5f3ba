"""A shot and the model that is to make it: what every step of binding decides by, and its error where it cannot be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from storyboard.capabilities import Capabilities, ModelCapabilities
from storyboard.errors import CannotBind, Position
from storyboard.request import Mode
from storyboard.shot import Shot
from storyboard.text.confusables import difference
from storyboard.text.suggestions import suggestion


@dataclass(frozen=True, slots=True)
class Order:
    """A shot, and the vendor, model and mode that it is bound to."""

    shot: Shot
    capabilities: Capabilities
    model: ModelCapabilities
    mode: Mode

    def refused(self, problem: str, remedy: str, *, at: Position | None = None) -> CannotBind:
        """The error that says why this vendor cannot make the shot; `problem` goes on from the vendor's name.

        `at` is where the reason is written, if not in the shot as a whole.
        """
        return refused(self.shot, self.capabilities, problem, remedy, at=at)


def refused(
    shot: Shot, capabilities: Capabilities, problem: str, remedy: str, *, at: Position | None = None
) -> CannotBind:
    """As `Order.refused`, before a model is known."""
    return CannotBind(shot.key, capabilities.provider, problem, remedy, at=at)


def valid_values(word: str, names: Iterable[str]) -> str:
    """The remedy for a name that is not sold: the one that was probably meant, and all that there are."""
    known = sorted(names)
    close = suggestion(word, known)
    hint = f"Did you mean {close!r}{difference(word, close)}? " if close else ""
    return f"{hint}Valid values are: {', '.join(known) or 'none'}"
