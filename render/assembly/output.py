"""The folder that a producer opens: copies of what the store holds, replaced one whole file at a time."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from secrets import token_hex

from render.errors import InvalidManifest
from render.manifest import Manifest, from_json, to_json
from render.store import Store
from render.store.digests import sha256_of_file

MANIFEST = "manifest.json"
CONTACT_SHEET = "contact_sheet.jpg"


def standing(output: Path, manifest: Manifest) -> Manifest | None:
    """The manifest that lies in the folder, where it says the same as this one but for when it was made."""
    try:
        found = from_json((output / MANIFEST).read_bytes())
    except (OSError, InvalidManifest):
        return None
    return found if replace(manifest, created_at=found.created_at) == found else None


def publish(store: Store, manifest: Manifest, sheet: Path, output: Path) -> None:
    """Bring the folder to what the manifest says; the manifest itself comes last. What is right already stays."""
    output.mkdir(parents=True, exist_ok=True)
    _bring(store, manifest.master.sha256, output / manifest.master.path)
    for clip in manifest.clips():
        _bring(store, clip.sha256, output / clip.path)
    _sweep(output / "clips", {output / clip.path for clip in manifest.clips()})
    if sheet != output / CONTACT_SHEET:
        _replace(output / CONTACT_SHEET, sheet.read_bytes())
    text = to_json(manifest).encode()
    if not (output / MANIFEST).exists() or (output / MANIFEST).read_bytes() != text:
        _replace(output / MANIFEST, text)


def _bring(store: Store, sha256: str, target: Path) -> None:
    """The blob as a file of its own: never a link into the store, since a producer may open it in an editor."""
    if target.is_file() and sha256_of_file(target) == sha256:
        return
    store.fetch(sha256, target)


def _replace(target: Path, content: bytes) -> None:
    part = target.with_name(f".{target.name}.{token_hex(4)}")
    try:
        part.write_bytes(content)
        os.replace(part, target)  # noqa: PTH105 — the one call that is atomic on every system
    finally:
        part.unlink(missing_ok=True)


def _sweep(folder: Path, wanted: set[Path]) -> None:
    """Remove clips that an earlier cut used, and nothing else: what a producer put there stays."""
    for file in folder.glob("*/*.mp4"):
        if file not in wanted and file.is_file() and not file.is_symlink():
            file.unlink()
            with suppress(OSError):  # other things lie there
                file.parent.rmdir()
