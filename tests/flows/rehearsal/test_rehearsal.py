"""A whole production against each vendor's stand-in, with everything going wrong, settled as a producer would."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from flows.errors import RealVendor, RehearsalError
from flows.rehearsal import (
    Audit,
    RehearsalEnvironment,
    account_json,
    account_lines,
    rehearsal_environment,
    rehearse,
    take_account,
)
from flows.rehearsal.isolation import LOCK, MADE
from flows.rehearsal.rehearse import Produce
from flows.run.beginning import begin
from flows.run.session import Result, RunOptions
from flows.run.workspace import open_workspace
from render.claim_errors import BudgetRefused
from render.ledger import open_ledger, queries
from render.sandbox import VENDORS
from render.sandbox.faults import read_faults
from render.takes.outcomes import ShotState
from render.watcher import Unwatched
from storyboard.errors import LeadsOut
from storyboard.takes import LIVE
from tests.docs.pages import ROOT, blocks
from tests.flows.accounts import draw_clips
from tests.flows.episodes import TINY, frames_in, plain_environment, produce, three_shots
from tests.projects import episode_file, png, reference_files, scene, series_file, shot, write_project
from tests.thinning import exhaustive, some

OPERATORS = ROOT / "docs" / "operators.md"
(PLAN,) = [block.text for block in blocks(OPERATORS, "yaml") if "where:" in block.text]
HOSTILE: list[dict[str, Any]] = YAML(typ="safe").load(PLAN)
"""The plan that the operators' page shows, which says that every vendor's rehearsal survives it."""

(SAMPLE,) = [json.loads(block.text) for block in blocks(OPERATORS, "json") if block.info == "rehearse"]
SHOTS = ("e01/lamp/010", "e01/lamp/020", "e01/shore/010")
DEAR = {"where": "job", "what": "overcharge"}
"""A price far below what the vendor charges."""


class Told(Unwatched):
    """Remembers what a person should read."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A real key, which must never leave this process, and a real address, which nobody here may reach."""
    plain_environment(monkeypatch)
    for vendor in VENDORS:
        monkeypatch.setenv(f"{vendor.upper()}_API_KEY", "a-real-key")
        monkeypatch.delenv(f"{vendor.upper()}_BASE_URL", raising=False)


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clips of all sandboxes here, drawn already: that is most of what they cost."""
    folder = tmp_path_factory.mktemp("footage")
    draw_clips(folder)
    return folder


def shares(project: Path, footage: Path) -> Path:
    """The project, whose sandbox will find what others drew."""
    sandbox = project / ".tailframe" / "rehearsals" / "sandbox"
    sandbox.mkdir(parents=True)
    (sandbox / "clips").symlink_to(footage)
    return project


def series_of_three(folder: Path, provider: str, **series: Any) -> Path:
    """Three shots of a second each, two of them in a chain; pictures as large as every vendor wants them."""
    return written(folder, three_shots(), provider, series)


def series_of_one(folder: Path, provider: str, **series: Any) -> Path:
    """One shot of a second."""
    return written(folder, [scene("lamp", shot("010"))], provider, series)


def written(folder: Path, scenes: list[dict[str, Any]], provider: str, series: dict[str, Any]) -> Path:
    pictures = [name for name in reference_files() if name.endswith(".png")]
    large = {name: png(320, 320, (20 + 25 * number, 90, 160)) for number, name in enumerate(pictures)}
    told = {"defaults": {"provider": provider, "resolution": "480p"}, "delivery": TINY, **series}
    episode = {"e01": episode_file("e01", *scenes)}
    return write_project(folder, series=series_file(**told), episodes=episode, files=large)


def shape(told: dict[str, Any]) -> dict[str, Any]:
    """The keys of an account and of the first of each list in it, but not of what is left, as nothing is."""
    lists = {name: set(each[0]) for name, each in told.items() if isinstance(each, list) and each}
    return {"": set(told), "takes": set(told["takes"]), "met": set(told["faults"]["met"][0]), **lists}


def everything_but_rehearsals(project: Path) -> dict[str, str]:
    """Every file of the project by its hash."""
    files = [each for each in project.rglob("*") if each.is_file() and "rehearsals" not in each.parts]
    return {str(each.relative_to(project)): hashlib.sha256(each.read_bytes()).hexdigest() for each in files}


@contextmanager
def room_of(project: Path, *faults: dict[str, Any], fresh: bool = False) -> Iterator[RehearsalEnvironment]:
    with rehearsal_environment(project, faults=read_faults(list(faults)), job_seconds=0.05, fresh=fresh) as environment:
        yield environment


def plainly(environment: RehearsalEnvironment, watcher: Unwatched) -> Produce:
    """One run in the rehearsal's environment, without Prefect."""

    async def run(run_options: RunOptions) -> Result:
        workspace = open_workspace(environment.project, watcher=watcher, rehearsal=True)
        async with workspace as opened, begin(opened, run_options) as session:
            await session.make_all(session.production.make)
            return await session.finish()

    return lambda run_options: asyncio.run(run(run_options))


