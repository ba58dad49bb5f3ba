"""`plan --all` and `produce --all`: one price and one consent for every episode, and a run of its own for each."""

import json
import os
import signal
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from flows.cli.consent import agree_all
from flows.errors import UsageError
from flows.run.every_episode import exit_code_of
from flows.run.options import RunOptions
from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import FOUR_SECONDS_USD, TINY, plain_environment
from tests.flows.forked_commands import ForkedCommand, begin
from tests.flows.pseudo_terminal import command_terminal
from tests.flows.runs import ROOT, takes_of
from tests.projects import episode_file, scene, series_file, shot, write_project
from tests.thinning import exhaustive

pytestmark = pytest.mark.timeout(240)
IDS = ("e01", "e02", "e03")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person without any settings; Acme sells, and is not there."""
    plain_environment(monkeypatch)
    monkeypatch.syspath_prepend(str(ROOT / "tests/acme/site"))
    monkeypatch.setenv("ACME_BASE_URL", "http://127.0.0.1:9")


def season(folder: Path, *, provider: str = "animatic", broken: Sequence[str] = (), ids: Sequence[str] = IDS) -> Path:
    """Episodes of one shot each, a second long and unlike the others; at Acme 40 cents. `broken` name nobody."""
    written = series_file(defaults={"provider": provider, "resolution": "480p"}, delivery=TINY)
    episodes = {
        each: episode_file(
            each, scene("lamp", shot("010", f"{{{{ {'nobody' if each in broken else 'mara'} }}}} {each}"))
        )
        for each in ids
    }
    return write_project(folder, series=written, episodes=episodes)


def start(*arguments: str | Path, **variables: str) -> ForkedCommand:
    """The command in a process of its own."""
    return begin(*arguments, environment=os.environ | variables)


@pytest.mark.parametrize("command", ["plan", "produce"])
@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ((), "name an EPISODE, or say --all"),
        (("e01", "--all"), "name an EPISODE or say --all, not both"),
        (("--all", "--shots", "lamp/010"), "--shots is for the shots of one episode"),
        (("--all", "--new-take"), "--new-take is for the shots of one episode"),
    ],
)
def test_one_episode_is_named_or_all_are_asked_for(
    tmp_path: Path, command: str, asked: tuple[str, ...], words: str
) -> None:
    """Neither, both, and shots of no episode in particular: 2, and what to say instead."""
    done = tailframe(command, season(tmp_path), *asked)
    assert (done.exit_code, done.stdout) == (2, "")
    assert words in done.stderr


def test_the_plan_of_all_shows_each_episode_and_one_price(tmp_path: Path) -> None:
    """A table an episode, in order, and the sum beneath; nothing is written."""
    project = season(tmp_path, provider="acme")
    done = tailframe("plan", project, "--all")
    assert (done.exit_code, done.stderr) == (0, "")
    told = [line.rstrip() for line in done.stdout.splitlines() if "at most" in line]
    assert told == [*(f"lighthouse {each}: 1 generate; $0.40 at most" for each in IDS), "3 episodes: $1.20 at most"]
    assert not (project / ".tailframe").exists()


def test_the_plan_of_all_as_json_holds_each_episodes_own(tmp_path: Path) -> None:
    """The sums of all, and within it exactly what scripts know of one."""
    project = season(tmp_path, provider="acme")
    told = json.loads(tailframe("plan", project, "--all", "--json").stdout)
    assert told.pop("episodes") == [json.loads(tailframe("plan", project, each, "--json").stdout) for each in IDS]
    assert told == {
        "series": "lighthouse",
        "estimated_cost_usd": "1.20",
        "unpriced_shots": 0,
        "stale_cost_usd": "0.00",
        "unplanned": [],
    }


def test_a_mistake_in_one_episode_hides_no_other(tmp_path: Path) -> None:
    """1 where some have a plan, 2 where none has; the mistake is told where it stands, and in the JSON."""
    project = season(tmp_path, broken=["e02"])
    done = tailframe("plan", project, "--all", "--json")
    told = json.loads(done.stdout)
    assert done.exit_code == 1
    assert [each["episode"] for each in told["episodes"]] == ["e01", "e03"]
    assert [each["episode"] for each in told["unplanned"]] == ["e02"]
    assert "'nobody' is no cast member" in told["unplanned"][0]["why"]
    assert "episodes/e02.yaml:" in done.stderr

    assert tailframe("plan", season(tmp_path / "all", broken=IDS), "--all").exit_code == 2


@pytest.mark.parametrize(
    ("codes", "code"),
    [([], 0), ([0, 0], 0), ([0, 1], 1), ([0, 2], 1), ([2, 2], 2), ([2, 1], 1), ([0, 1, 2, 3], 3)],
)
def test_the_code_of_all_is_that_of_the_contract(codes: list[int], code: int) -> None:
    """3 if a budget refused one, 1 if anything is not done, and 2 only where nothing could be read."""
    assert exit_code_of(codes) == code


def test_a_budget_is_for_all_together(tmp_path: Path) -> None:
    """The plan says beforehand which episode the money does not reach, with and without --until-budget."""
    project = season(tmp_path, provider="acme")
    whole = tailframe("plan", project, "--all", "--budget", "1").stderr
    assert whole.count("produce refuses this (exit 3)") == 1
    assert "of $0.20 has $0.20 left" in whole
    until = tailframe("plan", project, "--all", "--budget", "0.50", "--until-budget").stderr
    assert until.count("the money does not reach lamp/010") == 2


def test_without_a_terminal_the_price_of_all_is_told(tmp_path: Path) -> None:
    """One sum, and both ways to agree; what cannot be made is left out of it."""
    project, left = season(tmp_path, provider="acme", broken=["e02"]), []
    every = [RunOptions(episode=each) for each in IDS]
    with pytest.raises(UsageError, match=r"up to \$0\.80, and there is no terminal .* --yes, .* --budget USD"):
        agree_all(project, every, lambda episode, _: left.append(episode), yes=False)
    assert left == ["e02"]


@exhaustive
def test_every_episode_is_made_and_a_broken_one_stops_no_other(tmp_path: Path, prefect_url: str) -> None:
    """Masters on standard output; on standard error which of how many, and what is not done. Then the rest alone."""
    project = season(tmp_path, broken=["e02"])
    out, err = (command := start("produce", project, "--all", PREFECT_API_URL=prefect_url)).communicate(timeout=200)
    assert command.returncode == 1, err
    assert out.splitlines() == [str(project / f"output/{each}/{each}.mp4") for each in ("e01", "e03")]
    assert "e01 (1 of 2) lamp/010 done" in err
    assert "e03 (2 of 2) lamp/010 done" in err
    assert "'nobody' is no cast member" in err
    assert err.splitlines()[-1] == "2 of 3 episodes are done; e02 is not"

    file = project / "episodes/e02.yaml"
    file.write_text(file.read_text().replace("nobody", "mara"))
    out, err = (command := start("produce", project, "--all", PREFECT_API_URL=prefect_url)).communicate(timeout=200)
    assert command.returncode == 0, err
    assert err.splitlines()[-1] == "3 of 3 episodes are done"
    assert sorted((take.shot, take.number) for take in takes_of(project)) == [(f"{each}/lamp/010", 1) for each in IDS]


@exhaustive
def test_ctrl_c_leaves_what_is_whole(tmp_path: Path, prefect_url: str) -> None:
    """130 in the middle of the second episode: the first has its master, and the third was never begun."""
    project = season(tmp_path)
    command = start("produce", project, "--all", PREFECT_API_URL=prefect_url)
    assert command.stderr is not None
    while "e02 (2 of 3) lamp/010 generating" not in (line := command.stderr.readline()):
        assert line, "it ended before its second episode"
    command.send_signal(signal.SIGINT)
    out, err = command.communicate(timeout=120)
    assert command.returncode == 130, err
    assert out == f"{project / 'output/e01/e01.mp4'}\n"
    assert err.splitlines()[-1].startswith("interrupted; what is paid for is written down")
    assert {take.shot for take in takes_of(project)} == {"e01/lamp/010", "e02/lamp/010"}


@exhaustive
def test_one_word_pays_for_all_of_them(acme: Acme, tmp_path: Path, prefect_url: str) -> None:
    """One question with the price of all; after it each episode is bought for no more than its own share."""
    project = season(tmp_path, provider="acme", ids=("e01", "e02"))
    environment = acme.process_environment(PREFECT_API_URL=prefect_url, TAILFRAME_POLL_INTERVAL="0.05")
    with command_terminal("produce", project, "--all", environment=environment) as person:
        person.until("Spend up to $0.80, for 2 episodes together?")
        assert acme.jobs() == []
        person.answer("y")
        code, said = person.end()
    assert code == 0, said
    assert said.count("Spend ") == 1
    assert acme.charged_usd() == 2 * FOUR_SECONDS_USD


@exhaustive
def test_what_an_episode_spent_is_gone_for_those_after_it(acme: Acme, tmp_path: Path, prefect_url: str) -> None:
    """A dollar for three: the first is charged though its job failed, the second is made, the third is refused."""
    acme.script(on="job", do="fail", refund=False)
    project = season(tmp_path, provider="acme")
    environment = acme.process_environment(PREFECT_API_URL=prefect_url, TAILFRAME_POLL_INTERVAL="0.05")
    command = start("produce", project, "--all", "--budget", "1.00", **environment)
    out, err = command.communicate(timeout=200)
    assert command.returncode == 3, err
    assert out.splitlines() == [str(project / "output/e02/e02.mp4")]
    assert acme.charged_usd() == Decimal("0.80")
    assert "e03 is not made:\nrefused: the run budget" in err
    assert "of $0.20 has $0.20 left" in err
    assert err.splitlines()[-1] == "1 of 3 episodes are done; e01, e03 are not"
