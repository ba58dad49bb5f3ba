"""What goes wrong in the sandbox, and where: written as a plan, or drawn from a seed.

A plan is a list in YAML or JSON:

    - {where: create, what: 503, when: after, vendor: evolink}   # the job exists, and the answer is an error
    - {where: job, what: moderation, prompt: lantern}            # only where the prompt says "lantern"
    - {where: poll, what: drop, skip: 2, times: 3}               # two polls pass, three break off
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator, model_validator

from render.sandbox.dialects import VENDORS

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_REQUEST = frozenset({"429", "500", "502", "503", "drop", "slow", "garbage", "echo"})
WHAT: dict[str, frozenset[str]] = {
    "create": _REQUEST | {"no_credit"},
    "poll": _REQUEST,
    "list": _REQUEST,
    "cancel": _REQUEST,
    "upload": _REQUEST,
    "balance": _REQUEST,
    "job": frozenset({"fail", "moderation", "slow", "stuck", "null_results", "overcharge"}),
    "download": frozenset(
        {"truncate", "corrupt", "cut", "expire", "late", "page", "coding", "odd_link", "drop", "slow", "500", "503"}
    ),
    "callback": frozenset({"lose", "repeat"}),
}
"""What can go wrong, by where it does."""

_FROM_A_SEED = 24  # faults
_NEVER_BY_CHANCE = {"stuck", "overcharge"}
_SURVIVED = ("429", "500", "503", "drop", "slow", "garbage")


class BadPlan(ValueError):
    """A plan of faults cannot be read. The text says where and why."""


class Fault(BaseModel):
    """One thing that goes wrong."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    where: Literal["create", "poll", "list", "cancel", "upload", "balance", "job", "download", "callback"]
    what: str
    vendor: Literal[VENDORS] | None = None  # type: ignore[valid-type]  # None: any
    when: Literal["before", "after"] = "before"  # the job exists
    times: int | None = Field(default=1, ge=1)  # None: for ever
    skip: int = Field(default=0, ge=0)  # let so many pass first
    prompt: str = ""  # only where the prompt holds this
    seconds: float = Field(default=2.0, ge=0, le=86_400)  # of what is slow or late, or of results that are null

    @field_validator("what", mode="before")
    @classmethod
    def _as_text(cls, what: Any) -> Any:
        return str(what) if isinstance(what, int) else what

    @model_validator(mode="after")
    def _possible(self) -> Fault:
        if self.what not in WHAT[self.where]:
            raise ValueError(
                f"{self.what!r} cannot happen to {self.where}. Valid: {', '.join(sorted(WHAT[self.where]))}"
            )
        return self

    def meets(self, vendor: str, where: str, prompt: str) -> bool:
        """Whether it is meant for this. A link is odd when it is told, before anything is downloaded by it."""
        met_at = "link" if self.what == "odd_link" else self.where
        return where == met_at and self.vendor in {None, vendor} and self.prompt in prompt


def read_faults(content: Any) -> list[Fault]:
    """Faults from plain values. BadPlan says which one is wrong, and how."""
    try:
        return TypeAdapter(list[Fault]).validate_python(content if isinstance(content, list) else [content])
    except ValidationError as error:
        raise BadPlan("; ".join(_told(each) for each in error.errors(include_url=False))) from None


def _told(mistake: ErrorDetails) -> str:
    number, *keys = mistake["loc"]
    place = ", ".join([f"fault {int(number) + 1}", *map(str, keys)])
    match mistake["type"]:
        case "missing":
            return f"{place}: is missing"
        case "extra_forbidden":
            return f"{place}: there is no such key. Valid: {', '.join(Fault.model_fields)}"
        case "model_type":
            return f"{place}: is no fault, such as {{where: create, what: 503}}"
    return f"{place}: {mistake['msg'].removeprefix('Value error, ')}"


def planned(plan: str) -> list[Fault]:
    """Faults of a plan: the name of a file of YAML or JSON, or a seed. Raises BadPlan where it cannot be read."""
    if plan.isascii() and plan.isdigit():
        return drawn(int(plan))
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return read_faults(YAML(typ="safe").load(Path(plan).read_text(encoding="utf-8")) or [])
    except FileNotFoundError:
        raise BadPlan(f"there is no file {plan}. Name a plan in YAML, or a whole number") from None
    except OSError as error:
        raise BadPlan(f"{plan} cannot be read: {error.strerror}") from None
    except MarkedYAMLError as error:
        at = "" if error.problem_mark is None else f":{error.problem_mark.line + 1}:{error.problem_mark.column + 1}"
        raise BadPlan(f"{plan}{at}: {error.problem}") from None
    except (UnicodeDecodeError, YAMLError):
        raise BadPlan(f"{plan} is no text in YAML") from None
    except BadPlan as error:
        raise BadPlan(f"{plan}: {error}") from None


def drawn(seed: int) -> list[Fault]:
    """Faults by chance, the same for the same seed. An order may meet anything; what repeats safely meets it once."""
    chance = random.Random(seed)  # noqa: S311 - a rehearsal, not a secret
    found = []
    for _ in range(_FROM_A_SEED):
        where = chance.choice(("create", "create", "poll", "poll", "upload", "job", "download", "callback"))
        possible = sorted(
            WHAT[where] & {*_SURVIVED, *WHAT["job"], *WHAT["download"], *WHAT["callback"]} - _NEVER_BY_CHANCE
        )
        found.append(
            Fault(
                where=where,
                what=chance.choice(possible),
                when=chance.choice(("before", "after")) if where == "create" else "before",
                skip=chance.randrange(4),
                seconds=round(chance.uniform(0.2, 4), 1),
            )
        )
    return found
