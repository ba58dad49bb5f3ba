"""The cards that need no file: `title`, `scene` and `credits`. A project's own of these names come first."""

from __future__ import annotations

from functools import cache
from typing import Any

from storyboard.model.cards import CardFile

_INK, _QUIET = "#f4efe6", "#b9b2a6"

_TITLE: dict[str, Any] = {
    "version": 1,
    "background": "#0e1013",
    "length": 4,
    "fade_in": 0.75,
    "fade_out": 0.75,
    "texts": [
        {
            "text": "{{ series.title }}",
            "size": 3.2,
            "colour": _QUIET,
            "tracking": 32,
            "uppercase": True,
            "at": "center",
            "y": 48,
        },
        {"text": "{{ episode.title }}", "size": 11, "colour": _INK, "gap": 4, "line_spacing": 1.12},
    ],
}

_SCENE: dict[str, Any] = {
    "version": 1,
    "background": {"colour": "#0e1013", "hold": "next", "darken": 62},
    "length": 2.5,
    "fade_in": 0.4,
    "fade_out": 0.4,
    "fade": "text",
    "texts": [
        {"text": "{{ scene.title }}", "size": 6.5, "colour": _INK, "at": "bottom left", "y": 88, "width": 78},
        {"text": "{{ scene.location }}", "size": 3, "colour": _QUIET, "gap": 2, "tracking": 24, "uppercase": True},
    ],
}

_CREDITS: dict[str, Any] = {
    "version": 1,
    "background": "#0e1013",
    "roll": 1.4,
    "texts": [
        {
            "text": "{{ series.title }}",
            "size": 3,
            "colour": _QUIET,
            "tracking": 32,
            "uppercase": True,
        },
        {"text": "{{ episode.title }}", "size": 7, "colour": _INK, "gap": 3},
        {"rows": "credits", "size": 3.6, "colour": _INK, "gap": 12, "line_spacing": 1.7},
    ],
}

_WRITTEN = {"title": _TITLE, "scene": _SCENE, "credits": _CREDITS}
BUILTIN = tuple(_WRITTEN)
"""Their names."""


@cache
def builtin_card(name: str) -> CardFile:
    """The built-in card of this name. Raises KeyError where there is none."""
    return CardFile.model_validate(_WRITTEN[name])
