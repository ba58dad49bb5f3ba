"""How a run tells what it is doing: a live table on a terminal, one line a change anywhere else.

Everything goes to standard error, since standard output is for results. Both reporters may be called from any
thread, and both end with one line of totals.
"""

import contextlib
import logging
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol, TextIO

from flows.terminal.news_lines import json_lines, news_line
from storyboard.text.dollars import usd
from storyboard.text.printable import printable

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

__all__ = ["LineReporter", "LiveReporter", "Reporter", "elapsed", "reporting"]

GOOD = frozenset({"done", "reused", "waived", "stale"})
BAD = frozenset({"failed", "refused", "unknown", "blocked", "missing"})
RECENT = 6  # ended shots that the live table still shows


class Reporter(Protocol):
    """Where a run's news goes. `key` is SCENE/SHOT; a `state` of GOOD or BAD ends the shot for this run."""

    def shot(self, key: str, state: str, detail: str = "", cost_usd: Decimal | None = None) -> None:
        """A shot is now in this state. Saying the same again costs nothing."""
        ...

    def note(self, text: str) -> None:
        """Something that a person should read, once."""
        ...

    def stage(self, name: str, fraction: float | None = None) -> None:
        """Work on the whole episode ("cutting", "archiving") has come so far, from 0 to 1."""
        ...


def elapsed(seconds: float) -> str:
    """A length of time as people read it: `4.2 s`, `12:05`, `1:02:03`."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@dataclass(slots=True)
class ShotProgress:
    """How far one shot is. Moments are seconds of the board's clock."""

    key: str  # SCENE/SHOT
    state: str
    detail: str
    began: float
    ended: float | None = None  # None while it is under way or waits
    cost_usd: Decimal | None = None  # None while nobody knows

    def seconds(self, now: float) -> float:
        """For how many seconds it has been, or was, under way."""
        return (self.ended or now) - self.began


@dataclass(slots=True)
class Board:
    """The state of all shots of one run; knows nothing of how it is shown."""

    clock: Callable[[], float] = time.monotonic
    shots: dict[str, ShotProgress] = field(default_factory=dict)
    began: float = field(init=False)

    def __post_init__(self) -> None:
        self.began = self.clock()

    def move(self, key: str, state: str, detail: str, cost_usd: Decimal | None) -> bool:
        """Take a shot's news; True where its state is another than before."""
        now = self.clock()
        shot = self.shots.get(key)
        changed = shot is None or shot.state != state
        if shot is None:
            shot = self.shots[key] = ShotProgress(key, state, detail, began=now)
        elif shot.state in {"planned", "waiting"} and changed:
            shot.began = now
        shot.state, shot.detail = state, detail
        shot.cost_usd = shot.cost_usd if cost_usd is None else cost_usd
        shot.ended = now if state in GOOD | BAD else None
        return changed

    def under_way(self) -> list[ShotProgress]:
        """Shots being worked on, in the order in which they began."""
        return [s for s in self.shots.values() if s.ended is None and s.state not in {"planned", "waiting"}]

    def waiting(self) -> list[ShotProgress]:
        """Shots that wait for something that was told, in the order in which they began to."""
        told = [shot for shot in self.shots.values() if shot.state == "waiting" and shot.detail]
        return sorted(told, key=lambda shot: shot.began)

    def ended(self) -> list[ShotProgress]:
        """Shots that have ended, the latest last."""
        over = [shot for shot in self.shots.values() if shot.ended is not None]
        return sorted(over, key=lambda shot: shot.ended or 0.0)

    def summary(self) -> str:
        """The line of totals: `38 of 40 shots, 2 failed, $3.20, 4:10`."""
        counts = Counter(shot.state for shot in self.shots.values())
        good = sum(counts[state] for state in GOOD)
        others = [f"{count} {state}" for state, count in sorted(counts.items()) if state not in GOOD]
        parts = [f"{good} of {len(self.shots)} shots", *others, self._spent(), elapsed(self.clock() - self.began)]
        return ", ".join(parts)

    def _spent(self) -> str:
        """What this run made cost; a shot that it made and whose price nobody knows is no shot for nothing."""
        made = [shot for shot in self.shots.values() if shot.state != "reused"]
        spent = usd(sum((shot.cost_usd or Decimal(0) for shot in made), Decimal(0)))
        unpriced = sum(shot.state == "done" and shot.cost_usd is None for shot in made)
        return f"{spent} and an unknown price for {unpriced}" if unpriced else spent


class LineReporter:
    """One line a change of state: `e01 lamp/010 done 4.2 s $0.00`. For logs, pipes and people without a terminal."""

    def __init__(self, episode: str, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._episode, self._stream, self._board = episode, stream or sys.stderr, Board(clock)
        self._stage, self._stage_began = "", 0.0
        self._stage_open = False
        self._lock = threading.Lock()

    def shot(self, key: str, state: str, detail: str = "", cost_usd: Decimal | None = None) -> None:
        """See Reporter. Progress within a state writes nothing, and neither does a shot that only waits its turn."""
        with self._lock:
            if not self._board.move(key, state, detail, cost_usd) or state == "planned":
                return
            shot = self._board.shots[key]
            parts = [key, state]
            if shot.ended is not None:
                parts.append(elapsed(shot.seconds(shot.ended)))
                parts += [usd(shot.cost_usd)] if shot.cost_usd is not None else []
            self._write(printable(" ".join(parts) + (f": {detail}" if detail else "")))

    def note(self, text: str) -> None:
        """See Reporter."""
        with self._lock:
            self._write(text)

    def stage(self, name: str, fraction: float | None = None) -> None:
        """See Reporter. A stage has a line when it begins and one when it ends, or another begins."""
        with self._lock:
            if name != self._stage:
                self._end_stage()
                self._stage, self._stage_began, self._stage_open = name, self._board.clock(), True
                self._write(f"{name} …")
            if fraction == 1:
                self._end_stage()

    def _end_stage(self) -> None:
        if self._stage_open:
            self._write(f"{self._stage} done {elapsed(self._board.clock() - self._stage_began)}")
        self._stage_open = False

    def close(self) -> None:
        """Write the totals."""
        with self._lock:
            if self._board.shots:
                self._write(self._board.summary())

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):  # a run must not die of a log that nobody reads
            lines = (f"{self._episode} {line}" for line in text.splitlines())
            print(*map(news_line, lines), sep="\n", file=self._stream, flush=True)


