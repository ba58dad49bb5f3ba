"""Makes the server's forms say beside each field what it means."""

import inspect
from collections.abc import Callable
from typing import TypeVar

from pydantic.fields import FieldInfo

__all__ = ["explained"]

F = TypeVar("F", bound=Callable[..., object])


def explained(function: F) -> F:
    """Write what annotated parameters say of themselves into the docstring, where alone Prefect looks for it."""
    lines = []
    for name, parameter in inspect.signature(function).parameters.items():
        for note in getattr(parameter.annotation, "__metadata__", ()):
            if isinstance(note, FieldInfo) and note.description:
                lines.append(f"    {name}: {note.description}")
    function.__doc__ = "\n".join([inspect.getdoc(function) or "", "", "Args:", *lines])
    return function
