"""`tailframe cancel` at every hosted vendor's stand-in: what can be ended is, money follows what is reported of it, and
what cannot be settled stays as it was."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.cli.orders_left import orders_left
from flows.run.session import RunOptions
from render.ledger import open_ledger
from storyboard.takes import TakeState
from tests.acme.fixture import Acme
from tests.flows.accounts import SHOT_S, VENDORS, Account, chain, ledger_url, make_shots, sandbox
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import actions, buys_from, film, money, produce, takes_of, three_shots
from tests.flows.forks import fork
from tests.flows.mortal import Moments, watch_requests
from tests.flows.mortal import produce as mortal_run
from tests.flows.pseudo_terminal import command_terminal, terminal
from tests.render.sandbox.standing import Standing
from tests.thinning import exhaustive, one_in, some, thinned

KEYS = ("010", "020")
ONE, TWO = "e01/lamp/010:1", "e01/lamp/020:1"
CANCELS = frozenset({"oxen"})
"""Those whose pages tell how to end a job."""


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """Jobs take ten minutes."""
    with sandbox(tmp_path_factory.mktemp("sandbox") / "state", job_seconds=600) as standing:
        yield standing


def account_at(vendor: str, standing: Standing, monkeypatch: pytest.MonkeyPatch) -> Account:
    """A new account there; this process buys from it."""
    account = Account(standing, vendor)
    account.renew()
    for name, value in account.environment.items():
        monkeypatch.setenv(name, value)
    return account


@pytest.fixture
def oxen(standing: Standing, monkeypatch: pytest.MonkeyPatch) -> Account:
    return account_at("oxen", standing, monkeypatch)


def ordered(folder: Path, account: Account, *keys: str, **written: Any) -> Path:
    """A project whose orders are out: a run sent them and did not wait."""
    project = chain(folder, account, *(keys or KEYS), continuity="none", **written)
    produce(project, patience=timedelta(0))
    return project


def cancelled(project: Path, *options: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """The command's exit code, and what it says of each take."""
    done = tailframe("cancel", project, "e01", "--yes", "--json", *options)
    assert done.exit_code in {0, 1}, done.output
    told = json.loads(done.stdout)
    assert told["out"] == sum(take["out"] for take in told["takes"])
    return done.exit_code, {take["take"]: take for take in told["takes"]}


def states_of(project: Path) -> dict[str, str]:
    return {f"{take.shot}:{take.number}": take.state.value for take in takes_of(project)}


def finish(account: Account) -> None:
    """Let every job of the account be done now, with the clip that is drawn already."""
    with closing(account._books()) as books, books:
        books.execute("UPDATE jobs SET ready_at = ?1, null_until = ?1", (time.time(),))


def ended_at(account: Account) -> list[bool]:
    """Of each job, in order, whether the vendor ended it."""
    return [bool(job["cancelled"]) for job in account.jobs()]


def _finish_once_it_is_asked_to_end(account: Account) -> None:
    while not asked_to_end(account):
        time.sleep(0.02)
    finish(account)


def asked_to_end(account: Account) -> int:
    return len(account._rows("SELECT * FROM heard WHERE vendor = ? AND kind = 'cancel'"))


