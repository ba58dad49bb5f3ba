"""Nothing is paid for before somebody approved it: from the YAML through the run to the command line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flows.run.episode_approvals import SubjectStanding, episode_approvals
from flows.run.planning import read_plan
from flows.settings import places_of, read_settings
from render.claim_errors import NotApproved
from render.ledger import Approval, approvals, open_ledger
from render.watcher import Unwatched
from storyboard.approval_rules import Subject
from storyboard.plan.episode_plan import Choices
from tests.acme.fixture import Acme
from tests.flows.agreeing import ask_and_make
from tests.flows.episodes import buys_from, edit, film, produce, shoot, states, three_shots
from tests.flows.pseudo_terminal import called_at_terminal
from tests.thinning import exhaustive


@pytest.fixture
def acme_buyer(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> Acme:
    """This process buys from Acme."""
    buys_from(acme, monkeypatch)
    return acme


def asking(folder: Path, **approval: Any) -> Path:
    """A project of three shots at 40 cents each that asks for these approvals."""
    return film(folder, *three_shots(), approval=approval)


def standings(project: Path, **choices: Any) -> dict[Subject, SubjectStanding]:
    """How the approvals of e01 stand."""
    import os

    with open_ledger(places_of(project, read_settings()).ledger) as ledger:
        read = read_plan(project, "e01", ledger=ledger, environment=os.environ, choices=Choices(**choices))
        return {each.subject: each for each in episode_approvals(read, ledger)}


def approve(project: Path, subject: Subject, **choices: Any) -> Approval:
    """Ann approves what there is now."""
    content = standings(project, **choices)[subject].content
    with open_ledger(places_of(project, read_settings()).ledger) as ledger:
        return ledger.write(approvals.approve, "lighthouse", "e01", content, by="Ann")


def test_a_storyboard_is_made_once_it_is_approved_and_locked_by_an_edit(acme_buyer: Acme, tmp_path: Path) -> None:
    """Without approval nothing is ordered; with it the run goes on; an edit asks again, and says what changed."""
    project = asking(tmp_path, storyboard=True)
    with pytest.raises(NotApproved, match="the storyboard of e01 is not approved"):
        shoot(project)
    approve(project, Subject.STORYBOARD)
    edit(project, "lights the lamp", "drops the lamp")
    with pytest.raises(NotApproved) as refused:
        shoot(project)
    assert 'lamp/010 changed: prompt from "Mara lights the lamp" to "Mara drops the lamp"' in str(refused.value)
    assert acme_buyer.jobs() == []

    edit(project, "drops the lamp", "lights the lamp")
    assert shoot(project).exit_code == 0
    edit(project, "lights the lamp", "drops the lamp")
    assert standings(project)[Subject.STORYBOARD].waits
    assert len(acme_buyer.jobs()) == 3


def test_an_approval_that_is_withdrawn_stops_a_run_that_is_under_way(acme_buyer: Acme, tmp_path: Path) -> None:
    """The claim of each order asks once more: what is not claimed by then is left, with exit code 3."""
    project = asking(tmp_path, storyboard=True)
    approval = approve(project, Subject.STORYBOARD)

    class Bob(Unwatched):
        """Withdraws it as soon as the first shot is there."""

        def shot(self, key: str, state: str, detail: str = "", cost_usd: Decimal | None = None) -> None:
            if (key, state) == ("lamp/010", "done"):
                with open_ledger(places_of(project, read_settings()).ledger) as ledger:
                    ledger.write(approvals.withdraw, approval.id, by="Bob")

    result = shoot(project, watcher=Bob())
    assert (result.exit_code, len(acme_buyer.jobs())) == (3, 2)
    assert states(result)["lamp/020"] == "planned"
    assert "the storyboard of e01 is not approved" in result.message


@exhaustive
def test_an_animatic_is_approved_only_once_it_was_made(acme_buyer: Acme, tmp_path: Path) -> None:
    """Nobody approves a cut that nobody could have seen; one that was previewed is, until the cut changes."""
    project = asking(tmp_path, animatic=True)
    assert "tailframe preview" in standings(project)[Subject.ANIMATIC].obstacle
    assert produce(project, preview=True).exit_code == 0, "a preview is free, and waits for nobody"
    assert not standings(project)[Subject.ANIMATIC].obstacle
    approve(project, Subject.ANIMATIC)
    assert not standings(project)[Subject.ANIMATIC].waits

    edit(project, '"prompt": "{{ mara }} opens', '"transition": "dissolve", "prompt": "{{ mara }} opens')
    waiting = standings(project)[Subject.ANIMATIC]
    assert (waiting.waits, bool(waiting.obstacle)) == (True, True)
    assert [part.part for change in waiting.changes for part in change.parts] == ["transition"]


def test_spending_is_approved_order_by_order(acme_buyer: Acme, tmp_path: Path) -> None:
    """What fits under the bound is made freely; beyond it what was named, and no other order."""
    project = asking(tmp_path, spend_usd=0.5)
    with pytest.raises(NotApproved, match=r"spending \$1.20 on e01 is not approved"):
        shoot(project)
    assert shoot(project, shots=frozenset({"shore/010"})).exit_code == 0
    with pytest.raises(NotApproved, match=r"spending \$0.40"):
        shoot(project, shots=frozenset({"lamp/010"}))

    approve(project, Subject.SPENDING, shots=frozenset({"lamp/010"}))
    with pytest.raises(NotApproved):
        shoot(project, shots=frozenset({"lamp/010"}), takes=2)
    with pytest.raises(NotApproved):
        shoot(project)
    assert shoot(project, shots=frozenset({"lamp/010"})).exit_code == 0
    with pytest.raises(NotApproved):
        shoot(project, shots=frozenset({"lamp/010"}), new_take=True)
    assert len(acme_buyer.jobs()) == 2


def test_a_run_that_makes_what_it_may_leaves_the_rest(acme_buyer: Acme, tmp_path: Path) -> None:
    """As a cap does, the bound ends a night in story order, and says what is left."""
    project = film(tmp_path, *three_shots(), approval={"spend_usd": 0.5}, budget={"episode": 10})
    result = shoot(project, until_budget=True)
    assert (result.exit_code, len(acme_buyer.jobs())) == (3, 1)
    assert "lamp/020, shore/010 go beyond the $0.50 that e01 may spend without approval" in result.message


def test_an_episode_may_ask_for_less_or_more_than_its_series(acme_buyer: Acme, tmp_path: Path) -> None:
    """Each key of the episode stands in place of the series' own; nothing of it changes what is wanted."""
    project = asking(tmp_path, storyboard=True, spend_usd=0)
    before = standings(project)[Subject.STORYBOARD].content.hash
    edit(project, '"scenes"', '"approval": {"storyboard": false, "spend_usd": 5}, "scenes"')
    assert list(standings(project)) == [Subject.SPENDING]
    assert shoot(project).exit_code == 0
    edit(project, '"approval": {"storyboard": false, "spend_usd": 5}, ', "")
    assert standings(project)[Subject.STORYBOARD].content.hash == before


