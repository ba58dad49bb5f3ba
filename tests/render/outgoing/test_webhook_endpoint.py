"""Addresses of endpoints are checked, and told by a name that gives none of them away."""

from __future__ import annotations

import pytest

from render.outgoing.webhook_endpoint import read_endpoints


def test_the_name_of_an_endpoint_is_stable_and_keeps_its_address() -> None:
    """Another token is the same endpoint, another path or port another; nothing of either stands in any text."""
    texts = ["https://hooks.example.com/T0p/S3cret?token=abcdef", "https://hooks.example.com/T0p/S3cret?token=fedcba"]
    (first,), (again,) = map(read_endpoints, texts)
    (other,) = read_endpoints("https://hooks.example.com:8443/T0p/S3cret")
    assert first.name == again.name != other.name
    assert first.name.startswith("hooks.example.com-")
    assert not any(secret in f"{first!r} {first}" for secret in ("T0p", "S3cret", "abcdef"))
    assert {"token=abcdef", "T0p/S3cret"} <= set(first.concealed)


def test_several_are_parted_by_blanks() -> None:
    """Plain http is for this machine, by whatever name."""
    found = read_endpoints(" https://a.example/x \n http://127.0.0.1:8000/in http://localhost:8000/in ")
    assert [each.is_here for each in found] == [False, True, True]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("http://hooks.example.com/s3cret", "must be https"),
        ("https://ann:s3cret@hooks.example.com/", "without a user"),
        ("ftp://hooks.example.com/s3cret", "must be https"),
        ("hooks.example.com/s3cret", "must be https"),
        ("https://", "must be https"),
        ("https://hooks.example.com:99999/s3cret", "must be https"),
        ("https://hooks.example.com/x#s3cret", "no #"),
        ("https://a.example/s3cret https://a.example/s3cret?again", "twice"),
        (" ", "names no endpoint"),
    ],
)
def test_a_wrong_address_is_told_without_a_word_of_it(text: str, words: str) -> None:
    """Before anything is sent."""
    with pytest.raises(ValueError, match=words) as caught:
        read_endpoints(text)
    assert "s3cret" not in str(caught.value)