@one_in(2, first=1)
@pytest.mark.parametrize("vendor", VENDORS)
def test_what_a_vendor_can_end_is_ended_and_the_rest_goes_on(
    vendor: str, standing: Standing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where no page tells how, the command says so, nothing changes, and the next run collects the clips."""
    account = account_at(vendor, standing, monkeypatch)
    project = ordered(tmp_path, account)
    code, takes = cancelled(project)

    ends = vendor in CANCELS
    assert (code, set(takes), asked_to_end(account)) == (0 if ends else 1, {ONE, TWO}, 2 if ends else 0)
    assert {take["can_end"] for take in takes.values()} == {ends}
    assert ended_at(account) == [ends, ends]
    cost = account.shot_usd * 2
    if ends:
        assert states_of(project) == {ONE: "cancelled", TWO: "cancelled"}
        assert takes[ONE]["charged"] is None, "no page documents a refund"
        assert money(project) == (cost, 0)
        assert cancelled(project) == (0, {})
    else:
        assert states_of(project) == {ONE: "submitted", TWO: "submitted"}
        assert "documents no way to end job" in takes[ONE]["message"]
        assert money(project) == (0, cost)
        finish(account)
        assert make_shots(project) == {"lamp/010": "done", "lamp/020": "done"}


def test_a_cancelled_shot_is_made_anew_by_the_next_run(oxen: Account, tmp_path: Path) -> None:
    """Nothing of it stands in the way; its money stays counted, as the vendor gives none back."""
    project = ordered(tmp_path, oxen, "010", spare=1)
    cancelled(project)
    assert actions(project) == {"lamp/010": "generate"}
    produce(project, patience=timedelta(0))
    assert states_of(project) == {ONE: "cancelled", "e01/lamp/010:2": "submitted"}


def test_only_the_shots_that_are_named_are_ended(oxen: Account, tmp_path: Path) -> None:
    """The others are neither asked about nor counted."""
    project = ordered(tmp_path, oxen)
    code, takes = cancelled(project, "--shots", "lamp/020")
    assert (code, set(takes)) == (0, {TWO})
    assert states_of(project) == {ONE: "submitted", TWO: "cancelled"}


def test_what_a_person_ended_on_the_vendors_page_is_settled(
    standing: Standing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """EvoLink documents the state, and no way to ask for it; a vendor without the state ends nothing."""
    account = account_at("evolink", standing, monkeypatch)
    project = ordered(tmp_path, account, "010")
    (job,) = account.jobs()
    page = f"{standing.url}/sandbox/jobs"
    assert standing.http.delete(f"{page}/evolink/{job['id']}").status_code == 204
    assert standing.http.delete(f"{page}/evolink/{job['id']}").status_code == 409
    assert standing.http.delete(f"{page}/evolink/nobody").status_code == 404

    code, takes = cancelled(project)
    assert (code, takes[ONE]["state"], takes[ONE]["charged"]) == (0, "cancelled", None)


def test_a_finished_job_is_left_to_be_collected(oxen: Account, tmp_path: Path) -> None:
    """It is not asked to end, it is paid for, and its clip comes for nothing."""
    project = ordered(tmp_path, oxen, "010")
    finish(oxen)
    code, takes = cancelled(project)
    assert (code, takes[ONE]["state"], asked_to_end(oxen)) == (0, "generated", 0)
    assert "its clip is kept" in takes[ONE]["message"]
    assert tailframe("redownload", project).exit_code == 0
    assert states_of(project) == {ONE: "done"}


def test_a_job_that_finishes_while_it_is_asked_to_end_keeps_its_clip(oxen: Account, tmp_path: Path) -> None:
    """The vendor refuses, and then reports the clip."""
    project = ordered(tmp_path, oxen, "010")
    oxen.standing.plan(vendor="oxen", where="cancel", what="slow", when="before", seconds=1.0)
    finishing = threading.Thread(target=_finish_once_it_is_asked_to_end, args=(oxen,))
    finishing.start()
    code, takes = cancelled(project)
    finishing.join()
    assert (code, takes[ONE]["state"], asked_to_end(oxen)) == (0, "generated", 1)
    assert ended_at(oxen) == [False]


@pytest.mark.parametrize("what", ["drop", 500, "garbage"])
def test_a_lost_answer_is_settled_by_what_the_vendor_then_reports(what: object, oxen: Account, tmp_path: Path) -> None:
    """The end came, and only its answer was lost."""
    project = ordered(tmp_path, oxen, "010")
    oxen.standing.plan(vendor="oxen", where="cancel", what=what, when="after", times=None)
    code, takes = cancelled(project)
    oxen.standing.forgive()
    assert (code, takes[ONE]["state"], ended_at(oxen)) == (0, "cancelled", [True])


def test_what_cannot_be_settled_stays_as_it_was_and_the_same_command_goes_on(oxen: Account, tmp_path: Path) -> None:
    """A vendor that cannot be asked ends nothing."""
    project = ordered(tmp_path, oxen, "010")
    oxen.standing.plan(vendor="oxen", where="cancel", what=503, times=None)
    code, takes = cancelled(project)
    assert (code, takes[ONE]["state"], ended_at(oxen)) == (1, "submitted", [False])
    assert "was not cancelled at oxen" in takes[ONE]["message"]
    oxen.standing.forgive()
    assert cancelled(project)[0] == 0
    assert states_of(project) == {ONE: "cancelled"}


@pytest.mark.parametrize(("vendor", "found"), [("oxen", True), ("kinovi", False)])
def test_an_order_whose_answer_was_lost_is_looked_up_first(
    vendor: str, found: bool, standing: Standing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where the vendor lists its jobs it is found and ended; else it stays unknown, and can be adopted."""
    account = account_at(vendor, standing, monkeypatch)
    standing.plan(vendor=vendor, where="create", what=500, when="after")
    project = ordered(tmp_path, account, "010")
    assert states_of(project) == {ONE: "unknown"}
    code, takes = cancelled(project)
    assert (code, takes[ONE]["state"]) == ((0, "cancelled") if found else (1, "unknown"))
    assert ended_at(account) == [found]
    if not found:
        (job,) = account.jobs()
        finish(account)
        adopted = tailframe("reconcile", project, "--take", ONE, "--adopt", job["id"])
        assert (adopted.exit_code, states_of(project)) == (0, {ONE: "done"}), adopted.output


def test_nothing_is_ordered_in_order_to_be_cancelled(
    acme: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A vendor that answers a lost order again by its key would make one that never arrived."""
    buys_from(acme, monkeypatch, ACME_REPLAYS="1", ACME_LISTS_JOBS="0")
    project = film(tmp_path, *three_shots()[1:])
    acme.script(on="create", do="answer", status=500, times=3)
    produce(project, patience=timedelta(0))
    heard = len(acme.heard("create"))
    done = tailframe("cancel", project, "--yes")
    assert (done.exit_code, done.stdout) == (1, "e01/shore/010:1\n")
    assert (len(acme.heard("create")), acme.jobs()) == (heard, [])


def test_what_a_vendor_gives_back_is_free_again(acme: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Its report decides: nothing charged, nothing spent."""
    acme.restart(job_seconds=600)
    buys_from(acme, monkeypatch)
    project = film(tmp_path, *three_shots()[1:])
    produce(project, patience=timedelta(0))
    code, takes = cancelled(project)
    take = takes["e01/shore/010:1"]
    assert (code, take["charged"], take["cost_usd"], take["message"]) == (
        0,
        False,
        "0.00",
        "is cancelled; nothing is charged",
    )
    assert money(project) == (0, 0) == (acme.charged_usd(), 0)


def test_another_accounts_orders_are_left_alone(oxen: Account, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Asked about somebody else's job, a vendor would say that there is none."""
    project = ordered(tmp_path, oxen, "010")
    monkeypatch.setenv("OXEN_ACCOUNT", "studio-b")
    code, takes = cancelled(project)
    assert (code, takes[ONE]["state"], asked_to_end(oxen)) == (1, "submitted", 0)
    assert "leave OXEN_ACCOUNT unset" in takes[ONE]["message"]


def test_the_order_of_a_dead_process_is_found_and_ended(oxen: Account, tmp_path: Path) -> None:
    """It died while it sent: its claim is over at once, and its job is in the vendor's list."""
    project = chain(tmp_path, oxen, "010")
    oxen.standing.plan(vendor="oxen", where="create", what="slow", when="after", seconds=60)
    run = fork(mortal_run, project, RunOptions(episode="e01"), None, False)
    while not oxen.jobs():
        time.sleep(0.02)
    run.kill()
    assert states_of(project) == {ONE: "submitting"}
    code, takes = cancelled(project)
    assert (code, takes[ONE]["state"], ended_at(oxen)) == (0, "cancelled", [True])


def _dies_at(project: Path, fatal: int) -> int:
    watch_requests(Moments(fatal))
    return tailframe("cancel", project, "--yes").exit_code


@thinned
@pytest.mark.parametrize("moment", some(range(1, 7), 6, first=2))
def test_a_command_that_is_killed_is_gone_on_with(moment: int, oxen: Account, tmp_path: Path) -> None:
    """Before or after each request of poll, end and poll: the same command ends it, once, for the same money."""
    project = ordered(tmp_path, oxen, "010")
    died, _ = fork(_dies_at, project, moment).end()
    assert died
    assert states_of(project) == {ONE: "submitted"}
    assert cancelled(project)[0] == 0
    assert states_of(project) == {ONE: "cancelled"}
    assert (money(project), oxen.creates()) == ((oxen.shot_usd, 0), 1)


def test_a_run_that_waits_for_the_job_sees_it_end(oxen: Account, tmp_path: Path) -> None:
    """In another process: its shot ends, nothing is ordered in its place, and the money is settled once."""
    from render.ledger import queries

    project = chain(tmp_path, oxen, "010")
    run = fork(mortal_run, project, RunOptions(episode="e01"), None, False)
    with open_ledger(ledger_url(project)) as ledger:
        while not ledger.read(queries.takes, "lighthouse", states=(TakeState.SUBMITTED,)):
            time.sleep(0.02)
    assert cancelled(project)[0] == 0
    told = run.finish()
    assert (told["exit_code"], told["states"]) == (1, {"lamp/010": "failed"})
    (take,) = takes_of(project)
    assert (take.state, take.error_code) == (TakeState.CANCELLED, "cancelled")
    assert (money(project), oxen.creates()) == ((oxen.shot_usd, 0), 1)


@exhaustive
def test_it_asks_first_and_shows_what_may_be_charged(oxen: Account, tmp_path: Path) -> None:
    """A no changes nothing; a yes ends what was shown."""
    project = ordered(tmp_path, oxen)
    real = terminal(sys.executable, "-m", "flows.cli", "cancel", project, environment=oxen.environment)
    forked = command_terminal("cancel", project, environment=oxen.environment)
    for opened, answer, ended in ((real, "n", [False, False]), (forked, "y", [True, True])):
        with opened as person:
            person.until("Cancel 2 orders?")
            person.answer(answer)
            code, said = person.end()
        assert (code, ended_at(oxen)) == (0 if ended[0] else 1, ended), said
        assert f"up to ${oxen.shot_usd * 2:.2f} may be charged all the same" in said
        assert [line.split()[:4] for line in said.splitlines() if line.startswith("e01/lamp/010:1 ")][:1] == [
            ["e01/lamp/010:1", "submitted", "oxen", f"${oxen.shot_usd:.2f}"]
        ]


def test_nobody_is_asked_without_a_terminal(oxen: Account, tmp_path: Path) -> None:
    """Without --yes it is wrong input, and nothing is ended."""
    project = ordered(tmp_path, oxen, "010")
    refused = tailframe("cancel", project)
    assert (refused.exit_code, ended_at(oxen)) == (2, [False])
    assert "Say --yes" in refused.stderr


def test_wrong_input_ends_nothing(oxen: Account, tmp_path: Path) -> None:
    """Shots without an episode, and names that there are not: the nearest is told."""
    project = chain(tmp_path, oxen, *KEYS)
    alone = tailframe("cancel", project, "--shots", "lamp/010")
    assert (alone.exit_code, "tailframe cancel PROJECT EPISODE" in alone.stderr) == (2, True)
    wrong = tailframe("cancel", project, "e01", "--shots", "lamp/011")
    assert (wrong.exit_code, "lamp/010" in wrong.stderr) == (2, True)
    assert tailframe("cancel", project, "e02").exit_code == 2
    nothing = tailframe("cancel", project)
    assert (nothing.exit_code, nothing.stdout, nothing.stderr) == (0, "", "no order is out\n")


def test_an_interrupted_run_says_how_what_is_out_is_ended(oxen: Account, tmp_path: Path) -> None:
    """By a command that can be typed; where nothing is out, and after commands that wait for no order, nothing."""
    project = ordered(tmp_path, oxen)
    told = f". 2 orders are out and go on at oxen; to end what can be ended there: tailframe cancel {project}"
    assert orders_left("produce", project, "e01") == f"{told} e01"
    assert orders_left("reconcile", project, None) == told
    assert orders_left("rehearse", project, "e01") == orders_left("produce", None, "e01") == ""
    cancelled(project)
    assert orders_left("produce", project, "e01") == ""
    (project / "series.yaml").unlink()
    assert orders_left("produce", project, "e01") == ""


def test_an_animatic_is_at_no_vendor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, acme: Acme) -> None:
    """What is drawn on this machine is drawn by whoever waits for it: nothing is out."""
    buys_from(acme, monkeypatch)
    project = film(tmp_path, *three_shots(duration=SHOT_S)[1:], provider="animatic")
    produce(project, patience=timedelta(0))
    assert tailframe("cancel", project).exit_code == 0
