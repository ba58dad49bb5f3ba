"""One failed shot never stops the others, is told for what it is, and the next run makes only what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acme.fixture import Acme
from tests.flows.episodes import (
    FOUR_SECONDS_USD,
    actions,
    buys_from,
    edit,
    film,
    frames_in,
    made,
    manifest,
    master_of,
    money,
    pieces,
    plan,
    produce,
    shoot,
    states,
    takes_of,
)
from tests.thinning import exhaustive, one_in

FIRST = "lights the lamp"


@pytest.fixture
def project(acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three shots to buy: a chain of two, and one that stands alone."""
    buys_from(acme, monkeypatch)
    return film(tmp_path)


def test_a_failed_shot_blocks_only_what_continues_it(acme: Acme, project: Path) -> None:
    """The others are done, the run says how many failed and ends with 1, and the next makes only what is missing."""
    acme.script(on="job", do="fail", prompt=FIRST, words="the model fell over")

    result = produce(project)

    assert states(result) == {"lamp/010": "failed", "lamp/020": "blocked", "shore/010": "done"}
    assert (result.exit_code, result.message) == (1, "1 of 3 shots failed, 1 blocked")
    told = {outcome.key: outcome.message for outcome in result.outcomes}
    assert "the model fell over" in told["lamp/010"]
    assert "lamp/010" in told["lamp/020"]
    assert not master_of(project).exists()
    assert acme.charged_usd() == FOUR_SECONDS_USD

    again = produce(project)

    assert (again.exit_code, made(again)) == (0, ["lamp/010", "lamp/020"])
    assert len(acme.jobs()) == 4
    assert [take.state.value for take in takes_of(project, "lamp/010")] == ["failed", "done"]


def test_a_vendor_that_is_down_spoils_no_money(acme: Acme, project: Path) -> None:
    """Orders that never arrived cost nothing and are made by the next run, one job a shot."""
    port = acme.port
    acme.stop()
    result = shoot(project)
    assert result.exit_code == 1
    assert acme.jobs() == []

    acme.start()
    assert acme.port == port
    again = shoot(project)

    assert again.exit_code == 0, again.message
    assert len(acme.jobs()) == 3


@exhaustive
def test_an_account_without_credit_spoils_nothing(acme: Acme, project: Path) -> None:
    """The vendor's word is told with its remedy, nothing is paid or reserved, and the next run makes everything."""
    acme.script(on="create", do="answer", status=402, words="no credits", times=None)
    result = shoot(project)
    assert (result.exit_code, made(result), money(project)) == (1, [], (0, 0))
    assert "Buy credits from acme" in result.outcomes[0].message

    acme.forgive()

    assert shoot(project).exit_code == 0
    assert len(acme.jobs()) == 3


def test_what_is_no_clip_never_reaches_the_cut(acme: Acme, project: Path) -> None:
    """A delivery that is no clip fails its shot in this run, and what it cost is written down."""
    acme.script(on="download", do="garbage", prompt=FIRST, times=None)

    result = produce(project)

    assert states(result) == {"lamp/010": "failed", "lamp/020": "blocked", "shore/010": "done"}
    assert "gives something else in its place" in result.outcomes[0].message
    assert money(project) == (acme.charged_usd(), 0) == (2 * FOUR_SECONDS_USD, 0)


def test_a_refused_shot_stays_refused_until_it_is_edited(acme: Acme, project: Path) -> None:
    """The vendor's words are told, and the same content is never sent again by itself."""
    acme.script(on="job", do="refuse", prompt=FIRST, words="that looks like a real person")
    refused = shoot(project)
    assert states(refused)["lamp/010"] == "refused"
    assert (refused.exit_code, refused.message) == (1, "1 of 3 shots refused, 1 blocked")
    assert "that looks like a real person" in refused.outcomes[0].message

    again = shoot(project)

    assert states(again)["lamp/010"] == "refused"
    assert "that looks like a real person" in plan(project).shots[0].reason
    assert (again.exit_code, made(again)) == (1, [])
    assert len(acme.jobs()) == 2

    edit(project, FIRST, "trims the wick")
    mended = shoot(project)

    assert (mended.exit_code, made(mended)) == (0, ["lamp/010", "lamp/020"])
    assert len(acme.jobs()) == 4


