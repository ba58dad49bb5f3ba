"""What every take works with: the ledger, the store, the vendors, and somewhere to report to. Opened once a run."""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar

from render.callbacks.listener import LISTEN_EVERY_S, CallbackListener
from render.concurrency.process_lock import Owner
from render.concurrency.shield import shielded_steps_ended
from render.errors import OtherAccount, StoreError
from render.ledger import Ledger, RunId, Take
from render.providers import Provider
from render.store import Store
from storyboard.accounts import account_variable, is_stand_in, name_of

P = ParamSpec("P")
T = TypeVar("T")


PATIENCE = timedelta(hours=1)
"""How long one job is waited for, unless somebody says otherwise."""


CLIP_PATIENCE = timedelta(minutes=1)
"""How long one run waits for a clip that its vendor calls ready and whose host does not give it."""


ORDERS_AT_ONCE = 8
"""Takes of one vendor that are being ordered; half of a vendor's sockets, so that polls go on meanwhile."""


FORGOTTEN_AFTER_S = 300.0
"""What a vendor said longer ago, while nobody asked it, says nothing of now."""


@dataclass(slots=True)
class OrderBackoff:
    """Who orders from one vendor now, and for how long it has taken none of these orders."""

    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(ORDERS_AT_ONCE))
    _since: float | None = None
    _asked_until: float = 0.0

    def put_off(self, wait_s: float) -> float:
        """An order has to wait so long. Returns for how long none will have been taken by then, whoever's it was."""
        now = time.monotonic()
        if self._since is None or now > self._asked_until + FORGOTTEN_AFTER_S:
            self._since = now
        self._asked_until = max(self._asked_until, now + wait_s)
        return now + wait_s - self._since

    def taken(self) -> None:
        """An order was taken."""
        self._since = None


class Watcher(Protocol):
    """Whoever wants to see how far things are. Calls are cheap and never raise."""

    def shot(self, key: str, state: str, detail: str = "", cost_usd: Decimal | None = None) -> None:
        """A shot moved, or got further within its state."""
        ...

    def note(self, text: str) -> None:
        """Something a person should read."""
        ...

    def stage(self, name: str, fraction: float | None = None) -> None:
        """A step of the whole episode (the cut, the archive), 0 to 1."""
        ...


class Unwatched:
    """A watcher that looks away."""

    def shot(self, key: str, state: str, detail: str = "", cost_usd: Decimal | None = None) -> None:
        """Ignore it."""

    def note(self, text: str) -> None:
        """Ignore it."""

    def stage(self, name: str, fraction: float | None = None) -> None:
        """Ignore it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """Everything a take needs on its way from `planned` to `done`."""

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
    poll_interval: timedelta | None = None  # None: each vendor's own
    unpriced: frozenset[str] = frozenset()  # SCENE/SHOT: may be ordered at an unknown price under the run's own cap
    patience: timedelta = PATIENCE  # after that a job is reported as still running, and left alone
    clip_patience: timedelta = CLIP_PATIENCE  # for a clip that is called ready and whose host does not give it
    callback_patience: timedelta = timedelta(minutes=15)  # after an order whose answer was lost; longer than jobs take
    listen_every_s: float = LISTEN_EVERY_S  # for callbacks, while takes that have a door are waited for
    callback_listener: CallbackListener = field(init=False, repr=False)
    _backoffs: dict[str, OrderBackoff] = field(default_factory=dict, repr=False)
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(8, "ledger"), repr=False)

    def __post_init__(self) -> None:
        ledger, series = self.ledger, self.series
        callback_listener = CallbackListener(
            lambda take_id: self.ask(ledger.has_callback_link, take_id),
            lambda: self.ask(ledger.callbacks_received, series),
            every_s=self.listen_every_s,
        )
        object.__setattr__(self, "callback_listener", callback_listener)

    async def ask(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a blocking call of the ledger or the store in a thread that no ffmpeg or drawing can starve."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, functools.partial(call, *args, **kwargs))

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

    def turn(self, name: str) -> OrderBackoff:
        """Hold one of its places while ordering from this vendor. They come in the order in which they were asked for.

        Hundreds of takes may want to order at the same moment. Those at the front claim, send, and wait where the
        vendor has no room; were all of them to, most would wait with a claim for a socket, or ask the ledger for a
        place over and over.
        """
        return self._backoffs.setdefault(name, OrderBackoff())

    async def aclose(self) -> None:
        """Close the vendors and the threads; ledger, store and owner belong to whoever opened them.

        An order that is on its way is answered first, and written down: a client that is closed would tear it.
        """
        try:
            await shielded_steps_ended()
        finally:
            await self.callback_listener.aclose()
            for provider in self.providers.values():
                await provider.aclose()
            self._threads.shutdown(wait=True)


def _way_back(take: Take) -> str:
    """How the vendor is asked as the customer whose take this is."""
    variable, name = account_variable(take.provider), name_of(take.account)
    where = "on this machine" if is_stand_in(take.account) else "itself"
    return f"ask {take.provider} {where}, {f'set {variable} to {name}' if name else f'leave {variable} unset'},"
