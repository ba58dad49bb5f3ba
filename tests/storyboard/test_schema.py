"""The schemas for editors and the YAML reference agree with the models, because they are made from them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from storyboard.loading import load_project
from storyboard.model.fields import Written
from storyboard.schema import files, schemas
from storyboard.text.suggestions import did_you_mean, suggestion
from tests.projects import episode_file, scene, series_file, shot, write_project

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", sorted(files()))
def test_what_is_committed_is_what_the_models_say(name: str) -> None:
    """`python -m storyboard.schema` would change nothing."""
    assert (ROOT / name).read_text(encoding="utf-8") == files()[name]


@pytest.mark.parametrize("name", sorted(schemas()))
def test_schemas_are_schemas(name: str) -> None:
    """Each is valid under the draft that it names."""
    jsonschema.Draft7Validator.check_schema(schemas()[name])


def test_what_loads_is_valid_in_an_editor() -> None:
    """Every form that loads, short or long, is one that the schemas take."""
    every_key = shot(
        "010",
        provider=["kinovi", "evolink"],
        model=None,
        duration="auto",
        references=[
            "references/x.png",
            {"source": "https://example.com/x.png", "note": "the sea", "required": True},
            {"source": "references/x.mp4", "from": 1.5, "to": -2, "use": "edit", "name": "boat"},
            {"shot": "lamp/020", "from": -5},
        ],
        dialogue=[{"cast": "mara", "line": "Hm."}],
        beats=[{"at": 2.5, "prompt": "x"}],
        continuity="tail_clip",
        tail_clip_s=3.5,
        continues="shore/020",
        aspect_ratio="16:9",
        seed=7,
    )
    series = series_file(
        delivery={"master": {"width": 1280, "height": 720, "fps": "24000/1001"}},
        budget={"run": 2.5},
        prices=[{"provider": "acme", "model": None, "usd_per_second": 0.2}],
    )
    assert _complaints("series.schema.json", series) == []
    assert _complaints("episode.schema.json", episode_file("e01", scene("lamp", every_key))) == []


def test_a_card_is_valid_in_an_editor() -> None:
    """Every key of one, in its short and its long form."""
    words = {"text": "x", "at": "top left", "x": 5, "font": "fonts/a.ttf", "tracking": -1.5, "uppercase": True}
    listed = {"rows": "credits", "font": ["fonts/a.ttf", "fonts/b.otf"], "colour": "#A0b0c0"}
    ground = {"picture": "references/x.png", "fit": "contain", "darken": 12.5}
    card = {"version": 1, "background": ground, "length": 2.5, "fade": "text", "texts": [words, listed]}
    assert _complaints("card.schema.json", card) == []
    assert _complaints("card.schema.json", {"version": 1, "background": "#000000", "roll": 1.5}) == []
    assert _complaints("card.schema.json", {"version": 1, "background": "black"})
    series = series_file(
        title_card={"card": "title", "before": "sea"}, credits=[{"name": ["a", "b"]}], card_font="a.ttf"
    )
    assert _complaints("series.schema.json", series) == []
    episode = episode_file("e01", scene("lamp", shot("010"), card="none"), poster="lamp/010", scene_card={"card": "x"})
    assert _complaints("episode.schema.json", episode) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"promt": "x"},
        {"id": 10},
        {"duration": 0},
        {"continuity": "tail"},
        {"takes": 1.5},
        {"references": "x.png"},
        {"tail_clip_s": 0.4},
    ],
    ids=str,
)
def test_slips_show_in_an_editor(wrong: dict[str, object]) -> None:
    """What loading refuses for its shape, an editor underlines."""
    assert _complaints("episode.schema.json", episode_file("e01", scene("lamp", {**shot("010"), **wrong})))


def test_names_that_prompts_cannot_call_show_in_an_editor() -> None:
    """A cast member's key is held to its pattern."""
    assert _complaints("series.schema.json", series_file(cast={"old-mara": {}}))


def test_the_example_of_the_reference_loads(tmp_path: Path) -> None:
    """What the reference shows can be copied into a project as it is."""
    page = (ROOT / "docs/yaml.md").read_text(encoding="utf-8")
    blocks = [part.split("```")[0] for part in page.split("```yaml\n")[1:]]
    series, episode = (next(block for block in blocks if name in block) for name in ("# series.yaml", "# episodes/"))
    project = load_project(write_project(tmp_path, series=series, episodes={"e01": episode}))
    assert project.episodes["e01"].scenes[1].shots[0].continues == "shore/010"


def test_every_object_has_its_table() -> None:
    """The reference has a section for each object and a row for each of its keys."""
    page = (ROOT / "docs/yaml.md").read_text(encoding="utf-8")
    for schema in schemas().values():
        for definition in schema["$defs"].values():
            assert all(f"| `{key}` |" in page for key in definition.get("properties", {}))


def test_links_within_the_reference_lead_somewhere() -> None:
    """Each table that is linked exists."""
    page = (ROOT / "docs/yaml.md").read_text(encoding="utf-8")
    headings = {line[3:].lower().replace(" ", "-") for line in page.splitlines() if line.startswith("## ")}
    linked = {part.split(")")[0] for part in page.split("](#")[1:]}
    assert linked <= headings


def test_the_nearest_name_is_found() -> None:
    """A slip of a letter or of case leads to the name that was meant; a strange word leads nowhere."""
    assert suggestion("promt", ["prompt", "props"]) == "prompt"
    assert suggestion("MARA", ["mara", "tomas"]) == "mara"
    assert suggestion("zebra", ["mara", "tomas"]) is None
    assert did_you_mean("marra", ["mara"]) == "; did you mean 'mara'?"
    assert did_you_mean("zebra", []) == ""


def test_schemas_are_plain_json() -> None:
    """Nothing of Python is left in them: exact numbers are numbers, and what is empty is left out."""
    text = json.dumps(schemas())
    assert not re.search('"default": "-?[0-9]', text)
    assert '"title": "' not in text.replace('"title": "Tailframe', "")
    assert Written.__name__ not in text


def _complaints(name: str, written: object) -> list[str]:
    return [error.message for error in jsonschema.Draft7Validator(schemas()[name]).iter_errors(written)]
