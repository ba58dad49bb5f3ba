"""Starts runs in processes of their own, and reads what they left in the ledger."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flows.planning import asked_of
from render.ledger import Take, open_ledger
from storyboard.plan import Choices
from storyboard.takes import LIVE
from tests.projects import episode_file, scene, series_file, shot, write_project

ROOT = Path(__file__).parents[2]
TINY = {"master": {"width": 160, "height": 90, "fps": 24}}


def tiny_project(folder: Path, *, provider: str = "animatic", resolution: str = "480p", **series: Any) -> Path:
    """Four short shots in two scenes, one chain of two in each, at 160 by 90 pixels."""
    defaults = {"provider": provider, "resolution": resolution}
    length = 1 if provider == "animatic" else 4
    scenes = [
        scene(
            "lamp",
            shot("010", "{{ mara }} lights the lamp", duration=length),
            shot("020", "{{ mara }} opens {{ logbook }}", duration=length),
        ),
        scene(
            "shore",
            shot("010", "{{ tomas }} rows against the swell", duration=length),
            shot("020", "{{ tomas }} looks up at the light", duration=length),
            location="shore",
        ),
    ]
    written = {"defaults": defaults, "delivery": TINY, **series}
    return write_project(folder, series=series_file(**written), episodes={"e01": episode_file("e01", *scenes)})


def start(project: Path, *options: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """Start a run of e01; see `tests.flows.mortal` for the options."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.flows.mortal", str(project), "e01", *options],
        cwd=ROOT,
        env=dict(environment or os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> dict[str, Any]:
    """What the run said of itself. AssertionError with its complaint where it crashed."""
    out, err = process.communicate(timeout=100)
    assert process.returncode == 0, err
    result: dict[str, Any] = json.loads(out)
    return result


def run(project: Path, *options: str, environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Run e01 to its end."""
    return finish(start(project, *options, environment=environment))


def killed(project: Path, moment: int, *options: str, environment: Mapping[str, str] | None = None) -> bool:
    """Run e01 until its death at that moment; False where it came to its end before."""
    process = start(project, *options, "--die", str(moment), environment=environment)
    process.communicate(timeout=100)
    return process.returncode != 0


def takes_of(project: Path) -> tuple[Take, ...]:
    """Every take of the project's ledger."""
    ledger = open_ledger(f"sqlite:///{project / '.tailframe' / 'ledger.sqlite'}")
    try:
        return ledger.takes("lighthouse")
    finally:
        ledger.close()


def live_takes(project: Path) -> Counter[str]:
    """How many live takes each shot has."""
    return Counter(take.shot for take in takes_of(project) if take.state in LIVE)


def interrupted_retakes(project: Path) -> frozenset[str]:
    """Takes of a `--new-take` of the whole episode that never came to its end."""
    ledger = open_ledger(f"sqlite:///{project / '.tailframe' / 'ledger.sqlite'}")
    try:
        return ledger.interrupted("lighthouse", "e01", asked_of(Choices(new_take=True)))
    finally:
        ledger.close()
