"""Runs one produce in this process, and dies at a chosen moment: a program for tests that kill.

    python -m tests.flows.mortal PROJECT EPISODE [--new-take] [--shots K,K] [--die N]

Every call of the ledger, of the store and of a vendor has two moments, before and after it; they are numbered as they
come. With `--die N` the process kills itself (SIGKILL: no cleanup of any kind) at the N-th. Without it, the run goes to
its end and the number of moments is printed, so that a test can choose among all there are.
"""

from __future__ import annotations

import argparse
import asyncio
import inspect
import json
import os
import signal
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from flows.session import Assignment, begin
from flows.studio import Studio, open_studio
from render.bench import Bench
from render.ledger import RunId


@dataclass
class Moments:
    """Counts the moments and knows the fatal one."""

    fatal: int | None
    passed: int = 0

    def next(self) -> None:
        """One more moment; the fatal one is the last."""
        self.passed += 1
        if self.passed == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)


class Mortal:
    """Anything whose every call passes two moments."""

    def __init__(self, real: Any, moments: Moments) -> None:
        self._real = real
        self._moments = moments

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if not callable(found):
            return found
        if name == "during":
            return lambda run: Mortal(found(run), self._moments)
        return self._watched_async(found) if inspect.iscoroutinefunction(found) else self._watched(found)

    def _watched(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **kwargs: Any) -> Any:
            self._moments.next()
            result = call(*args, **kwargs)
            self._moments.next()
            return result

        return watched

    def _watched_async(self, call: Callable[..., Any]) -> Callable[..., Any]:
        async def watched(*args: Any, **kwargs: Any) -> Any:
            self._moments.next()
            result = await call(*args, **kwargs)
            self._moments.next()
            return result

        return watched


@dataclass(frozen=True, kw_only=True)
class MortalStudio(Studio):
    """A studio whose ledger, store and vendors are mortal."""

    moments: Moments

    def bench(self, series: str, run: RunId, providers: Collection[str], also: Iterable[str] = ()) -> Bench:
        """The bench, with mortal vendors."""
        bench = Studio.bench(self, series, run, providers, also)
        mortal = {name: Mortal(provider, self.moments) for name, provider in bench.providers.items()}
        return replace(bench, providers=mortal)  # type: ignore[arg-type]


async def produce(root: Path, assignment: Assignment, moments: Moments) -> dict[str, Any]:
    """One run, as `tailframe produce` makes it, without Prefect."""
    async with open_studio(root) as studio:
        parts = {field.name: getattr(studio, field.name) for field in fields(studio)}
        parts |= {"ledger": Mortal(studio.ledger, moments), "store": Mortal(studio.store, moments)}
        async with begin(MortalStudio(**parts, moments=moments), assignment) as session:
            await session.make_all(session.production.make)
            result = await session.finish()
    return {
        "exit_code": result.exit_code,
        "message": result.message,
        "states": {outcome.key: outcome.state.value for outcome in result.outcomes},
        "made": sorted(outcome.key for outcome in result.outcomes if outcome.made),
        "moments": moments.passed,
    }


def main() -> None:
    """Read the arguments, run, and print the result as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("project", type=Path)
    parser.add_argument("episode")
    parser.add_argument("--new-take", action="store_true")
    parser.add_argument("--cascade", action="store_true")
    parser.add_argument("--shots", default="")
    parser.add_argument("--die", type=int)
    asked = parser.parse_args()
    assignment = Assignment(
        episode=asked.episode,
        shots=frozenset(asked.shots.split(",")) if asked.shots else None,
        new_take=asked.new_take,
        cascade=asked.cascade,
    )
    print(json.dumps(asyncio.run(produce(asked.project, assignment, Moments(asked.die)))))


if __name__ == "__main__":
    main()
