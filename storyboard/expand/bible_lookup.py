"""The series bible, looked up by the names that prompts call: how each reads, what it sends, what is said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from storyboard.errors import Position
from storyboard.loading import Project
from storyboard.model import CastMember, FrameItem, Look, ReferenceItem, SeriesFile
from storyboard.model.bible import ShotReferenceItem
from storyboard.paths import kind_of
from storyboard.shot import Description, OwnTake, Reference, Role, Use, Window

SERIES_FILE = "series.yaml"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be named. `references` say where they are written, for messages."""

    role: Role
    name: str
    label: str
    text: str
    references: tuple[Reference, ...]

    @property
    def description(self) -> Description:
        """The sentence that every prompt naming it repeats."""
        return Description(role=self.role, name=self.name, label=self.label, text=self.text)


@dataclass(frozen=True, slots=True)
class Bible:
    """Everything that a series defines. `named` holds what prompts call; looks as "mara.storm"."""

    named: Mapping[str, Entry]
    styles: Mapping[str, Entry]
    cast: frozenset[str]
    locations: frozenset[str]

    def labels(self) -> dict[str, str]:
        """How each name that prompts may call reads: "mara" and "mara.storm" as "Mara"."""
        return {name: entry.label for name, entry in self.named.items()}


def read_bible(project: Project) -> Bible:
    """The bible of a series, every reference resolved."""
    series = project.series
    named = {entry.name: entry for entry in _named(project, series)}
    styles = {
        id_: _entry(project, Role.STYLE, id_, id_, path=("styles", id_), text=style.description, items=style.references)
        for id_, style in series.styles.items()
    }
    return Bible(named, styles, frozenset(series.cast), frozenset(series.locations))


def references_from(
    project: Project,
    items: Sequence[ReferenceItem],
    role: Role,
    name: str,
    label: str,
    *,
    file: str,
    path: tuple[str | int, ...],
) -> tuple[Reference, ...]:
    """References as written at `path`, which is the path of what holds them."""
    places = (project.at(file, *path, "references", index) for index in range(len(items)))
    return tuple(_reference(item, role, name, label, at) for item, at in zip(items, places, strict=True))


def _reference(item: ReferenceItem, role: Role, name: str, label: str, at: Position) -> Reference:
    """As it is written. An own take, or what is edited or goes on, is what the shot is about: it is never left out."""
    own = own_take(item) if isinstance(item, ShotReferenceItem) else None
    return Reference(
        kind=own.kind if own else kind_of(item.source),
        role=role,
        name=name,
        label=label,
        source=own.called if own else item.source,
        required=item.required or own is not None or item.use in {Use.EDIT, Use.EXTEND},
        note=item.note,
        at=at,
        own=own,
        window=_window(item),
        use=None if item.use is None else Use(item.use),
    )


def _window(item: ReferenceItem) -> Window | None:
    if item.from_ is None and item.to is None:
        return None
    return Window(item.from_ or Decimal(0), item.to)


def own_take(item: ShotReferenceItem | FrameItem) -> OwnTake | None:
    """What another shot made, where that is what is written; None for a file."""
    return None if item.shot is None else OwnTake(item.shot, item.take, item.frame)


def short_name(source: str, own: OwnTake | None) -> str:
    """How a reference without a name is called: an own take as it reads, a file without its folder and ending."""
    return own.called if own else source.rsplit("/", 1)[-1].split("?", 1)[0].rsplit(".", 1)[0]


def each_source_once(project: Project, references: Iterable[Reference]) -> tuple[Reference, ...]:
    """The same part of a file is sent once for one job; what else it shows joins the note of the first."""
    kept: dict[tuple[object, ...], Reference] = {}
    for reference in references:
        file = reference.source if reference.own else project.on_disk(reference.source)
        key = (file, reference.window, reference.use, reference.name if reference.called else "")
        first = kept.setdefault(key, reference)
        if first is reference:
            continue
        also = "" if reference.label == first.label else f"also {reference.label}"
        notes = [note for note in (first.note, also, reference.note) if note]
        kept[key] = replace(
            first, required=first.required or reference.required, note="; ".join(dict.fromkeys(notes)) or None
        )
    return tuple(kept.values())


def _named(project: Project, series: SeriesFile) -> Iterable[Entry]:
    for id_, member in series.cast.items():
        yield from _member(project, id_, member)
    for id_, prop in series.props.items():
        label = prop.name or id_.replace("_", " ")
        path = ("props", id_)
        yield _entry(project, Role.PROP, id_, label, path=path, text=prop.description, items=prop.references)
    for id_, place in series.locations.items():
        label = place.name or id_.replace("_", " ")
        path = ("locations", id_)
        yield _entry(project, Role.LOCATION, id_, label, path=path, text=place.description, items=place.references)


def _member(project: Project, id_: str, member: CastMember) -> Iterable[Entry]:
    label = member.name or id_.replace("_", " ").title()
    path = ("cast", id_)
    base = _entry(project, Role.CAST, id_, label, path=path, text=member.description, items=member.references)
    yield base
    for name, look in member.looks.items():
        yield _look(project, base, name, look)


def _look(project: Project, base: Entry, name: str, look: Look) -> Entry:
    """A look's references take the place of the member's; one that brings none keeps them and changes the words."""
    called = f"{base.name}.{name}"
    text = "; ".join(part for part in (base.text, look.description) if part)
    if not look.references:
        kept = tuple(replace(each, name=called) for each in base.references)
        return Entry(base.role, called, base.label, text, kept)
    path = ("cast", base.name, "looks", name)
    return _entry(project, Role.CAST, called, base.label, path=path, text=text, items=look.references)


def _entry(
    project: Project,
    role: Role,
    name: str,
    label: str,
    *,
    path: tuple[str | int, ...],
    text: str,
    items: Sequence[ReferenceItem],
) -> Entry:
    references = references_from(project, items, role, name, label, file=SERIES_FILE, path=path)
    return Entry(role, name, label, text.strip(), references)
