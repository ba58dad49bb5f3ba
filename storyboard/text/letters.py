"""Letters as they are read: which way they run, their capitals, and what of them must not be parted."""

from __future__ import annotations

import unicodedata

_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)


def begins_right(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind for kind in kinds if kind in {"L", "R", "AL"}), "L") != "L"


def capital(text: str) -> str:
    """The text with a capital at its beginning; the rest stays as it is written."""
    return text[:1].upper() + text[1:]


def clusters(text: str) -> list[str]:
    """The text's letters, each with its marks and with what is joined to it: what must not be parted."""
    found: list[str] = []
    for sign in text:
        joined = unicodedata.category(sign).startswith("M") or sign == _JOINER or ord(sign) in _SKIN_TONES
        if found and (joined or found[-1].endswith(_JOINER)):
            found[-1] += sign
        else:
            found.append(sign)
    return found
