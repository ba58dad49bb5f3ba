"""References that are links: fetched once, looked into, kept, and never anything else afterwards."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from render.errors import ForbiddenAddress, LinkGone, MediaError, StoreError, Terminal, Transient
from render.net.fetching import fetch_client
from render.references.url_references import (
    LIMIT_BYTES,
    fetch_link,
    follows,
    known_link,
    refuse_forbidden,
    store_reaches,
)
from render.store.local_store import LocalStore
from storyboard.paths import ProjectFolder, kind_of
from storyboard.request import ReferenceFacts
from storyboard.shot import MediaKind, Reference, Role
from tests.projects import wav
from tests.render.providers.wire import Say, Wire, answer, wire

pytestmark = pytest.mark.anyio

TOO_LARGE = "is larger than the 268435456 bytes allowed"


class Memory:
    """Which blob a link gave: the part of a ledger that links need."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def derived(self, key: str) -> str | None:
        return self.known.get(key)

    def remember_derived(self, key: str, sha256: str) -> None:
        self.known[key] = sha256


class LinkFetcher:
    """Fetches links into a store, and remembers in `memory` what they gave."""

    def __init__(self, folder: Path, *, allow_loopback: bool = True) -> None:
        self.store, self.memory, self.scratch = LocalStore(folder / "blobs"), Memory(), folder / "scratch"
        self.scratch.mkdir()
        self.allow_loopback = allow_loopback

    async def fetch(self, url: str) -> ReferenceFacts:
        reference = Reference(kind=kind_of(url), role=Role.CAST, name="mara", label="Mara", source=url)
        async with fetch_client(allow_loopback=self.allow_loopback, user_agent="test") as client:
            return await fetch_link(
                reference,
                client,
                memory=self.memory,
                store=self.store,
                scratch=self.scratch,
                allow_loopback=self.allow_loopback,
            )

    def knows(self, url: str) -> ReferenceFacts | None:
        return known_link(url, self.memory.derived, self.store)


@pytest.fixture
def fetcher(tmp_path: Path) -> LinkFetcher:
    return LinkFetcher(tmp_path)


def picture(colour: str = "red", format_: str = "PNG") -> bytes:
    made = BytesIO()
    Image.new("RGB", (64, 36), colour).save(made, format_)
    return made.getvalue()


def url_at(server: Wire, name: str = "mara.png") -> str:
    return f"{server.url}/pictures/{name}"


async def test_a_link_is_kept_and_known_by_its_content(fetcher: LinkFetcher) -> None:
    """What came is a blob, its facts carry the link as their source, and nothing is left lying about."""
    async with wire(answer(picture())) as server:
        url = f"{url_at(server)}?signature=x"
        assert fetcher.knows(url) is None
        facts = await fetcher.fetch(url)
    assert (facts.source, facts.kind, facts.format, facts.width) == (url, MediaKind.IMAGE, "png", 64)
    assert fetcher.store.get(facts.sha256) == picture()
    assert fetcher.knows(url) == facts
    assert list(fetcher.scratch.iterdir()) == []
    assert "signature" not in str(fetcher.memory.known)


async def test_a_link_is_followed_as_a_browser_follows_it(fetcher: LinkFetcher) -> None:
    """Also one that was typed by hand, with spaces and letters of any script; it is known as it is written."""
    async with wire(answer(picture())) as server:
        url = url_at(server, "Mara im Sturm [neu], Größe 2.png")
        assert ProjectFolder(Path()).problem(url, {MediaKind.IMAGE}) is None
        refuse_forbidden(url, allow_loopback=True)
        facts = await fetcher.fetch(url)
    assert (facts.source, fetcher.knows(url)) == (url, facts)
    assert server.heard[0].startswith(b"GET /pictures/Mara%20im%20Sturm%20[neu],%20Gr%C3%B6%C3%9Fe%202.png HTTP")


