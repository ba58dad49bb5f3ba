"""What somebody agrees to at the terminal is a snapshot and a sum: what changes under the question is not bought."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from pathlib import Path

import pytest

from render.ledger import circles, queries
from tests.acme.fixture import Acme
from tests.flows.accounts import Account, chain, sandbox
from tests.flows.agreeing import ask_and_make
from tests.flows.episodes import (
    FOUR_SECONDS_USD,
    buys_from,
    edit,
    film,
    ledger_of,
    money,
    plain_environment,
    shoot,
    states,
)
from tests.flows.pseudo_terminal import Terminal, called_at_terminal
from tests.projects import png, scene, shot
from tests.thinning import exhaustive, one_in

pytestmark = pytest.mark.timeout(120)

MARA = "references/cast/mara.png"
FOUR_SECONDS_AT_KINOVI_USD = Decimal("0.30")


@pytest.fixture
def project(acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One shot of 40 cents at Acme."""
    buys_from(acme, monkeypatch)
    return film(tmp_path, scene("lamp", shot("010", "{{ mara }} lights the lamp")), ledger=False)


def asking(acme: Acme, project: Path, **environment: str) -> AbstractContextManager[Terminal]:
    """A person at a terminal who is asked about e01."""
    return called_at_terminal(ask_and_make, project, environment=acme.process_environment(**environment))


def two_more_shots(project: Path) -> None:
    """Shots that nobody was asked about."""
    more = [shot(key, f"{{{{ mara }}}} waits for boat {key}") for key in ("020", "030")]
    written = json.loads((project / "episodes/e01.yaml").read_text())
    written["scenes"][0]["shots"] += more
    (project / "episodes/e01.yaml").write_text(json.dumps(written))


def dearer(project: Path) -> None:
    """The same shot at four times its price."""
    edit(project, '"480p"', '"720p"', "series.yaml")
    edit(project, '"duration": 1', '"duration": 8')


def another_picture(project: Path) -> None:
    """What the name of Mara's picture stands for is another one."""
    (project / MARA).write_bytes(png(333, 333))


def another_price(project: Path) -> None:
    """What Acme charges is written to be a tenth more."""
    written = json.loads((project / "series.yaml").read_text())
    written["prices"] = [{"provider": "acme", "usd_per_second": 0.11}]
    (project / "series.yaml").write_text(json.dumps(written))


def another_vendor(project: Path) -> None:
    """The series names somebody else."""
    edit(project, '"acme"', '"animatic"', "series.yaml")


def nothing_whole(project: Path) -> None:
    """An editor has saved half of the file."""
    (project / "episodes/e01.yaml").write_text("version: 1\nepisode: e01\nscenes: [")


@one_in(3)
@pytest.mark.parametrize(
    "change", [two_more_shots, dearer, another_picture, another_price, another_vendor, nothing_whole]
)
def test_what_changes_under_the_question_is_not_what_is_bought(
    change: Callable[[Path], None], acme: Acme, project: Path
) -> None:
    """The one shot as it was shown is made at Acme, of the picture as it was, for the 40 cents that were asked."""
    picture = (project / MARA).read_bytes()
    with asking(acme, project) as person:
        person.until("Spend up to $0.40?")
        change(project)
        person.answer("y")
        code, said = person.end()

    assert (code, [job.charged for job in acme.jobs()]) == (0, [FOUR_SECONDS_USD]), said
    assert "lights the lamp" in acme.jobs()[0].prompt
    assert picture in [acme.shop.upload(name) for name in acme.shop.uploads()]
    with ledger_of(project) as ledger:
        (take,) = ledger.read(queries.takes, "lighthouse")
        assert "$0.40 reserved" in " ".join(event.words for event in ledger.read(queries.events, take.id))


def test_what_was_shown_is_bought_for_no_more_than_was_agreed_to(acme: Acme, project: Path) -> None:
    """A take that is rejected under the question would have to be made again: that was not asked about."""
    shoot(project)
    two_more_shots(project)
    with asking(acme, project) as person:
        person.until("Spend up to $0.80?")
        with ledger_of(project) as ledger:
            ledger.write(circles.reject, ledger.read(queries.takes, "lighthouse")[0].id)
        person.answer("y")
        code, said = person.end()

    assert code == 3
    assert "the run budget of $0.80 has $0.80 left" in said
    assert "needs $1.20. Produce again, with a higher --budget or by agreeing to more" in " ".join(said.split())
    assert len(acme.jobs()) == 1


