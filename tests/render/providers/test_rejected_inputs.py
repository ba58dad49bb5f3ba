"""What a vendor objects to is told in the producer's own terms: the token, the name, the file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.providers.registry import capabilities_of
from render.providers.rejected_inputs import objection, shown
from storyboard.shot import MediaKind, Role
from tests.render.providers.hosted import published
from tests.vendors import VENDORS

SENT = (
    published("@image1"),
    published("@video1", MediaKind.VIDEO),
    published("@image2"),
    published("@audio1", MediaKind.AUDIO),
)
KEYS = {name: capabilities_of(name, {}).reference_keys for name in VENDORS}


@pytest.mark.parametrize(
    ("vendor", "place", "token"),
    [
        ("kinovi", "inputs.urls.0", "@image1"),
        ("kinovi", "inputs.urls.1", "@video1"),
        ("kinovi", "inputs.urls.2", "@image2"),
        ("kinovi", "urls[2]", "@image2"),
        ("kinovi", "inputs.imageUrls.1", "@image2"),
        ("kinovi", "inputs.audioUrls", "@audio1"),
        ("evolink", "image_urls[1]", "@image2"),
        ("evolink", "body['video_urls'][0]", "@video1"),
        ("aihubmax", "audio_urls.0", "@audio1"),
        ("oxen", "input_images.1", "@image2"),
        ("oxen", "input_audios", "@audio1"),
    ],
)
def test_a_place_in_an_order_is_the_reference_that_stands_there(vendor: str, place: str, token: str) -> None:
    """Counted as that vendor's list counts them; a list of one needs no number."""
    name = token.lstrip("@")
    told = objection(place, "", SENT, KEYS[vendor])
    assert told == f"It objects to {place}: {token} (cast: {name}, references/{name})"


@pytest.mark.parametrize(
    ("vendor", "places"),
    [
        ("kinovi", ("inputs.urls.0", "inputs.urls.1")),
        ("evolink", ("image_urls[0]", "image_urls.1")),
        ("aihubmax", ("image_url", "end_image_url")),
    ],
)
def test_literal_frames_are_found_by_their_places(vendor: str, places: tuple[str, str]) -> None:
    """They have no token, and are told as what they are; where references are sent, no frame is guessed."""
    frames = published("", role=Role.FIRST_FRAME), published("", role=Role.LAST_FRAME)
    told = [objection(place, "", frames, KEYS[vendor]) for place in places]
    assert told == [
        f"It objects to {places[0]}: (its first frame, references/)",
        f"It objects to {places[1]}: (its last frame, references/)",
    ]
    assert objection("end_image_url", "", SENT, KEYS[vendor]) == "It objects to end_image_url"


@pytest.mark.parametrize("place", ["inputs.duration", "model", "inputs.urls", "inputs.urls.9", "inputs.urls.-1", "7"])
def test_what_is_no_reference_is_told_as_it_is(place: str) -> None:
    """A parameter keeps the vendor's name for it, and nothing is guessed."""
    assert objection(place, "", SENT, KEYS["kinovi"]) == f"It objects to {place}"


@pytest.mark.parametrize(
    ("words", "tokens"),
    [
        ("https://files.example/image2.png?[…] cannot be read", ["@image2"]),
        ("cannot read https://files.example/video1.mp4.", ["@video1"]),
        ("a face was found in @Image1 and @image2", ["@image1", "@image2"]),
        ("a face was found in @image12", []),
        ("https://files.example/image2.png.bak", []),
        ("something went wrong", []),
    ],
)
def test_a_link_or_a_token_in_a_vendors_words_is_known(words: str, tokens: list[str]) -> None:
    """Whatever a vendor quotes of what it was sent leads back to the file."""
    told = objection(None, words, SENT, KEYS["evolink"])
    assert [each.reference.token for each in SENT if f" {each.reference.token} (" in told] == tokens
    assert bool(told) == bool(tokens)


def test_several_places_are_all_told_and_each_once() -> None:
    """Kinovi lists every error of an order."""
    words = "https://files.example/image1.png is too small"
    told = objection("inputs.urls.0, inputs.duration", words, SENT, KEYS["kinovi"])
    assert told == "It objects to inputs.urls.0: @image1 (cast: image1, references/image1), inputs.duration"


def test_without_links_the_token_and_the_place_are_enough() -> None:
    """Another process may hear that a job failed than the one that published its references."""
    bound = [each.reference for each in SENT]
    assert "@image2 (" in objection("inputs.urls.2", "", bound, KEYS["kinovi"])
    assert objection(None, "https://files.example/image2.png", bound, KEYS["kinovi"]) == ""


def test_a_frame_is_told_by_the_shot_it_comes_from() -> None:
    """A continuity frame has no file of the producer's."""
    assert shown(published("@image1", role=Role.CONTINUITY).reference).endswith("of references/image1)")


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_words_break_it(place: str, words: str) -> None:
    """Whatever a vendor writes, there is one sentence or none."""
    told = objection(place, words, SENT, KEYS["kinovi"])
    assert told == "" or told.startswith("It objects to ")
