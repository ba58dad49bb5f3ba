"""Links as browsers spell them, before anybody decides whether to follow them."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import unquote, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.errors import ForbiddenAddress
from render.net.addresses import MAX_URL_CHARACTERS, check_url, checked_url
from render.net.urls import joined, normal_url

SPELLED = {
    "https://cdn.example/a.mp4?sig=a%2Bb%2F%3d": "https://cdn.example/a.mp4?sig=a%2Bb%2F%3d",
    " \x00https://cdn.example/a\r\n b.mp4\x1f ": "https://cdn.example/a%20b.mp4",
    "HTTPS:\\\\CDN.example\\a\\b.mp4": "https://cdn.example/a/b.mp4",
    "https://cdn.example/Fähre [1]{2}|3^.mp4": "https://cdn.example/F%C3%A4hre%20[1]%7B2%7D|3^.mp4",
    "https://cdn.example/a?q='夜\"<b>\\`": "https://cdn.example/a?q=%27%E5%A4%9C%22%3Cb%3E%5C`",
    "https://cdn.example/100%.mp4?x=%zz": "https://cdn.example/100%.mp4?x=%zz",
    "https://cdn.example/a\u200bb\x7f.mp4": "https://cdn.example/a%E2%80%8Bb%7F.mp4",
    "https://cdn.example/\ud83d.mp4": "https://cdn.example/%EF%BF%BD.mp4",
    "https://Bücher.example:8443/a#t=3": "https://xn--bcher-kva.example:8443/a",
    "https://ｃｄｎ。example/a": "https://cdn.example/a",
    "https://%63dn.example/a": "https://cdn.example/a",
    "https://file_host.example/a": "https://file_host.example/a",
    "https://[2606:4700::1111]:443/a b": "https://[2606:4700::1111]:443/a%20b",
}


@pytest.mark.parametrize(("written", "spelled"), SPELLED.items())
def test_links_are_spelled_as_browsers_spell_them(written: str, spelled: str) -> None:
    """And once spelled so they stay so, and pass for links."""
    assert normal_url(written) == spelled == normal_url(spelled)
    assert checked_url(written, allow_loopback=False) == spelled


@pytest.mark.parametrize(
    "url",
    [
        "https://good.example\\@127.0.0.1/",  # the backslash ends the host: nothing inwards is asked
        "https://good.example/\\\\127.0.0.1/",
        "https://good.example?@127.0.0.1/",
    ],
)
def test_what_two_parsers_read_differently_leads_to_one_host(url: str) -> None:
    """The host that is checked is the one that is connected to."""
    spelled = checked_url(url, allow_loopback=False)
    assert urlsplit(spelled).hostname == httpx.URL(spelled).host == "good.example"


@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.example/a b.mp4",
        "https://１２７.0.0.1:80/a",  # loopback in full-width digits, and plain http below
        "http://１２７.0.0.1/a",
        "https://user@cdn.example/a b",
        "https://cdn.example%2f@10.0.0.1/",
        "https://cdn%2eexample%2f.example/a",
        "https://cdn .example/a",
        "https://xn--a.example\u0000/",
        "https://\ufffd.example/",
        "https:cdn.example/a",
        "https:///a b.mp4",
        "https://cdn.example:99999/a b",
        "https://[::1/a b",
        "file:///etc/pass wd",
        "javascript:alert(1)",
        "//cdn.example/a b",
        "/a b",
        "https://cdn.example/" + "ä" * (MAX_URL_CHARACTERS // 3),
        "https://cdn.example/" + "a" * MAX_URL_CHARACTERS,
        " ",
    ],
)
def test_no_spelling_makes_a_link_safe(url: str) -> None:
    """What was refused for where it leads, or for what it is, is refused however it is written."""
    if url.startswith("https://１２７"):
        assert urlsplit(checked_url(url, allow_loopback=False)).hostname == "127.0.0.1"  # refused when connected to
        return
    with pytest.raises(ForbiddenAddress):
        checked_url(url, allow_loopback=False)


@pytest.mark.parametrize(
    ("link", "led"),
    [
        ("/b c.mp4", "https://a.example/b c.mp4"),
        ("b.mp4?x=1", "https://a.example/clips/b.mp4?x=1"),
        ("\\\\b.example\\c?d\\e", "https://b.example/c?d\\e"),
        ("?x", "https://a.example/clips/a.mp4?x"),
        (" https://b.example/ \n", "https://b.example/"),
    ],
)
def test_a_redirect_leads_on_from_where_it_stands(link: str, led: str) -> None:
    """A relative link, another host's, or another query of the same file."""
    assert joined("https://a.example/clips/a.mp4?sig=1", link) == led


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_a_spelling_is_ascii_stays_and_says_the_same(host: str, path: str, query: str) -> None:
    """Any link is spelled in printable ASCII or refused; httpx asks for it to the letter, and it decodes to what was
    written."""
    with suppress(ForbiddenAddress):
        spelled = checked_url(f"https://{host}/{path}?{query}", allow_loopback=False)
        check_url(spelled, allow_loopback=False)
        assert spelled.isascii()
        assert spelled.isprintable()
        assert checked_url(spelled, allow_loopback=False) == spelled
        with suppress(httpx.InvalidURL):
            assert httpx.URL(spelled).raw_host.decode() == urlsplit(spelled).hostname
    plain = "".join(letter for letter in path if letter.isprintable() and letter not in '\\?#%./ "')
    assert unquote(normal_url(f"https://cdn.example/{plain}")) == f"https://cdn.example/{plain}"
