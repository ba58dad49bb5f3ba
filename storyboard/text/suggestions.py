"""Suggests the name that was probably meant by one that nothing has."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

from storyboard.text.confusables import difference


def suggestion(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like `word`, whatever its case and its letters' width; None where none is like it at all."""
    folded = {_folded(candidate): candidate for candidate in sorted(candidates, reverse=True)}
    close = get_close_matches(_folded(word), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """`; did you mean 'prompt'?`, or nothing, to put behind a complaint."""
    meant = suggestion(word, candidates)
    return f"; did you mean {meant!r}{difference(word, meant)}?" if meant is not None else ""


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()
