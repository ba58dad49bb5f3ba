"""A project's own episodes and shots as choices in the forms of deployments. Pure.

They are what a form offers, and bind nobody: what comes into the series later, or is of another one, can be typed as
before. So a deployment that is older than its project refuses nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storyboard.loading import Project

__all__ = ["FormChoices", "choices_of", "with_choices"]

_ABOUT = ("title", "description", "position", "default", "examples")
"""What a schema says of a field, whatever it may hold."""

MOST = 500
"""Values that a form lists; among more nobody would choose."""


@dataclass(frozen=True, slots=True)
class FormChoices:
    """What forms offer: ids of episodes, and shots of any of them as SCENE/SHOT."""

    episodes: Sequence[str]
    shots: Sequence[str]


def choices_of(project: Project) -> FormChoices:
    """Those of a loaded project, in the order in which they are told."""
    shots = [
        f"{scene.id}/{shot.id}"
        for _, episode in sorted(project.episodes.items())
        for scene in episode.scenes
        for shot in scene.shots
    ]
    return FormChoices(sorted(project.episodes), list(dict.fromkeys(shots)))


def with_choices(schema: Mapping[str, Any], choices: FormChoices) -> dict[str, Any]:
    """The schema of a flow's parameters, with what its form offers for episodes and shots."""
    offered = {"episode": choices.episodes, "episodes": choices.episodes, "shots": choices.shots}
    properties = {
        name: _offering(field, offered[name]) if 0 < len(offered.get(name, ())) <= MOST else field
        for name, field in schema["properties"].items()
    }
    return {**schema, "properties": properties}


def _offering(field: Mapping[str, Any], values: Collection[str]) -> dict[str, Any]:
    """A text, a list of texts, or either of them or nothing: each first as a choice, then as it was.

    Prefect's form shows alternatives of a whole field as tabs. Within a list it would ask for JSON.
    """
    about = {name: value for name, value in field.items() if name in _ABOUT}
    kinds = field.get("anyOf") or [{name: value for name, value in field.items() if name not in _ABOUT}]
    return {**about, "anyOf": [kind for each in kinds for kind in _with_choice(each, values)]}


def _with_choice(kind: Mapping[str, Any], values: Collection[str]) -> list[dict[str, Any]]:
    if kind["type"] == "null":
        return [dict(kind)]
    listed = {"type": "string", "enum": list(values)}
    choice = {**kind, "items": listed} if kind["type"] == "array" else {**kind, **listed}
    return [{**choice, "title": "Of this project"}, {**kind, "title": "Another"}]
