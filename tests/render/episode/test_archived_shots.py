"""What a plan makes of archives: purely, from what they and the ledger say."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from render.episode.archived_shots import Known, marked
from render.episode.finished import Archived, Finished
from storyboard.errors import InvalidProject, Mistake, Position
from storyboard.plan.episode_plan import Choices, Plan
from storyboard.takes import Circle, TakeFacts, TakeState


def test_takes_that_cannot_be_planned_with_are_told() -> None:
    """An archive whose takes make the storyboard a mistake (a retake under a fixed seed) stops no plan."""
    nothing = Plan(
        series="lighthouse",
        episode="e01",
        shots=(),
        estimated_cost_usd=Decimal(0),
        unpriced_shots=0,
        stale_cost_usd=Decimal(0),
    )
    archive = Archived(place="kept/lighthouse/e01", takes=(a_take(),), circles=())
    finished = Finished(archives=(archive,), manifest=None, manifest_place="", notes=("and more",))

    def refuse(_: Sequence[TakeFacts], __: Sequence[Circle]) -> Plan:
        raise InvalidProject([Mistake(Position("episodes/e01.yaml"), "a new take would be the same clip")])

    planned, notes = marked(nothing, Choices(), finished, Known(takes=(), circles=(), plan=refuse))
    assert planned == nothing
    assert notes[0] == "and more"
    assert "archive kept/lighthouse/e01 cannot be planned with: " in notes[1]


def a_take() -> TakeFacts:
    """One that is done."""
    return TakeFacts(
        id="0" * 32,
        shot="e01/lamp/010",
        number=1,
        state=TakeState.DONE,
        provider="acme",
        account="acme",
        model="acme-1",
        wish="a wish",
        variation=0,
        fingerprint=None,
        continuity=None,
        clip=None,
    )
