"""What an option of a run is, as `flows.run.options` declares each once: its words, its flag, the flows that have it.

The command line's flags (`flows.cli.arguments`), the parameters of Prefect's flows and what their forms say
(`flows.prefect.flow_docs`) are made of that, and tests hold the pages against it.
"""

import dataclasses
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal, TypeVar, get_args

__all__ = [
    "COUNT",
    "FLAG",
    "KEYS",
    "MOMENT",
    "NAME",
    "SECONDS",
    "SHOTS",
    "TEXT",
    "USD",
    "FlowName",
    "Option",
    "Spelling",
    "declared",
    "taking",
]

FlowName = Literal["produce", "reshoot", "rehearse", "series", "shots"]
"""Flows that have options beside those written in their own signature."""

F = TypeVar("F", bound=Callable[..., object])


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """How an option's value becomes a flow's parameter and back. A server keeps parameters, so they are JSON."""

    json: Any  # the type of the parameter
    read: Callable[[Any], Any]  # from the parameter to the value
    write: Callable[[Any], Any]  # from the value to the parameter


def _same(value: Any) -> Any:
    return value


def _moment(written: str | datetime | None) -> datetime | None:
    """A moment as a form or a script wrote it. One without an offset is of UTC, as the option says."""
    if not written:
        return None
    moment = datetime.fromisoformat(written) if isinstance(written, str) else written
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


TEXT: Final = Spelling(json=str | None, read=_same, write=_same)
NAME: Final = Spelling(json=str | None, read=lambda text: text or None, write=_same)  # a form leaves "" where none is
COUNT: Final = Spelling(json=int | None, read=_same, write=_same)
FLAG: Final = Spelling(json=bool, read=_same, write=_same)
USD: Final = Spelling(
    json=float | None,
    read=lambda usd: None if usd is None else Decimal(str(usd)),
    write=lambda usd: None if usd is None else float(usd),
)
SECONDS: Final = Spelling(
    json=float | None,
    read=lambda seconds: None if seconds is None else timedelta(seconds=seconds),
    write=lambda time: None if time is None else time.total_seconds(),
)
MOMENT: Final = Spelling(
    json=datetime | None,
    read=_moment,
    write=lambda moment: None if moment is None else moment.isoformat(),
)
SHOTS: Final = Spelling(
    json=list[str] | None,
    read=lambda keys: frozenset(keys) if keys else None,  # an empty field of a form: all of them
    write=lambda keys: None if keys is None else sorted(keys),
)
KEYS: Final = Spelling(
    json=list[str] | None,
    read=lambda keys: frozenset(keys or ()),
    write=lambda keys: sorted(keys) or None,
)


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a run, written beside its field. `declared` fills in what the field says by itself."""

    means: str  # one sentence for people, without its full stop
    spelling: Spelling
    _: dataclasses.KW_ONLY
    flag: str = ""  # on the command lines of `produce` and `plan`; "": they have none
    metavar: str | None = None  # what stands for its value there
    flows: tuple[FlowName, ...] = ("produce",)
    parameter: str = ""  # as flows call it; "": as the field
    bounds: Mapping[str, Any] = field(default_factory=dict)  # of the flows' parameter, as `pydantic.Field` takes them
    examples: tuple[Any, ...] = ()
    choices: Callable[[], Iterable[str]] | None = None  # the values that a form offers; asked once a flow is made
    name: str = ""
    type: Any = None
    default: Any = None


def declared(of: type) -> tuple[Option, ...]:
    """The options of a dataclass, in the order of its fields: those whose annotation holds an Option."""
    return tuple(
        replace(
            option,
            name=each.name,
            type=get_args(each.type)[0],
            default=each.default,
            parameter=option.parameter or each.name,
        )
        for each in dataclasses.fields(of)
        for option in getattr(each.type, "__metadata__", ())
        if isinstance(option, Option)
    )


def taking(function: F, options: Iterable[inspect.Parameter], *, after: str) -> F:
    """The same function, whose signature has these keyword parameters in place of its last, `**asked`.

    Typer and Prefect ask for the signature, and then give all of them. They stand behind the parameter called `after`;
    one that the function has by itself stays as it wrote it.
    """
    own = list(inspect.signature(function).parameters.values())
    assert own[-1].kind is inspect.Parameter.VAR_KEYWORD, f"{function} has no **asked to take options with"
    named = {parameter.name for parameter in own}
    at = [parameter.name for parameter in own].index(after) + 1
    taken = [option for option in options if option.name not in named]
    positional = [each for each in own[:-1] if each.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD]
    assert len(positional) <= at, f"{function}: keyword parameters cannot stand before {positional[-1].name}"
    function.__signature__ = inspect.Signature([*own[:at], *taken, *own[at:-1]])  # type: ignore[attr-defined]
    return function
