"""Twenty chains at once under a cap that covers seven shots: exactly seven are paid, the first in story order, and the
run says what is left, whoever else buys beside it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from render.claim_errors import BudgetRefused
from tests.flows.accounts import sandbox
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import TINY, made, money, plain_environment, shoot, states, takes_of
from tests.flows.runs import live_takes, start
from tests.projects import episode_file, scene, series_file, shot, write_project
from tests.render.sandbox.standing import Standing
from tests.thinning import exhaustive, some, thinned

SHOT_USD = Decimal("0.30")  # four seconds of Kinovi's 480p
CAP_USD = 7 * SHOT_USD
STORY = [f"s{number:02}/{id_}" for number in range(1, 21) for id_ in ("010", "020")]
BOUND = 3  # jobs at once, fewer than the chains that have money


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    with sandbox(tmp_path_factory.mktemp("sandbox") / "state", job_seconds=0.1) as standing:
        yield standing


class Shop:
    """What the sandbox took since this test began."""

    def __init__(self, standing: Standing) -> None:
        self._standing, self._before = standing, len(standing.jobs())
        self.plan = standing.plan

    def jobs(self) -> list[dict[str, Any]]:
        return self._standing.jobs()[self._before :]

    def shots(self, project: Path) -> list[str]:
        """The shots that were ordered, in story order, by the jobs that the ledger knows; each job has one take."""
        of_job = {take.job_id: take.shot.removeprefix("e01/") for take in takes_of(project) if take.job_id}
        return sorted(of_job[job["id"]] for job in self.jobs())

    def charged_usd(self) -> Decimal:
        return sum((Decimal(job["charged_usd"]) for job in self.jobs()), Decimal(0))

    def most_at_once(self) -> int:
        spans = [(job["created_at"], job["ready_at"]) for job in self.jobs()]
        return max(sum(begun <= moment < over for begun, over in spans) for moment, _ in spans)


@pytest.fixture
def shop(standing: Standing, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """This process buys from Kinovi's stand-in, a few jobs at a time."""
    plain_environment(monkeypatch)
    more = {"TAILFRAME_POLL_INTERVAL": "0.05", "KINOVI_CONCURRENT_JOBS": str(BOUND)}
    for name, value in (standing.environment | more).items():
        monkeypatch.setenv(name, value)
    yield Shop(standing)
    standing.http.delete(f"{standing.url}/sandbox/faults")


def story(folder: Path, changes: Mapping[str, Mapping[str, Any]] | None = None, **series: Any) -> Path:
    """Twenty scenes of two shots, four seconds each: twenty chains. `changes` are keys of single shots."""
    scenes = [
        scene(id_, *(_shot(f"{id_}/{number}", (changes or {}).get(f"{id_}/{number}", {})) for number in ("010", "020")))
        for id_ in dict.fromkeys(key.partition("/")[0] for key in STORY)
    ]
    written = series_file(defaults={"provider": "kinovi", "resolution": "480p"}, delivery=TINY, **series)
    return write_project(folder, series=written, episodes={"e01": episode_file("e01", *scenes)})


def _shot(key: str, keys: Mapping[str, Any]) -> dict[str, Any]:
    return shot(key.rpartition("/")[2], f"{{{{ mara }}}} at moment {key}", **{"duration": 4, **keys})


@thinned
@pytest.mark.parametrize("scope", some(["series", "day", "run"], 3))
def test_exactly_what_the_cap_covers_is_paid_in_story_order(shop: Shop, tmp_path: Path, scope: str) -> None:
    """Seven jobs in the vendor's own books, a bound of three in force, exit code 3, and an account of the rest."""
    budget = {} if scope == "run" else {"budget": {scope: float(CAP_USD)}}
    project = story(tmp_path, **budget)

    result = shoot(project, until_budget=True, budget_usd=CAP_USD if scope == "run" else None)

    assert shop.shots(project) == made(result) == STORY[:7]
    assert shop.charged_usd() == CAP_USD
    assert shop.most_at_once() <= BOUND
    assert money(project) == (CAP_USD, 0)
    assert result.exit_code == 3
    assert [key for key, state in states(result).items() if state == "missing"] == STORY[7:]
    assert_clear(result.message, f"the {scope} budget" if scope != "run" else "the run's budget")
    whys = {outcome.message for outcome in result.outcomes if outcome.state.value == "missing"}
    assert whys == {"what may be spent does not reach it: it needs $0.30"}


def assert_clear(message: str, cap: str) -> None:
    """Which shots are left, what they need, what is left under which cap, and what to do now."""
    counted, told = message.splitlines()
    assert counted == "33 of 40 shots missing"
    assert told.startswith(
        "the money does not reach s04/020, s05/010, s05/020, s06/010, s06/020, s07/010 and 27 more, which need $9.90; "
        f"{cap}"
    )
    assert told.endswith(
        "of $2.10 has $0.00 left ($2.10 spent). Next is s04/020 ($0.30): raise the cap, then produce again"
    )


