"""Links and pictures lead somewhere, and nothing in the repository speaks of one person's machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from tests.docs.pages import PAGES, ROOT, prose

LINK = re.compile(r"(?P<picture>!?)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\)")
LARGEST_PICTURE = 200_000  # bytes
LINKS = [
    (page, link["target"], bool(link["picture"]), link["text"]) for page in PAGES for link in LINK.finditer(prose(page))
]
FOREIGN = re.compile(
    "|".join(
        [
            r"(?<![\w.}])/(?:tmp|root|work|home/\w+|Users/\w+|private/var)/",
            r"\b(?:test\.)?py" + r"pi\.org\b",
            r"\bfiles\.python" + r"hosted\.org\b",
            r"\bregistry\.npm" + r"js\.org\b",
            r"--(?:extra-)?index-" + r"url\b",
        ]
    )
)
"""Folders of one machine, and places to install from. Split so that this file does not name them itself."""


def anchors(page: Path) -> set[str]:
    """The anchors that a page's headings get."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(
    ("page", "target"),
    [(page, target) for page, target, _, _ in LINKS],
    ids=[f"{page.name} {target}" for page, target, _, _ in LINKS],
)
def test_every_relative_link_leads_to_a_page_and_its_heading(page: Path, target: str) -> None:
    """A reader who follows a link arrives."""
    if "://" in target:
        assert target.startswith("https://")
        return
    path, _, anchor = target.partition("#")
    to = (page.parent / path).resolve() if path else page
    assert to.is_file(), f"{page.name} links to {path}, which is not there"
    assert to.is_relative_to(ROOT)
    if anchor:
        assert anchor in anchors(to), f"{to.name} has no heading #{anchor}"


def test_every_picture_is_small_and_says_what_it_shows() -> None:
    """Pictures open, weigh little, and are described for those who cannot see them."""
    pictures = [(page.parent / target, text) for page, target, picture, text in LINKS if picture]
    assert pictures
    for path, text in pictures:
        assert path.stat().st_size < LARGEST_PICTURE, f"{path.name} weighs {path.stat().st_size} bytes"
        assert len(text) > 20, f"{path.name} is not described"
        with Image.open(path) as image:
            image.load()


def test_every_picture_of_the_docs_is_shown_somewhere() -> None:
    """No picture is left behind when a page changes."""
    shown = {(page.parent / target).resolve() for page, target, picture, _ in LINKS if picture}
    assert set((ROOT / "docs" / "images").iterdir()) <= shown


def test_every_page_of_the_docs_is_linked_from_the_readme() -> None:
    """Whoever begins at the README finds every page."""
    targets = [target.partition("#")[0] for page, target, _, _ in LINKS if page == ROOT / "README.md"]
    linked = {(ROOT / target).resolve() for target in targets}
    assert set((ROOT / "docs").glob("*.md")) <= linked


def test_nothing_names_a_folder_of_one_machine_or_a_place_to_install_from() -> None:
    """What is committed means the same on every machine."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    found = []
    for name in listed.decode().split("\0"):
        path = ROOT / name
        if not name or not path.is_file():
            continue
        content = path.read_bytes()
        if b"\0" in content[:8000]:
            continue
        lines = content.decode("utf-8", "replace").splitlines()
        found += [f"{name}:{number}: {line.strip()}" for number, line in enumerate(lines, 1) if FOREIGN.search(line)]
    assert found == []
