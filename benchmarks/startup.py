"""How long a command takes before it does anything, beyond the interpreter's own start.

    python benchmarks/startup.py

`tailframe --help` and `tailframe plan` are held to half a second. Every figure is the best of several starts, taken in
turn with bare interpreters, so that a busy machine slows both. Exits with 1 where a claim does not hold.
"""

from __future__ import annotations

import subprocess
import sys
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


def seconds(arguments: Sequence[str]) -> float:
    """How long one start takes, to its end."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True, cwd=ROOT)
    return time.perf_counter() - began


def measure() -> dict[str, float]:
    """The best time of each command, after one start each that compiles the bytecode."""
    for arguments in COMMANDS.values():
        seconds(arguments)
    rounds = [{name: seconds(arguments) for name, arguments in COMMANDS.items()} for _ in range(ROUNDS)]
    return {name: min(times[name] for times in rounds) for name in COMMANDS}


def main() -> int:
    """Print a table; 0 where every command stays within what is allowed."""
    best = measure()
    bare = best.pop("python -c pass")
    print(f"{'python -c pass':<20}{bare * 1000:>8.0f} ms")
    for name, taken in best.items():
        verdict = "ok" if taken - bare <= ALLOWED_S else f"more than {ALLOWED_S} s"
        print(f"{name:<20}{taken * 1000:>8.0f} ms  {(taken - bare) * 1000:>+8.0f} ms  {taken / bare:>5.1f}x  {verdict}")
    return int(any(taken - bare > ALLOWED_S for taken in best.values()))


if __name__ == "__main__":
    sys.exit(main())
