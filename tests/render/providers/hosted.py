"""A hosted vendor before a small server of this machine: what it sent there, to the letter, and what it made of it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from render.errors import Terminal, Transient, UnknownOutcome
from render.providers.base import Provider, PublishedReference
from render.providers.endpoint import Endpoint
from render.providers.hosted import endpoint_of
from render.providers.http_outcomes import Answer, Read, order_outcome, question_outcome
from render.providers.registry import ProviderContext, hosted_vendors, open_provider
from storyboard.request import BoundReference
from storyboard.shot import MediaKind, Role
from tests.render.providers.wire import Say, Wire, answer, wire

KEY = "sk-secret-0123456789"
ENDINGS = {MediaKind.IMAGE: "png", MediaKind.VIDEO: "mp4", MediaKind.AUDIO: "mp3"}


@asynccontextmanager
async def hosted(name: str, *answers: Say, **environment: str) -> AsyncIterator[tuple[Provider, Wire]]:
    """A vendor's provider, and the server that it takes for its vendor's (its files host too)."""
    variable = name.upper()
    async with wire(*answers) as server:
        places = {f"{variable}_{each}_URL": server.url for each in ("BASE", "FILES")}
        given = {f"{variable}_API_KEY": KEY} | places | environment
        context = ProviderContext(scratch=Path("unused"), blob_path=Path, environment=given)
        provider = open_provider(name, context)
        try:
            yield provider, server
        finally:
            await provider.aclose()


def says(value: object, status: int = 200, **headers: str) -> Say:
    """This value as JSON."""
    return answer(json.dumps(value), status, **headers)


@dataclass(frozen=True, slots=True)
class Heard:
    """One request, taken apart."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def heard(server: Wire, number: int = 0) -> Heard:
    """The n-th request that reached the server."""
    head, _, body = server.heard[number].partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return Heard(method, target, headers, body)


def published(token: str, kind: MediaKind = MediaKind.IMAGE, role: Role = Role.CAST) -> PublishedReference:
    """A reference under a link that is named after its token."""
    name = token.lstrip("@")
    bound = BoundReference(token=token, kind=kind, role=role, name=name, source=f"references/{name}", sha256="a" * 64)
    return PublishedReference(bound, f"https://files.example/{name}.{ENDINGS[kind]}")


REFERENCES = (
    published("@Image1", role=Role.CONTINUITY),
    published("@Video1", MediaKind.VIDEO),
    published("@Image2"),
    published("@Audio1", MediaKind.AUDIO),
)
"""One of every kind and one more, called as most vendors call them."""


def endpoint(name: str, **own: Any) -> Endpoint:
    """The site of a built-in vendor, with what its provider puts into it."""
    (vendor,) = (each for each in hosted_vendors() if each.name == name)
    return replace(endpoint_of(vendor, {vendor.key_variable: KEY}), **own)


ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["success", "fail", "completed", "failed", "https://a.example/c.mp4", 10**400, -1, "1e999999"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)


def bent(documented: Any) -> st.SearchStrategy[Any]:
    """A documented answer in which any part is missing or something else."""
    return st.sampled_from(list(_places(documented))).flatmap(
        lambda place: st.one_of(
            ANY_JSON.map(lambda other: _bent(documented, place, lambda _: other)),
            st.just(_bent(documented, place, None)),
        )
    )


def _places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [at, *(place for key in keys for place in _places(value[key], (*at, key)))]


def _bent(value: Any, place: tuple[Any, ...], change: Callable[[Any], Any] | None) -> Any:
    if not place:
        return change(value) if change else None
    key, *rest = place
    copy = value.copy()
    if not rest and change is None:
        del copy[key]
    else:
        copy[key] = _bent(value[key], tuple(rest), change)
    return copy


def only_marked_errors(endpoint: Endpoint, read: Read[Any], told: Any, status: int = 200) -> None:
    """Read an answer as one to an order and as one to a question: whatever it is, a marker class says what follows."""
    given = Answer(status, {"content-type": "application/json"}, json.dumps(told).encode())
    with suppress(Transient, Terminal, UnknownOutcome):
        order_outcome(endpoint, given, read, "the order", None)
    with suppress(Transient, Terminal):
        question_outcome(endpoint, given, read, "the question", None)
