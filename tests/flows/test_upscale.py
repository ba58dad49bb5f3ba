"""A shot that Kinovi makes larger, over sockets: the order, the bill, the clip and the master; and takes of before."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from flows.run.sold_here import capabilities_here
from render.ledger.stored_request import read_order
from render.media.clip_checks import check_clip
from tests.clips import make_clip
from tests.flows.accounts import Account, make_shots, sandbox
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import actions, edit, film, money, plain_environment, plan, produce, states, takes_of
from tests.projects import scene, shot
from tests.render.sandbox.standing import Standing
from tests.thinning import exhaustive

pytestmark = pytest.mark.timeout(300)

LARGE = {"resolution": "480p", "upscale": "4k"}


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    state = tmp_path_factory.mktemp("sandbox") / "state"
    with sandbox(state, job_seconds=0.05) as standing:
        drawn = make_clip(state / "large.mp4", frames=4, fps="1", size=(3840, 2160), sound_s=4.2)
        for look in range(6):  # as the sandbox would draw them, of few frames
            shutil.copy(drawn, state / "clips" / f"3840x2160-4s-sound-{look}.mp4")
        yield standing


@pytest.fixture
def kinovi(standing: Standing, monkeypatch: pytest.MonkeyPatch) -> Account:
    """This process buys from Kinovi's stand-in, whose books are empty."""
    plain_environment(monkeypatch)
    account = Account(standing, "kinovi")
    account.renew()
    for name, value in (standing.environment | {"TAILFRAME_POLL_INTERVAL": "0.05"}).items():
        monkeypatch.setenv(name, value)
    return account


def lamp(folder: Path, **defaults: object) -> Path:
    """One shot of four seconds."""
    one = scene("lamp", shot("010", "{{ mara }} lights the lamp", duration=4))
    return film(folder, one, provider="kinovi", defaults=defaults)


@exhaustive
def test_what_is_made_larger_is_ordered_paid_and_measured_as_the_page_says(kinovi: Account, tmp_path: Path) -> None:
    """480p made 4k: (15 + 28) credits a second, a clip of 3840x2160, and nothing odd about it."""
    project = lamp(tmp_path, **LARGE)
    (planned,) = plan(project).shots
    assert planned.estimated_cost_usd == Decimal("0.86")

    result = produce(project)

    assert (result.exit_code, states(result)) == (0, {"lamp/010": "done"})
    (job,) = kinovi.standing.jobs()
    inputs = job["body"]["inputs"]
    assert (inputs["outputResolution"], inputs["upscaleResolution"]) == ("480p", "4k")
    (take,) = takes_of(project)
    assert take.clip is not None
    assert (take.clip.width, take.clip.height) == (job["width"], job["height"]) == (3840, 2160)
    assert money(project) == (Decimal("0.86"), 0)
    assert Decimal(job["charged_usd"]) == Decimal("0.86")
    assert take.request_json is not None
    request = read_order(take.request_json)
    assert (request.upscale, check_clip(take.clip, request)) == ("4k", ())
    assert "480p upscaled to 4k 16:9, 3840x2160" in tailframe("takes", project, "e01", "lamp/010").output
    edit(project, '"upscale": "4k"', '"audio": true', "series.yaml")
    assert actions(project) == {"lamp/010": "generate"}, "without it another clip is wanted"


CREDITS = {
    ("seedance-20", "480p"): 15 + 28,
    ("seedance-20", "720p"): 40 + 28,
    ("seedance-20", "1080p"): 83 + 28,
    ("seedance2-fast", "480p"): 10 + 28,
    ("seedance2-fast", "720p"): 28 + 28,
}
"""Kinovi's page, October 2026: credits for a second of each size and model, and 28 more for an upscale to 4k."""


@exhaustive
def test_every_size_of_every_model_is_made_larger_at_the_pages_price(kinovi: Account, tmp_path: Path) -> None:
    """Five shots, each ordered so, charged so, and spent so; the cut has nothing to say about it."""
    shots = [
        shot(f"{n}", f"wish {n}", duration=4, model=model, resolution=resolution, continuity="none")
        for n, (model, resolution) in enumerate(CREDITS)
    ]
    project = film(tmp_path, scene("lamp", *shots), provider="kinovi", defaults={"upscale": "4k"})
    assert set(make_shots(project).values()) == {"done"}

    charged = {
        (job["body"]["model"], job["body"]["inputs"]["outputResolution"]): Decimal(job["charged_usd"])
        for job in kinovi.standing.jobs()
    }
    assert charged == {sold: 4 * each * Decimal("0.005") for sold, each in CREDITS.items()}
    assert {job["body"]["inputs"]["upscaleResolution"] for job in kinovi.standing.jobs()} == {"4k"}
    assert money(project) == (sum(charged.values()), 0)


@exhaustive
def test_takes_that_were_bought_as_4k_are_used(
    kinovi: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their wish says `resolution: 4k`, which is not sold in this dialect any more: nothing is refused or bought."""
    project = lamp(tmp_path, resolution="4k")
    refused = tailframe("plan", project, "e01")
    assert refused.exit_code == 2
    assert "does not sell 4k" in refused.output
    assert "`upscale: 4k`" in " ".join(refused.output.split())
    monkeypatch.setenv("KINOVI_DIALECT", "typed")  # which generates 4k: the same wish as of earlier versions
    assert make_shots(project) == {"lamp/010": "done"}
    monkeypatch.setenv("KINOVI_DIALECT", "urls")

    assert actions(project) == {"lamp/010": "reuse"}
    assert make_shots(project) == {"lamp/010": "done"}
    assert len(kinovi.jobs()) == 1


@pytest.mark.parametrize("vendor", ["evolink", "aihubmax", "oxen"])
def test_vendors_that_make_nothing_larger_name_the_one_that_does(
    kinovi: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, vendor: str
) -> None:
    """`check` says so with the shot's line, before anything is asked."""
    project = film(tmp_path, scene("lamp", shot("010", "a lamp")), provider=vendor, defaults=LARGE)
    told = tailframe("check", project)
    assert told.exit_code == 2
    assert "makes no clip larger to 4k" in told.output
    assert "(animatic, kinovi)" in told.output
    monkeypatch.setenv("KINOVI_DIALECT", "typed")
    assert capabilities_here(vendor, {"KINOVI_DIALECT": "typed"}, None).upscale_vendors == ("animatic",)


@exhaustive
def test_a_preview_of_what_is_made_larger_is_drawn(kinovi: Account, tmp_path: Path) -> None:
    """The animatic draws to the master's size, and costs nothing."""
    project = lamp(tmp_path, **LARGE)
    result = produce(project, preview=True)
    assert (result.exit_code, money(project), kinovi.jobs()) == (0, (0, 0), [])
