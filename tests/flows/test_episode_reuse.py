"""Changing one shot costs one shot, and changing none costs nothing: the vendor's own count of jobs says so."""

from __future__ import annotations

import importlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows.run.session import RunOptions
from tests.acme.fixture import Acme
from tests.flows import mortal
from tests.flows.clones import finished, shop
from tests.flows.episodes import FOUR_SECONDS_USD, actions, buys_from, circled, edit, film, made, plan, produce, states
from tests.flows.forks import fork
from tests.thinning import exhaustive, one_in

__all__ = ["finished", "shop"]


def made_by_an_earlier_tailframe(project: Path) -> dict[str, Any]:
    """A run of e01 when the composer began every prompt with another sentence."""
    prompts = importlib.import_module("storyboard.bind.final_prompt")
    todays = prompts.compose
    prompts.compose = lambda *given, **named: "A film in five words each.\n" + todays(*given, **named)
    return mortal.produce(project, RunOptions(episode="e01"))


@pytest.fixture
def project(finished: Path, shop: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The finished project, moved to a folder of the test's own."""
    buys_from(shop, monkeypatch)
    return Path(shutil.copytree(finished, tmp_path / "elsewhere" / "moved"))


def rewrite(file: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change a YAML file through its values (the test projects' YAML is JSON)."""
    written = json.loads(file.read_text())
    change(written)
    file.write_text(json.dumps(written))


def reversed_keys(value: Any) -> Any:
    """The same values with the keys of every mapping in reverse order."""
    if isinstance(value, dict):
        return {key: reversed_keys(value[key]) for key in reversed(value)}
    return [reversed_keys(each) for each in value] if isinstance(value, list) else value


def nothing(project: Path) -> None:
    """The project only lies in another folder."""


def comments(project: Path) -> None:
    for file in ("series.yaml", "episodes/e01.yaml"):
        (project / file).write_text("# Seen by Ines on Friday\n" + (project / file).read_text() + "\n# the end\n")


def titles_and_notes(project: Path) -> None:
    edit(project, '"The Last Lamp"', '"The Very Last Lamp"', "series.yaml")
    edit(project, '"title": "The Lamp"', '"title": "Lamps"')
    rewrite(project / "episodes/e01.yaml", lambda told: told["scenes"][0]["shots"][0].update(notes="ask Ines"))
    rewrite(project / "episodes/e01.yaml", lambda told: told["scenes"][0].update(title="Up in the tower"))


def key_order(project: Path) -> None:
    for file in (project / "series.yaml", project / "episodes/e01.yaml"):
        file.write_text(json.dumps(reversed_keys(json.loads(file.read_text()))))


def scene_name(project: Path) -> None:
    edit(project, '"id": "lamp"', '"id": "tower"')


def shot_names(project: Path) -> None:
    edit(project, '"id": "010"', '"id": "opening"')
    edit(project, '"id": "020"', '"id": "book"')


def reference_names(project: Path) -> None:
    (project / "references/cast/mara.png").rename(project / "references/keeper.png")
    edit(project, "references/cast/mara.png", "references/keeper.png", "series.yaml")


def written_defaults(project: Path) -> None:
    rewrite(project / "episodes/e01.yaml", lambda told: told["scenes"][0]["shots"][1].update(continuity="tail_frame"))
    rewrite(project / "series.yaml", lambda told: told["defaults"].update(max_chain=3))


EDITS = (nothing, comments, titles_and_notes, key_order, scene_name, shot_names, reference_names, written_defaults)


@one_in(3)
@pytest.mark.parametrize("change", EDITS, ids=lambda change: change.__name__)
def test_edits_that_ask_for_nothing_new_buy_nothing(change: Callable[[Path], None], project: Path, shop: Acme) -> None:
    """Whatever is renamed, moved, reordered or noted: the plan reuses every shot, and the vendor hears of no order."""
    change(project)
    before = len(shop.jobs())

    assert set(actions(project).values()) == {"reuse"}
    result = produce(project)

    assert result.exit_code == 0, result.message
    assert made(result) == []
    assert len(shop.jobs()) == before


@exhaustive
def test_a_reworded_composer_buys_nothing(shop: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An episode that an earlier Tailframe made with other words around each prompt is still the same episode."""
    buys_from(shop, monkeypatch)
    project = film(tmp_path)
    told = fork(made_by_an_earlier_tailframe, project, environment=shop.process_environment()).finish()
    assert told["exit_code"] == 0
    before = shop.jobs()
    assert all(job.prompt.startswith("A film in five words each.") for job in before[-3:])

    assert set(actions(project).values()) == {"reuse"}
    result = produce(project)

    assert (result.exit_code, made(result)) == (0, [])
    assert len(shop.jobs()) == len(before)


def test_changing_one_shot_buys_one_shot(project: Path, shop: Acme) -> None:
    """The successor of a changed shot is stale: cut with, marked, priced beside the total, and not bought."""
    edit(project, "{{ mara }} lights the lamp", "{{ mara }} blows the lamp out")
    before = len(shop.jobs())

    planned = plan(project)
    result = produce(project)

    assert [each.action for each in planned.shots] == ["generate", "stale", "reuse"]
    assert (planned.estimated_cost_usd, planned.stale_cost_usd) == (FOUR_SECONDS_USD, FOUR_SECONDS_USD)
    assert result.exit_code == 0, result.message
    assert states(result) == {"lamp/010": "done", "lamp/020": "stale", "shore/010": "done"}
    assert made(result) == ["lamp/010"]
    assert len(shop.jobs()) == before + 1
    assert "blows the lamp out" in shop.jobs()[-1].prompt
    assert actions(project) == {"lamp/010": "reuse", "lamp/020": "stale", "shore/010": "reuse"}


def test_a_cascade_buys_what_follows(project: Path, shop: Acme) -> None:
    """`--cascade` makes the stale successor again, once, and after that nothing is stale."""
    edit(project, "{{ mara }} lights the lamp", "{{ mara }} trims the wick")
    before = len(shop.jobs())

    assert plan(project, cascade=True).estimated_cost_usd == 2 * FOUR_SECONDS_USD
    result = produce(project, cascade=True)

    assert (result.exit_code, made(result)) == (0, ["lamp/010", "lamp/020"])
    assert len(shop.jobs()) == before + 2
    assert circled(project, "lamp/020") == 2
    assert set(actions(project, cascade=True).values()) == {"reuse"}


def test_changing_it_back_buys_nothing(project: Path, shop: Acme) -> None:
    """Takes of the words before the edit are still there, and are used again."""
    words = "{{ mara }} lights the lamp"
    edit(project, words, "{{ mara }} polishes the lens")
    assert made(produce(project)) == ["lamp/010"]
    before = len(shop.jobs())

    edit(project, "{{ mara }} polishes the lens", words)

    assert set(actions(project).values()) == {"reuse"}
    result = produce(project)
    assert (result.exit_code, made(result)) == (0, [])
    assert circled(project, "lamp/010") == 1
    assert len(shop.jobs()) == before


def test_another_resolution_is_another_wish(project: Path, shop: Acme) -> None:
    """What a viewer would see changes, so it is bought: nothing passes for what it is not."""
    edit(project, '"resolution": "480p"', '"resolution": "720p"', "series.yaml")
    assert set(actions(project).values()) == {"generate"}