def test_a_plan_that_costs_less_by_then_is_made(acme: Acme, project: Path) -> None:
    """Another run made the shot under the question: nothing is bought again, and nobody is refused."""
    with asking(acme, project) as person:
        person.until("Spend up to $0.40?")
        shoot(project)
        person.answer("y")
        code, said = person.end()

    assert (code, len(acme.jobs())) == (0, 1), said


def test_no_is_no(acme: Acme, project: Path) -> None:
    """Nothing is made, nothing is spent, and the ledger is not even there."""
    with asking(acme, project) as person:
        person.until("Spend up to $0.40?")
        person.answer("n")
        code, said = person.end()

    assert (code, acme.jobs()) == (1, [])
    assert "nothing was made and nothing was spent" in said
    assert not (project / ".tailframe/ledger.sqlite").exists()


def test_shots_without_a_price_are_agreed_to_by_name(
    acme: Acme, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question names them and says that no sum caps them; those are made, and none that came under the question."""
    monkeypatch.setenv("ACME_TELLS_PRICES", "0")
    with asking(acme, project, ACME_TELLS_PRICES="0") as person:
        person.until("?")
        asked = " ".join(person.said.split())
        two_more_shots(project)
        person.answer("y")
        code, said = person.end()

    assert "Spend up to $0.00, and beside that an unknown price for 1 shot, which no sum can cap (lamp/010)?" in asked
    assert (code, len(acme.jobs())) == (0, 1), said


def test_an_unknown_price_that_nobody_agreed_to_is_refused(
    acme: Acme, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sum caps all but the shots that were named beside it: any other whose price is not known is not ordered."""
    monkeypatch.setenv("ACME_TELLS_PRICES", "0")
    two_more_shots(project)

    told = produce_refused(project, agreed_usd=Decimal(0), unpriced=frozenset({"lamp/010", "lamp/020"}))

    assert "the price of lamp/030 is not known" in told
    assert acme.jobs() == []


def produce_refused(project: Path, **asked: object) -> str:
    """A run that is refused before it begins: the words."""
    with pytest.raises(Exception, match="is not known") as refused:
        shoot(project, **asked)
    return str(refused.value)


def test_what_fits_under_the_caps_is_agreed_to_and_the_account_names_the_cap(acme: Acme, project: Path) -> None:
    """With --until-budget the sum is what fits; what is left out is told by the cap of the YAML, not by that sum."""
    two_more_shots(project)
    edit(project, '"delivery"', '"budget": {"series": 1}, "delivery"', "series.yaml")

    result = shoot(project, agreed_usd=Decimal("0.80"), until_budget=True)

    assert (result.exit_code, len(acme.jobs())) == (3, 2)
    assert "the series budget (lighthouse) of $1.00 has $0.20 left" in result.message


@exhaustive
def test_a_dearer_vendor_is_not_asked_in_place_of_the_one_that_was_agreed_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kinovi has no credit; EvoLink would take seven cents more than was agreed to, and gets no order."""
    plain_environment(monkeypatch)
    with sandbox(tmp_path / "sandbox", job_seconds=0.05) as standing:
        for name, value in (standing.environment | {"TAILFRAME_POLL_INTERVAL": "0.05"}).items():
            monkeypatch.setenv(name, value)
        standing.plan(where="create", what="no_credit", vendor="kinovi", times=None)
        project = chain(tmp_path, Account(standing, "kinovi"), "010", providers=["kinovi", "evolink"], spare=1)
        notes: list[str] = []

        result = shoot(project, watcher=Listening(notes), agreed_usd=FOUR_SECONDS_AT_KINOVI_USD)

        assert standing.jobs() == []
    assert (result.exit_code, states(result)) == (3, {"lamp/010": "planned"})
    assert (
        "the run budget of $0.30 has $0.30 left ($0.00 spent, $0.00 reserved), and this needs $0.3676" in result.message
    )
    assert any("evolink is asked in place of kinovi" in note for note in notes)
    assert money(project) == (0, 0)


class Listening:
    """A watcher that keeps the notes."""

    def __init__(self, notes: list[str]) -> None:
        self._notes = notes

    def shot(self, key: str, state: str, detail: str = "", cost_usd: Decimal | None = None) -> None:
        """Nothing to keep."""

    def note(self, text: str) -> None:
        """Keep it."""
        self._notes.append(text)

    def stage(self, name: str, fraction: float | None = None) -> None:
        """Nothing to keep."""
