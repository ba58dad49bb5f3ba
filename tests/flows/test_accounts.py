"""One vendor is one customer's bill, however its host is spelled; and nothing is paid for twice at two accounts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from flows.cli.consent import agree
from flows.errors import UsageError
from flows.run.options import RunOptions
from render.claim_errors import OrderedElsewhere
from render.ledger import queries
from storyboard.takes import TakeState
from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import actions, buys_from, edit, film, ledger_of, made, plan, shoot, states, takes_of
from tests.flows.runs import ROOT
from tests.ledgers.earlier import TAKES_JSON, harbour
from tests.projects import scene, shot
from tests.thinning import exhaustive

SLOW = "{{ mara }} waits for the light"
BRIEFLY = timedelta(seconds=0.2)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, acme_clips: Path) -> Iterator[Acme]:
    """One Acme for all of these tests, which ask by how much its count grows."""
    vendor = Acme(tmp_path_factory.mktemp("acme"), acme_clips)
    vendor.start()
    yield vendor
    vendor.close()


@pytest.fixture
def project(shop: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One shot, nothing bought yet, at a vendor that nothing is scripted for."""
    shop.forgive()
    buys_from(shop, monkeypatch)
    return film(tmp_path, scene("lamp", shot("010", SLOW)))


def spelled(shop: Acme) -> str:
    """Another spelling of the same vendor's address."""
    return f"http://localhost:{shop.port}"


def still_out(shop: Acme, project: Path) -> None:
    """Order the shot, and leave while the vendor works on it."""
    shop.script(on="job", do="slow", seconds=1.5)
    assert states(shoot(project, patience=BRIEFLY)) == {"lamp/010": "running"}


