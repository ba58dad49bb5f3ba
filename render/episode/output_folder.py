"""The folder that a producer opens: copies of what the store holds, replaced one whole file at a time.

Ours in it is the manifest, and each file under a name that a cut uses whose bytes are in the store. Anything else is
the producer's: where its name is needed, it is kept beside under another one.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path

from render.concurrency.parallel import side_by_side
from render.episode.archive_errors import InvalidManifest
from render.episode.manifest import MOST_BYTES, BesideRecord, DeliveryRecord, Manifest, UsedClip, from_json, to_json
from render.store import Store
from render.store.atomic_files import disk_errors, whole_file
from render.store.known_digests import read_digest, remember_written
from render.store.plain_files import read_plain
from storyboard.paths import refuse_link_out

MANIFEST = "manifest.json"
CONTACT_SHEET = "contact_sheet.jpg"

LARGEST = 2 << 30
"""Bytes. A larger file, unless a clip that is known has its size, is none of ours, and is not read to find out."""


def standing(output: Path, manifest: Manifest) -> Manifest | None:
    """The manifest that lies in the folder, where it says the same as this one but for when it was made."""
    found = _manifest_in(output)
    return found if found is not None and replace(manifest, created_at=found.created_at) == found else None


def is_ours(store: Store, file: Path) -> bool:
    """Whether a file in the folder is one that was put there, and unchanged."""
    sha256 = _digest(file)
    return sha256 is not None and store.has(sha256)


def publish(
    store: Store, manifest: Manifest, sheet: Path, output: Path, *, within: Path, sizes: Collection[int] = ()
) -> tuple[str, ...]:
    """Bring the folder to what the manifest says; the manifest itself comes last. What is right already stays.

    Of what lies there, only clips and deliveries that the manifest before named are removed, and only with the bytes
    that it named. What a producer put or changed where a name is needed, be it a file, a folder or a link, is kept
    beside it. Returns a sentence for each such thing: where it is now. `sizes` are the bytes that this cut's clips
    have, as far as that is known. Raises LeadsOut where the folder, or one in it, is a link that leads out of the
    project (`within`), and StoreError where something cannot be written.
    """
    refuse_link_out(within, output)
    told = _make_folder(output, within)
    before = _manifest_in(output)
    known = {*sizes, *_sizes(manifest), *(() if before is None else _sizes(before))}
    wanted = _wanted(store, manifest, sheet, output)
    for folder in dict.fromkeys((output / path).parent for path in wanted):
        refuse_link_out(within, folder)
        told += _make_folder(folder, output)
    written: dict[Path, tuple[str, os.stat_result]] = {}
    ours = {**before.made(), **{clip.path: clip.sha256 for clip in before.clips()}} if before is not None else {}
    for sentences, status, path in side_by_side(
        lambda item: (*_bring(store, item[1], output / item[0], known, ours.get(item[0])), item[0]), wanted.items()
    ):
        told += sentences
        if status is not None:
            written[output / path] = (wanted[path], status)
    remember_written(written)
    told += _remove_unused(output, before, manifest, known)
    text = to_json(manifest).encode()
    if _text_in(output) != text:
        told += _replace(output / MANIFEST, text, ours=before is not None)
    return tuple(told)


def take_back(store: Store, output: Path) -> None:
    """Remove what a cut put into the folder, and the folder where nothing else lies there. What was changed stays."""
    manifest = _manifest_in(output)
    if manifest is None:
        return
    for clip in manifest.clips():
        _remove(output, clip, ())
    ours = [output / MANIFEST] + [output / CONTACT_SHEET] * is_ours(store, output / CONTACT_SHEET)
    made = {output / path: sha256 for path, sha256 in manifest.made().items()}
    ours += [file for file, sha256 in made.items() if _digest(file, _sizes(manifest)) == sha256]
    for file in ours:
        with disk_errors(f"remove {file}"):
            file.unlink()
    for folder in (output / "clips", output):
        with suppress(OSError):  # other things lie there
            folder.rmdir()


def _manifest_in(output: Path) -> Manifest | None:
    text = _text_in(output)
    try:
        return None if text is None else from_json(text)
    except InvalidManifest:
        return None


def _text_in(output: Path) -> bytes | None:
    if not _is_plain(output / MANIFEST):
        return None
    try:
        return read_plain(output / MANIFEST, most_bytes=MOST_BYTES)
    except OSError:
        return None


def _wanted(store: Store, manifest: Manifest, sheet: Path, output: Path) -> Mapping[str, str]:
    """What has to lie in the folder: the sha256 of each file by its path in there."""
    wanted = {**manifest.made(), **{clip.path: clip.sha256 for clip in manifest.clips()}}
    return wanted if sheet == output / CONTACT_SHEET else {**wanted, CONTACT_SHEET: store.put_file(sheet)}


def _make_folder(folder: Path, within: Path) -> list[str]:
    """Make a folder and those above it, up to `within`. What stands there in place of one is kept beside it."""
    told = []
    for name in reversed(folder.relative_to(within).parents):
        told += _make_one(within / name) if name.name else []
    return told + _make_one(folder)


def _make_one(folder: Path) -> list[str]:
    told = _set_aside(folder) if os.path.lexists(folder) and not folder.is_dir() else []
    with disk_errors(f"make {folder}"):
        folder.mkdir(exist_ok=True)
    return told


def _bring(
    store: Store, sha256: str, target: Path, known: Collection[int], ours: str | None
) -> tuple[list[str], os.stat_result | None]:
    """The blob as a file of its own: never a link into the store, since a producer may open it in an editor.

    `ours` is what the manifest before put there, which the store may not have any more. Returns what to tell, and the
    status of the file where it was written now.
    """
    told, there = [], _digest(target, known)
    if there == sha256:
        return [], None
    if os.path.lexists(target) and (there is None or (there != ours and not store.has(there))):  # nobody else has it
        told = _set_aside(target)
    store.fetch(sha256, target)
    return told, target.lstat()


def _replace(target: Path, content: bytes, *, ours: bool) -> list[str]:
    told = [] if ours or not os.path.lexists(target) else _set_aside(target)
    with disk_errors(f"write {target}"), whole_file(target) as file:
        file.write(content)
    return told


def _set_aside(target: Path) -> list[str]:
    """Give what stands there another name; a sentence that says which."""
    kept = _free_name(target)
    with disk_errors(f"make room for {target}"):
        target.rename(kept)
    return [f"{target} was put there or changed by somebody else; it is {kept.name} beside it now"]


def _free_name(target: Path) -> Path:
    """`010.kept-1.mp4` beside `010.mp4`: the first such name that is free."""
    names = (target.with_name(f"{target.stem}.kept-{number}{target.suffix}") for number in count(1))
    return next(name for name in names if not os.path.lexists(name))


def _remove_unused(output: Path, before: Manifest | None, now: Manifest, known: Collection[int]) -> list[str]:
    """Take back the clips and other files of the cut before that this one has no use for."""
    wanted = {*now.made(), *(clip.path for clip in now.clips())}
    had: list[UsedClip | DeliveryRecord | BesideRecord] = []
    if before is not None:
        had += [*before.clips(), *before.deliveries, *before.beside]
    unused = [each for each in had if each.path not in wanted]
    return [sentence for clip in unused for sentence in _remove(output, clip, known)]


def _sizes(manifest: Manifest) -> set[int]:
    beside = (*(each.bytes for each in manifest.deliveries), *(each.bytes for each in manifest.beside))
    return {manifest.master.bytes, *beside}


def _remove(output: Path, clip: UsedClip | DeliveryRecord | BesideRecord, known: Collection[int]) -> list[str]:
    """Remove a file that the cut before used, with its folder where nothing else lies there."""
    file = output / clip.path
    if not _is_plain(file) or file.parent.is_symlink():
        return []
    if _digest(file, known) != clip.sha256:
        return [f"{file} is used no more and was changed by somebody else; it stays"]
    with disk_errors(f"remove {file}"):
        file.unlink()
    with suppress(OSError):  # other things lie there
        file.parent.rmdir()
    return []


def _is_plain(file: Path) -> bool:
    """Whether it is a file: no link to one, no folder, no pipe."""
    try:
        return stat.S_ISREG(file.lstat().st_mode)
    except OSError:
        return False


def _digest(file: Path, known: Collection[int] = ()) -> str | None:
    """The sha256 of what may be one of ours, by its kind and its size; None of anything else."""
    try:
        size = file.lstat().st_size
        if not _is_plain(file) or (size > LARGEST and size not in known):
            return None
        return read_digest(file)
    except OSError:  # it is gone, or may not be read
        return None
