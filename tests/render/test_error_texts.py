"""What errors of takes and of media add to the root's fields."""

from __future__ import annotations

import copy
import pickle

from render.errors import MediaError, Terminal, Transient


def test_what_a_caller_adds_comes_last() -> None:
    """Its fields stay what they were, however much is added."""
    error = Terminal("acme refused it (400).", "Edit the shot", code="400")
    error.say_more("It is a reference of e01/lamp/010")
    error.say_more("It is @image1")
    assert str(error) == "acme refused it (400). Edit the shot. It is a reference of e01/lamp/010. It is @image1"
    assert (error.message, error.remedy) == ("acme refused it (400).", "Edit the shot")


def test_the_last_words_of_ffmpeg_end_the_text() -> None:
    """Beneath what to do."""
    assert str(MediaError("ffmpeg was killed", "Run it again", stderr="Killed\n")) == (
        "ffmpeg was killed. Run it again\nKilled"
    )


def test_errors_go_from_process_to_process_as_they_are() -> None:
    """Prefect copies and pickles them."""
    error = Transient("cut off", "Try again", code="slow", retry_after_s=2.0)
    error.say_more("It is a reference")
    for again in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert (str(again), again.code, again.retry_after_s) == ("cut off. Try again. It is a reference", "slow", 2.0)