def rehearsed(
    environment: RehearsalEnvironment, *, watcher: Unwatched | None = None, patience: timedelta | None = None
) -> Audit:
    """The whole rehearsal of e01, and its account."""
    watcher = watcher or Unwatched()
    run_options = RunOptions(episode="e01", rehearsal=True, patience=patience)
    return take_account(environment, "e01", rehearse(environment, run_options, plainly(environment, watcher), watcher))


@exhaustive
@pytest.mark.parametrize("vendor", some(VENDORS, 4))
def test_a_hostile_rehearsal_completes_the_episode(tmp_path: Path, footage: Path, vendor: str) -> None:
    """Every shot has one live take, every fault was met, nothing stays unsettled, and the books agree."""
    project, told = shares(series_of_three(tmp_path, vendor), footage), Told()
    with room_of(project, *HOSTILE) as environment:
        account = rehearsed(environment, watcher=told)
        jobs = environment.jobs()
        with open_ledger(environment.places.ledger) as ledger:
            takes = ledger.read(queries.takes, "lighthouse")
    said = "\n".join([*told.notes, *account_lines(account)])
    assert account.good, said
    assert Counter(take.shot for take in takes if take.state in LIVE) == dict.fromkeys(SHOTS, 1)
    assert {job["id"] for job in jobs} == {take.job_id for take in takes if take.job_id is not None}
    assert account.faults_waiting == 0, said
    assert all(each.settled for each in account.lost), said
    assert account.rehearsed.master is not None
    assert frames_in(account.rehearsed.master) == 72
    assert shape(account_json(account)) == shape(SAMPLE)


@exhaustive
@pytest.mark.parametrize("vendor", some(VENDORS, 4, first=1))
def test_a_rehearsal_survives_every_host_without_a_second_order(tmp_path: Path, footage: Path, vendor: str) -> None:
    """Clips that come late, packed, behind a page or by an odd link cost waiting: three shots, three orders."""
    faults = [{"where": "download", "what": what, "seconds": 0.3} for what in ("late", "page", "coding", "odd_link")]
    with room_of(shares(series_of_three(tmp_path, vendor), footage), *faults) as environment:
        account = rehearsed(environment)
        assert len(environment.jobs()) == 3
    assert account.good
    assert (account.rehearsed.rounds, account.orders, account.faults_waiting) == (1, 3, 0)
    assert account.takes == {"done": 3, "failed": 0, "refused": 0, "unknown": 0, "unfinished": 0}


