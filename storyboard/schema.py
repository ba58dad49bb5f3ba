"""JSON Schemas for editors, and the YAML reference, both made from the models so that they cannot disagree with them.

`python -m storyboard.schema` writes `schemas/*.schema.json` and `docs/yaml.md`; a test holds the committed files
against what it would write.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from storyboard.model import CardFile, EpisodeFile, SeriesFile
from storyboard.model.yaml_reference import reference

_DRAFT = "http://json-schema.org/draft-07/schema#"  # what the YAML language servers of editors know best
_BOUNDS = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}

_NUMBER = re.compile("-?(0|[1-9][0-9]*)([.][0-9]+)?")

Schema = dict[str, Any]


def schemas() -> Mapping[str, Schema]:
    """The JSON Schemas of `series.yaml`, of an episode and of a card, by the names of their files."""
    return {
        "series.schema.json": json_schema(SeriesFile, "Tailframe: series.yaml"),
        "episode.schema.json": json_schema(EpisodeFile, "Tailframe: an episode"),
        "card.schema.json": json_schema(CardFile, "Tailframe: a card"),
    }


def json_schema(model: type[BaseModel], title: str) -> Schema:
    """The schema of one file, in the words of draft 7."""
    tidy = _tidy(model.model_json_schema(mode="validation"))
    return {"$schema": _DRAFT, "title": title, **tidy}


def files() -> Mapping[str, str]:
    """The text of every file that is made from the models, by its path within the repository."""
    made = {
        f"schemas/{name}": json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for name, schema in schemas().items()
    }
    return {**made, "docs/yaml.md": reference(*schemas().values())}


def _tidy(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_tidy(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    tidy: Schema = {}
    for key, value in schema.items():
        if not _is_noise(key, value):
            tidy[str(_BOUNDS.get(key, key))] = _tidy_value(key, value)
    return _with_reference_alone(_with_plain_default(_closed(tidy)))


def _tidy_value(key: str, value: Any) -> Any:
    if key in ("properties", "patternProperties", "$defs"):  # their keys are names, not words of the schema
        return {name: _tidy(item) for name, item in value.items()}
    return _tidy(value)


def _is_noise(key: str, value: Any) -> bool:
    return key == "title" or (key == "default" and (value in (None, [], "") or isinstance(value, dict)))


def _closed(schema: Schema) -> Schema:
    """A mapping by name takes no other names."""
    return {**schema, "additionalProperties": False} if "patternProperties" in schema else schema


def _with_plain_default(schema: Schema) -> Schema:
    """Exact numbers are written as numbers, not as the texts that they are serialised to."""
    default = schema.get("default")
    if schema.get("type") == "string" or not isinstance(default, str) or not _NUMBER.fullmatch(default):
        return schema
    return {**schema, "default": json.loads(default)}


def _with_reference_alone(schema: Schema) -> Schema:
    """Draft 7 ignores what stands beside a $ref, so it moves into an allOf."""
    if "$ref" not in schema or len(schema) == 1:
        return schema
    rest = {key: value for key, value in schema.items() if key not in ("$ref", "default")}
    return {**rest, "allOf": [{"$ref": schema["$ref"]}]}


def main() -> None:
    """Write what is made from the models into the repository that this file lies in."""
    root = Path(__file__).resolve().parent.parent
    for name, content in files().items():
        target = root / name
        target.parent.mkdir(exist_ok=True)
        target.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
