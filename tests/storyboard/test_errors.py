"""The root of all errors: fields, and a text that is made of them."""

from __future__ import annotations

import pytest

from storyboard.errors import ExitCode, NoSuchName, StoryboardError, TailframeError, sentences


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (("It broke",), "It broke"),
        (("It broke.", "Mend it"), "It broke. Mend it"),
        (("It broke", "", "Mend it."), "It broke. Mend it."),
        (("Did it break?", "Mend it"), "Did it break? Mend it"),
        (("", ""), ""),
    ],
)
def test_sentences_are_joined_with_one_full_stop(parts: tuple[str, ...], text: str) -> None:
    """Whether each part ends with its own or not; what is empty leaves no trace."""
    assert sentences(*parts) == text


def test_an_error_says_what_happened_and_what_to_do() -> None:
    """As one text for people, and apart for whoever shows them apart."""
    error = TailframeError("the disk is full", "Make room")
    assert (str(error), error.message, error.remedy) == ("the disk is full. Make room", "the disk is full", "Make room")
    assert (error.code, error.exit_code) == ("tailframe_error", ExitCode.NOT_DONE)
    assert StoryboardError("it is empty").exit_code is ExitCode.WRONG_INPUT
    assert TailframeError("the disk is full", code="no_space").code == "no_space"


def test_a_name_that_nothing_has_is_told_with_those_that_are() -> None:
    """The nearest one first; without any, the sentence still ends."""
    assert str(NoSuchName("shot", "lmap", ["lamp"], "lamp")) == (
        "there is no shot 'lmap'; did you mean 'lamp'? Valid names are: lamp"
    )
    assert str(NoSuchName("shot", "lamp", ["shore"])) == "there is no shot 'lamp'. Valid names are: shore"
    assert str(NoSuchName("shot", "lamp", [])) == "there is no shot 'lamp'."
