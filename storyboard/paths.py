"""Where the files of a project may lie, and what sort of file a name promises.

A project must mean the same on every machine: paths are relative, with forward slashes, spelled as on disk, and never
lead out of the project, so that a snapshot of its folder is all that a run needs.
"""

from __future__ import annotations

import os
import shlex
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from storyboard.errors import LeadsOut
from storyboard.loopback import is_loopback_url
from storyboard.shot import MediaKind
from storyboard.text.confusables import difference, unseen
from storyboard.text.suggestions import suggestion

_KINDS = {
    ".png": MediaKind.IMAGE,
    ".jpg": MediaKind.IMAGE,
    ".jpeg": MediaKind.IMAGE,
    ".webp": MediaKind.IMAGE,
    ".mp4": MediaKind.VIDEO,
    ".mov": MediaKind.VIDEO,
    ".wav": MediaKind.AUDIO,
    ".mp3": MediaKind.AUDIO,
    ".m4a": MediaKind.AUDIO,
    ".aac": MediaKind.AUDIO,
    ".flac": MediaKind.AUDIO,
    ".ogg": MediaKind.AUDIO,
    ".opus": MediaKind.AUDIO,
}
_PHONES = {".heic", ".heif", ".hif"}
MOST_BYTES: Mapping[MediaKind, int] = {
    MediaKind.IMAGE: 512 * 1024**2,
    MediaKind.VIDEO: 4 * 1024**3,
    MediaKind.AUDIO: 4 * 1024**3,
}
"""Bytes of one file at most: many times what any vendor takes, and as much music as a WAV file can hold."""

FONTS = (".ttf", ".otf", ".ttc")
"""Suffixes of font files."""

MOST_FONT_BYTES = 256 * 1024**2
"""Bytes of a font at most; collections for Chinese, Japanese and Korean hold a hundred million."""

_NOT_SOURCES = {".tailframe", "output", "archive"}  # written by Tailframe itself
_OF_FILE_MANAGERS = {".DS_Store", "Thumbs.db", "desktop.ini", "Icon\r"}
_MOST_CANDIDATES = 5_000
_ANOTHER_PLACE = {
    "archive": "Remove the link, and name the place in TAILFRAME_ARCHIVE_URL",
    "output": "Remove the link; where the disk is too small, move the whole project",
    ".tailframe": "Remove the link; TAILFRAME_STORE_URL names another place for clips, else move the whole project",
}


def link_out(root: Path, path: Path) -> str | None:
    """The first part of `path`, from `root` on, that is a link out of `root`; None where the way stays inside.

    It is named relative to `root`. Parts that do not exist lead nowhere.
    """
    way = root
    for part in path.relative_to(root).parts:
        way = way / part
        if way.is_symlink() and _is_outside(way, root):
            return way.relative_to(root).as_posix()
    return None


def refuse_link_out(root: Path, path: Path) -> None:
    """Raises LeadsOut where writing to `path` would write outside of `root`. Ask right before each writing.

    Whoever may change the project's folder in the moment between could still lead a writer out.
    """
    link = link_out(root, path)
    if link is not None:
        raise LeadsOut(link, _ANOTHER_PLACE.get(link.partition("/")[0], _ANOTHER_PLACE["output"]))


def is_hidden(name: str) -> bool:
    """Whether a file is no work of its producer: hidden, or left by an editor or a file manager beside what is."""
    return name.startswith((".", "~$")) or name.endswith("~") or name in _OF_FILE_MANAGERS


def is_litter(name: str) -> bool:
    """Whether file managers leave files of this name in each folder that somebody looks at (`.DS_Store`)."""
    return name.startswith("._") or name in _OF_FILE_MANAGERS


def typed(folder: Path) -> str:
    """The folder as a person types it in a command, whatever its name is made of."""
    text = str(folder)
    return shlex.quote(f"./{text}" if text.startswith("-") else text)


def is_url(source: str) -> bool:
    """Whether a source is a link and not a path within the project."""
    return "://" in source


def kind_of(source: str) -> MediaKind:
    """What sort of file a path or URL promises by its suffix. Raises ValueError where the suffix is not one we know."""
    name = urlsplit(source).path if is_url(source) else source
    kind = _KINDS.get(PurePosixPath(name).suffix.lower())
    if kind is None:
        raise ValueError(f"{source!r} ends in none of {', '.join(_KINDS)}")
    return kind