class LiveReporter:
    """A table that stays in place: what is under way, what ended last, and one line of totals, for any length."""

    def __init__(self, title: str, console: "Console", clock: Callable[[], float] = time.monotonic) -> None:
        from rich.live import Live

        self._title, self._console, self._board = title, console, Board(clock)
        self._stage: tuple[str, float | None] | None = None
        self._lock = threading.Lock()
        self._live = Live(console=console, get_renderable=self.table, refresh_per_second=8, transient=True)
        self._live.start()

    def shot(self, key: str, state: str, detail: str = "", cost_usd: Decimal | None = None) -> None:
        """See Reporter. A shot that ends badly is also written above the table, to stay."""
        with self._lock:
            changed = self._board.move(key, state, detail, cost_usd)
        if changed and state in BAD:
            self._say(f"{key} {state}{': ' + detail if detail else ''}", style="red")

    def note(self, text: str) -> None:
        """See Reporter."""
        self._say(text)

    def stage(self, name: str, fraction: float | None = None) -> None:
        """See Reporter."""
        with self._lock:
            self._stage = None if fraction == 1 else (name, fraction)

    def close(self) -> None:
        """Take the table away and write the totals."""
        self._live.stop()
        if self._board.shots:
            self._say(f"{self._title}: {self._board.summary()}")

    def table(self) -> "RenderableType":
        """What is on the screen now."""
        from rich.console import Group
        from rich.table import Table

        from flows.terminal.consoles import cell

        with self._lock:
            now = self._board.clock()
            room = max(3, self._console.size.height - RECENT - 4)
            under_way, ended = self._board.under_way(), self._board.ended()
            shown = ended[-RECENT:] + under_way[:room]
            grid = Table(box=None, show_header=False, padding=(0, 1), expand=True)
            for justify in ("left", "left", "right", "right"):
                grid.add_column(justify=justify, no_wrap=True)
            grid.add_column(ratio=1, no_wrap=True, overflow="ellipsis")  # alone gives way where a line is too long
            for shot in shown:
                cost = "" if shot.cost_usd is None else usd(shot.cost_usd)
                state = cell(shot.state, _style(shot.state))
                grid.add_row(cell(shot.key), state, elapsed(shot.seconds(now)), cost, cell(shot.detail))
            more = len(under_way) - room
            lines = [cell(f"and {more} more under way", "dim")] if more > 0 else []
            lines += [_cut_off(f"{shot.key} waits: {shot.detail}", "dim") for shot in self._board.waiting()[-1:]]
            lines += [cell(_stage_words(*self._stage))] if self._stage is not None else []
            lines.append(_cut_off(f"{self._title}: {self._board.summary()}", "bold"))
        return Group(grid, *lines)

    def _say(self, text: str, style: str = "") -> None:
        self._console.print(text, style=style or None, markup=False, highlight=False, soft_wrap=True)


def _style(state: str) -> str:
    if state in BAD:
        return "red"
    return "green" if state in GOOD else "cyan"


def _cut_off(line: str, style: str) -> "Text":
    """A line that is cut where the terminal ends."""
    from flows.terminal.consoles import cell

    text = cell(line, style)
    text.overflow, text.no_wrap = "ellipsis", True
    return text


def _stage_words(name: str, fraction: float | None) -> str:
    return f"{name} …" if fraction is None else f"{name} {fraction:.0%}"


class _Notes(logging.Handler):
    """A log handler: warnings of our own packages become notes, so that they never tear the table."""

    def __init__(self, reporter: Reporter) -> None:
        super().__init__(logging.WARNING)
        self._reporter = reporter

    def emit(self, record: logging.LogRecord) -> None:
        """Pass one warning on."""
        self._reporter.note(f"{record.levelname.lower()}: {record.getMessage()}")


@contextlib.contextmanager
def reporting(title: str, *, live: bool | None = None) -> Iterator[Reporter]:
    """A reporter for one run, live where standard error is a terminal. `title` is the episode's id."""
    reporter = _live(title) if live is not False else None
    chosen = reporter or LineReporter(title)
    notes = _Notes(chosen)
    loggers = [] if json_lines() else [logging.getLogger(name) for name in ("storyboard", "render", "flows")]
    for logger in loggers:
        logger.addHandler(notes)
    try:
        yield chosen
    finally:
        for logger in loggers:
            logger.removeHandler(notes)
        chosen.close()


def _live(title: str) -> LiveReporter | None:
    if not sys.stderr.isatty():
        return None
    from flows.terminal.consoles import news

    console = news()
    return None if console.is_dumb_terminal else LiveReporter(title, console)
