"""Makes flows of declared options: what a flow is asked for, and what the server's forms say beside each field."""

import inspect
from collections.abc import Callable, Iterator
from typing import Annotated, Any, TypeVar

from pydantic import Field, WithJsonSchema
from pydantic.fields import FieldInfo

from flows.run.option_types import FlowName, Option, taking
from flows.run.options import OPTIONS

__all__ = ["explained", "with_options"]

F = TypeVar("F", bound=Callable[..., object])


def with_options(flow: FlowName, *, after: str = "episode") -> Callable[[F], F]:
    """Give a flow's function, in place of its `**asked`, the parameters of all options that are declared for it.

    A parameter that the function writes itself stays as it is there. `RunOptions.of_parameters` reads them.
    """
    return lambda function: taking(function, _parameters(flow), after=after)


def _parameters(flow: FlowName) -> Iterator[inspect.Parameter]:
    for option in OPTIONS:
        if flow in option.flows:
            said = Field(description=option.means, examples=list(option.examples) or None, **option.bounds)
            yield inspect.Parameter(
                option.parameter,
                inspect.Parameter.KEYWORD_ONLY,
                default=option.spelling.write(option.default),
                annotation=Annotated[_offered(option), said],
            )


def _offered(option: Option) -> Any:
    """The type of its parameter. Where there are choices the form offers them; what is none of them the run refuses."""
    if option.choices is None:
        return option.spelling.json
    offered = {"type": "string", "enum": list(option.choices()), "title": "One of these"}
    return Annotated[str, WithJsonSchema(offered)] | None


def explained(function: F) -> F:
    """Write what annotated parameters say of themselves into the docstring, where alone Prefect looks for it."""
    lines = []
    for name, parameter in inspect.signature(function).parameters.items():
        for note in getattr(parameter.annotation, "__metadata__", ()):
            if isinstance(note, FieldInfo) and note.description:
                lines.append(f"    {name}: {note.description}")
    function.__doc__ = "\n".join([inspect.getdoc(function) or "", "", "Args:", *lines])
    return function
