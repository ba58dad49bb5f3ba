"""Commands that only read: check, plan and status, on real projects and real ledgers."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from flows.cli.plan_table import print_plan
from flows.run.planning import read_plan
from storyboard.plan.episode_plan import Action
from storyboard.text.dollars import usd_or_unknown
from tests.flows.cli.in_process import make, tailframe
from tests.projects import episode_file, scene, shot, write_project
from tests.thinning import some, thinned

SHOTS = ["lamp/010", "lamp/020", "shore/010"]


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("TAILFRAME", "PREFECT"))]:
        monkeypatch.delenv(name)


def answer(*arguments: str | Path) -> Any:
    """What a command prints with `--json`."""
    done = tailframe(*arguments, "--json")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_check_is_content_with_a_good_project(tmp_path: Path) -> None:
    """No mistakes: nothing on standard output, and 0."""
    done = tailframe("check", write_project(tmp_path))
    assert (done.exit_code, done.stdout) == (0, "")


def test_check_notes_texts_in_curly_quotes(tmp_path: Path) -> None:
    """They may be meant, so nothing is wrong; but nobody sends them without having been told."""
    series = "version: 1\nseries: lamp\ntitle: “The Lamp”\n"
    episode = "version: 1\nepisode: e01\ntitle: x\nscenes: [{id: a, shots: [{id: b, prompt: the sea}]}]\n"
    done = tailframe("check", write_project(tmp_path, series=series, episodes={"e01": episode}))
    assert (done.exit_code, done.stdout) == (0, "")
    assert "series.yaml:3:8: the quotes “ and ” are part of this text" in " ".join(done.stderr.split())


def test_check_shows_every_mistake_at_once(tmp_path: Path) -> None:
    """Mistakes in two files are told in one go, with their places and the nearest right names, and end with 2."""
    project = write_project(
        tmp_path,
        series={"titel": "The Last Lamp"},
        episodes={"e01": episode_file("e01", scene("lamp", shot("010", "{{ marra }} lights the lamp")))},
    )
    done = tailframe("check", project)
    assert done.exit_code == 2
    places = [line.split(":")[0] for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert places == ["episodes/e01.yaml", "series.yaml"]
    assert "did you mean 'mara'?" in done.stdout
    assert "did you mean 'title'?" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_narrow_terminal_takes_nothing_from_a_price(tmp_path: Path) -> None:
    """The longest names fold; what a shot is called, and what it costs, stands whole."""
    read = read_plan(write_project(tmp_path), "e01", ledger=None, environment={}, provider="oxen")
    price = usd_or_unknown(read.plan.shots[0].estimated_cost_usd)
    drawn = io.StringIO()
    print_plan(Console(file=drawn, width=80), read.plan)
    row = next(line for line in drawn.getvalue().splitlines() if line.startswith("lamp/010"))
    assert row.split()[:2] == ["lamp/010", "generate"]
    assert f"{price} " in row
    assert "generate; 3 without a known price" in drawn.getvalue()


def test_an_unknown_episode_is_answered_with_the_nearest(tmp_path: Path) -> None:
    """A slip in the episode's name is wrong input, and the right one is named."""
    project = write_project(tmp_path)
    for command in ("check", "plan", "status"):
        done = tailframe(command, project, "e1")
        assert done.exit_code == 2
        assert "did you mean 'e01'?" in done.stderr + done.stdout


def test_a_folder_that_is_no_project_is_told_so(tmp_path: Path) -> None:
    """An empty folder is wrong input, not an accident."""
    done = tailframe("plan", tmp_path, "e01")
    assert done.exit_code == 2
    assert "series.yaml" in done.stderr


def test_plan_shows_every_shot_and_the_price(tmp_path: Path) -> None:
    """One row a shot with what is done and why, and a total."""
    out = tailframe("plan", write_project(tmp_path), "e01").stdout
    rows = [line for line in out.splitlines() if line.startswith(("lamp", "shore"))]
    assert [row.split()[:2] for row in rows] == [[key, "generate"] for key in SHOTS]
    assert out.splitlines()[-1] == "lighthouse e01: 3 generate; $0.00 at most"


