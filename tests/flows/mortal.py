"""Runs one produce in this process, and dies at a chosen moment: for tests that kill.

A moment is the instant before or after a step that changes the world: a write of the ledger, a blob that is kept, a
request that leaves for a vendor (for one without a network, a call of its provider). The steps are not listed
here: whatever passes `Ledger.write` is a write, and whatever passes the vendors' transport is a request, so a new one
is a moment by itself. Moments are numbered as they come; at the fatal one the process kills itself
(SIGKILL: no cleanup of any kind).
"""

from __future__ import annotations

import argparse
import asyncio
import inspect
import json
import os
import re
import signal
import threading
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import httpx

from flows.run.beginning import begin
from flows.run.session import RunOptions
from flows.run.workspace import Workspace, open_workspace
from render.context import RunContext
from render.ledger import Ledger, RunId, queries, runs
from render.net.transport import CheckedTransport
from render.providers.base import Provider
from render.store import Store
from render.takes.outcomes import Outcome
from tests.flows.forks import last_words


def methods(of: type) -> frozenset[str]:
    """The names of what can be called."""
    return frozenset(name for name, each in inspect.getmembers(of, callable) if not name.startswith("_"))


KEEPS = frozenset(name for name in methods(Store) if name.startswith("put"))
CALLS = methods(Provider) - {"aclose"}


@dataclass
class Moments:
    """Counts the moments, each by the name of its step, and knows the fatal one."""

    fatal: int | str | None = None  # its number, or its name
    passed: list[str] = field(default_factory=list)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def next(self, name: str) -> None:
        """One more moment; the fatal one is the last."""
        with self._turn:
            self.passed.append(name)
            if self.fatal in {len(self.passed), name}:
                last_words(name)
                os.kill(os.getpid(), signal.SIGKILL)

    def around(self, name: str, call: Callable[[], Any]) -> Any:
        """A step, and the moments before and after it; one that fails has no moment after it."""
        self.next(f"before {name}")
        result = call()
        self.next(f"after {name}")
        return result


class Mortal:
    """Anything of which some calls pass two moments."""

    def __init__(self, real: Any, names: Collection[str], moments: Moments) -> None:
        self._real, self._names, self._moments = real, names, moments

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if name not in self._names:
            return found
        return self._watched_async(name, found) if inspect.iscoroutinefunction(found) else self._watched(name, found)

    def _watched(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **kwargs: Any) -> Any:
            return self._moments.around(name, lambda: call(*args, **kwargs))

        return watched

    def _watched_async(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        async def watched(*args: Any, **kwargs: Any) -> Any:
            self._moments.next(f"before {name}")
            result = await call(*args, **kwargs)
            self._moments.next(f"after {name}")
            return result

        return watched


class MortalLedger:
    """A ledger of which every step passes two moments, each by the step's name.

    So does a query that stands beside the steps: it decides whether one may be made.
    """

    def __init__(self, real: Ledger, moments: Moments) -> None:
        self._real, self._moments = real, moments

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def during(self, run: RunId) -> MortalLedger:
        """As mortal."""
        return MortalLedger(self._real.during(run), self._moments)

    def write(self, step: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Every write there is comes through here."""
        return self._moments.around(step.__name__, lambda: self._real.write(step, *args, **kwargs))

    def read(self, query: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """What is asked of the plain queries is no moment."""
        if query.__module__ == queries.__name__:
            return self._real.read(query, *args, **kwargs)
        return self._moments.around(query.__name__, lambda: self._real.read(query, *args, **kwargs))


def watch_requests(moments: Moments) -> None:
    """Every request passes two moments: before its first byte leaves, and once its answer has come."""
    send = CheckedTransport.handle_async_request

    async def watched(transport: CheckedTransport, request: httpx.Request) -> httpx.Response:
        name = f"{request.method} {re.sub('[^/]{20,}', 'ID', request.url.path)}"
        moments.next(f"before {name}")
        response = await send(transport, request)
        moments.next(f"after {name}")
        return response

    CheckedTransport.handle_async_request = watched  # type: ignore[method-assign]


@dataclass(frozen=True, kw_only=True)
class MortalWorkspace(Workspace):
    """A workspace whose ledger is mortal; its vendor too, where that has no network."""

    moments: Moments

    def run_context(self, *given: Any, **named: Any) -> RunContext:
        """The run's context, with a mortal animatic."""
        context = Workspace.run_context(self, *given, **named)
        drawn = {
            name: Mortal(each, CALLS, self.moments) for name, each in context.providers.items() if name == "animatic"
        }
        return replace(context, providers={**context.providers, **drawn})  # type: ignore[arg-type]


class ClosedCuttingRoom:
    """A cutting room that takes nothing in, for runs that end before the cut."""

    def take_in(self, outcome: Outcome) -> None:
        """Leave it."""

    async def close(self) -> None:
        """Nothing was begun."""


def produce(root: Path, run_options: RunOptions, fatal: int | str | None = None, cut: bool = True) -> dict[str, Any]:
    """One run, as `tailframe produce` makes it, without Prefect. Without the cut it is over when its shots are."""
    moments = Moments(fatal)
    watch_requests(moments)
    return asyncio.run(_produce(root, run_options, moments, cut=cut))


async def _produce(root: Path, run_options: RunOptions, moments: Moments, *, cut: bool) -> dict[str, Any]:
    async with open_workspace(root) as workspace:
        parts = {each.name: getattr(workspace, each.name) for each in fields(workspace)}
        parts["ledger"] = MortalLedger(workspace.ledger, moments)
        if cut:
            mortal_store = Mortal(workspace.store, KEEPS, moments)
            parts["open_store"] = lambda: mortal_store
        async with begin(MortalWorkspace(**parts, moments=moments), run_options) as session:
            if cut:
                await session.make_all(session.production.make)
                result = await session.finish()
                return _told(result.outcomes, moments, result.exit_code, result.message)
            session.cutting_room = ClosedCuttingRoom()  # type: ignore[assignment]
            await session.make_all(session.production.make)
            await session.context.write(runs.end_run, session.context.run)
            outcomes = tuple(session.production.outcomes.values())
            return _told(outcomes, moments, 0 if all(each.good for each in outcomes) else 1, "")


def _told(outcomes: Iterable[Outcome], moments: Moments, exit_code: int, message: str) -> dict[str, Any]:
    every = tuple(outcomes)
    return {
        "exit_code": exit_code,
        "message": message,
        "states": {outcome.key: outcome.state.value for outcome in every},
        "made": sorted(outcome.key for outcome in every if outcome.made),
        "moments": tuple(moments.passed),
    }


def main() -> None:
    """Make the episode that the arguments name, and print what became of it as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("project", type=Path)
    parser.add_argument("episode")
    asked = parser.parse_args()
    print(json.dumps(produce(asked.project, RunOptions(episode=asked.episode))))


if __name__ == "__main__":
    main()
