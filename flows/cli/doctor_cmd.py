"""`tailframe doctor`: looks at everything that work stands on."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.arguments import AsJson, project_folder
from flows.cli.exits import ExitCode
from flows.terminal.printing import say_json

if TYPE_CHECKING:
    from flows.doctor import DoctorContext, Part


def _maybe_folder(value: Path | None) -> Path | None:
    return None if value is None else project_folder(value)


MaybeProject = Annotated[
    Path | None,
    typer.Argument(
        metavar="PROJECT",
        help="The series' folder; this folder where it holds a series.yaml; else none.",
        callback=_maybe_folder,
    ),
]


def doctor(*, project: MaybeProject = None, as_json: AsJson = False) -> int:
    """Look at Python, ffmpeg, Prefect, ledger, store and vendors, and say what to do where something is wrong.

    Nothing is ordered and nothing is changed. Ends with 1 where anything is wrong.

    tailframe doctor
    tailframe doctor my-series --json
    """
    from flows.doctor import doctor_context

    if project is None and Path("series.yaml").is_file():
        project = Path()
    around = doctor_context(project, dict(os.environ))
    parts = _told_as_json(around) if as_json else _told_to_a_person(around)
    return ExitCode.NOT_DONE if any(each.health == "wrong" for part in parts for each in part.findings) else 0


def _told_as_json(around: "DoctorContext") -> "Sequence[Part]":

    from flows.cli.doctor_table import findings_json
    from flows.terminal.cancellation import run_in_order

    parts: list[Part] = []
    run_in_order(_run_checks(around, parts.append))
    say_json(findings_json(parts))
    return parts


def _told_to_a_person(around: "DoctorContext") -> "Sequence[Part]":
    from flows.cli.doctor_table import print_part, print_sums
    from flows.terminal.cancellation import run_in_order
    from flows.terminal.consoles import news, results

    parts: list[Part] = []
    out = results()
    beside = out if out.is_terminal else news()  # two that draw on one terminal would tear each other
    with beside.status("") as spinner:

        def told(part: "Part") -> None:
            parts.append(part)
            print_part(out, part)

        run_in_order(_run_checks(around, told, lambda names: spinner.update(f"looking at {', '.join(names)}")))
    print_sums(out, parts)
    return parts


async def _run_checks(
    around: "DoctorContext", told: "Callable[[Part], None]", waiting: Callable[[Sequence[str]], None] = lambda _: None
) -> None:
    from flows.doctor import checklist, look_after

    await look_after(checklist(around), secrets=around.secrets, told=told, waiting=waiting)


COMMANDS = (doctor,)
