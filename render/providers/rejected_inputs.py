"""Finds which reference a vendor objects to: by a place in its order, by a token, or by a link in its words. Pure.

`inputs.urls.1` means nothing to a producer; that it is `@image2`, Mara's picture, does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from render.providers.base import PublishedReference
from storyboard.request import BoundReference
from storyboard.shot import MediaKind, Role

Keys = Mapping[str, tuple[MediaKind, ...] | int]
"""The lists of an order that hold references, and which kinds stand in each: `Capabilities.reference_keys`.

A key of one literal frame has its place among the references in their stead.
"""

_PLACE = re.compile(r"(?:^|[.\[\]'\"])(?P<key>[A-Za-z_]\w*)(?:['\"\]]*[.\[](?P<index>\d+)\]?)?$")


def shown(reference: BoundReference) -> str:
    """A reference as a producer knows it: `@image2 (cast: mara, references/mara.png)`."""
    where = reference.source if reference.source != reference.name else ""
    what = ", ".join(filter(None, [f"{reference.role.value}: {reference.name}", where]))
    if reference.role is Role.CONTINUITY:
        what = f"the frame it continues from, of {reference.source}"
    elif reference.role in {Role.FIRST_FRAME, Role.LAST_FRAME}:
        what = f"its {reference.role.value.replace('_', ' ')}, {reference.source}"
    return f"{reference.token} ({what})".lstrip()


def objection(
    input_name: str | None, words: str, references: Sequence[BoundReference | PublishedReference], keys: Keys
) -> str:
    """One sentence that says what a vendor objects to, empty where it does not tell.

    References whose links are not known any more are found by their place and their token all the same.
    """
    places = [each.strip() for each in (input_name or "").split(",") if each.strip()]
    bound = [_bound(each) for each in references]
    named = [(place, _at(place, bound, keys)) for place in places]
    meant = [f"{place}: {shown(found)}" if found else place for place, found in named]
    known = [found for _, found in named if found is not None]
    meant += [shown(each) for each in _spoken_of(words, references) if each not in known]
    return f"It objects to {', '.join(meant)}" if meant else ""


def _at(place: str, references: Sequence[BoundReference], keys: Keys) -> BoundReference | None:
    """The reference at a place such as `inputs.urls.1` or `image_urls[1]`; a list of one needs no number."""
    found = _PLACE.search(place)
    if found is None or found["key"] not in keys:
        return None
    kinds = keys[found["key"]]
    if isinstance(kinds, int):
        frame = references[kinds] if kinds < len(references) else None
        return frame if frame is not None and not frame.token else None
    listed = [each for each in references if each.kind in kinds]
    if found["index"] is None:
        return listed[0] if len(listed) == 1 else None
    index = int(found["index"][:4])
    return listed[index] if index < len(listed) else None


def _spoken_of(words: str, references: Sequence[BoundReference | PublishedReference]) -> Iterator[BoundReference]:
    for each in references:
        bound = _bound(each)
        if (_says(words, bound.token)) or (isinstance(each, PublishedReference) and _links_to(words, each.url)):
            yield bound


def _says(words: str, token: str) -> bool:
    return bool(token) and re.search(rf"{re.escape(token)}(?!\w)", words, re.IGNORECASE) is not None


def _links_to(words: str, url: str) -> bool:
    """Whether a link stands in words, which keep the part before its signature only."""
    place = re.split(r"[?#]", url, maxsplit=1)[0]
    return (
        url.startswith(("https://", "http://")) and re.search(rf"{re.escape(place)}(?![\w/-]|\.\w)", words) is not None
    )


def _bound(each: BoundReference | PublishedReference) -> BoundReference:
    return each.reference if isinstance(each, PublishedReference) else each
