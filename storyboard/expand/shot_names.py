"""Names that a shot gives to references of its own, which its own texts call as they call those of the bible."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from storyboard.errors import Position
from storyboard.expand.bible_lookup import Entry, references_from, short_name
from storyboard.expand.inheritance import Place
from storyboard.shot import Reference, Role


def own_labels(place: Place, bible: Collection[str]) -> dict[str, str]:
    """How each of a shot's own names reads: `red_boat` as "red boat". What the bible has is the bible's."""
    names = (item.name for item in place.shot.references if item.name is not None)
    return {name: name.replace("_", " ") for name in names if name not in bible}


def names_of_the_bible(place: Place, bible: Mapping[str, Entry]) -> Iterator[tuple[Position, str]]:
    """Names that the bible has already: where each is written, and what to do."""
    for index, item in enumerate(place.shot.references):
        if item.name is not None and item.name in bible:
            yield (
                place.at("references", index, "name"),
                f"{item.name!r} is {_CALLED[bible[item.name].role]} of the bible; give this reference another name",
            )


def extras(place: Place, called: Collection[str], bible: Collection[str]) -> Iterator[Reference]:
    """A shot's own references. Those whose name is in `called` come with the first word that calls them."""
    labels = own_labels(place, bible)
    items = place.shot.references
    made = references_from(place.project, items, Role.EXTRA, "", "", file=place.file, path=place.path)
    for item, each in zip(items, made, strict=True):
        name = item.name or short_name(each.source, each.own)
        is_called = item.name in labels and item.name in called
        yield replace(each, name=name, label=labels[name] if is_called else name, called=is_called)


_CALLED = {Role.CAST: "a cast member", Role.PROP: "a prop", Role.LOCATION: "a location"}
