"""What the page on cards shows can be written, and says nothing that the program does not do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image
from ruamel.yaml import YAML

from flows.cli.new_project import new_project
from storyboard.expand.expansion import expand
from storyboard.loading import load_project
from storyboard.model.builtin_cards import BUILTIN
from tests.docs.cards_picture import picture
from tests.docs.pages import ROOT, Block, blocks
from tests.render.cards.boards import font_file
from tests.thinning import exhaustive

PAGE = ROOT / "docs" / "cards.md"
SAMPLES = list(blocks(PAGE, "yaml"))
HEAD = re.compile(r"# my-series/(?P<file>[\w./]+)(?P<part>, the \w+ of it)?")

safe = YAML(typ="safe")


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.place for sample in SAMPLES])
def test_every_sample_can_be_used(sample: Block, tmp_path: Path) -> None:
    """In the project that `tailframe new` begins, with a title, scene cards and credits in every episode."""
    head = HEAD.fullmatch(sample.text.splitlines()[0])
    assert head, f"{sample.place}: a sample begins with the file that it belongs to"
    root = tmp_path / "my-series"
    new_project(root)
    for font in re.findall(r"fonts/[\w-]+\.ttf", sample.text):
        font_file(root / font)
    file = root / head["file"]
    file.parent.mkdir(exist_ok=True)
    series = safe.load(root / "series.yaml")
    series |= {"title_card": "title", "scene_card": "scene", "credits_card": "credits"}
    if head["part"]:
        series |= safe.load(sample.text)
    else:
        file.write_text(sample.text, encoding="utf-8")
    with (root / "series.yaml").open("w", encoding="utf-8") as stream:
        YAML().dump(series, stream)
    project = load_project(root)
    made = [card for name in project.episodes for card in expand(project, name).cards]
    assert {card.key.partition("-")[0] for card in made} == {"title", "scene", "credits"}


def test_the_built_in_cards_are_named() -> None:
    """And no other."""
    text = PAGE.read_text(encoding="utf-8")
    assert f"`{BUILTIN[0]}`, `{BUILTIN[1]}` and `{BUILTIN[2]}` are built in" in text


@exhaustive
def test_the_picture_shows_them_as_they_are_drawn() -> None:
    """To what the file's compression changes."""
    drawn = picture()
    with Image.open(ROOT / "docs" / "images" / "cards.webp") as shown:
        assert shown.size == drawn.size
        small = [each.convert("L").resize((40, 36), Image.Resampling.BOX).tobytes() for each in (shown, drawn)]
    assert max(abs(one - other) for one, other in zip(*small, strict=True)) < 24