@exhaustive
def test_the_real_thing_is_untouched_and_a_finished_rehearsal_costs_nothing(
    tmp_path: Path, footage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ledger, clips, output and archive stay byte for byte, and places that a team has set are not even made."""
    project = series_of_three(tmp_path, "evolink")
    produce(project, provider="animatic")
    for place in ("STORE", "ARCHIVE"):
        monkeypatch.setenv(f"TAILFRAME_{place}_URL", str(tmp_path / "team"))
    monkeypatch.setenv("TAILFRAME_LEDGER_URL", f"sqlite:///{tmp_path / 'team' / 'ledger.sqlite'}")
    real = everything_but_rehearsals(project)
    with room_of(shares(project, footage)) as environment:
        first, again = rehearsed(environment), rehearsed(environment)
        assert {each.name for each in environment.places.private.iterdir()} <= MADE | {LOCK, "output"}
    assert first.good
    assert everything_but_rehearsals(project) == real
    assert not (tmp_path / "team").exists()
    assert (again.orders, again.bills) == (first.orders, first.bills)
    assert "was rehearsed to its end before" in next(iter(account_lines(again)))


@exhaustive
def test_what_a_rehearsal_would_have_cost_is_told_in_words_and_as_json(tmp_path: Path, footage: Path) -> None:
    """The sum by the vendor's dated prices, what a failed take costs there, and each fault by its kind."""
    project = shares(series_of_one(tmp_path, "kinovi"), footage)
    with room_of(project, {"where": "job", "what": "fail"}, {"where": "cancel", "what": "500"}) as environment:
        account = rehearsed(environment)
    told, lines = account_json(account), "\n".join(account_lines(account))
    assert "kinovi $0.30, by its published prices as of 2026-10" in lines
    assert "1 x job fail" in lines
    assert "1; 1 planned and not met" in lines
    assert told["vendors"] == [
        {
            "provider": "kinovi",
            "takes": 2,
            "jobs": 2,
            "cost_usd": "0.30",
            "failed_usd": "0.00",
            "charged_usd": "0.30",
            "unpriced_takes": 0,
            "prices": "its published prices as of 2026-10",
        }
    ]
    assert told["faults"] == {
        "met": [{"vendor": "kinovi", "where": "job", "what": "fail", "when": "before", "times": 1}],
        "waiting": 1,
    }
    assert (told["complete"], told["orders"], told["left"], told["disagreements"]) == (True, 2, [], [])


@exhaustive
def test_a_price_that_nobody_publishes_is_unknown_until_the_project_states_it(tmp_path: Path, footage: Path) -> None:
    """Under a budget `produce` would refuse it; the rehearsal goes on and says so. What fails counts as spent there."""
    budget = {"budget": {"episode": 10}}
    unknown = shares(series_of_one(tmp_path / "unknown", "oxen", **budget), footage)
    with room_of(unknown) as environment:
        account = rehearsed(environment)
    assert account.good
    assert account.produce_refuses
    assert "unknown for 1 take" in "\n".join(account_lines(account))

    prices = [{"provider": "oxen", "usd_per_second": 0.05}]
    stated = shares(series_of_one(tmp_path / "stated", "oxen", prices=prices, **budget), footage)
    with room_of(stated, {"where": "job", "what": "fail"}) as environment:
        account = rehearsed(environment)
    assert account.good
    assert not account.produce_refuses
    assert (account.spent_usd, account.bills[0].failed_usd) == (Decimal("0.40"), Decimal("0.20"))
    assert account.bills[0].prices == "the prices that series.yaml states"


@exhaustive
def test_a_cap_refuses_in_a_rehearsal_as_it_would_in_life(tmp_path: Path) -> None:
    """With the same sums, and nothing ordered."""
    with room_of(series_of_one(tmp_path, "kinovi", budget={"episode": 0.1})) as environment:
        account = rehearsed(environment)
        assert environment.jobs() == []
    assert isinstance(account.rehearsed.refused, BudgetRefused)
    assert (account.rehearsed.refused.cap, account.rehearsed.refused.asked) == (Decimal("0.1"), Decimal("0.3"))
    assert not account.good


@exhaustive
def test_a_vendor_that_charges_more_than_its_price_is_acknowledged(tmp_path: Path, footage: Path) -> None:
    """Its alarm stops the shot that follows; the producer sees it, says so, and the next round goes on."""
    chain = [scene("lamp", shot("010"), shot("020"))]
    project, told = shares(written(tmp_path, chain, "kinovi", {}), footage), Told()
    with room_of(project, DEAR) as environment:
        account = rehearsed(environment, watcher=told)
    assert account.good
    assert any(note.endswith(f"tailframe acknowledge {project} kinovi") for note in told.notes)


@exhaustive
def test_a_job_that_never_ends_ends_the_rehearsal_and_is_told(tmp_path: Path) -> None:
    """Another round would only wait as long again."""
    with room_of(series_of_one(tmp_path, "evolink"), {"where": "job", "what": "stuck"}) as environment:
        account = rehearsed(environment, patience=timedelta(seconds=0.3))
    assert (account.rehearsed.rounds, account.takes["unfinished"]) == (1, 1)
    assert [each.state for each in account.rehearsed.left] == [ShotState.RUNNING]
    assert "lamp/010 running" in "\n".join(account_lines(account))


@exhaustive
def test_books_that_disagree_are_told_loudly(tmp_path: Path, footage: Path) -> None:
    """A job that no take owns is money lost; the rehearsal fails for it, complete or not."""
    with room_of(shares(series_of_one(tmp_path, "evolink"), footage)) as environment:
        order = {"model": "seedance-2.0-reference-to-video", "prompt": "nobody's", "duration": 4, "quality": "480p"}
        url = f"{os.environ['EVOLINK_BASE_URL']}/v1/videos/generations"
        key = {"Authorization": f"Bearer {os.environ['EVOLINK_API_KEY']}"}
        job = environment.http.post(url, json=order, headers=key).json()["id"]
        account = rehearsed(environment)
    assert account.rehearsed.complete
    assert not account.good
    assert f"evolink has job {job}, which no take owns" in account.disagreements[0]
    assert "BOOKS DISAGREE" in "\n".join(account_lines(account))


def test_nobody_can_be_paid_in_the_room_and_the_environment_comes_back(tmp_path: Path) -> None:
    """Every vendor's key and address is the sandbox's while a rehearsal's environment is open."""
    before = dict(os.environ)
    with room_of(series_of_one(tmp_path, "evolink")) as environment:
        assert "a-real-key" not in os.environ.values()
        bases = {os.environ[f"{vendor.upper()}_BASE_URL"] for vendor in VENDORS} | {os.environ["EVOLINK_FILES_URL"]}
        assert all(base.startswith(environment.sandbox.url) for base in bases)
    assert dict(os.environ) == before


def test_a_rehearsal_outside_the_room_opens_no_real_vendor(tmp_path: Path) -> None:
    """Anybody may call its flow, and a storyboard may be edited meanwhile: nothing is opened, let alone paid."""
    project = series_of_one(tmp_path, "evolink")

    async def run() -> None:
        asked = RunOptions(episode="e01", rehearsal=True)
        async with open_workspace(project, rehearsal=True) as workspace, begin(workspace, asked):
            raise AssertionError("it began")

    with pytest.raises(RealVendor, match="evolink is the real one"):
        asyncio.run(run())
    with open_ledger(f"sqlite:///{project / '.tailframe/rehearsals/ledger.sqlite'}") as ledger:
        assert ledger.read(queries.takes, "lighthouse") == ()


@exhaustive
def test_the_same_plan_of_faults_goes_on_and_another_takes_its_place(tmp_path: Path) -> None:
    """A rehearsal that was interrupted meets the rest of its plan; one without a plan meets none."""
    project, once = series_of_one(tmp_path, "oxen"), {"where": "list", "what": "500"}

    def left_after_one(environment: RehearsalEnvironment) -> int:
        environment.http.get(f"{os.environ['OXEN_BASE_URL']}/queue", headers={"Authorization": "Bearer sandbox-key"})
        return len(environment.faults()["waiting"])

    with room_of(project, once, once) as environment:
        assert left_after_one(environment) == 1
    with room_of(project, once, once) as environment:
        assert left_after_one(environment) == 0
    with room_of(project, once) as environment:
        assert len(environment.faults()["waiting"]) == 1
    with room_of(project) as environment:
        assert environment.faults()["waiting"] == []


def test_a_fresh_room_is_empty_and_only_the_room_is_emptied(tmp_path: Path) -> None:
    """What lies beside it stays, and what a link in it leads to; one that leads out is refused before anything goes."""
    project = series_of_one(tmp_path, "evolink")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "keep").write_text("this")
    with room_of(project) as environment:
        private = environment.places.private
    (private / "link").symlink_to(outside)
    (private / "blobs" / "00").mkdir(parents=True)
    beside = project / ".tailframe" / "beside"
    beside.write_text("stays")

    with pytest.raises(LeadsOut), room_of(project, fresh=True):
        pass
    assert (private / "blobs" / "00").is_dir()
    (private / "link").unlink()
    (private / "link").symlink_to("../beside")
    with room_of(project, fresh=True) as environment:
        assert {each.name for each in private.iterdir()} <= {"lock", "sandbox", "faults.json", "link"}
        assert environment.stays == (private / "link",)

    assert (outside / "keep").exists()
    assert beside.read_text() == "stays"


def test_one_rehearsal_at_a_time_is_in_the_room(tmp_path: Path) -> None:
    """The second is told so, and changes nothing."""
    project = series_of_one(tmp_path, "evolink")
    with room_of(project), pytest.raises(RehearsalError, match="another rehearsal is in"), room_of(project, fresh=True):
        pass


def test_a_room_that_is_a_link_is_refused(tmp_path: Path) -> None:
    """It would write, and with --fresh remove, somewhere else."""
    project = series_of_one(tmp_path, "evolink")
    (project / ".tailframe").mkdir()
    (project / ".tailframe" / "rehearsals").symlink_to(tmp_path)
    with pytest.raises(RehearsalError, match="is a link"), room_of(project):
        pass