@dataclass(frozen=True)
class ProjectFolder:
    """A project's folder. It checks sources, the paths and links that its YAML names, against what is on disk."""

    root: Path

    def problem(self, source: str, kinds: Set[MediaKind], *, links: bool = True) -> str | None:
        """What is wrong with a source that must be of one of these kinds, as a sentence; None where nothing is."""
        if source.startswith("data:"):
            return "a file cannot be written into the YAML; save it in the project and write its path"
        if is_url(source):
            return _link_problem(source, kinds) if links else "must be a file of the project, not a link"
        problem = _spelling_problem(source) or self._file_problem(source) or _kind_problem(source, kinds)
        return problem or self._size_problem(source)

    def font_problem(self, source: str) -> str | None:
        """What is wrong with a path that must be a font's, as a sentence; None where nothing is."""
        if "://" in source or source.startswith("data:"):
            return "must be a font file of the project, not a link"
        problem = _spelling_problem(source)
        if problem is None and PurePosixPath(source).suffix.lower() not in FONTS:
            problem = f"{source!r} is no font file. Valid suffixes are: {', '.join(FONTS)}"
        problem = problem or self._file_problem(source)
        if problem is None and (self.root / (self.on_disk(source) or source)).stat().st_size > MOST_FONT_BYTES:
            problem = f"{source!r} holds more than {MOST_FONT_BYTES:,} bytes, which no font does"
        return problem

    def on_disk(self, source: str) -> str | None:
        """The path as its folder spells it; None where there is no such file.

        Systems write letters with marks as one sign or as two, and change it in copying. To every eye, and to Unicode,
        both are the same name, so a name that is not there is looked for in its canonical form.
        """
        spelled = ""
        for part in source.split("/"):
            name = self._spelled(spelled, part)
            if name is None:
                return None
            spelled = f"{spelled}/{name}" if spelled else name
        return spelled

    def leads_out(self, name: str) -> bool:
        """Whether a file of the folder is a link to somewhere outside of it. False where there is no such file."""
        return _is_outside(self.root / name, self.root)

    def _file_problem(self, source: str) -> str | None:
        spelled = source if link_out(self.root, self.root / source) else self.on_disk(source)
        if spelled is None:
            return f"there is no file {source!r}{self._suggestion(source)}"
        file = self.root / spelled
        if (link := link_out(self.root, file)) is not None:
            what = "file" if link == spelled else "folder"
            return f"{link!r} is a link that leads out of the project; copy the {what} into it"
        try:
            status = file.stat()
        except OSError as error:
            return f"{source!r} cannot be read: {error.strerror or error}"
        if not stat.S_ISREG(status.st_mode):
            return f"{source!r} is a folder; name a file" if stat.S_ISDIR(status.st_mode) else f"{source!r} is no file"
        if status.st_size == 0:
            return f"{source!r} is empty"
        return None if os.access(file, os.R_OK) else f"{source!r} may not be read; check its permissions"

    def _size_problem(self, source: str) -> str | None:
        """A file is read whole to know what it is by, and a sparse one may claim to hold more than any disk does."""
        held, kind = (self.root / (self.on_disk(source) or source)).stat().st_size, kind_of(source)
        if held <= MOST_BYTES[kind]:
            return None
        return (
            f"{source!r} holds {held:,} bytes, and {MOST_BYTES[kind]:,} is the most for {kind}; scale it down, or cut "
            "out of it what is needed"
        )

    def _spelled(self, folder: str, name: str) -> str | None:
        names = self._names(folder)
        if name in names:
            return name
        return min((each for each in names if _canonical(each) == _canonical(name)), default=None)

    def _names(self, folder: str) -> Set[str]:
        known = self._listings.get(folder)
        if known is None:
            try:
                known = frozenset(entry.name for entry in (self.root / folder).iterdir())
            except OSError:
                known = frozenset()
            self._listings[folder] = known
        return known

    @cached_property
    def _listings(self) -> dict[str, Set[str]]:
        return {}

    def _suggestion(self, source: str) -> str:
        folder, _, name = source.rpartition("/")
        beside = {PurePosixPath(other).stem: other for other in sorted(self._names(folder)) if not is_hidden(other)}
        stem = suggestion(PurePosixPath(name).stem, beside)
        if stem is not None:
            return _meant(source, f"{folder}/{beside[stem]}".lstrip("/"))
        elsewhere = [path for path in self._candidates if path.rpartition("/")[2].casefold() == name.casefold()]
        if elsewhere:
            return _meant(source, elsewhere[0])
        return (
            f"; {folder}/ holds {_some(beside.values())}"
            if folder and beside
            else ". Paths begin at the project's folder"
        )

    @cached_property
    def _candidates(self) -> tuple[str, ...]:
        return tuple(sorted(_walk(self.root)))