def test_another_spelling_buys_nothing_again(shop: Acme, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done serves its wish whatever the vendor's address is today, port and all."""
    before = len(shop.jobs())
    assert shoot(project).exit_code == 0
    for url in (spelled(shop), f"http://localhost.:{shop.port}", f"http://[::ffff:127.0.0.1]:{shop.port}"):
        monkeypatch.setenv("ACME_BASE_URL", url)
        assert actions(project) == {"lamp/010": "reuse"}
    monkeypatch.setenv("ACME_BASE_URL", spelled(shop))
    result = shoot(project)
    assert (result.exit_code, made(result)) == (0, [])
    assert len(shop.jobs()) == before + 1


@exhaustive
def test_another_spelling_goes_on_with_what_is_out(shop: Acme, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the first order is out, the run that asks the same vendor otherwise takes that very job to its end."""
    before = len(shop.jobs())
    still_out(shop, project)
    monkeypatch.setenv("ACME_BASE_URL", spelled(shop))
    assert actions(project) == {"lamp/010": "resume"}
    result = shoot(project)
    assert (result.exit_code, made(result)) == (0, ["lamp/010"])
    assert len(shop.jobs()) == before + 1


def test_a_stand_in_never_passes_for_the_real_one(shop: Acme, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Named or not: what a sandbox made is planned anew where the real vendor is asked."""
    assert shoot(project).exit_code == 0
    monkeypatch.setenv("ACME_BASE_URL", "https://api.acme.example")
    for name in ("", "studio-b"):
        monkeypatch.setenv("ACME_ACCOUNT", name)
        (planned,) = plan(project).shots
        assert (planned.action.value, planned.elsewhere) == ("generate", "")


def test_a_good_take_serves_whichever_account_paid(shop: Acme, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan says where it was made, in the table and for scripts, and nothing is bought again."""
    before = len(shop.jobs())
    assert shoot(project).exit_code == 0
    monkeypatch.setenv("ACME_ACCOUNT", "studio-b")
    (planned,) = plan(project).shots
    assert (planned.action.value, planned.reason) == ("reuse", "take 1, made at acme@stand-in")
    assert json.loads(tailframe("plan", project, "e01", "--json").stdout)["shots"][0]["reason"] == planned.reason
    result = shoot(project)
    assert (result.exit_code, made(result)) == (0, [])
    assert len(shop.jobs()) == before + 1


@exhaustive
def test_an_order_that_is_out_at_another_account_is_not_paid_anew(
    shop: Acme, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither --yes nor a budget is enough; asked as the first account again, the run goes on with it."""
    before = len(shop.jobs())
    still_out(shop, project)
    monkeypatch.setenv("ACME_ACCOUNT", "studio-b")

    told = "of lamp/010 take 1 is submitted at acme@stand-in, which is another account"
    (planned,) = plan(project).shots
    assert (planned.action.value, planned.account) == ("generate", "acme:studio-b@stand-in")
    assert planned.reason.endswith("take 1 is submitted at acme@stand-in, which is another account")
    assert f"unless with --anew: {told}" in tailframe("plan", project, "e01").stderr
    for yes, how in ((True, {}), (False, {"budget_usd": 100})):
        with pytest.raises(UsageError, match=rf"{told}\. Nothing is ordered twice by itself, .* with --anew"):
            agree(project, RunOptions(episode="e01", **how), yes=yes)
    with pytest.raises(OrderedElsewhere, match=told):
        shoot(project)
    assert len(shop.jobs()) == before + 1

    monkeypatch.delenv("ACME_ACCOUNT")
    assert shoot(project).exit_code == 0
    assert len(shop.jobs()) == before + 1


@exhaustive
def test_paying_anew_is_a_persons_word(shop: Acme, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --anew the other account is paid too; the first order stays out, is told, and is carried on from its own."""
    before = len(shop.jobs())
    still_out(shop, project)
    monkeypatch.setenv("ACME_ACCOUNT", "studio-b")

    consent = agree(project, RunOptions(episode="e01", anew=True), yes=True)
    assert consent is not None
    assert consent.anew
    result = shoot(project, anew=True)

    assert (result.exit_code, made(result)) == (0, ["lamp/010"])
    assert len(shop.jobs()) == before + 2
    assert {(take.account, take.state) for take in takes_of(project)} == {
        ("acme@stand-in", TakeState.SUBMITTED),
        ("acme:studio-b@stand-in", TakeState.DONE),
    }
    assert actions(project) == {"lamp/010": "reuse"}
    monkeypatch.delenv("ACME_ACCOUNT")
    assert tailframe("reconcile", project).exit_code == 0
    assert {take.state for take in takes_of(project)} == {TakeState.DONE}
    assert len(shop.jobs()) == before + 2


def test_a_job_is_never_asked_for_at_another_account(
    shop: Acme, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There it would be unknown, and a paid take would be given up; whoever carries takes on says where it is."""
    still_out(shop, project)
    polls = len(shop.heard("poll"))
    monkeypatch.setenv("ACME_ACCOUNT", "studio-b")
    told = tailframe("reconcile", project)
    assert "is at acme@stand-in, and this run asks acme:studio-b@stand-in. Nothing is lost" in told.output
    assert [take.state for take in takes_of(project)] == [TakeState.SUBMITTED]
    assert len(shop.heard("poll")) == polls


def test_what_was_never_sent_goes_to_the_account_that_is_asked(
    shop: Acme, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A take that was opened and not ordered is nobody's yet: no second one is opened beside it."""
    shop.script(on="create", do="answer", status=429, times=None)
    shoot(project, patience=BRIEFLY)
    assert [(take.state, take.account) for take in takes_of(project)] == [(TakeState.PLANNED, "acme@stand-in")]
    shop.forgive()
    monkeypatch.setenv("ACME_ACCOUNT", "studio-b")
    assert shoot(project).exit_code == 0
    assert [(take.state, take.account) for take in takes_of(project)] == [(TakeState.DONE, "acme:studio-b@stand-in")]


def test_vendors_of_one_sandbox_do_not_share_an_alarm(
    shop: Acme, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one charged too much stops that account and no other, and is acknowledged by it."""
    shop.script(on="job", do="charge", usd="3.00")
    shoot(project)
    with ledger_of(project) as ledger:
        assert ledger.read(queries.stopped, "lighthouse", "acme@stand-in")
        assert not ledger.read(queries.stopped, "lighthouse", "kinovi@stand-in")
    monkeypatch.setenv("ACME_ACCOUNT", "studio-b")
    edit(project, SLOW, "{{ mara }} sleeps")
    assert shoot(project).exit_code == 0
    monkeypatch.delenv("ACME_ACCOUNT")
    done = tailframe("acknowledge", project, "acme")
    assert done.stderr.strip() == "acme@stand-in may be asked again"


def test_a_name_that_is_none_is_one_sentence(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the variable, whatever vendor it is of."""
    monkeypatch.setenv("ACME_ACCOUNT", "studio b")
    told = tailframe("plan", project, "e01")
    assert told.exit_code == 2
    assert told.stderr.startswith("error: ACME_ACCOUNT must be a name of up to 40 letters")


@pytest.fixture
def earlier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose ledger version 0002 wrote, at the vendor that it was bought from; nobody answers there."""
    monkeypatch.syspath_prepend(str(ROOT / "tests/acme/site"))
    monkeypatch.setenv("ACME_BASE_URL", "http://[::1]:9")
    for name in ("TAILFRAME_LEDGER_URL", "TAILFRAME_STORE_URL"):
        monkeypatch.delenv(name, raising=False)
    return harbour(tmp_path)


def test_an_earlier_ledger_is_planned_with_as_it_is(earlier: Path) -> None:
    """Before a run has brought it up, `plan` buys nothing again, `status` knows what was spent, and neither writes."""
    before = (earlier / ".tailframe/ledger.sqlite").read_bytes()
    planned = json.loads(tailframe("plan", earlier, "e01", "--json").stdout)
    assert [each["action"] for each in planned["shots"]] == ["reuse"] * 3
    told = json.loads(tailframe("status", earlier, "e01", "--json").stdout)
    assert told["spent_usd"] == "2.40"
    assert json.loads(tailframe("notes", earlier, "--json").stdout)["notes"] == []
    assert (earlier / ".tailframe/ledger.sqlite").read_bytes() == before


def test_an_earlier_ledger_buys_nothing_again(earlier: Path) -> None:
    """Nor after it was brought up: neither what was bought at one spelling nor at both."""
    assert tailframe("migrate", earlier).exit_code == 0
    planned = json.loads(tailframe("plan", earlier, "e01", "--json").stdout)
    assert [each["action"] for each in planned["shots"]] == ["reuse"] * 3


def test_an_earlier_archives_takes_are_imported(earlier: Path) -> None:
    """Its takes.json names origins; its takes come back at their accounts, and serve."""
    from flows.run.workspace import workspace_of
    from render.episode.archive.take_records import books_json, import_books, read_books

    (earlier / ".tailframe/ledger.sqlite").unlink()
    books = read_books(TAKES_JSON.read_bytes())
    with workspace_of(earlier).writing() as workspace:
        ledger = workspace.ledger
        import_books(ledger, "harbour", books, snapshot="restored")
        takes = ledger.read(queries.takes, "harbour")
    assert {take.account for take in takes} == {"acme@stand-in"}
    assert read_books(books_json(books.takes, books.circles, books.links, books.notes).encode()) == books
    planned = json.loads(tailframe("plan", earlier, "e01", "--json").stdout)
    assert [each["action"] for each in planned["shots"]] == ["reuse"] * 3
