"""Runs checks side by side and tells what each found, in their own order."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace

from flows.settings import debugging
from render.errors import MediaError
from render.net.responses import words
from render.providers.findings import Finding, wrong
from storyboard.errors import TailframeError

__all__ = ["Check", "Part", "in_thread", "look_after", "told_by"]

Findings = Sequence[Finding]

LOOK_UP = "Look up the words on the page of errors"


@dataclass(frozen=True, slots=True)
class Check:
    """One part of what work stands on, and how it is looked at."""

    part: str  # as it is told: `ffmpeg`, `ledger`, a vendor's name
    ask: Callable[[], Awaitable[Findings]]
    patience_s: float = 30.0  # after which it is told as hanging


@dataclass(frozen=True, slots=True)
class Part:
    """What was found in one part."""

    name: str
    findings: tuple[Finding, ...]


async def look_after(
    checks: Sequence[Check],
    *,
    secrets: Collection[str] = (),
    told: Callable[[Part], None],
    waiting: Callable[[Sequence[str]], None] = lambda _: None,
) -> None:
    """Run every check, and tell each part as soon as it and all before it are done.

    `waiting` hears which parts are still looked at. Nothing that is told holds one of `secrets`.
    """
    running = {check.part: asyncio.create_task(_part(check, secrets)) for check in checks}
    for task in running.values():
        task.add_done_callback(lambda _: waiting([name for name, each in running.items() if not each.done()]))
    waiting(list(running))
    try:
        for task in running.values():
            told(await task)
    finally:
        for task in running.values():
            task.cancel()


def in_thread(look: Callable[[], Findings]) -> Callable[[], Awaitable[Findings]]:
    """The same check in a thread, as it blocks; nobody waits for that thread once its time is over."""

    async def ask() -> Findings:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Findings] = loop.create_future()

        def settle(give: Callable[[], None]) -> None:
            if not done.done():
                give()

        def work() -> None:
            try:
                found = look()
            except Exception as error:  # it belongs to whoever asked
                failed = error
                _post(loop, lambda: settle(lambda: done.set_exception(failed)))
            else:
                _post(loop, lambda: settle(lambda: done.set_result(found)))

        threading.Thread(target=work, daemon=True, name="doctor").start()
        return await done

    return ask


def told_by(error: Exception) -> tuple[str, str]:
    """What an error says as (what happened, what to do); with the last words of a program that failed."""
    if not isinstance(error, TailframeError):
        return str(error), LOOK_UP
    told = f"{error.message.rstrip('.')}\n{error.stderr}" if isinstance(error, MediaError) else error.message
    return told.rstrip(".\n"), error.remedy or LOOK_UP


def _post(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    """Hand a result to the loop, if it still runs."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(call)


async def _part(check: Check, secrets: Collection[str]) -> Part:
    found = await _looked(check)
    return Part(check.part, tuple(_without(secrets, each) for each in found))


async def _looked(check: Check) -> Findings:
    try:
        async with asyncio.timeout(check.patience_s):
            return await check.ask()
    except TimeoutError:
        remedy = "Look at what it stands on, then ask again"
        return [wrong("answer", f"none within {check.patience_s:g} s", remedy)]
    except TailframeError as error:
        return [wrong("use", *told_by(error))]
    except OSError as error:
        return [wrong("use", f"the system says: {error}", "Check the place and its rights")]
    except Exception as error:
        if debugging():
            raise
        return [wrong("use", f"{type(error).__name__}: {error}", "This is a mistake in Tailframe. Please report it")]


def _without(secrets: Collection[str], finding: Finding) -> Finding:
    return replace(finding, value=words(finding.value, secrets), remedy=words(finding.remedy, secrets))
