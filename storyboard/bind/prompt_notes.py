"""What a producer should know of a prompt before paying, where nothing is wrong enough to refuse it.

That it is longer than the vendor recommends; and that words of the producer's own read as a reference of the vendor's
numbering ("image 1", where the vendor reads free words): in any case of letters, with digits and in the singular.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from storyboard.bind.offer import Order
from storyboard.bind.selection import Chosen, Selection
from storyboard.bind.wordings import plain
from storyboard.shot import MediaKind, Role
from storyboard.text.decimals import plain_decimal

_CHINESE = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_CALLED = {Role.CAST, Role.PROP, Role.LOCATION}
"""What a prompt can call by name."""


def prompt_notes(order: Order, selection: Selection, prompt: str) -> list[str]:
    """The notes on this final prompt, and on the texts that it was composed of."""
    return [*_too_long(order, prompt), *_free_words(order, selection)]


def free_words(text: str, words: Mapping[MediaKind, str]) -> Iterator[tuple[str, MediaKind, int]]:
    """Everything in a text that reads as a reference, in order: as written, its kind, and its number from 1.

    `words` says for each kind how it is read: "image {n}". Numbers have one or two digits and stand alone: neither
    "image 1.5" nor "image 16:9" is one, and no vendor takes a hundred.
    """
    found = []
    for kind, word in words.items():
        written = r"\s+".join(re.escape(part) for part in word.split()).replace(r"\{n\}", "([0-9]{1,2})")
        for match in re.finditer(rf"(?<![\w-]){written}(?!\w|[.,:/]\d)", text, flags=re.IGNORECASE):
            found.append((match.start(), match[0], kind, int(match[1])))
    return ((said, kind, number) for _, said, kind, number in sorted(found) if number)


def length(prompt: str) -> tuple[int, int]:
    """How long a prompt is: its Chinese characters, and its words in other scripts."""
    rest, chinese = _CHINESE.subn(" ", prompt)
    return chinese, sum(any(map(str.isalnum, word)) for word in rest.split())


def _too_long(order: Order, prompt: str) -> Iterator[str]:
    advice = order.model.recommended_prompt
    if advice is None:
        return
    chinese, words = length(prompt)
    for count, most, of in ((chinese, advice.chinese_characters, "Chinese characters"), (words, advice.words, "words")):
        if count > most:
            yield (
                f"its prompt has {count} {of}, and {order.capabilities.provider} recommends {most} at most; a shorter "
                "prompt, fewer beats or shorter descriptions may be followed better"
            )


def _free_words(order: Order, selection: Selection) -> Iterator[str]:
    places: dict[tuple[MediaKind, int], tuple[str, list[str]]] = {}
    for place, text in _own_texts(order, selection):
        for said, kind, number in free_words(text, order.capabilities.free_words):
            places.setdefault((kind, number), (" ".join(said.split()), []))[1].append(place)
    vendor = order.capabilities.provider
    for (kind, number), (said, where) in places.items():
        sent = selection.of_kind(kind)
        meant = _meant(sent[number - 1]) if number <= len(sent) else f"a reference that it does not get; {_OTHERWISE}"
        yield f'{vendor} reads "{said}" in {" and ".join(dict.fromkeys(where))} as {meant}'


_OTHERWISE = "say it in other words, or call what you mean by its name, as in {{ name }}"


def _meant(sent: Chosen) -> str:
    """What free words would point at, and what to write instead."""
    reference = sent.reference
    if reference.role is Role.CONTINUITY:
        return f"what it continues of {reference.source}; {_OTHERWISE}"
    remedy = f"where that is meant, call it {{{{ {reference.name} }}}}, else say it in other words"
    return f"{reference.name} ({reference.source}); {remedy if reference.role in _CALLED else _OTHERWISE}"


def _own_texts(order: Order, selection: Selection) -> Iterator[tuple[str, str]]:
    """Every text of the producer's own that goes into the prompt, after what it is called."""
    shot = order.shot
    yield "its prompt", plain(shot.prompt)
    yield from ((f"its beat at {plain_decimal(beat.at_s)} s", plain(beat.prompt)) for beat in shot.beats)
    yield from ((f"what {line.label} says", line.text) for line in shot.dialogue)
    yield "its camera", plain(shot.camera)
    yield "its sound", plain(shot.sound) if shot.audio else ""
    yield from ((f"the description of {each.label}", each.text) for each in shot.descriptions)
    yield from ((f"the note on {each.reference.source}", each.reference.note or "") for each in selection.chosen)
