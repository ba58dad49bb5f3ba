"""Which keys a model takes at a place deep inside of it; for suggestions, and for the YAML reference."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel


def keys_at(model: type[BaseModel], path: tuple[str | int, ...]) -> tuple[str, ...]:
    """The keys that may stand in the mapping at this path; none where anything may, or nothing."""
    current: Any = model
    for step in path:
        current = _step(current, step)
    return tuple(current.model_fields) if _is_model(current) else ()


def _step(current: Any, step: str | int) -> Any:
    if _is_model(current):
        field = current.model_fields.get(str(step))
        return bare(field.annotation) if field else None
    origin, arguments = typing.get_origin(current), typing.get_args(current)
    if origin is tuple:
        return bare(arguments[0])
    return bare(arguments[1]) if origin is Mapping else None


def bare(annotation: Any) -> Any:
    """A type without its constraints, and without the None that means "left out"."""
    if typing.get_origin(annotation) is typing.Annotated:
        return bare(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        kinds = [kind for kind in typing.get_args(annotation) if kind is not type(None)]
        return bare(kinds[0]) if len(kinds) == 1 else annotation
    return annotation


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
