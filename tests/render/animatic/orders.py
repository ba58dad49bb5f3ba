"""Orders for the animatic, with small pictures of their own; every picture is found by the hash of its bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from PIL import Image, ImageDraw

from storyboard.request import BoundReference, Mode, Request
from storyboard.shot import MediaKind, Role


@dataclass
class Shelf:
    """A folder of pictures that stands in for the store's local files."""

    folder: Path
    files: dict[str, Path] = field(default_factory=dict)

    def path(self, sha256: str) -> Path:
        """Where the bytes with this hash are."""
        return self.files[sha256]

    def put(self, role: Role, name: str, file: Path, kind: MediaKind = MediaKind.IMAGE) -> BoundReference:
        """Keep a file and refer to it."""
        sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
        self.files[sha256] = file
        return BoundReference(token="@image1", kind=kind, role=role, name=name, source=file.name, sha256=sha256)

    def plate(self, colour: str = "#2a5c6e", *, role: Role = Role.LOCATION, name: str = "sea") -> BoundReference:
        """A picture that fills the frame: its halves differ, so that a move shows."""
        picture = Image.new("RGB", (320, 180), colour)
        ImageDraw.Draw(picture).rectangle((0, 0, 120, 90), fill="#e8c07a")
        return self._keep(role, name, picture)

    def figure(self, colour: str = "#c4473b", *, name: str = "mara", tall: int = 200) -> BoundReference:
        """A cut-out on a transparent sheet, standing on its foot."""
        picture = Image.new("RGBA", (120, 200))
        ImageDraw.Draw(picture).ellipse((30, 200 - tall, 90, 199), fill=colour)
        return self._keep(Role.CAST, name, picture)

    def _keep(self, role: Role, name: str, picture: Image.Image) -> BoundReference:
        file = self.folder / f"{role}-{len(self.files)}.png"
        picture.save(file)
        return self.put(role, name, file)


def order(
    references: Sequence[BoundReference] = (),
    *,
    duration: str | None = "1",
    size: tuple[int, int] = (160, 90),
    fps: Fraction = Fraction(24),
    wish: str = "5e" * 32,
    prompt: str = "Mara lights the lamp",
    audio: bool = True,
    mode: Mode = Mode.REFERENCE,
    **slate: str,
) -> Request:
    """One order with everything spelled out; `slate` is what the animatic burns in."""
    seconds = None if duration is None else Decimal(duration)
    return Request(
        series="lighthouse",
        shot="e01/lamp/010",
        provider="animatic",
        account="animatic",
        model="animatic",
        mode=mode,
        prompt=prompt,
        references=tuple(references),
        duration_s=seconds,
        billed_s=seconds or Decimal(600),
        resolution="720p",
        aspect_ratio="16:9",
        audio=audio,
        seed=None,
        variation=0,
        wish=wish,
        width=size[0],
        height=size[1],
        fps=fps,
        estimated_usd=Decimal(0),
        slate={"key": "lamp/010", "title": "The lamp room", **slate},
    )