def test_the_plan_says_beforehand_how_far_the_money_goes(shop: Shop, tmp_path: Path) -> None:
    """With the flag what would be made and what not, without it that the run would be refused; nothing is written."""
    project = story(tmp_path, budget={"episode": float(CAP_USD)})

    until = tailframe("plan", project, "e01", "--until-budget").stderr
    whole = tailframe("plan", project, "e01").stderr

    assert "--until-budget makes 7 shots for $2.10; the money does not reach s04/020, s05/010" in until
    assert "of $2.10 has $0.00 left ($0.00 spent, $2.10 reserved). Next is s04/020" in until
    assert "produce refuses this (exit 3): the episode budget (e01) of $2.10 has $2.10 left" in whole
    assert "budget" not in tailframe("plan", project, "e01", "--shots", "s01/010").stderr
    assert not (project / ".tailframe").exists()


@exhaustive
def test_runs_at_once_share_the_cap_and_the_takes(shop: Shop, tmp_path: Path) -> None:
    """Two begin together, and a third when orders have left: the first seven are made once, by whoever claims them."""
    project = story(tmp_path, budget={"series": float(CAP_USD)})

    runs = [start(project, until_budget=True) for _ in range(2)]
    until(lambda: len(shop.jobs()) >= 2)
    third = start(project, until_budget=True)
    told = [run.finish() for run in (*runs, third)]

    assert [each["exit_code"] for each in told] == [3, 3, 3]
    assert shop.shots(project) == STORY[:7]
    assert live_takes(project) == {f"e01/{key}": 1 for key in STORY[:7]}
    assert money(project) == (CAP_USD, 0) == (shop.charged_usd(), 0)
    assert shop.most_at_once() <= BOUND
    for each in told:
        assert all(each["states"][key] == "missing" for key in STORY[7:])
        assert "; the series budget (lighthouse) of $2.10 has $" in each["message"]


def until(reached: Callable[[], bool]) -> None:
    """Wait until it is so."""
    deadline = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_without_the_flag_nothing_is_paid(shop: Shop, tmp_path: Path) -> None:
    """Refused whole, with what is needed and what there is; no take is opened and no job is ordered."""
    project = story(tmp_path, budget={"series": float(CAP_USD)})

    with pytest.raises(BudgetRefused, match=r"of \$2\.10 has \$2\.10 left .* needs \$12\.00\. Raise the cap, .*until"):
        shoot(project)

    assert (shop.jobs(), takes_of(project), money(project)) == ([], (), (0, 0))


def test_nothing_is_bought_ahead_of_its_turn(shop: Shop, tmp_path: Path) -> None:
    """A cheaper shot further on would fit; the first that does not fit ends it all the same."""
    project = story(tmp_path, {"s01/020": {"duration": 15}})

    result = shoot(project, until_budget=True, budget_usd=CAP_USD / 2)

    assert shop.shots(project) == ["s01/010"]
    assert "the money does not reach s01/020, s02/010" in result.message
    assert "has $0.75 left ($0.30 spent). Next is s01/020 ($1.125)" in result.message


def test_a_shot_comes_after_the_one_that_it_continues(shop: Shop, tmp_path: Path) -> None:
    """Money goes to what can be made: where the first shot continues one far behind it, that one is bought first."""
    project = story(tmp_path, {"s01/010": {"continues": "s20/010"}})

    result = shoot(project, until_budget=True, budget_usd=2 * SHOT_USD)

    assert shop.shots(project) == ["s01/010", "s20/010"]
    assert (states(result)["s01/010"], result.exit_code) == ("done", 3)


@exhaustive
def test_money_that_comes_free_is_the_next_runs(shop: Shop, tmp_path: Path) -> None:
    """A refund in the middle of a run buys nothing behind a producer's back. The account says what would be next, and
    the next run makes what failed before anything that comes later."""
    project = story(tmp_path, budget={"series": float(CAP_USD)})
    shop.plan(vendor="kinovi", where="job", what="fail", prompt="moment s02/020")

    result = shoot(project, until_budget=True)

    assert (result.exit_code, states(result)["s02/020"]) == (3, "failed")
    assert shop.shots(project) == STORY[:7]
    assert money(project) == (6 * SHOT_USD, 0) == (shop.charged_usd(), 0)
    assert "has $0.30 left ($1.80 spent), which came free meanwhile: produce again" in result.message

    again = shoot(project, until_budget=True)

    assert (again.exit_code, made(again)) == (3, ["s02/020"])
    assert money(project) == (CAP_USD, 0) == (shop.charged_usd(), 0)


@exhaustive
def test_the_command_ends_with_3_and_tells_on_standard_error(shop: Shop, tmp_path: Path, prefect_url: str) -> None:
    """What a script sees: nothing on standard output, each shot that is left and the account on standard error; and
    `status` tells afterwards what is left to make, and what it needs."""
    project = story(tmp_path, budget={"series": float(CAP_USD)})

    ended = subprocess.run(
        [sys.executable, "-m", "flows.cli", "produce", str(project), "e01", "--until-budget", "--yes"],
        env=os.environ | {"PREFECT_API_URL": prefect_url},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert (ended.returncode, ended.stdout) == (3, ""), ended.stderr
    assert shop.shots(project) == STORY[:7]
    assert_clear("\n".join(ended.stderr.splitlines()[-2:]), "the series budget")
    assert "e01 s04/020 missing" in ended.stderr
    assert "--until-budget makes 0 shots for $0.00" in tailframe("plan", project, "e01", "--until-budget").stderr
    status = tailframe("status", project, "e01").output
    assert "7 done, 33 planned; $2.10 spent, $0.00 reserved; 33 to make, for $9.90 at most" in status
    assert "series lighthouse: $0.00 left of $2.10" in status
