"""The folder that a producer opens: copies of what the store holds, replaced one whole file at a time."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from secrets import token_hex

from render.errors import InvalidManifest
from render.manifest import MOST_BYTES, Manifest, UsedClip, from_json, to_json
from render.store import Store
from render.store.digests import sha256_of_file
from render.store.plain import read_plain
from storyboard.paths import refuse_link_out

MANIFEST = "manifest.json"
CONTACT_SHEET = "contact_sheet.jpg"


def standing(output: Path, manifest: Manifest) -> Manifest | None:
    """The manifest that lies in the folder, where it says the same as this one but for when it was made."""
    found = _manifest_in(output)
    return found if found is not None and replace(manifest, created_at=found.created_at) == found else None


def publish(store: Store, manifest: Manifest, sheet: Path, output: Path, *, within: Path) -> tuple[str, ...]:
    """Bring the folder to what the manifest says; the manifest itself comes last. What is right already stays.

    Of what lies there, only clips that the manifest before named are removed, and only with the bytes that it named. A
    producer's own file under a name that is needed is kept beside it, under another one. Returns a sentence for each
    file that a producer changed: where it is now. Raises LeadsOut where the folder, or one in it, is a link that leads
    out of the project (`within`).
    """
    refuse_link_out(within, output)
    output.mkdir(parents=True, exist_ok=True)
    before = _manifest_in(output)
    wanted = {manifest.master.path: manifest.master.sha256, **{clip.path: clip.sha256 for clip in manifest.clips()}}
    told = []
    for path, sha256 in wanted.items():
        refuse_link_out(within, (output / path).parent)
        told.append(_bring(store, sha256, output / path))
    told += [_remove(output / clip.path, clip.sha256) for clip in _no_longer_used(before, wanted)]
    if sheet != output / CONTACT_SHEET:
        _replace(output / CONTACT_SHEET, sheet.read_bytes())
    text = to_json(manifest).encode()
    if _text_in(output) != text:
        _replace(output / MANIFEST, text)
    return tuple(sentence for sentence in told if sentence)


def _manifest_in(output: Path) -> Manifest | None:
    text = _text_in(output)
    try:
        return None if text is None else from_json(text)
    except InvalidManifest:
        return None


def _text_in(output: Path) -> bytes | None:
    try:
        return read_plain(output / MANIFEST, most_bytes=MOST_BYTES)
    except OSError:
        return None


def _bring(store: Store, sha256: str, target: Path) -> str:
    """The blob as a file of its own: never a link into the store, since a producer may open it in an editor."""
    standing_there = sha256_of_file(target) if target.is_file() and not target.is_symlink() else None
    if standing_there == sha256:
        return ""
    told = ""
    if standing_there is not None and not store.has(standing_there):  # nobody else has these bytes
        kept = _free_name(target)
        target.rename(kept)
        told = f"{target} had been changed by somebody else; that file is {kept.name} beside it now"
    store.fetch(sha256, target)
    return told


def _free_name(target: Path) -> Path:
    """`010.kept-1.mp4` beside `010.mp4`: the first such name that is free."""
    names = (target.with_name(f"{target.stem}.kept-{number}{target.suffix}") for number in count(1))
    return next(name for name in names if not os.path.lexists(name))


def _replace(target: Path, content: bytes) -> None:
    part = target.with_name(f".{target.name}.{token_hex(4)}")
    try:
        part.write_bytes(content)
        os.replace(part, target)  # noqa: PTH105 — the one call that is atomic on every system
    finally:
        part.unlink(missing_ok=True)


def _no_longer_used(before: Manifest | None, wanted: Mapping[str, str]) -> list[UsedClip]:
    return [] if before is None else [clip for clip in before.clips() if clip.path not in wanted]


def _remove(file: Path, sha256: str) -> str:
    """Remove a clip that the cut before used, with its folder where nothing else lies there."""
    if not file.is_file() or file.is_symlink() or file.parent.is_symlink():
        return ""
    if sha256_of_file(file) != sha256:
        return f"{file} is used no more and was changed by somebody else; it stays"
    file.unlink()
    with suppress(OSError):  # other things lie there
        file.parent.rmdir()
    return ""