def test_a_refused_shot_is_sent_again_when_a_person_asks(acme: Acme, project: Path) -> None:
    """`--new-take` is a person's word: the refused shot is ordered once more, and the others are left as they are."""
    acme.script(on="job", do="refuse", prompt=FIRST)
    assert shoot(project).exit_code == 1

    asked = shoot(project, shots=frozenset({"lamp/010"}), new_take=True)

    assert (asked.exit_code, made(asked)) == (0, ["lamp/010"])
    assert actions(project) == {"lamp/010": "reuse", "lamp/020": "resume", "shore/010": "reuse"}


@exhaustive
def test_content_refused_with_the_order_is_refused_too(acme: Acme, project: Path) -> None:
    """A refusal of the order itself is no job, costs nothing, and stays refused."""
    edit(project, FIRST, "eats the forbidden fruit")

    for _ in range(2):
        assert states(shoot(project))["lamp/010"] == "refused"

    assert len(acme.jobs()) == 1
    assert len(acme.heard("create")) == 2
    assert takes_of(project, "lamp/010")[0].cost_usd == 0


def test_only_the_named_shots_are_made(acme: Acme, project: Path) -> None:
    """`--shots` answers for those it names: exit 0 though the episode is not whole, and nothing else is ordered."""
    result = produce(project, shots=frozenset({"shore/010"}))

    assert (result.exit_code, result.message) == (0, "")
    assert made(result) == ["shore/010"]
    (job,) = acme.jobs()
    assert "rows against the swell" in job.prompt
    assert result.assembly is None


def test_a_shot_whose_predecessor_was_not_asked_for_says_so(acme: Acme, project: Path) -> None:
    """A successor that is named alone cannot begin: it is blocked, says which shot to name too, and buys nothing."""
    result = shoot(project, shots=frozenset({"lamp/020"}))

    assert (result.exit_code, result.message) == (1, "1 of 1 shots blocked")
    assert "add lamp/010 to --shots" in result.outcomes[1].message
    assert acme.jobs() == []


@exhaustive
def test_gaps_are_cut_with_slates_that_are_marked(acme: Acme, project: Path) -> None:
    """`--allow-missing`: a slate as long as the shot stands in the gap, is marked as one, and the run ends with 1."""
    acme.script(on="job", do="fail", prompt=FIRST, times=None)

    result = produce(project, allow_missing=True)

    assert result.exit_code == 1
    assert result.assembly is not None
    assert result.assembly.slates == ("lamp/010", "lamp/020")
    assert pieces(project) == [("lamp/010", 0, 24), ("lamp/020", 24, 24), ("shore/010", 48, 24)]
    assert [(each["slate"], each["take"]) for each in manifest(project)["shots"]] == [(True, None)] * 2 + [(False, 1)]
    assert frames_in(master_of(project)) == 72

    acme.forgive()
    whole = produce(project)

    assert whole.exit_code == 0, whole.message
    assert not any(each["slate"] for each in manifest(project)["shots"])


@one_in(3)
@pytest.mark.parametrize(("status", "words"), [(402, "no credits"), (401, "no such key"), (403, "not for you")])
def test_a_vendor_that_cannot_make_anything_is_passed_over(
    status: int, words: str, acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a shot names another vendor, an error of the whole vendor fails over to it in the same run."""
    buys_from(acme, monkeypatch)
    acme.script(on="create", do="answer", status=status, words=words, times=None)
    project = film(tmp_path, defaults={"provider": ["acme", "animatic"]})

    result = shoot(project)

    assert (result.exit_code, set(states(result).values())) == (0, {"done"})
    assert {take.provider for take in takes_of(project) if take.state.value == "done"} == {"animatic"}
    assert money(project) == (0, 0)
    assert made(shoot(project)) == []


def test_refused_content_is_not_shopped_around(acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one vendor refuses to show is not asked of the next."""
    buys_from(acme, monkeypatch)
    acme.script(on="job", do="refuse", prompt="lights the lamp")
    project = film(tmp_path, defaults={"provider": ["acme", "animatic"]})

    result = shoot(project)

    assert states(result) == {"lamp/010": "refused", "lamp/020": "blocked", "shore/010": "done"}
    assert {take.provider for take in takes_of(project)} == {"acme"}
