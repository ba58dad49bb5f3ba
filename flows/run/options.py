"""What somebody asks a run for. Every option of a run is declared here, once; see `flows.run.option_types`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from flows.run.option_types import (
    COUNT,
    FLAG,
    KEYS,
    MOMENT,
    NAME,
    SECONDS,
    SHOTS,
    TEXT,
    USD,
    FlowName,
    Option,
    declared,
)

if TYPE_CHECKING:
    from pathlib import Path

    from flows.settings import Places
    from storyboard.plan.episode_plan import Choices
    from storyboard.shot import Caps

__all__ = ["OPTIONS", "RunOptions"]


def _vendors() -> Iterable[str]:
    from render.providers.registry import provider_names

    return provider_names()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """Options of one run of one episode. Those with an `Option` may be given on the command line or in a form.

    Amounts are US dollars, lengths of time `timedelta`; None leaves a thing as the project has it.
    """

    episode: str
    provider: Annotated[
        str | None,
        Option(
            "Ask this vendor for every shot, whatever the storyboard names",
            TEXT,
            flag="--provider",
            metavar="P",
            flows=("produce", "reshoot", "rehearse", "series", "shots"),
            choices=_vendors,
        ),
    ] = None
    shots: Annotated[
        frozenset[str] | None,
        Option(
            "Only these shots, as SCENE/SHOT; empty: all of them",
            SHOTS,
            flag="--shots",
            metavar="K,K",
            flows=("produce", "rehearse"),
            examples=(["lamp/010"],),
        ),
    ] = None
    new_take: Annotated[
        bool,
        Option(
            "Make another take even of shots that have a good one",
            FLAG,
            flag="--new-take",
            flows=("produce", "rehearse"),
        ),
    ] = False
    takes: Annotated[
        int | None,
        Option(
            "How many takes to make of each shot that is made; else as the storyboard says, and of a retake one",
            COUNT,
            flag="--takes",
            metavar="N",
            flows=("produce", "reshoot", "series", "shots"),
            bounds={"ge": 1, "le": 16},
        ),
    ] = None
    with_notes: Annotated[
        bool,
        Option(
            "Tell a new take what people noted of the rejected ones before it, and where they wish for another",
            FLAG,
            flag="--with-notes",
            flows=("produce", "reshoot", "series", "shots"),
        ),
    ] = False
    cascade: Annotated[
        bool,
        Option(
            "Make stale shots again too, and all that follows them",
            FLAG,
            flag="--cascade",
            flows=("produce", "reshoot", "series", "shots"),
        ),
    ] = False
    budget_usd: Annotated[
        Decimal | None,
        Option(
            "The most that the run may spend, in US dollars",
            USD,
            flag="--budget",
            metavar="USD",
            flows=("produce", "reshoot", "shots"),
            bounds={"ge": 0, "allow_inf_nan": False},
        ),
    ] = None
    until_budget: Annotated[
        bool,
        Option(
            "Make what fits under the caps, in story order, instead of refusing",
            FLAG,
            flag="--until-budget",
            flows=("produce", "series", "shots"),
        ),
    ] = False
    orders_until: Annotated[
        datetime | None,
        Option(
            "Order nothing from then on (ISO 8601; without an offset: UTC); what is at vendors is followed to its end",
            MOMENT,
            flows=("produce", "reshoot", "series", "shots"),
            examples=("2026-11-30T06:00:00+01:00",),
        ),
    ] = None
    anew: Annotated[
        bool,
        Option(
            "Pay for shots anew although an order or a take of them stands elsewhere",
            FLAG,
            flag="--anew",
            flows=("produce", "reshoot", "series", "shots"),
        ),
    ] = False
    allow_missing: Annotated[
        bool,
        Option(
            "Cut the episode even with gaps; each gap shows a slate",
            FLAG,
            flag="--allow-missing",
            flows=("produce", "reshoot", "series"),
        ),
    ] = False
    snapshot: Annotated[
        str | None,
        Option(
            "Make these files, frozen before, by their snapshot's name; empty: as they are now",
            NAME,
            flows=("produce", "reshoot", "shots"),
        ),
    ] = None
    agreed_usd: Annotated[
        Decimal | None,
        Option(
            "What somebody agreed to pay for that snapshot, in US dollars: once",
            USD,
            flows=("produce", "reshoot"),
            bounds={"ge": 0},
        ),
    ] = None
    unpriced: Annotated[
        frozenset[str],
        Option(
            "Shots agreed to beside that sum, as nobody knows their price",
            KEYS,
            flows=("produce", "reshoot"),
        ),
    ] = frozenset()
    patience: Annotated[
        timedelta | None,
        Option(
            "Seconds that one job is waited for; empty: an hour",
            SECONDS,
            flows=("rehearse",),
            parameter="patience_s",
            bounds={"gt": 0},
        ),
    ] = None
    day_budget_usd: Annotated[
        Decimal | None,
        Option(
            "The most that may be spent on the series in one day (UTC), this run included, in US dollars",
            USD,
            flows=("produce", "shots"),
            bounds={"ge": 0, "allow_inf_nan": False},
        ),
    ] = None
    wait_for_approval: Annotated[
        bool,
        Option(
            "Wait suspended for an approval that is missing; off: make what needs none",
            FLAG,
            flows=("produce", "reshoot", "series"),
        ),
    ] = True
    try_of: str | None = None  # what Prefect may try again: what was said for one run holds for all its tries together
    cut: bool = True  # off: its shots are made, and nothing is cut of them
    preview: bool = False  # the same cut by the animatic provider, beside the master
    rehearsal: bool = False  # with a ledger, a store and an output of its own; whoever asks sees to the vendors

    @classmethod
    def of_parameters(cls, episode: str, given: Mapping[str, Any], *, rehearsal: bool = False) -> "RunOptions":
        """What a flow was asked for by these of its parameters. Raises TypeError for one that is no option."""
        options = {option.parameter: option for option in OPTIONS}
        if unknown := sorted(set(given) - set(options)):
            raise TypeError(f"a run has no option called {', '.join(unknown)}")
        values = {options[name].name: options[name].spelling.read(value) for name, value in given.items()}
        return cls(episode=episode, rehearsal=rehearsal, **values)

    def parameters(self, flow: FlowName) -> dict[str, Any]:
        """The same as a flow's parameters, its project apart: those options that the flow has."""
        options = {
            each.parameter: each.spelling.write(getattr(self, each.name)) for each in OPTIONS if flow in each.flows
        }
        return {"episode": self.episode, **options}

    @property
    def run_cap_usd(self) -> Decimal | None:
        """The most that this run may spend, in US dollars, by all that was said; None where nothing was."""
        return min((cap for cap in (self.budget_usd, self.agreed_usd) if cap is not None), default=None)

    @property
    def run_sum_agreed(self) -> bool:
        """Whether what this run may spend is the sum that somebody agreed to for its very plan."""
        return self.agreed_usd is not None and self.run_cap_usd == self.agreed_usd != self.budget_usd

    @property
    def caps(self) -> "Caps":
        """The caps that hold for this run beside those of the series."""
        from storyboard.shot import Caps

        return Caps(run=self.run_cap_usd, day=self.day_budget_usd)

    @property
    def buys(self) -> bool:
        """Whether it may order anything: a preview is free, and a cut names no shots."""
        return not self.preview and self.makes

    @property
    def makes(self) -> bool:
        """Whether it may make any shot, be it for nothing."""
        return self.shots != frozenset()

    @property
    def choices(self) -> "Choices":
        """Those of these options that the plan decides with."""
        from storyboard.plan.episode_plan import Choices

        return Choices(
            shots=self.shots,
            new_take=self.new_take,
            cascade=self.cascade,
            takes=self.takes,
            with_notes=self.with_notes,
        )

    def output(self, places: "Places") -> "Path":
        """Where its master goes; a preview's goes beside the episode's."""
        output = places.output(self.episode)
        return output / "preview" if self.preview else output


OPTIONS = declared(RunOptions)
"""Every option of a run, in the order in which forms and help list them."""
