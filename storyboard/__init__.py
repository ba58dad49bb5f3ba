"""The first floor: what to make. Knows no network, no media tools, no database and no Prefect.

    load_project(root) -> expand(project, "e01") -> plan.plan(episode, …) -> bind.bind(shot, capabilities, …)

Everything here is decided over frozen values. What this door names is loaded when it is first used, so that a part of
this package costs no more to import than it needs itself. `plan`, `plan_json`, `bind` and `check` are modules
with a function of the same name each; take those from their modules.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storyboard.bind.selection import ContinuityInput
    from storyboard.capabilities import Capabilities, ModelCapabilities
    from storyboard.errors import CannotBind, InvalidProject, Mistake, NoSuchName, Position, StoryboardError
    from storyboard.expand.expansion import expand
    from storyboard.identity import fingerprint, wish
    from storyboard.loading import Project, load_project
    from storyboard.plan.episode_plan import Action, Choices, Plan, PlannedShot
    from storyboard.request import BoundReference, FrameId, ReferenceFacts, Request
    from storyboard.shot import Episode, Shot
    from storyboard.takes import Circle, ClipFacts, TakeFacts, TakeState

__all__ = [
    "Action",
    "BoundReference",
    "CannotBind",
    "Capabilities",
    "Choices",
    "Circle",
    "ClipFacts",
    "ContinuityInput",
    "Episode",
    "FrameId",
    "InvalidProject",
    "Mistake",
    "ModelCapabilities",
    "NoSuchName",
    "Plan",
    "PlannedShot",
    "Position",
    "Project",
    "ReferenceFacts",
    "Request",
    "Shot",
    "StoryboardError",
    "TakeFacts",
    "TakeState",
    "expand",
    "fingerprint",
    "load_project",
    "wish",
]

_HOMES = {
    "capabilities": ("Capabilities", "ModelCapabilities"),
    "errors": ("CannotBind", "InvalidProject", "Mistake", "NoSuchName", "Position", "StoryboardError"),
    "expansion": ("expand",),
    "identity": ("fingerprint", "wish"),
    "loading": ("Project", "load_project"),
    "plan": ("Action", "Choices", "Plan", "PlannedShot"),
    "request": ("BoundReference", "FrameId", "ReferenceFacts", "Request"),
    "selection": ("ContinuityInput",),
    "shot": ("Episode", "Shot"),
    "takes": ("Circle", "ClipFacts", "TakeFacts", "TakeState"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"storyboard.{home}"), name)
    raise AttributeError(f"module 'storyboard' has no attribute {name!r}")
