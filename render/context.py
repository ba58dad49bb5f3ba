"""What every take works with: the ledger, the store, the vendors, and somewhere to report to. Opened once a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from render.concurrency.backoff import OrderBackoff
from render.concurrency.blocking import BlockingCalls
from render.concurrency.outages import Outages
from render.concurrency.process_lock import Owner
from render.concurrency.shield import ShieldedSteps
from render.errors import OtherAccount, StoreError
from render.watcher import Unwatched, Watcher
from storyboard.accounts import account_variable, is_stand_in, name_of

if TYPE_CHECKING:
    from render.callbacks.listener import CallbackListener
    from render.ledger import Ledger, RunId, Take, TakeId
    from render.ledger.database import Transaction
    from render.ledger.reader import ReadTransaction
    from render.ledger.recipes import DerivedBlobs
    from render.providers import Provider
    from render.references.publish import ReferencePublisher
    from render.store import Store
    from storyboard.approval_rules import NeededApprovals

P = ParamSpec("P")
T = TypeVar("T")

PATIENCE = timedelta(hours=1)
"""How long one job is waited for, unless somebody says otherwise."""


CLIP_PATIENCE = timedelta(minutes=1)
"""How long one run waits for a clip that its vendor calls ready and whose host does not give it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """The context of one run: everything that a take needs on its way from `planned` to `done`.

    `Workspace.run_context` makes it, when the run has begun in the ledger and it is known which vendors it needs. It
    lives as long as takes of the run are being made or carried on, and whoever asked for it closes it (`aclose`): the
    vendors with what was published there, the callback listener and the threads are its own. Ledger, store and owner
    are the workspace's, which outlives it.
    """

    series: str
    run: RunId  # who pays for what is claimed here
    ledger: Ledger
    store: Store
    providers: Mapping[str, Provider]  # by name
    accounts: Mapping[str, str] = field(default_factory=dict)  # who is paid, by vendor, where the operator names one
    scratch: Path  # for files on their way; whatever lies here may be deleted while nothing runs
    owner: Owner
    watcher: Watcher = field(default_factory=Unwatched)
    anew: bool = False  # pay for orders although they are out at another account of their vendor
    approvals: NeededApprovals | None = None  # what must be approved before an order is claimed
    poll_interval: timedelta | None = None  # None: each vendor's own
    run_sum_agreed: bool = False  # the run's own cap is the sum that somebody agreed to, and is meant to be reached
    unpriced: frozenset[str] = frozenset()  # SCENE/SHOT: may be ordered at an unknown price under the run's own cap
    patience: timedelta = PATIENCE  # after that a job is reported as still running, and left alone
    clip_patience: timedelta = CLIP_PATIENCE  # for a clip that is called ready and whose host does not give it
    callback_patience: timedelta = timedelta(minutes=15)  # after an order whose answer was lost; longer than jobs take
    callback_listener: CallbackListener = field(repr=False)  # wakes who waits for a take that its vendor calls about
    steps: ShieldedSteps = field(default_factory=ShieldedSteps, repr=False)  # that no cancellation tears
    outages: Outages = field(init=False, repr=False)  # of the ledger: how they are waited through
    calls: BlockingCalls = field(default_factory=BlockingCalls, repr=False)
    _backoffs: dict[str, OrderBackoff] = field(default_factory=dict, repr=False)  # by vendor, as the next
    _recipes: set[str] = field(default_factory=set, repr=False)  # that this run asked for
    _publishers: dict[str, ReferencePublisher] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        outages = Outages(self.watcher.note, lambda: self.steps.interrupted)
        object.__setattr__(self, "outages", outages)  # a frozen dataclass knows no other way

    async def write(self, step: Callable[Concatenate[Transaction, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Make a step of the ledger, such as `settlement.done`, as this run. See `Ledger.write`.

        Where the ledger is away for a while, it waits, and makes the step again: so it is for steps that find the same
        when they were made before. For others there is `write_once`.
        """
        return await self.outages.outlast(lambda: self.in_thread(lambda: self.ledger.write(step, *args, **kwargs)))

    async def write_once(
        self,
        step: Callable[Concatenate[Transaction, TakeId, P], T],
        made: Callable[[ReadTransaction, TakeId, T], bool],
        take: TakeId,
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Make a step of a take that must not be made twice. Where the ledger went away within the commit, `made` says
        whether what the step returned is written.
        """
        from render.ledger.written_once import written_once

        attempt = written_once(self.ledger, step, made, take, *args, **kwargs)
        return await self.outages.outlast(lambda: self.in_thread(attempt))

    async def read(
        self, query: Callable[Concatenate[ReadTransaction, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Ask the ledger a query, such as `queries.take`; where it is away, until it is back. See `Ledger.read`."""
        return await self.outages.outlast(lambda: self.in_thread(lambda: self.ledger.read(query, *args, **kwargs)))

    async def in_thread(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a blocking call, such as one of the store, in a thread that no ffmpeg or drawing can starve."""
        return await self.calls.in_thread(call, *args, **kwargs)

    def provider(self, name: str) -> Provider:
        """The vendor of this name, as this run opened it."""
        try:
            return self.providers[name]
        except KeyError:
            opened = ", ".join(sorted(self.providers)) or "none"
            raise StoreError(f"the vendor {name!r} is not open in this run (open: {opened})") from None

    def provider_of(self, take: Take) -> Provider:
        """The vendor of a take, asked as the customer that ordered it. Raises OtherAccount if this run is another.

        Asked about somebody else's job, a vendor says that there is none, and a paid take would be given up.
        """
        provider = self.provider(take.provider)
        today = self.accounts.get(take.provider) or provider.capabilities.account
        if take.account == today:
            return provider
        raise OtherAccount(
            f"take {take.number} of {take.shot} is at {take.account}, and this run asks {today}",
            f"Nothing is lost: {_way_back(take)} and run the same command, and it goes on",
        )

    def publisher_of(self, take: Take) -> ReferencePublisher:
        """What makes references readable for this take's vendor, and knows the run's links there. See `provider_of`."""
        from render.references.publish import ReferencePublisher

        provider = self.provider_of(take)
        return self._publishers.setdefault(take.provider, ReferencePublisher(provider, self.store, self.derived))

    @property
    def derived(self) -> DerivedBlobs:
        """Which blob a recipe gave before, as the ledger remembers it; it notes what this run asked for."""
        from render.ledger.recipes import DerivedBlobs

        return DerivedBlobs(self.ledger, self._recipes)

    async def derived_blob(self, recipe: str) -> str | None:
        """The blob that this recipe gave before, and that is still in the store; None where it has to be made."""
        sha256 = await self.in_thread(self.derived.derived, recipe)
        return sha256 if sha256 is not None and await self.in_thread(self.store.has, sha256) else None

    def backoff(self, name: str) -> OrderBackoff:
        """How this run's orders to a vendor wait for one another, and for the vendor."""
        return self._backoffs.setdefault(name, OrderBackoff())

    async def aclose(self) -> None:
        """Close the vendors, the listener and the threads; ledger, store and owner belong to whoever opened them.

        An order that is on its way is answered first, and written down: a client that is closed would tear it.
        """
        try:
            await self.steps.ended()
        finally:
            await self.callback_listener.aclose()
            for provider in self.providers.values():
                await provider.aclose()
            self._publishers.clear()
            self.calls.close()


def _way_back(take: Take) -> str:
    """How the vendor is asked as the customer whose take this is."""
    variable, name = account_variable(take.provider), name_of(take.account)
    where = "on this machine" if is_stand_in(take.account) else "itself"
    return f"ask {take.provider} {where}, {f'set {variable} to {name}' if name else f'leave {variable} unset'},"
