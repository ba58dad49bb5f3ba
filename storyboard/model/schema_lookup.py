"""What a model takes at a place deep inside of it: which keys, and whether prose; for suggestions, and for the YAML
reference."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from storyboard.model.fields import PROSE


def keys_at(model: type[BaseModel], path: tuple[str | int, ...]) -> tuple[str, ...]:
    """The keys that may stand in the mapping at this path; none where anything may, or nothing."""
    current: Any = model
    for step in path:
        current = _step(current, step)
    return tuple(field.alias or name for name, field in current.model_fields.items()) if _is_model(current) else ()


def is_prose_at(model: type[BaseModel], path: tuple[str | int, ...]) -> bool:
    """Whether a single value at this path is a text of several words."""
    current: Any = model
    for step in path[:-1]:
        current = _step(current, step)
    return bool(path) and _is_prose(_written_at(current, path[-1]))


def _step(current: Any, step: str | int) -> Any:
    return bare(_written_at(current, step))


def _written_at(current: Any, step: str | int) -> Any:
    """The type of what stands there, with its constraints."""
    if _is_model(current):
        field = next((each for name, each in current.model_fields.items() if (each.alias or name) == step), None)
        return typing.Annotated[field.annotation, *field.metadata, None] if field else None
    origin, arguments = typing.get_origin(current), typing.get_args(current)
    if origin is tuple:
        return arguments[0]
    return arguments[1] if origin is Mapping else None


def _is_prose(annotation: Any) -> bool:
    if typing.get_origin(annotation) is typing.Annotated:
        inner, *constraints = typing.get_args(annotation)
        return PROSE in constraints or _is_prose(inner)
    return any(map(_is_prose, typing.get_args(annotation))) if _is_union(annotation) else False


def _is_union(annotation: Any) -> bool:
    return typing.get_origin(annotation) in (typing.Union, types.UnionType)


def bare(annotation: Any) -> Any:
    """A type without its constraints, and without the None that means "left out"."""
    if typing.get_origin(annotation) is typing.Annotated:
        return bare(typing.get_args(annotation)[0])
    if _is_union(annotation):
        kinds = [kind for kind in typing.get_args(annotation) if kind is not type(None)]
        return bare(kinds[0]) if len(kinds) == 1 else annotation
    return annotation


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