def _is_outside(path: Path, root: Path) -> bool:
    try:
        return not path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):  # a link that leads to itself
        return True


def _canonical(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _meant(source: str, file: str) -> str:
    """A name that no run would take (it has a blank that is not seen) is no advice."""
    rename = " Rename the file" if unseen(file) else ""
    return f"; did you mean {file!r}{difference(source, file)}?{rename}"


def _some(names: Iterable[str]) -> str:
    known = tuple(names)
    return ", ".join(known[:5]) + (", …" if len(known) > 5 else "")


def _walk(root: Path) -> Iterator[str]:
    found = 0
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in _NOT_SOURCES and not name.startswith(".")]
        for name in names:
            if PurePosixPath(name).suffix.lower() in {*_KINDS, *FONTS} and not is_hidden(name):
                yield Path(folder, name).relative_to(root).as_posix()
                found += 1
        if found > _MOST_CANDIDATES:
            return


def _spelling_problem(source: str) -> str | None:
    if "\\" in source:
        return f"'{source}' has a backslash; write forward slashes: {source.replace(chr(92), '/')!r}"
    if source.startswith("/") or source[1:2] == ":":
        return f"{source!r} is an absolute path; copy the file into the project and name it from there"
    parts = source.split("/")
    if ".." in parts:
        return f"{source!r} leads out of the project or back; copy the file into it and write its path without .."
    if "." in parts or "" in parts:
        return f"{source!r} has a part too many; write it as {'/'.join(p for p in parts if p not in ('', '.'))!r}"
    if parts[0] in _NOT_SOURCES:
        return f"{source!r} is what Tailframe itself writes; copy the file to references/"
    return _unfit_name(source, parts)


def _unfit_name(source: str, parts: list[str]) -> str | None:
    """Names that no snapshot and no archive takes, as they would pass unseen."""
    if not source.isprintable():
        return f"{source!r} has {unseen(source)} in its name; rename the file"
    if any(part.startswith(".") for part in parts):
        return f"{source!r} is hidden, as a name in it begins with a dot; rename it"
    return None


def _kind_problem(source: str, kinds: Set[MediaKind]) -> str | None:
    try:
        kind = kind_of(source)
    except ValueError:
        wanted = ", ".join(suffix for suffix, kind in _KINDS.items() if kind in kinds)
        if PurePosixPath(source).suffix.lower() in _PHONES:
            return f"{source!r} is a HEIC picture, as phones save them; export it as JPEG or PNG"
        return f"{source!r} has a suffix that is not known. Valid suffixes are: {wanted}"
    if kind in kinds:
        return None
    wanted = ", ".join(suffix for suffix, kind in _KINDS.items() if kind in kinds)
    return f"{source!r} is {'an' if kind.value[0] in 'ai' else 'a'} {kind.value} file. Valid suffixes are: {wanted}"


def _link_problem(source: str, kinds: Set[MediaKind]) -> str | None:
    if source.lower().startswith("http://") and not is_loopback_url(source):
        return f"{source!r} is plain http; use https, or download the file into the project"
    if not source.lower().startswith(("https://", "http://")):
        return f"{source!r} is no https link; download the file into the project"
    try:
        link = urlsplit(source)
        host, _ = link.hostname, link.port
    except ValueError as error:
        return f"{source!r} is no valid link: {error}"
    if not host or any(character.isspace() and character != " " for character in source):
        return f"{source!r} is no valid link"
    if link.username is not None or link.password is not None:
        return "a link must not hold a user name or password; download the file into the project"
    return _kind_problem(source, kinds)
