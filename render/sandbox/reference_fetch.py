"""Fetches every reference that an order names, as a vendor would, and measures it.

Only from this machine: a sandbox that followed any link would be a way for an order to reach the web.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote_to_bytes

import httpx

from render.errors import MediaError
from render.media.reference_facts import examine
from render.net.addresses import is_loopback_url
from render.sandbox.vendor_order import Reference
from storyboard.shot import MediaKind

MOST_BYTES = 200 * 1024**2
"""Bytes of one reference that are fetched at most; a vendor's own limit may be lower."""

MB = 1_000_000
FRESH = httpx.Limits(max_keepalive_connections=0)
"""No connection is kept: one may be closed by its server at the very moment at which it is used again."""

SLACK_S = 0.1  # encoders round to their own frames


class Unreadable(Exception):
    """A reference that cannot be had, or is no medium. `url` says which one."""

    def __init__(self, url: str, why: str) -> None:
        self.url = url
        super().__init__(f"{url[:120]} cannot be read: {why}")


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most, both allowed."""

    least: float
    most: float

    def hold(self, value: float) -> bool:
        """Whether a value lies within."""
        return self.least <= value <= self.most


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a vendor takes of one kind. Lengths in seconds, sizes in bytes and pixels."""

    formats: frozenset[str]
    bytes_each: int = MOST_BYTES
    bytes_all: int = MOST_BYTES
    seconds_each: Bounds = Bounds(0, 10**6)
    seconds_all: float = 10**6
    seconds_all_least: float = 0  # where there are any
    side: Bounds = Bounds(1, 10**6)
    ratio: Bounds = Bounds(0, 10**6)
    frame_pixels: Bounds = Bounds(1, 10**9)
    fps: Bounds = Bounds(0, 10**6)


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit that a reference breaks. `about` is format, bytes, seconds or dimensions."""

    url: str
    about: str
    message: str


@dataclass(slots=True)
class Reader:
    """Fetches over one client; close it with `aclose`."""

    client: httpx.AsyncClient = field(
        default_factory=lambda: httpx.AsyncClient(
            trust_env=False, timeout=20, follow_redirects=False, limits=FRESH, headers={"Accept-Encoding": "identity"}
        )
    )

    async def aclose(self) -> None:
        """Close its connections."""
        await self.client.aclose()

    async def read_all(self, urls: Sequence[str], *, inline: bool = False, keep: Path | None = None) -> list[Reference]:
        """Every reference, in order. Raises Unreadable for the first that cannot be; `inline` takes data: links.

        `keep` is a folder for their bytes, each under its sha256.
        """
        found = await asyncio.gather(*(self._read(url, inline, keep) for url in urls), return_exceptions=True)
        for each in found:
            if isinstance(each, BaseException):
                raise each
        return [each for each in found if isinstance(each, Reference)]

    async def _read(self, url: str, inline: bool, keep: Path | None) -> Reference:
        if url.startswith("data:"):
            if not inline:
                raise Unreadable(url, "only links are taken, not data")
            content = _inline(url)
        else:
            content = await self.fetch(url)
        measured = await asyncio.to_thread(_measured, url, content)
        if keep is not None:
            await asyncio.to_thread(_kept, keep, measured.sha256, content)
        return measured

    async def fetch(self, url: str) -> bytes:
        """The bytes behind a link. Raises Unreadable where it leads nowhere, or away from this machine."""
        try:
            if not url.startswith(("http://", "https://")) or not is_loopback_url(url):
                raise Unreadable(url, "the sandbox reads from this machine only")
            async with self.client.stream("GET", url) as answer:
                if answer.status_code != 200:
                    raise Unreadable(url, f"its host answers {answer.status_code}")
                content = bytearray()
                async for piece in answer.aiter_raw():  # whatever a link gives packed is no medium
                    content += piece
                    if len(content) > MOST_BYTES:
                        raise Unreadable(url, "it is too large")
                return bytes(content)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise Unreadable(url, str(error) or type(error).__name__) from None


def _kept(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def _inline(url: str) -> bytes:
    head, comma, body = url.partition(",")
    if not comma:
        raise Unreadable(url, "it is no data link")
    if not head.endswith(";base64"):
        return unquote_to_bytes(body)
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable(url, "its base64 is broken") from None


def _measured(url: str, content: bytes) -> Reference:
    sha256 = hashlib.sha256(content).hexdigest()
    with tempfile.TemporaryDirectory(prefix="sandbox-") as folder:
        path = Path(folder) / "reference"
        path.write_bytes(content)
        try:
            facts = examine(path, sha256)
        except MediaError as error:
            raise Unreadable(url, str(error)) from None
    return Reference(
        url=url,
        kind=facts.kind,
        format=facts.format,
        bytes=facts.bytes,
        sha256=sha256,
        width=facts.width or 0,
        height=facts.height or 0,
        seconds=float(facts.duration_s or 0),
        fps=float(facts.fps or 0),
    )


def misplaced(references: Sequence[Reference], lists: Mapping[MediaKind, Sequence[str]]) -> Reference | None:
    """The first reference that is of another kind than its list. They come in the lists' order."""
    expected = [kind for kind, urls in lists.items() for _ in urls]
    return next((each for each, kind in zip(references, expected, strict=True) if each.kind is not kind), None)


def breach(references: Sequence[Reference], limits: dict[MediaKind, Limits]) -> Breach | None:
    """The first limit that these references break, each alone and all of one kind together."""
    for each in references:
        if found := _alone(each, limits[each.kind]):
            return found
    for kind, limit in limits.items():
        some = [each for each in references if each.kind is kind]
        total_s, total_bytes = sum(each.seconds for each in some), sum(each.bytes for each in some)
        if total_s > limit.seconds_all + SLACK_S:
            return Breach(
                some[-1].url, "seconds", f"{kind} lasts {total_s:g} s in all, at most {limit.seconds_all:g} s"
            )
        if some and total_s < limit.seconds_all_least - SLACK_S:
            least = f"at least {limit.seconds_all_least:g} s"
            return Breach(some[-1].url, "seconds", f"{kind} lasts {total_s:g} s in all, {least} are asked for")
        if total_bytes > limit.bytes_all:
            return Breach(some[-1].url, "bytes", f"{kind} has {total_bytes} bytes in all, at most {limit.bytes_all}")
    return None


def _alone(each: Reference, limit: Limits) -> Breach | None:
    if each.format not in limit.formats:
        return Breach(each.url, "format", f"{each.format} is not one of {', '.join(sorted(limit.formats))}")
    if each.bytes > limit.bytes_each:
        return Breach(each.url, "bytes", f"it has {each.bytes} bytes, at most {limit.bytes_each}")
    lasts = Bounds(limit.seconds_each.least - SLACK_S, limit.seconds_each.most + SLACK_S)
    if each.kind is not MediaKind.IMAGE and not lasts.hold(each.seconds):
        return Breach(each.url, "seconds", f"it lasts {each.seconds:g} s")
    return _dimensions(each, limit)


def _dimensions(each: Reference, limit: Limits) -> Breach | None:
    if each.kind is MediaKind.AUDIO:
        return None
    fits = limit.side.hold(each.width) and limit.side.hold(each.height)
    fits = fits and limit.ratio.hold(each.width / each.height) and limit.frame_pixels.hold(each.width * each.height)
    if each.kind is MediaKind.VIDEO:
        fits = fits and limit.fps.hold(round(each.fps, 2))
    return (
        None if fits else Breach(each.url, "dimensions", f"{each.width}x{each.height} at {each.fps:g} fps is not taken")
    )