@pytest.mark.parametrize("name", ["mara.png", "voice.wav"])
async def test_a_link_that_gives_half_a_file_is_not_kept(name: str, fetcher: LinkFetcher) -> None:
    """Its host ends well, and what it gave ends half-way: that is looked at before anything is paid."""
    whole = picture() if name.endswith("png") else wav()
    async with wire(answer(whole[: len(whole) // 2]), answer(whole)) as server:
        with pytest.raises(MediaError, match=r"(cut off|damaged).*(Copy|save) it again"):
            await fetcher.fetch(url_at(server, name))
        assert fetcher.memory.known == {}
        assert (await fetcher.fetch(url_at(server, name))).bytes == len(whole)


async def test_the_first_fetch_counts(fetcher: LinkFetcher) -> None:
    """Another process that fetches a link after its content changed goes by what was fetched first."""
    async with wire(answer(picture("red")), answer(picture("blue"))) as server:
        first = await fetcher.fetch(url_at(server))
        assert await fetcher.fetch(url_at(server)) == first
        assert fetcher.knows(url_at(server)) == first


async def test_a_lost_blob_is_fetched_again_but_never_replaced(fetcher: LinkFetcher, tmp_path: Path) -> None:
    """The same bytes mend the store; others would silently change shots that were paid for."""
    async with wire(answer(picture("red")), answer(picture("red")), answer(picture("blue"))) as server:
        facts = await fetcher.fetch(url_at(server))
        for fetched_again in (True, False):
            fetcher.store = LocalStore(tmp_path / f"other-{fetched_again}")
            assert fetcher.knows(url_at(server)) is None
            if fetched_again:
                assert await fetcher.fetch(url_at(server)) == facts
                continue
            with pytest.raises(MediaError, match="other bytes than when it was first fetched"):
                await fetcher.fetch(url_at(server))
    assert fetcher.knows(url_at(server)) is None


async def test_content_decides_and_not_the_ending(fetcher: LinkFetcher) -> None:
    """A JPEG that is named as a PNG is a picture all the same, and known for what it is."""
    async with wire(answer(picture(format_="JPEG"))) as server:
        assert (await fetcher.fetch(url_at(server))).format == "jpeg"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>please log in</html>", "is no image, video or sound"),
        (wav(), "its name says image, and it holds audio"),
    ],
    ids=["a page", "a sound"],
)
async def test_what_is_no_picture_is_not_kept(content: bytes, words: str, fetcher: LinkFetcher) -> None:
    """A link that gives something else than its name says is refused, and may be mended at its host."""
    async with wire(answer(content), answer(picture())) as server:
        with pytest.raises(MediaError, match=words):
            await fetcher.fetch(url_at(server))
        assert fetcher.memory.known == {}
        assert (await fetcher.fetch(url_at(server))).format == "png"


@pytest.mark.parametrize(
    ("said", "error", "words"),
    [
        (answer(status=404), LinkGone, "gone or has expired"),
        (answer(status=503), Transient, "cannot be had now"),
        (answer(b"x", length=LIMIT_BYTES + 1), Terminal, TOO_LARGE),
        (answer(status=302, Location="http://10.0.0.1/x.png"), ForbiddenAddress, "is not followed"),
        (answer(status=302, Location="https://169.254.169.254/x.png"), ForbiddenAddress, "not a public address"),
    ],
    ids=["gone", "down", "too large", "plain http elsewhere", "a cloud's metadata"],
)
async def test_what_cannot_be_had_leaves_nothing(
    said: Say, error: type[Exception], words: str, fetcher: LinkFetcher
) -> None:
    """Neither a blob nor a memory, and the error says what happened."""
    async with wire(said) as server:
        with pytest.raises(error, match=words):
            await fetcher.fetch(url_at(server))
    assert fetcher.memory.known == {}
    assert list(fetcher.scratch.iterdir()) == []


async def test_this_machine_is_not_looked_into(tmp_path: Path) -> None:
    """Unless it is allowed, a link to loopback is refused before anything is asked."""
    fetcher = LinkFetcher(tmp_path, allow_loopback=False)
    async with wire(answer(picture())) as server:
        for url in (url_at(server), url_at(server).replace("http:", "https:")):
            with pytest.raises(ForbiddenAddress):
                await fetcher.fetch(url)
        assert server.heard == []


async def test_a_store_that_fails_is_told_as_such(fetcher: LinkFetcher, tmp_path: Path) -> None:
    """No room is nothing that a producer wrote wrongly."""
    (tmp_path / "file").write_text("no folder")
    fetcher.store = LocalStore(tmp_path / "file" / "blobs")
    async with wire(answer(picture())) as server:
        with pytest.raises(StoreError):
            await fetcher.fetch(url_at(server))
    assert fetcher.memory.known == {}


@pytest.mark.parametrize(
    ("origin", "link", "does"),
    [
        ("https://api.example.com", "https://bucket.s3.amazonaws.com/x", True),
        ("https://api.example.com", "http://bucket.example.com/x", False),
        ("https://api.example.com", "http://127.0.0.1:9000/x", False),
        ("https://api.example.com", "https://localhost/x", False),
        ("https://api.example.com", "https://10.1.2.3/x", False),
        ("https://api.example.com", "https://[fd00::1]/x", False),
        ("http://127.0.0.1", "http://127.0.0.1:9000/x", True),
        ("http://127.0.0.1", "https://bucket.s3.amazonaws.com/x", False),
        ("animatic://local", "https://bucket.s3.amazonaws.com/x", False),
    ],
)
def test_who_can_follow_which_link(origin: str, link: str, does: bool) -> None:
    """A vendor on the web follows public links, one on this machine those of this machine, the animatic none."""
    assert follows(origin, link) is does


def test_whether_a_store_reaches_a_vendor_is_known_unasked() -> None:
    """A folder reaches nobody; a bucket reaches whom its endpoint can be reached by."""
    vendor, here = "https://api.example.com", {"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9000"}
    assert not store_reaches(vendor, "/folder", {})
    assert store_reaches(vendor, "s3://bucket/prefix", {})
    assert not store_reaches(vendor, "s3://bucket/prefix", here)
    assert store_reaches("http://localhost", "s3://bucket/prefix", here)
