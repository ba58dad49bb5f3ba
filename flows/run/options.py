"""What somebody asks a run for."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from storyboard.plan.episode_plan import Choices

__all__ = ["RunOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What somebody asked for, in the words of the command line."""

    episode: str
    provider: str | None = None
    shots: frozenset[str] | None = None  # None: all of them
    new_take: bool = False
    cascade: bool = False
    budget_usd: Decimal | None = None  # the most that this run may spend
    day_budget_usd: Decimal | None = None  # the most that may be spent on the series today, this run included
    snapshot: str | None = None  # what to work on, frozen before; None: the project as it is when the run begins
    agreed_usd: Decimal | None = None  # the most that somebody agreed to for that snapshot; a cap like `budget_usd`
    unpriced: frozenset[str] = frozenset()  # shots agreed to at a price that nobody knows; that cap is not in their way
    try_of: str | None = None  # what Prefect may try again: what was said for one run holds for all its tries together
    until_budget: bool = False
    anew: bool = False  # pay although an order or a take of a shot stands elsewhere
    allow_missing: bool = False
    preview: bool = False  # the same cut by the animatic provider, beside the master
    rehearsal: bool = False  # with a ledger, a store and an output of its own; whoever asks sees to the vendors
    patience: timedelta | None = None  # how long one job is waited for; None: as long as jobs may take

    @property
    def run_cap_usd(self) -> Decimal | None:
        """The most that this run may spend, by all that was said; None where nothing was."""
        return min((cap for cap in (self.budget_usd, self.agreed_usd) if cap is not None), default=None)

    @property
    def buys(self) -> bool:
        """Whether it may order anything: a preview is free, and a cut names no shots."""
        return not self.preview and self.makes

    @property
    def makes(self) -> bool:
        """Whether it may make any shot, be it for nothing."""
        return self.shots != frozenset()

    @property
    def choices(self) -> Choices:
        """The part of the assignment that the plan decides with."""
        return Choices(shots=self.shots, new_take=self.new_take, cascade=self.cascade)
