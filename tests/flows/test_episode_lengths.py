"""Films cut faster than vendors sell: every shot comes out at exactly its length, and hands on the last frame used."""

from __future__ import annotations

import io
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image, ImageChops, ImageStat

from storyboard.errors import InvalidProject
from tests.acme.fixture import Acme
from tests.clips import decoded
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import (
    FOUR_SECONDS_USD,
    buys_from,
    film,
    frames_in,
    manifest,
    master_of,
    pieces,
    plain_environment,
    plan,
    produce,
    takes_of,
)
from tests.projects import scene, shot
from tests.thinning import exhaustive

BEATS = [
    {"at": 0.5, "prompt": "the wick catches"},
    {"at": 1, "prompt": "she smiles"},
    {"at": 2, "prompt": "cut to sea"},
]


def difference(one: Image.Image, other: Image.Image) -> float:
    """How far two pictures are apart, in steps of brightness."""
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


def uploaded(acme: Acme, link: str) -> Image.Image:
    """A picture as Acme received it."""
    name = urlsplit(link).path.rpartition("/")[2]
    return Image.open(io.BytesIO(acme.shop.upload(name))).convert("RGB")


@exhaustive
def test_every_length_comes_out_exactly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """1.5 s, 2.25 s and a shot of three beats stand in the master at their very frames, and none is lost or added."""
    plain_environment(monkeypatch)
    shots = [shot("010", duration=1.5), shot("020", duration=2.25), shot("030", duration=3, beats=BEATS)]
    project = film(tmp_path, scene("lamp", *shots), provider="animatic")

    result = produce(project)

    assert result.exit_code == 0, result.message
    assert pieces(project) == [("lamp/010", 0, 36), ("lamp/020", 36, 54), ("lamp/030", 90, 72)]
    assert frames_in(master_of(project)) == 36 + 54 + 72
    assert manifest(project)["master"]["duration_s"] == 6.75


def test_what_is_bought_is_priced_and_what_is_wanted_is_cut(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 4 s, the least that Acme sells, the cut uses 36 frames, and the next shot begins on the 36th."""
    buys_from(acme, monkeypatch)
    project = film(tmp_path, scene("lamp", shot("010", duration=1.5), shot("020", "she waits", duration=1.5)))
    planned = plan(project)
    assert [(each.billed_s, each.estimated_cost_usd) for each in planned.shots] == [(4, FOUR_SECONDS_USD)] * 2
    assert "bought 4 s, used 1.5 s" in planned.shots[0].notes

    result = produce(project)

    assert result.exit_code == 0, result.message
    assert acme.charged_usd() == 2 * FOUR_SECONDS_USD
    assert pieces(project) == [("lamp/010", 0, 36), ("lamp/020", 36, 36)]
    assert frames_in(master_of(project)) == 72
    _, second = acme.jobs()
    handed_on = uploaded(acme, second.body["images"][0])
    frames = list(decoded(project / "output/e01/clips/lamp/010.mp4"))
    assert len(frames) == 96
    distances = [difference(frame, handed_on) for frame in frames]
    assert distances.index(min(distances)) == 35
    assert distances.count(min(distances)) == 1


def test_a_shot_longer_than_any_that_is_sold_is_refused(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """20 s of a vendor that sells 15: check, plan and the run say how to split it, and nothing is ordered."""
    buys_from(acme, monkeypatch)
    project = film(tmp_path, scene("lamp", shot("010", duration=20)))

    for command in (["check", project], ["plan", project, "e01"]):
        done = tailframe(*command)
        assert done.exit_code == 2
        assert "Split it into 2 shots of 10 s" in done.output
        assert "episodes/e01.yaml:" in done.output
    with pytest.raises(InvalidProject, match="Split it into 2 shots of 10 s"):
        produce(project)

    assert acme.heard() == []
    assert takes_of(project) == ()
