"""What the review room costs for an episode of 300 shots with 1,000 takes: time, memory, questions to the ledger.

    python benchmarks/review_room.py

The board is held to 300 ms until its first byte and a second until its last, also right after a decision, which makes
the room plan the whole episode anew; the process is held to 150 MiB. The very first board waits for that plan, unless
its person takes longer to click than a second; it is shown beside. Exits with 1 where a claim does not hold. The room
is a process of its own, asked over a socket as a browser would. (`tests/flows/review/test_board.py` counts questions
to the ledger.)
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.flows.review.written_takes import big_series, with_takes  # noqa: E402

SHOTS, TAKES = 300, 1_000
FIRST_S, WHOLE_S, MOST_MIB = 0.3, 1.0, 150


def main() -> int:
    """Measure, print, and say whether all claims hold."""
    with tempfile.TemporaryDirectory() as folder:
        project = big_series(Path(folder), shots=SHOTS)
        with_takes(project, takes_in_all=TAKES)
        began = time.perf_counter()
        room = subprocess.Popen(
            [sys.executable, "-m", "flows.cli", "review", str(project), "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            text=True,
        )
        try:
            assert room.stdout is not None
            return _measured(room.stdout.readline().strip(), room.pid, began, project)
        finally:
            room.send_signal(signal.SIGINT)
            room.wait()


def _measured(link: str, pid: int, began: float, project: Path) -> int:
    with httpx.Client(base_url=link.partition("/?")[0], headers={"accept": "text/html"}, timeout=60) as browser:
        browser.get(link).raise_for_status()
        print(f"{'open, and let in':<28}{time.perf_counter() - began:>8.2f} s")
        first, again = _times(browser, "/e/e01"), _times(browser, "/e/e01")
        _decide(project)
        decided = _times(browser, "/e/e01")
        shot, series, money = (_times(browser, path)[1] for path in ("/e/e01/s/scene00/010", "/", "/money"))
        text = browser.get("/e/e01").text
        posters = set(re.findall(r"/poster/\w+/\d+", text))
        for poster in posters:
            browser.get(poster).raise_for_status()
        boards = {"board, at once": first, "board, again": again, "board, after a decision": decided}
        for name, (byte, whole) in boards.items():
            print(f"{name:<28}{byte:>8.3f} s first byte {whole:>8.3f} s whole")
        print(f"{'a shot, the series, money':<28}{shot:>8.3f} s {series:>8.3f} s {money:>8.3f} s")
        print(f"{'the board':<28}{len(text) / 1024:>8.0f} KiB, {len(posters)} posters")
        mib = _resident_mib(pid)
        print(f"{'memory':<28}{mib:>8.0f} MiB")
    held = all(byte <= FIRST_S and whole <= WHOLE_S for byte, whole in (again, decided)) and mib <= MOST_MIB
    print("every claim holds" if held else "a claim does not hold")
    return 0 if held else 1


def _decide(project: Path) -> None:
    """Somebody circles a take in another process."""
    command = [sys.executable, "-m", "flows.cli", "circle", str(project), "e01", "scene00/010", "1"]
    subprocess.run(command, cwd=ROOT, check=True, stderr=subprocess.DEVNULL)


def _times(browser: httpx.Client, path: str) -> tuple[float, float]:
    """Seconds until the first byte of a page, and until its last."""
    began = time.perf_counter()
    with browser.stream("GET", path) as answer:
        answer.raise_for_status()
        pieces = answer.iter_bytes()
        next(pieces)
        first = time.perf_counter() - began
        for _ in pieces:
            pass
    return first, time.perf_counter() - began


def _resident_mib(pid: int) -> float:
    """What the process holds at its most, in MiB."""
    told = Path(f"/proc/{pid}/status")
    status = told.read_text() if told.exists() else ""
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0


if __name__ == "__main__":
    sys.exit(main())
