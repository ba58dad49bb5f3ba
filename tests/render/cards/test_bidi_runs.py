"""Parts in several fonts stand in the order in which a reader of both scripts reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.cards.bidi_runs import mirrored, visual_runs

ALEF, BEH = "\u0627", "\u0628"  # letters of Arabic, here in place of words


def seen(text: str) -> list[str]:
    """Runs from left to right, in two fonts: one has Arabic letters, the other all else. `<` marks what runs left."""
    letters = [("arabic" if "\u0600" <= sign < "\u0700" else "latin", sign) for sign in text]
    return [("<" if run.right_to_left else "") + run.text for run in visual_runs(letters)]


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("Directed by A", ["Directed by A"]),
        (f"By {ALEF}{BEH} and C", ["By ", f"<{ALEF}{BEH}", " and C"]),
        (f"{ALEF} By {BEH}", [f"<{BEH}", "< ", "By", "< ", f"<{ALEF}"]),
        (f"{ALEF} (2 {BEH})", ["<)", f"<{BEH}", "< ", "2", "< (", f"<{ALEF}"]),
        (f"{ALEF} 1.5", ["1.5", "< ", f"<{ALEF}"]),
        (f"X {ALEF}, {BEH}!", ["X ", f"<{BEH}", "<, ", f"<{ALEF}", "!"]),
        ("", []),
    ],
)
def test_what_is_seen_from_left_to_right(text: str, runs: list[str]) -> None:
    """By the Unicode Bidirectional Algorithm."""
    assert seen(text) == runs


def test_brackets_are_turned_for_a_font_that_cannot() -> None:
    """They open and close the same words."""
    assert mirrored("(a)") == "(a)"
    assert mirrored("( ") == " )"


@given(st.text(f"ab {ALEF}{BEH}12().,-+%", max_size=30))
def test_no_letter_is_lost(text: str) -> None:
    """Whatever stands beside whatever."""
    assert sorted("".join(seen(text)).replace("<", "")) == sorted(text)
