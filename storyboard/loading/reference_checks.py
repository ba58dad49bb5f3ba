"""Whether what is written of a reference goes with the kind of file that it is: parts and jobs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from storyboard.loading.named_files import Listed
from storyboard.model import ReferenceItem
from storyboard.model.bible import ShotReferenceItem
from storyboard.paths import kind_of
from storyboard.shot import MediaKind, Use
from storyboard.source import Path

_CALLED = {MediaKind.IMAGE: "a picture", MediaKind.VIDEO: "a video", MediaKind.AUDIO: "a sound"}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A key of a reference that does not go with the rest of it: the path of its value, and why."""

    path: Path
    message: str


def contradictions(listed: Iterable[Listed]) -> Iterator[Contradiction]:
    """In these lists of references, those of a series or of an episode."""
    for owner, items in listed:
        yield from _contradictions(owner, items)


def _contradictions(owner: Path, items: Sequence[ReferenceItem]) -> Iterator[Contradiction]:
    whole: str | None = None  # what the shot is made of
    for index, item in enumerate(items):
        path, kind = (*owner, "references", index), _kind(item)
        yield from _of_window(path, item, kind)
        use = None if item.use is None else Use(item.use)
        if use is None:
            continue
        if kind is not None and kind not in use.kinds:
            yield Contradiction((*path, "use"), _wrong_kind(use, kind))
        elif use in {Use.EDIT, Use.EXTEND} and whole is not None:
            message = f"a shot edits or extends one video, and another reference says `use: {whole}`; keep one of them"
            yield Contradiction((*path, "use"), message)
        elif use in {Use.EDIT, Use.EXTEND}:
            whole = use.value


def _wrong_kind(use: Use, kind: MediaKind) -> str:
    needed = " or ".join(f"{_CALLED[each]}" for each in MediaKind if each in use.kinds)
    fitting = ", ".join(each.value for each in Use if kind in each.kinds)
    return f"`use: {use.value}` needs {needed}, and this is {_CALLED[kind]}. Valid values for it are: {fitting}"


def _of_window(path: Path, item: ReferenceItem, kind: MediaKind | None) -> Iterator[Contradiction]:
    """One contradiction at most: what is told of the first key goes for both."""
    written = [key for key, value in (("from", item.from_), ("to", item.to)) if value is not None]
    if written and kind is MediaKind.IMAGE:
        yield Contradiction((*path, written[0]), "`from` and `to` are of a video or a sound, and this is a picture")
    elif item.to == 0:
        yield Contradiction((*path, "to"), "a part that ends at 0 s is empty; without `to` it goes on to the end")
    elif _reversed(item.from_ or Decimal(0), item.to):
        yield Contradiction((*path, "to"), f"this part ends at {item.to} s and begins at {item.from_} s; it is empty")


def _reversed(start_s: Decimal, end_s: Decimal | None) -> bool:
    """Whether that can be said without the file: where one counts from its end and the other does not, it cannot."""
    return end_s is not None and (start_s < 0) == (end_s < 0) and start_s >= end_s


def _kind(item: ReferenceItem) -> MediaKind | None:
    """What sort of file it is; None where its name does not say, which is a mistake of its own."""
    if isinstance(item, ShotReferenceItem) and item.shot is not None:
        return MediaKind.VIDEO if item.frame is None else MediaKind.IMAGE
    try:
        return kind_of(item.source)
    except ValueError:
        return None
