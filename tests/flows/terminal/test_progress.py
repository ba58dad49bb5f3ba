"""A run's news: lines without a terminal, a table with one, and totals that add up."""

import io
import logging
from collections.abc import Iterator
from decimal import Decimal

import pytest
from rich.console import Console

from flows.terminal.progress import Board, LineReporter, LiveReporter, elapsed, reporting


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def terminal(clock: Clock) -> Iterator[tuple[LiveReporter, Console]]:
    console = Console(file=io.StringIO(), force_terminal=True, width=100, height=24, color_system=None)
    reporter = LiveReporter("e01", console, clock)
    yield reporter, console
    reporter.close()


def drawn(reporter: LiveReporter) -> list[str]:
    """The table as lines of text."""
    console = Console(file=io.StringIO(), width=100, height=24)
    with console.capture() as capture:
        console.print(reporter.table())
    return capture.get().splitlines()


def test_one_line_a_change_of_state(clock: Clock) -> None:
    """Progress within a state is silent; the end says how long it took and what it cost."""
    stream = io.StringIO()
    reporter = LineReporter("e01", stream, clock)
    reporter.shot("lamp/010", "generating")
    reporter.shot("lamp/010", "generating", "40 %")
    clock.now += 4.2
    reporter.shot("lamp/010", "done", cost_usd=Decimal(0))
    assert stream.getvalue().splitlines() == ["e01 lamp/010 generating", "e01 lamp/010 done 4.2 s $0.00"]


def test_a_failure_says_why_on_its_line(clock: Clock) -> None:
    """The reason stands beside the state."""
    stream = io.StringIO()
    LineReporter("e01", stream, clock).shot("lamp/010", "refused", "a real face in @image1")
    assert stream.getvalue() == "e01 lamp/010 refused 0.0 s: a real face in @image1\n"


def test_waiting_is_not_counted_as_work(clock: Clock) -> None:
    """A shot's time begins when work on it does."""
    stream = io.StringIO()
    reporter = LineReporter("e01", stream, clock)
    reporter.shot("lamp/010", "waiting")
    clock.now += 100
    reporter.shot("lamp/010", "generating")
    clock.now += 5
    reporter.shot("lamp/010", "done")
    assert stream.getvalue().splitlines()[-1] == "e01 lamp/010 done 5.0 s"


def test_a_stage_begins_and_ends_once(clock: Clock) -> None:
    """However often its progress is told, a stage has two lines."""
    stream = io.StringIO()
    reporter = LineReporter("e01", stream, clock)
    for fraction in (0.0, 0.3, 0.9):
        reporter.stage("cutting", fraction)
    clock.now += 2
    reporter.stage("cutting", 1.0)
    reporter.stage("cutting", 1.0)
    assert stream.getvalue().splitlines() == ["e01 cutting …", "e01 cutting done 2.0 s"]


def test_one_stage_ends_where_the_next_begins(clock: Clock) -> None:
    """Not every stage knows how far it is; then the next one says that it is over."""
    stream = io.StringIO()
    reporter = LineReporter("e01", stream, clock)
    reporter.stage("contact sheet")
    clock.now += 1
    reporter.stage("archiving")
    assert stream.getvalue().splitlines() == ["e01 contact sheet …", "e01 contact sheet done 1.0 s", "e01 archiving …"]


def test_shots_that_only_wait_their_turn_are_counted_in_silence(clock: Clock) -> None:
    """A log of forty shots does not begin with forty lines, and its totals count them all the same."""
    stream = io.StringIO()
    reporter = LineReporter("e01", stream, clock)
    reporter.shot("lamp/010", "planned")
    reporter.close()
    assert stream.getvalue() == "e01 0 of 1 shots, 1 planned, $0.00, 0.0 s\n"


def test_a_closed_pipe_does_not_end_a_run(clock: Clock) -> None:
    """Nobody reading the log any more is no reason to lose paid work."""
    stream = io.StringIO()
    reporter = LineReporter("e01", stream, clock)
    stream.close()
    reporter.shot("lamp/010", "done")
    reporter.close()


def test_totals_add_up(clock: Clock) -> None:
    """The summary counts what is good, what is not, the money and the time."""
    board = Board(clock)
    board.move("a/1", "done", "", Decimal("0.40"))
    board.move("a/2", "reused", "", Decimal(9))  # paid for by an earlier run
    board.move("a/3", "failed", "", Decimal("0.125"))
    board.move("a/4", "waiting", "", None)
    clock.now += 65
    assert board.summary() == "2 of 4 shots, 1 failed, 1 waiting, $0.525, 1:05"


