"""Starts runs in processes of their own, kills them where a test wants it, and reads what they left in the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flows.run.ledger_facts import asked_of
from flows.run.session import RunOptions
from render.ledger import Take, open_ledger, queries
from storyboard.plan.episode_plan import Choices
from storyboard.takes import LIVE
from tests.flows.cli.in_process import tailframe
from tests.flows.forks import Fork, fork
from tests.flows.mortal import produce
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


def start(
    project: Path,
    *,
    environment: Mapping[str, str] | None = None,
    fatal: int | str | None = None,
    cut: bool = True,
    **asked: Any,
) -> Fork:
    """Begin a run of e01; `asked` as in `RunOptions`, the rest as in `tests.flows.mortal`."""
    return fork(produce, project, RunOptions(episode="e01", **asked), fatal, cut, environment=environment)


def run(project: Path, **how: Any) -> dict[str, Any]:
    """Run e01 to its end; see `start`."""
    result: dict[str, Any] = start(project, **how).finish()
    return result


def killed(project: Path, moment: int | str, **how: Any) -> str | None:
    """Run e01 until its death at that moment, by number or name, and name the moment; None where it did not die."""
    died, words = start(project, fatal=moment, **how).end()
    return str(words) if died else None


def command(*arguments: str | Path, environment: Mapping[str, str] | None = None) -> tuple[int, str]:
    """The `tailframe` command in a process of its own: its exit code, and all that it said."""
    code, said = fork(_command, arguments, environment=environment).finish()
    return int(code), str(said)


def _command(arguments: tuple[str | Path, ...]) -> tuple[int, str]:
    done = tailframe(*arguments)
    return done.exit_code, done.output


def takes_of(project: Path) -> tuple[Take, ...]:
    """Every take of the project's ledger."""
    ledger = open_ledger(f"sqlite:///{project / '.tailframe' / 'ledger.sqlite'}")
    try:
        return ledger.read(queries.takes, "lighthouse")
    finally:
        ledger.close()


def live_takes(project: Path) -> Counter[str]:
    """How many live takes each shot has."""
    return Counter(take.shot for take in takes_of(project) if take.state in LIVE)


def interrupted_retakes(project: Path) -> frozenset[str]:
    """Takes of a `--new-take` of the whole episode that never came to its end."""
    ledger = open_ledger(f"sqlite:///{project / '.tailframe' / 'ledger.sqlite'}")
    try:
        return ledger.read(queries.interrupted, "lighthouse", "e01", asked_of(Choices(new_take=True)))
    finally:
        ledger.close()