def test_what_is_approved_at_a_terminal_is_what_is_made(acme_buyer: Acme, tmp_path: Path) -> None:
    """Shown, asked about and made are the same files, whatever is written under the question."""
    project = asking(tmp_path, storyboard=True)
    with called_at_terminal(ask_and_make, project, environment=acme_buyer.process_environment()) as person:
        person.until("Approve the storyboard of e01?")
        edit(project, "lights the lamp", "drops the lamp")
        person.answer("y")
        person.until("Spend up to $1.20?")
        person.answer("y")
        code, said = person.end()
    assert code == 0, said
    assert any("lights the lamp" in job.prompt for job in acme_buyer.jobs())
    assert standings(project)[Subject.STORYBOARD].changes[0].shot == "lamp/010"


def test_who_says_no_makes_nothing(acme_buyer: Acme, tmp_path: Path) -> None:
    """And nothing is approved."""
    project = asking(tmp_path, storyboard=True)
    with called_at_terminal(ask_and_make, project, environment=acme_buyer.process_environment()) as person:
        person.until("Approve the storyboard of e01?")
        person.answer("n")
        code, said = person.end()
    assert (code, "nothing was made" in said, acme_buyer.jobs()) == (1, True, [])
    assert standings(project)[Subject.STORYBOARD].before is None


def test_what_a_link_holds_is_fetched_before_it_is_approved(acme_buyer: Acme, tmp_path: Path) -> None:
    """What nobody has fetched, nobody has seen: the preview fetches it, and is free."""
    project = asking(tmp_path, storyboard=True)
    edit(project, '"references/cast/mara.png"', '"https://pictures.example/mara.png"', "series.yaml")
    assert "tailframe preview" in standings(project)[Subject.STORYBOARD].obstacle


@exhaustive
def test_rehearsals_and_what_is_paid_already_wait_for_nobody(acme_buyer: Acme, tmp_path: Path) -> None:
    """A series that begins to ask for approvals asks for nothing that was made before."""
    project = film(tmp_path, *three_shots())
    assert shoot(project).exit_code == 0
    edit(project, '"title"', '"approval": {"storyboard": true, "spend_usd": 0}, "title"', "series.yaml")
    assert shoot(project).exit_code == 0
    assert not any(each.waits for each in standings(project).values())
    edit(project, "lights the lamp", "drops the lamp")
    assert shoot(project, rehearsal=True).exit_code == 0
    assert acme_buyer.charged_usd() == Decimal("1.60"), "of which the rehearsal's are no money"
