"""What signs are called that look like others, or like nothing: what keyboards, web pages and file managers leave in a
text, and no eye finds in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

_BLANKS = {
    "\u00a0": "non-breaking space",
    "\u00ad": "soft hyphen",
    "\u2007": "figure space",
    "\u200b": "zero-width space",
    "\u200c": "zero-width non-joiner",
    "\u200d": "zero-width joiner",
    "\u200e": "left-to-right mark",
    "\u200f": "right-to-left mark",
    "\u202f": "narrow non-breaking space",
    "\u2060": "word joiner",
    "\u3000": "full-width space",
    "\ufeff": "byte order mark",
}
_SCRIPTS = {"CJK": "Chinese", "FULLWIDTH": "full-width"}
_MOST_NAMED = 3


def called(sign: str) -> str:
    """One sign by its name and number: `a non-breaking space (U+00A0)`, `'а' (Cyrillic U+0430)`."""
    number = f"U+{ord(sign):04X}"
    if sign in _BLANKS:
        return f"a {_BLANKS[sign]} ({number})"
    name = unicodedata.name(sign, "")
    told = f"{_script(name) if sign.isalpha() else name.lower()} {number}".strip()
    return f"{sign!r} ({told})" if sign.isprintable() else f"a character that is not seen ({told})"


def listed(signs: Iterable[str]) -> str:
    """The first of these signs, each once, by name; empty where there are none."""
    each_once = tuple(dict.fromkeys(signs))
    more = ", …" if len(each_once) > _MOST_NAMED else ""
    return ", ".join(map(called, each_once[:_MOST_NAMED])) + more


def foreign(word: str) -> str:
    """What of the word is no sign of ASCII, by name; empty where all of it is."""
    return listed(sign for sign in unicodedata.normalize("NFC", word) if not sign.isascii())


def none_of_them(word: str) -> str:
    """What of the word is no sign of ASCII, to put behind the signs that it may hold."""
    named = foreign(word)
    return f"; {named} {'are' if ', ' in named else 'is'} none of them" if named else ""


def unseen(word: str) -> str:
    """What of the word cannot be seen, plain blanks aside, by name; empty where all of it can."""
    return listed(sign for sign in word if not sign.isprintable())


def difference(word: str, meant: str) -> str:
    """What tells two names apart that look alike, to put behind the one that was meant; empty where eyes do."""
    if without := listed(sign for sign in word if sign not in meant and _deceives(sign)):
        return f", without {without}"
    if having := listed(sign for sign in meant if sign not in word and _deceives(sign)):
        return f", with {having}"
    return ""


def _deceives(sign: str) -> bool:
    if sign.isascii() or unicodedata.combining(sign):
        return False
    return not sign.isalpha() or not unicodedata.name(sign, "").startswith("LATIN")


def _script(name: str) -> str:
    first = name.partition(" ")[0]
    return _SCRIPTS.get(first, first.capitalize())
