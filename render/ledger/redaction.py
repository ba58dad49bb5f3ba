"""Words of vendors, without the secrets that they quote back: what is kept for ever must be safe to show to anyone."""

from __future__ import annotations

import re

LONGEST = 2000  # characters kept of one event's words

_RULES = (
    (re.compile(r"\b(bearer|basic)\s+[^\s\"',;]+", re.IGNORECASE), r"\1 ***"),
    (re.compile(r"\b([a-z][a-z0-9+.-]*://)[^\s/@\"']+@", re.IGNORECASE), r"\1***@"),
    (re.compile(r"((?:/|%2F)t(?:\\?/|%2F))[\w-]{8,}", re.IGNORECASE), r"\1***"),  # a callback's link
    (re.compile(r"(https?://[^\s\"'<>?#]+)[?#][^\s\"'<>]*"), r"\1?***"),
    (re.compile(r"\b(?:sk|pk|rk|key)[-_][A-Za-z0-9_-]{8,}"), "***"),
    (
        re.compile(
            r"\b([\w-]*(?:key|token|secret|password|passwd|signature|authorization))"
            r"([\"']?\s*[=:]\s*)(?!\w+ \*\*\*)(\"[^\"]*\"|'[^']*'|[^\s\"',;&}]+)",
            re.IGNORECASE,
        ),
        r"\1\2***",
    ),
)


def redact(words: str) -> str:
    """The words without keys, tokens, passwords and the query strings of links, cut to `LONGEST` characters."""
    for pattern, replacement in _RULES:
        words = pattern.sub(replacement, words)
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
