"""Which recipes give what can be made again, and which never. The names are the beginnings of their keys."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_NAME: Final = re.compile(r"[a-z]+(?:-[a-z]+)*")


@dataclass(frozen=True, slots=True)
class RecipeKind:
    """What the recipes of one name give."""

    name: str
    remade: bool = True  # from clips and files that are kept; so it can be forgotten
    names_blobs: bool = False  # in a small text, which is what the recipe gave
    needs_blob: bool = True  # else it says what was done, whether what it gave is still there or not


_MADE: Final = (
    "animatic",  # that a preview was made of just this, and its master
    "blend",
    "burnt",
    "card",
    "conform",
    "cropped",
    "delivery-picture",
    "fit",
    "frame",
    "mix",
    "mix-encoded",
    "mix-limited",
    "part",
    "peaks",
    "poster",
    "proxy",
    "review-clip",
    "review-poster",
    "slate",
    "stems",
    "tail-clip",
    "thumbnail",
)
_TOLD: Final = ("delivery", "master")  # what is known of a file, which names it
_KEPT: Final = ("link", "secret")  # what a link held when shots were paid for; no blob at all
_NOTED: Final = ("finished",)  # that an episode was cut and archived of just this

KINDS: Final = {
    **{name: RecipeKind(name) for name in _MADE},
    **{name: RecipeKind(name, names_blobs=True) for name in _TOLD},
    **{name: RecipeKind(name, remade=False) for name in _KEPT},
    **{name: RecipeKind(name, remade=False, needs_blob=False) for name in _NOTED},
}


def kind_of(key: str) -> RecipeKind:
    """The kind of a recipe. One that nobody knows is kept for ever, with whatever it may name."""
    name = _NAME.match(key)
    known = KINDS.get(name[0]) if name else None
    return known or RecipeKind(name[0] if name else "unknown", remade=False, names_blobs=True)
