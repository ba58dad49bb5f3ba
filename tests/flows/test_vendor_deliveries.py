"""Whatever a clip's host does for a while, and however its link is written, no vendor gets a second order for it.

Each fault meets a production at each of the four vendors over real sockets. Afterwards the vendor's own books have one
job a shot, and its sum is the ledger's.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storyboard.takes import CLIP_DAMAGED, TakeState
from tests.flows.accounts import VENDORS, Account, chain, make_shots, sandbox
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import money, takes_of
from tests.render.sandbox.standing import Standing
from tests.thinning import exhaustive, in_turn, one_in

SURVIVED: dict[str, list[dict[str, Any]]] = {
    "a page, thrice": [{"what": "page", "times": 3}],
    "late": [{"what": "late", "seconds": 0.3}],
    "packed": [{"what": "coding", "times": 2}],
    "odd links": [{"what": "odd_link", "times": 2}],
    "all at once": [
        {"what": "odd_link"},
        {"what": "late", "seconds": 0.1},
        {"what": "page"},
        {"what": "expire"},
        {"what": "corrupt"},
        {"what": "coding"},
    ],
}
"""What one run survives."""

LATER: dict[str, dict[str, Any]] = {
    "a page": {"what": "page"},
    "late": {"what": "late", "seconds": 3_600},
    "damaged": {"what": "corrupt"},
    "gone": {"what": "expire"},
    "half of it": {"what": "truncate"},  # without the index at its end: nothing opens
}
"""What lasts longer than a run waits."""


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """Jobs are over at once."""
    with sandbox(tmp_path_factory.mktemp("sandbox") / "state", job_seconds=0) as standing:
        yield standing


@pytest.fixture
def account(request: pytest.FixtureRequest, standing: Standing, monkeypatch: pytest.MonkeyPatch) -> Account:
    """A new account at each vendor in turn; this process buys there."""
    account = Account(standing, request.param)
    account.renew()
    for name, value in account.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TAILFRAME_CLIP_PATIENCE", "1.5")
    return account


def plan(account: Account, **fault: Any) -> None:
    account.standing.plan(vendor=account.vendor, where="download", **fault)


def paid_once(account: Account, project: Path, shots: int) -> None:
    """One job a shot in the vendor's books, every one a take's own, and one sum in both books."""
    jobs = [job["id"] for job in account.jobs()]
    assert len(jobs) == account.creates() == shots
    assert sorted(jobs) == sorted(take.job_id for take in takes_of(project) if take.job_id is not None)
    assert money(project) == (account.charged_usd(), 0) == (shots * account.shot_usd, 0)


@one_in(3, first=1)
@pytest.mark.parametrize(("account", "how"), in_turn(VENDORS, SURVIVED), indirect=["account"])
def test_a_run_survives_what_a_host_does_for_a_while(account: Account, how: str, tmp_path: Path) -> None:
    """Both shots are done by the one order of each, though the second begins on the first one's last frame."""
    for fault in SURVIVED[how]:
        plan(account, **fault)
    project = chain(tmp_path, account)

    assert make_shots(project) == {"lamp/010": "done", "lamp/020": "done"}

    assert account.standing.faults_waiting() == []
    paid_once(account, project, 2)


@exhaustive
@pytest.mark.parametrize(("account", "how"), in_turn(VENDORS, LATER), indirect=["account"])
def test_what_lasts_longer_is_fetched_later_and_never_ordered_again(
    account: Account, how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two runs and `redownload` leave it paid for; once the host has it, `redownload` brings it for nothing."""
    monkeypatch.setenv("TAILFRAME_CLIP_PATIENCE", "0.1")
    plan(account, times=None, **LATER[how])
    project = chain(tmp_path, account, "010")
    for _ in range(2):
        assert make_shots(project) == {"lamp/010": "failed"}
    assert tailframe("redownload", project).exit_code == 1
    (take,) = takes_of(project)
    assert take.state is TakeState.GENERATED
    assert (take.error_code == CLIP_DAMAGED) == (how == "damaged")
    paid_once(account, project, 1)

    account.standing.forgive()
    done = tailframe("redownload", project, "e01", "--shots", "lamp/010")

    assert done.exit_code == 0, done.stderr
    assert make_shots(project) == {"lamp/010": "done"}
    paid_once(account, project, 1)
