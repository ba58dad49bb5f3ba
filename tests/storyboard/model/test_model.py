"""The models of what a producer writes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from storyboard.model import EpisodeFile, Master, SceneModel, SeriesFile, ShotModel
from storyboard.model import __all__ as public
from storyboard.model.schema_lookup import bare, keys_at


@pytest.mark.parametrize(
    ("written", "rate"),
    [
        (24, Fraction(24)),
        (Decimal("23.976"), Fraction(24000, 1001)),
        (Decimal("29.97"), Fraction(30000, 1001)),
        (Decimal("12.5"), Fraction(25, 2)),
        ("24000/1001", Fraction(24000, 1001)),
    ],
)
def test_frame_rates_are_exact(written: object, rate: Fraction) -> None:
    """The rates of television are the fractions that they stand for, never their rounded names."""
    assert Master.model_validate({"width": 1280, "height": 720, "fps": written}).fps == rate


def test_only_what_is_needed_is_needed() -> None:
    """A shot has an id and a prompt; all else may be left out, and then says nothing."""
    shot = ShotModel.model_validate({"id": "010", "prompt": "the lamp burns"})
    assert shot.model_fields_set == {"id", "prompt"}
    assert (shot.duration, shot.provider, shot.continuity, shot.takes) == (None, None, None, None)


def test_what_is_written_is_never_changed() -> None:
    """The models are frozen."""
    shot = ShotModel.model_validate({"id": "010", "prompt": "the lamp burns"})
    with pytest.raises(ValidationError, match="frozen"):
        shot.prompt = "the lamp is dark"  # type: ignore[misc]


def test_auto_and_seconds_are_the_only_lengths() -> None:
    """A length is a number of seconds or `auto`."""
    lengths = (ShotModel.model_validate({"id": "1", "prompt": "x", "duration": d}).duration for d in ("auto", 5))
    assert list(lengths) == ["auto", Decimal(5)]


@pytest.mark.parametrize("model", [SeriesFile, EpisodeFile])
def test_every_key_is_explained(model: type[BaseModel]) -> None:
    """Each key of each object has a description, for editors and for the reference."""
    unexplained = [
        f"{kind.__name__}.{name}"
        for kind in _all_models(model)
        for name, f in kind.model_fields.items()
        if not f.description
    ]
    assert unexplained == []


@pytest.mark.parametrize("model", [SeriesFile, EpisodeFile])
def test_every_object_is_public(model: type[BaseModel]) -> None:
    """Each object that a producer can write can be imported from the one door."""
    assert {kind.__name__ for kind in _all_models(model)} <= set(public)


def test_keys_are_known_wherever_one_stands() -> None:
    """Suggestions come from the object at the place, through lists, names and short forms."""
    assert "looks" in keys_at(SeriesFile, ("cast", "mara"))
    assert keys_at(SeriesFile, ("cast", "mara", "looks", "storm")) == ("description", "references")
    assert keys_at(EpisodeFile, ("scenes", 0)) == tuple(SceneModel.model_fields)
    assert keys_at(SeriesFile, ("styles", "oil", "references", 0)) == (
        *("source", "note", "required"),
        *("from", "to", "use"),
    )
    assert keys_at(EpisodeFile, ("scenes", 0, "shots", 3, "references", 0)) == (
        *("source", "note", "required", "from", "to", "use"),
        *("name", "shot", "take", "frame"),
    )
    assert keys_at(EpisodeFile, ("title", "x")) == ()


def _all_models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for field in model.model_fields.values():
        yield from _models_in(field.annotation)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    kind = bare(annotation)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from _all_models(kind)
        return
    for argument in getattr(kind, "__args__", ()):
        if argument is not Ellipsis:
            yield from _models_in(argument)
