"""Paper is named as printers name it, or measured."""

from __future__ import annotations

import pytest

from storyboard.paper.paper_size import SIZES, Paper, is_named, paper_of


@pytest.mark.parametrize("name", SIZES)
def test_sheets_have_their_names_in_any_case(name: str) -> None:
    """And stand upright until somebody turns them."""
    for spelled in (name, name.lower(), name.upper(), f" {name} "):
        assert paper_of(spelled) == SIZES[name]
        assert is_named(spelled)
    assert SIZES[name].portrait == SIZES[name]
    assert SIZES[name].landscape.width_mm > SIZES[name].landscape.height_mm


@pytest.mark.parametrize("text", ["200x250mm", "200X250", "200 x 250 mm", "200×250", "200.0x250.000mm"])
def test_other_sheets_are_measured_in_millimetres(text: str) -> None:
    """As they are written."""
    assert paper_of(text) == Paper(200, 250)
    assert not is_named(text)


@pytest.mark.parametrize("text", ["", "A0.5", "letters", "200", "200x", "0x250", "-200x250", "9000x100", "8.5x11in"])
def test_what_is_no_paper_is_none(text: str) -> None:
    """Inches included: nothing is guessed."""
    assert paper_of(text) is None