def test_plan_shows_the_prompts_when_asked(tmp_path: Path) -> None:
    """A person can read what a vendor would be told before paying, with the job of each reference."""
    out = tailframe("plan", write_project(tmp_path), "e01", "--prompts").stdout
    assert "Begin exactly on @image1, the last frame of the shot before." in out
    assert "@image2 cast: mara (references/cast/mara.png)" in out


def test_plan_as_json_keeps_its_contract(tmp_path: Path) -> None:
    """The keys are those that scripts rely on."""
    plan = answer("plan", write_project(tmp_path), "e01")
    assert list(plan) == ["series", "episode", "estimated_cost_usd", "unpriced_shots", "stale_cost_usd", "shots"]
    assert [each["key"] for each in plan["shots"]] == SHOTS
    assert list(plan["shots"][1]) == [
        "key",
        "provider",
        "model",
        "duration_s",
        "billed_s",
        "action",
        "reason",
        "estimated_cost_usd",
        "prompt",
        "continuity",
        "references",
    ]
    assert plan["shots"][0]["continuity"] is None
    assert plan["shots"][1]["continuity"] == {"mode": "tail_frame", "from": "lamp/010"}
    assert plan["estimated_cost_usd"] == "0.00"


def test_plan_writes_nothing(tmp_path: Path) -> None:
    """Looking leaves no ledger, no folder, no trace."""
    project = write_project(tmp_path)
    before = sorted(project.rglob("*"))
    tailframe("plan", project, "e01")
    tailframe("status", project)
    assert sorted(project.rglob("*")) == before


def test_plan_knows_what_is_there(tmp_path: Path) -> None:
    """A take in the ledger is reused."""
    project = write_project(tmp_path)
    make(project, "lamp/010")
    actions = {each["key"]: each["action"] for each in answer("plan", project, "e01")["shots"]}
    assert actions["lamp/010"] == Action.REUSE
    assert actions["shore/010"] == Action.GENERATE


def test_plan_takes_the_flags_of_produce(tmp_path: Path) -> None:
    """`--shots` narrows what is asked for; an unknown shot is wrong input with the nearest name."""
    project = write_project(tmp_path)
    flags = ["--shots", "lamp/010,shore/010", "--new-take", "--budget", "5", "--until-budget"]
    done = tailframe("plan", project, "e01", *flags, "--provider", "animatic", "--allow-missing")
    assert done.exit_code == 0
    assert "not asked for" in next(line for line in done.stdout.splitlines() if line.startswith("lamp/020"))
    wrong = tailframe("plan", project, "e01", "--shots", "lamp/01")
    assert wrong.exit_code == 2
    assert "did you mean 'lamp/010'?" in wrong.stderr


def test_plan_cascades(tmp_path: Path) -> None:
    """`--cascade` asks for what follows the shots that are named."""
    done = tailframe("plan", write_project(tmp_path), "e01", "--shots", "lamp/010", "--cascade", "--new-take")
    asked = [line.split()[0] for line in done.stdout.splitlines() if "generate" in line and "not asked" not in line]
    assert asked[:2] == ["lamp/010", "lamp/020"]


def test_an_unknown_vendor_is_answered_with_the_nearest(tmp_path: Path) -> None:
    """A slip in a vendor's name is wrong input."""
    done = tailframe("plan", write_project(tmp_path), "e01", "--provider", "animatik")
    assert done.exit_code == 2
    assert "did you mean 'animatic'?" in done.stderr


def test_status_before_anything_was_made(tmp_path: Path) -> None:
    """Every shot is planned, and no money is spent."""
    status = answer("status", write_project(tmp_path), "e01")
    assert {each["state"] for each in status["shots"]} == {"planned"}
    assert (status["spent_usd"], status["reserved_usd"]) == ("0.00", "0.00")


