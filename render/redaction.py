"""Takes secrets out of words before they are shown, logged or kept. Pure; every rule of redaction stands here.

Vendors repeat requests in their errors: headers, signed links, the key itself. Each function serves one moment:

* `key_redactor`: the vendor's key is known, and leaves every answer before anything reads it.
* `redact_known`: secrets that are known otherwise, such as what the environment holds.
* `redact_for_display`: nothing is known; what has the form of a secret leaves what a person is shown.
* `redact`: the same for the ledger, whose words are kept for ever. Stricter: rather a word too many than a key.
* `redact_for_outsiders`: for words that leave the studio: no links, no paths, nothing of a prompt either.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote

LONGEST = 2000
"""Characters that `redact` leaves of one event's words."""

CONCEALED = "[key]"
"""What stands in place of a key that was known."""

RECOGNISED = 16
"""Letters in a row by which a piece of a prompt is known again."""

SHORTEST = 8
"""Characters. Less of a key gives nothing away, and might be a word."""

_PREFIX = re.compile(r"[A-Za-z]{1,8}[-_]")
_CALLBACK_LINK = re.compile(r"((?:/|%2F)t(?:\\?/|%2F))[\w-]{8,}", re.IGNORECASE)  # its last part is a secret of ours

_KEPT = (
    (re.compile(r"\b(bearer|basic)\s+[^\s\"',;]+", re.IGNORECASE), r"\1 ***"),
    (re.compile(r"\b([a-z][a-z0-9+.-]*://)[^\s/@\"']+@", re.IGNORECASE), r"\1***@"),
    (_CALLBACK_LINK, r"\1***"),
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
_SHOWN = (
    (re.compile(r"\b(bearer|basic)\s+[^\s\"',;]{8,}", re.IGNORECASE), rf"\1 {CONCEALED}"),
    (re.compile(r"(https?://[^\s\"'?]+)\?[^\s\"']+"), r"\1?[…]"),
    (re.compile(r"((?:signature|credential|token)(?:=|%3D))[\w%.~/+-]{8,}", re.IGNORECASE), r"\1[…]"),
    (_CALLBACK_LINK, r"\1[…]"),
)

_OUTSIDE = (
    (re.compile(r"\b([a-z][a-z0-9+.-]*://)(?:[^\s/@\"'<>]*@)?([\w.:\[\]-]*)[^\s\"'<>]*", re.IGNORECASE), r"\1\2/…"),
    (re.compile(r"(?<![\w.:/])~?(?:/[\w.@%+~-]+){2,}/?"), "[path]"),
)


def redact(words: str) -> str:
    """Fit to be kept: without keys, tokens, passwords and the query strings of links, cut to `LONGEST` characters."""
    for pattern, replacement in _KEPT:
        words = pattern.sub(replacement, words)
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"


def redact_for_display(words: str) -> str:
    """Fit to be shown: without keys, signatures and the query strings of links.

    Give it no more than some thousand characters: longer words could be written so that this takes hours.
    """
    for pattern, replacement in _SHOWN:
        words = pattern.sub(replacement, words)
    return words


def redact_for_outsiders(words: str, prompt: str = "") -> str:
    """Fit to be sent to others: what `redact` leaves, of links their host alone, no path, and nothing of the prompt.

    Where as many letters as `RECOGNISED` in a row are those of the prompt, they go, however it is quoted. Give it no
    more than some thousand characters.
    """
    words = _without(words, prompt)
    for pattern, replacement in _OUTSIDE:
        words = pattern.sub(replacement, words)
    return redact(words)


def _without(words: str, prompt: str) -> str:
    """The words with `[prompt]` in place of each run of letters that stands in the prompt too."""
    known = {prompt[at : at + RECOGNISED] for at in range(len(prompt) - RECOGNISED + 1)}
    kept, at = [], 0
    while at < len(words):
        end = at
        while words[end : end + RECOGNISED] in known:
            end += 1
        if end > at:
            kept.append("[prompt]")
            at = end + RECOGNISED - 1
        else:
            kept.append(words[at])
            at += 1
    return "".join(kept)


def redact_known(text: str, secrets: Iterable[str]) -> str:
    """The text, with `[key]` wherever one of these secrets stands as it is."""
    for secret in secrets:
        text = text.replace(secret, CONCEALED)
    return text


def key_redactor(key: str) -> Callable[[str], str]:
    """A function that puts `[key]` wherever this key stands in a text, however the vendor spells it.

    Whole, without its prefix, in capitals, quoted for a link, in hexadecimal, or in base64 within something longer.
    """
    spellings = sorted({each for each in _spellings(key) if len(each) >= SHORTEST} | {key}, key=len)
    pattern = re.compile("|".join(map(re.escape, reversed(spellings))), re.IGNORECASE)

    def without_key(text: str) -> str:
        return pattern.sub(CONCEALED, text)

    return without_key


def in_bytes(redactor: Callable[[str], str], content: bytes) -> bytes:
    """The same for bytes of any encoding that writes plain letters as ASCII does."""
    return redactor(content.decode("latin-1")).encode("latin-1")


def _spellings(key: str) -> Iterator[str]:
    core = _PREFIX.sub("", key, count=1) if _PREFIX.match(key) else key
    for text in (key, core):
        yield text
        yield quote(text, safe="")
        yield text.encode().hex()
        yield from _in_base64(text.encode())


def _in_base64(content: bytes) -> Iterator[str]:
    """What base64 makes of the content within a longer text: three spellings, by how much stands before it."""
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + content).decode()
        certain = encoded[-(-before * 8 // 6) : (before + len(content)) * 8 // 6]
        yield certain
        yield certain.translate(str.maketrans("+/", "-_"))
