"""What the forms of deployments offer: vendors, hours, and a project's own episodes and shots."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from prefect.utilities.callables import parameter_schema

from flows.prefect.form_choices import FormChoices, choices_of, with_choices
from flows.prefect.nightly import nightly
from flows.prefect.produce import produce
from flows.prefect.reshoot import reshoot
from render.providers.registry import provider_names
from storyboard.loading import load_project
from tests.projects import write_project

OFFERED = FormChoices(["e01", "e02"], ["lamp/010", "lamp/020"])


def schema_of(flow: Any) -> dict[str, Any]:
    """As a server keeps it."""
    schema: dict[str, Any] = json.loads(json.dumps(parameter_schema(flow).model_dump(exclude_unset=True)))
    return schema


def fits(schema: dict[str, Any], **parameters: Any) -> bool:
    """Whether a server takes these parameters, as far as they go."""
    return bool(jsonschema.Draft202012Validator({**schema, "required": []}).is_valid(parameters))


def test_a_form_offers_every_vendor_that_there_is() -> None:
    """And takes none that there is not, nor any choice from somebody who makes none."""
    for flow in (produce, reshoot):
        schema = schema_of(flow)
        offered, none = schema["properties"]["provider"]["anyOf"]
        assert offered["enum"] == list(provider_names())
        assert none == {"type": "null"}
        assert fits(schema, provider="animatic")
        assert fits(schema, provider=None)
        assert not fits(schema, provider="kinovy")


def test_the_form_of_a_night_takes_hours_of_a_day_alone() -> None:
    """22:00 is one, an empty field is none, and what is no hour is refused before a run exists."""
    schema = schema_of(nightly)
    assert fits(schema, window_from="22:00", window_until="06:00")
    assert fits(schema, window_from="", window_until="")
    assert not any(fits(schema, window_from=wrong) for wrong in ("24:00", "22", "10 pm", "22:60", " 22:00"))
    assert fits(schema, budget_usd=25)
    assert fits(schema, budget_usd=None)
    assert not fits(schema, budget_usd=-1)


def test_fields_stand_in_the_order_in_which_people_think() -> None:
    """What is made comes first, what it may cost and when next."""
    properties = schema_of(nightly)["properties"]
    order = sorted(properties, key=lambda name: properties[name]["position"])
    assert order == ["project", "budget_usd", "window_from", "window_until", "time_zone"]
    assert list(schema_of(produce)["properties"])[:4] == ["project", "episode", "provider", "shots"]


def test_a_projects_own_episodes_and_shots_are_choices() -> None:
    """In each form that asks for them, be it one shot at least, or none for all."""
    for flow in (produce, reshoot):
        before = schema_of(flow)
        schema = with_choices(before, OFFERED)
        assert choices(schema["properties"]["episode"]) == ["e01", "e02"]
        listed, free, *none = schema["properties"]["shots"]["anyOf"]
        assert listed["items"]["enum"] == ["lamp/010", "lamp/020"]
        assert (listed["title"], free["title"]) == ("Of this project", "Another")
        assert free.get("minItems") == listed.get("minItems") == (1 if flow is reshoot else None)
        assert none == ([] if flow is reshoot else [{"type": "null"}])
        for name in ("title", "description", "position"):
            assert schema["properties"]["episode"][name] == before["properties"]["episode"][name]
        assert fits(schema, episode="e01", shots=["lamp/010"])
        assert {name for name in before["properties"] if before["properties"][name] != schema["properties"][name]} == {
            "episode",
            "shots",
        }


def choices(field: dict[str, Any]) -> list[str]:
    offered: list[str] = field["anyOf"][0]["enum"]
    return offered


def test_what_comes_into_a_series_later_is_not_refused() -> None:
    """A deployment that is older than its project offers less, and binds nobody; bounds stay as they were."""
    schema = with_choices(schema_of(reshoot), OFFERED)
    assert fits(schema, episode="e99", shots=["pier/010", "lamp/010"])
    assert not fits(schema, shots=[])
    assert not fits(schema, episode=1)
    assert fits(with_choices(schema_of(produce), OFFERED), shots=None)


@pytest.mark.parametrize("choices", [FormChoices([], []), FormChoices([], [f"s/{n}" for n in range(501)])])
def test_a_form_lists_nothing_rather_than_too_much(choices: FormChoices) -> None:
    """Among hundreds nobody chooses, and an empty choice would let nobody type."""
    schema = schema_of(produce)
    assert with_choices(schema, choices) == schema


def test_the_choices_of_a_project_are_what_it_has(tmp_path: Path) -> None:
    """Each shot once, though several episodes have one of that name."""
    choices = choices_of(load_project(write_project(tmp_path)))
    assert choices == FormChoices(["e01"], ["lamp/010", "lamp/020", "shore/010"])
