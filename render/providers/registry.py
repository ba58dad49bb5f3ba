"""Finds vendors by name: those built in, and those that other distributions bring. All that lists vendors asks here.

A hosted vendor that is built in has one line here, and lives in a package of its own: `render.providers.NAME`.

A distribution brings one by an entry point of the group `tailframe.providers`, named as the vendor and pointing at an
object that satisfies `Vendor`. Entry points are only looked at for a name that is not built in, and once for each place
that Python imports from: reading the metadata of every installed distribution takes longer than a plan.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from importlib import import_module
from importlib.metadata import EntryPoint, EntryPoints, entry_points
from pathlib import Path
from typing import Protocol

from render.errors import BrokenVendor
from render.providers.base import Provider
from render.providers.environment import account_name
from render.providers.hosted_vendor import HostedVendor
from storyboard.capabilities import Capabilities
from storyboard.errors import NoSuchName
from storyboard.text.suggestions import suggestion

ENTRY_POINTS = "tailframe.providers"

_HOSTED = (
    "kinovi",
    "evolink",
    "aihubmax",
    "oxen",
)
"""Every hosted vendor that is built in, in the order in which they are told. Nothing else lists them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderContext:
    """What a provider is opened with: where files may lie, the blobs, and the environment."""

    scratch: Path  # a folder for files on their way
    blob_path: Callable[[str], Path]  # a blob's bytes as a local file, by sha256
    environment: Mapping[str, str] = field(repr=False)  # keys and base URLs


class Vendor(Protocol):
    """A vendor as the registry finds it: what it sells, and its provider. `HostedVendor` is one."""

    def capabilities(self, environment: Mapping[str, str]) -> Capabilities:
        """What it sells. Asks no network and needs no key; the base URL decides the origin."""
        ...

    def open(self, context: ProviderContext) -> Provider:
        """Its provider, ready to be asked. Raises BadSetting where a key is missing."""
        ...


def provider_names() -> tuple[str, ...]:
    """Every vendor that can be named, sorted."""
    return tuple(sorted({*_BUILT_IN, *_brought_here().names}))


def built_in_names() -> tuple[str, ...]:
    """The vendors that need no other distribution, sorted."""
    return tuple(sorted(_BUILT_IN))


def hosted_vendors() -> tuple[HostedVendor, ...]:
    """The hosted vendors that are built in, in the order in which they are told. Loads no HTTP."""
    return tuple(_hosted(name) for name in _HOSTED)


def capabilities_of(name: str, environment: Mapping[str, str]) -> Capabilities:
    """What this vendor sells, from which account. Raises NoSuchName, or BadSetting where a setting cannot be used."""
    sold = _vendor(name).capabilities(environment)
    return replace(sold, account_name=account_name(environment, name))


def open_provider(name: str, context: ProviderContext) -> Provider:
    """This vendor's provider. Raises NoSuchName, or BadSetting where its key is missing."""
    return _vendor(name).open(context)


def _vendor(name: str) -> Vendor:
    if name in _BUILT_IN:
        return _BUILT_IN[name]()
    for point in _brought_here().select(name=name):
        return _brought(point)
    known = provider_names()
    raise NoSuchName("provider", name, known, suggestion(name, known))


def _brought_here() -> EntryPoints:
    """What the distributions bring that can be imported now."""
    return _brought_by(tuple(sys.path))


@lru_cache(maxsize=8)
def _brought_by(_path: tuple[str, ...]) -> EntryPoints:
    return entry_points(group=ENTRY_POINTS)


def _brought(point: EntryPoint) -> Vendor:
    try:
        vendor: Vendor = point.load()
    except Exception as error:  # whatever a stranger's module does at import
        source = point.dist.name if point.dist else point.value
        raise BrokenVendor(
            f"the provider {point.name!r} comes from {source}, which cannot be loaded: {error}",
            "Install that distribution again, or remove it",
        ) from error
    return vendor


class _Animatic:
    """Draws stills on this machine, for nothing."""

    def capabilities(self, environment: Mapping[str, str]) -> Capabilities:  # noqa: ARG002 — it has no settings
        from render.animatic.capabilities import CAPABILITIES

        return CAPABILITIES

    def open(self, context: ProviderContext) -> Provider:
        from render.animatic.provider import AnimaticProvider

        return AnimaticProvider(context.scratch, context.blob_path)


def _hosted(name: str) -> HostedVendor:
    """A hosted vendor's `VENDOR`, loaded once it is named."""
    vendor: HostedVendor = import_module(f"render.providers.{name}").VENDOR
    return vendor


_BUILT_IN: Mapping[str, Callable[[], Vendor]] = {
    "animatic": _Animatic,
    **{name: partial(_hosted, name) for name in _HOSTED},
}