def test_status_tells_each_take(tmp_path: Path) -> None:
    """Done and failed takes with their jobs, costs and errors, in the shape that scripts rely on."""
    project = write_project(tmp_path)
    make(project, "lamp/010")
    make(project, "shore/010", "failed", words="the model broke")
    status = answer("status", project, "e01")
    assert list(status) == ["series", "episode", "spent_usd", "reserved_usd", "shots"]
    shots = {each["key"]: each for each in status["shots"]}
    assert [shots[key]["state"] for key in SHOTS] == ["done", "planned", "failed"]
    assert shots["lamp/010"]["takes"] == [
        {
            "number": 1,
            "state": "done",
            "circled": True,
            "provider": "animatic",
            "job_id": "job-lamp/010",
            "cost_usd": "0.25",
            "error": None,
            "seed": None,
            "own_seed": False,
        }
    ]
    assert shots["shore/010"]["takes"][0]["error"] == {"code": "broken", "message": "the model broke"}
    assert status["spent_usd"] == "0.25"


def test_status_sees_a_clip_that_is_gone(tmp_path: Path) -> None:
    """A done take whose blob is missing is told as missing, not as done."""
    project = write_project(tmp_path)
    make(project, "lamp/010")
    for blob in (project / ".tailframe/blobs").rglob("*"):
        if blob.is_file():
            blob.unlink()
    assert answer("status", project, "e01")["shots"][0]["state"] == "missing"


def test_status_of_a_series_lists_its_episodes(tmp_path: Path) -> None:
    """Without an episode, all of them."""
    episodes = {each: episode_file(each) for each in ("e01", "e02")}
    status = answer("status", write_project(tmp_path, episodes=episodes))
    assert list(status) == ["series", "episodes"]
    assert [each["episode"] for each in status["episodes"]] == ["e01", "e02"]


def test_status_for_people_says_what_waits_for_them(tmp_path: Path) -> None:
    """The table names failures, the money left, and a hold with who set it and why."""
    project = write_project(tmp_path)
    make(project, "shore/010", "failed", words="the model broke")
    assert tailframe("hold", project, "--why", "the script changes").exit_code == 0
    out = tailframe("status", project).stdout
    assert "the model broke" in out
    assert "episode e01: $25.00 left of $25.00" in out
    assert "the script changes" in out
    assert tailframe("hold", project, "--all", "--why", "the bill").exit_code == 0
    still = tailframe("release", project)
    assert "holds everything: the bill: release --all" in still.stderr
    status = tailframe("status", project).stdout
    assert "everything on hold by" in status
    assert "release --all" in status
    assert "everything goes on" in tailframe("release", project, "--all").stderr
    assert "on hold" not in tailframe("status", project).stdout


def test_people_decide_about_takes(tmp_path: Path) -> None:
    """A rejected take is made again, a waived shot is given up until it is asked for again."""
    project = write_project(tmp_path)
    make(project, "lamp/010")
    assert tailframe("circle", project, "e01", "lamp/010", "1").exit_code == 0
    assert tailframe("reject", project, "e01", "lamp/010", "1").exit_code == 0
    assert answer("plan", project, "e01")["shots"][0]["action"] == "generate"
    assert tailframe("waive", project, "e01", "shore/010", "--why", "no budget").exit_code == 0
    assert answer("status", project, "e01")["shots"][2]["state"] == "waived"
    assert tailframe("waive", project, "e01", "shore/010", "--undo").exit_code == 0
    assert answer("status", project, "e01")["shots"][2]["state"] == "planned"


def test_a_take_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    """The numbers that exist stand in the answer."""
    project = write_project(tmp_path)
    make(project, "lamp/010")
    done = tailframe("circle", project, "e01", "lamp/010", "7")
    assert done.exit_code == 2
    assert "no take 7 (it has: 1)" in done.stderr


@thinned
def test_reading_commands_know_no_prefect(tmp_path: Path) -> None:
    """check, plan and status start without Prefect, database libraries, boto3 or PyAV."""
    project = write_project(tmp_path)
    make(project, "lamp/010")
    for arguments in some([["check"], ["plan", "e01"], ["status", "e01"]], 3, first=1):
        program = (
            "import atexit, sys\n"
            "heavy = ('prefect', 'sqlalchemy', 'alembic', 'boto3', 'av', 'httpx')\n"
            "atexit.register(lambda: print([name for name in heavy if name in sys.modules], file=sys.stderr))\n"
            f"sys.argv = ['tailframe', {arguments[0]!r}, {str(project)!r}, *{arguments[1:]!r}]\n"
            "from flows.cli import main; main()\n"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
        assert done.stderr.splitlines()[-1] == "[]", arguments