def test_a_clip_of_unknown_price_is_not_told_as_one_for_nothing(clock: Clock) -> None:
    """The totals count the shots that this run made and whose price nobody knows."""
    board = Board(clock)
    board.move("a/1", "done", "", Decimal("0.40"))
    board.move("a/2", "done", "", None)
    board.move("a/3", "reused", "", None)
    assert board.summary() == "3 of 3 shots, $0.40 and an unknown price for 1, 0.0 s"


def test_whoever_looks_sees_why_shots_wait(terminal: tuple[LiveReporter, Console], clock: Clock) -> None:
    """One line tells what the last of them waits for, and goes when none of them waits any more."""
    reporter, _ = terminal
    reporter.shot("a/1", "waiting")
    assert not any("waits" in line for line in drawn(reporter))
    reporter.shot("a/2", "waiting", "acme cannot be reached " * 9)
    (line,) = (line for line in drawn(reporter) if "waits" in line)
    assert line.startswith("a/2 waits: acme cannot be reached")
    assert line.rstrip().endswith("…")
    reporter.shot("a/2", "generating")
    assert not any("waits" in line for line in drawn(reporter))


def test_two_hundred_shots_fit_on_a_screen(terminal: tuple[LiveReporter, Console], clock: Clock) -> None:
    """The table shows what is under way and what ended last, never more rows than the screen has."""
    reporter, _ = terminal
    for number in range(200):
        reporter.shot(f"sea/{number:03}", "waiting" if number >= 150 else "generating")
    for number in range(50):
        clock.now += 1
        reporter.shot(f"sea/{number:03}", "done", cost_usd=Decimal(0))
    lines = drawn(reporter)
    assert len(lines) <= 24
    assert any("sea/049" in line and "done" in line for line in lines)
    assert any("sea/050" in line and "generating" in line for line in lines)
    assert not any("sea/010" in line or "sea/160" in line for line in lines)
    assert lines[-2].strip() == "and 86 more under way"
    assert lines[-1].strip() == "e01: 50 of 200 shots, 100 generating, 50 waiting, $0.00, 50.0 s"


def test_a_long_detail_gives_way_and_nothing_else_does(terminal: tuple[LiveReporter, Console]) -> None:
    """Which shot it is, and how it stands, can be read however much a vendor says."""
    reporter, _ = terminal
    reporter.shot("lamp/010", "unknown", "it is not known whether the order was taken " * 9)
    line = next(line for line in drawn(reporter) if "lamp/010" in line)
    assert line.split()[:2] == ["lamp/010", "unknown"]
    assert line.rstrip().endswith("…")


def test_a_failure_stays_on_the_screen(terminal: tuple[LiveReporter, Console]) -> None:
    """What went wrong is written above the table and not taken away with it."""
    reporter, console = terminal
    reporter.shot("lamp/010", "failed", "the vendor says [bold]no")
    reporter.close()
    assert isinstance(console.file, io.StringIO)
    assert "lamp/010 failed: the vendor says [bold]no" in console.file.getvalue()


def test_a_detail_is_never_markup(terminal: tuple[LiveReporter, Console]) -> None:
    """A vendor's words with square brackets are shown as they are."""
    reporter, _ = terminal
    reporter.shot("lamp/010", "generating", "[/red] 40 %")
    assert "[/red] 40 %" in drawn(reporter)[0]


def test_stages_show_how_far_they_are(terminal: tuple[LiveReporter, Console]) -> None:
    """The cut's progress is one line, gone when it is over."""
    reporter, _ = terminal
    reporter.stage("cutting", 0.25)
    assert "cutting 25%" in "\n".join(drawn(reporter))
    reporter.stage("cutting", 1)
    assert "cutting" not in "\n".join(drawn(reporter))


def test_warnings_of_our_own_become_notes(capsys: pytest.CaptureFixture[str]) -> None:
    """A logged warning goes through the reporter, in one line, and only while it runs."""
    with reporting("e01") as reporter:
        logging.getLogger("render.cut").warning("a clip is %s short", "2 frames")
        reporter.note("first\nsecond")
    assert capsys.readouterr().err.splitlines() == [
        "e01 warning: a clip is 2 frames short",
        "e01 first",
        "e01 second",
    ]


@pytest.mark.parametrize(("seconds", "text"), [(4.21, "4.2 s"), (65, "1:05"), (3723, "1:02:03")])
def test_time_as_people_read_it(seconds: float, text: str) -> None:
    """Seconds, minutes, hours."""
    assert elapsed(seconds) == text
