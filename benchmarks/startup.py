"""How long a command takes before it does anything, beyond the interpreter's own start.

    python benchmarks/startup.py

`tailframe --help` and `tailframe plan` are held to half a second. Every figure is the best of several starts, taken in
turn with bare interpreters, so that a busy machine slows both. Exits with 1 where a claim does not hold.

The embedded Prefect is shown beside them, from the start of a process until a flow can run: the very first time, when
its database is migrated, and every later time, when it begins with a copy of that one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROUNDS = 7
ALLOWED_S = 0.5
ROOT = Path(__file__).parent.parent
TAILFRAME = "from flows.cli import main; main()"
COMMANDS: Mapping[str, Sequence[str]] = {
    "python -c pass": ["-c", "pass"],
    "tailframe --help": ["-c", TAILFRAME, "--help"],
    "tailframe plan": ["-c", TAILFRAME, "plan", str(ROOT / "projects/lighthouse"), "e01"],
}
CONNECT = (
    "from flows.prefect.server import prefect_server\nwith prefect_server() as s, s.connected(): import prefect.flows"
)


def seconds(arguments: Sequence[str], **environment: str) -> float:
    """How long one start takes, to its end."""
    began = time.perf_counter()
    settings = os.environ | environment
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True, cwd=ROOT, env=settings)
    return time.perf_counter() - began


def measure() -> dict[str, float]:
    """The best time of each command, after one start each that compiles the bytecode."""
    for arguments in COMMANDS.values():
        seconds(arguments)
    rounds = [{name: seconds(arguments) for name, arguments in COMMANDS.items()} for _ in range(ROUNDS)]
    return {name: min(times[name] for times in rounds) for name in COMMANDS}


def show_prefect() -> None:
    """Print how long it takes until a flow can run on an embedded server, beside the import alone."""
    imported = min(seconds(["-c", "import prefect.flows"]) for _ in range(3))
    with tempfile.TemporaryDirectory() as state:
        first = seconds(["-c", CONNECT], XDG_STATE_HOME=state, PREFECT_API_URL="")
        later = min(seconds(["-c", CONNECT], XDG_STATE_HOME=state, PREFECT_API_URL="") for _ in range(3))
    print(f"{'import prefect':<20}{imported * 1000:>8.0f} ms")
    print(f"{'embedded, first':<20}{first * 1000:>8.0f} ms  {first / imported:>5.1f}x the import")
    print(f"{'embedded, later':<20}{later * 1000:>8.0f} ms  {later / imported:>5.1f}x the import")


def main() -> int:
    """Print a table; 0 where every command stays within what is allowed."""
    best = measure()
    bare = best.pop("python -c pass")
    print(f"{'python -c pass':<20}{bare * 1000:>8.0f} ms")
    for name, taken in best.items():
        verdict = "ok" if taken - bare <= ALLOWED_S else f"more than {ALLOWED_S} s"
        print(f"{name:<20}{taken * 1000:>8.0f} ms  {(taken - bare) * 1000:>+8.0f} ms  {taken / bare:>5.1f}x  {verdict}")
    show_prefect()
    return int(any(taken - bare > ALLOWED_S for taken in best.values()))


if __name__ == "__main__":
    sys.exit(main())
