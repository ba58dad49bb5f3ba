"""What commands take, said once, so that one name means one thing everywhere.

The options of a run are declared in `flows.run.options`; `with_run_options` gives them to a command.
"""

import inspect
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from flows.run.option_types import COUNT, SHOTS, USD, Option, taking
from flows.run.options import OPTIONS, RunOptions

__all__ = [
    "AllowMissing",
    "AsJson",
    "Episode",
    "Every",
    "Faults",
    "MaybeEpisode",
    "OneEpisode",
    "Port",
    "Project",
    "Shot",
    "Shots",
    "Take",
    "Why",
    "Yes",
    "assigned",
    "job_seconds",
    "one_or_every",
    "project_folder",
    "run_option",
    "shot_keys",
    "with_run_options",
]

F = TypeVar("F", bound=Callable[..., object])


def project_folder(value: Path) -> Path:
    """The series' folder, also where its `series.yaml` was named. Raises BadParameter where there is no folder."""
    folder = value.parent if value.name == "series.yaml" else value
    if not folder.is_dir():
        from storyboard.paths import typed

        raise typer.BadParameter(f"there is no folder {folder}. Make a series with: tailframe new {typed(folder)}")
    return folder


MOST_USD = 1_000_000_000
"""The largest amount that is taken, in US dollars: more than anybody may have meant, less than the ledger can hold."""


def usd(text: str) -> Decimal:
    """An amount of US dollars, as people write it: `12`, `12.50`, `$12.50`. Raises BadParameter for anything else."""
    try:
        amount = Decimal(text.strip().removeprefix("$"))
    except InvalidOperation:
        raise typer.BadParameter(f"{text!r} is not an amount of US dollars, such as 12.50") from None
    if not amount.is_finite() or not 0 <= amount <= MOST_USD:
        raise typer.BadParameter(f"{text!r} is not an amount of US dollars, such as 12.50")
    return amount


def shot_keys(values: list[str] | None) -> frozenset[str] | None:
    """The shots of `--shots a/010,b/020`; None where it was not given: all of them."""
    if values is None:
        return None
    return frozenset(key.strip() for value in values for key in value.split(",") if key.strip())


def run_option(name: str, means: str = "") -> Any:
    """A declared option as Typer takes it; `means` where a command says more closely what it does there."""
    option = next(each for each in OPTIONS if each.name == name)
    parser = usd if option.spelling is USD else None
    within = {"min": option.bounds["ge"], "max": option.bounds["le"]} if option.spelling is COUNT else {}
    help_ = f"{means or option.means}."
    return typer.Option(option.flag, metavar=option.metavar, parser=parser, help=help_, **within)


def with_run_options(*, after: str) -> Callable[[F], F]:
    """Give a command, in place of its `**asked`, all declared options that have a flag. `assigned` reads them."""
    parameters = [
        inspect.Parameter(
            option.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=option.default,
            annotation=Annotated[_typed(option), run_option(option.name)],
        )
        for option in OPTIONS
        if option.flag
    ]
    return lambda command: taking(command, parameters, after=after)


def _typed(option: Option) -> Any:
    return list[str] | None if option.spelling is SHOTS else option.type


def assigned(episode: str, asked: Mapping[str, Any]) -> RunOptions:
    """The options of a run of that episode, from the values that Typer read for `with_run_options`."""
    return RunOptions(episode=episode, **{**asked, "shots": shot_keys(asked["shots"])})


def one_or_every(episode: str | None, *, every: bool, asked: Mapping[str, Any]) -> str | None:
    """The one episode that is named; None: every one. Raises UsageError where it is neither, or both."""
    from flows.errors import UsageError

    if every and episode is not None:
        raise UsageError(f"--all is every episode, and {episode} is one: name an EPISODE or say --all, not both")
    if episode is None and not every:
        raise UsageError("name an EPISODE, or say --all for every episode of the series")
    if every and (asked["shots"] is not None or asked["new_take"]):
        flag = "--new-take" if asked["shots"] is None else "--shots"
        raise UsageError(f"{flag} is for the shots of one episode, and --all is every episode: name an EPISODE")
    return episode


Project = Annotated[
    Path,
    typer.Argument(metavar="PROJECT", help="The series' folder, the one with series.yaml.", callback=project_folder),
]
Episode = Annotated[str, typer.Argument(metavar="EPISODE", help="The episode's id, such as e01.")]
OneEpisode = Annotated[
    str | None, typer.Argument(metavar="EPISODE", help="The episode's id, such as e01; none with --all.")
]
Every = Annotated[bool, typer.Option("--all", help="Every episode, one after the other; a budget is for all together.")]
MaybeEpisode = Annotated[
    str | None, typer.Argument(metavar="EPISODE", help="The episode's id; all of them where none is given.")
]
Shot = Annotated[str, typer.Argument(metavar="SHOT", help="The shot's key within its episode, such as lamp/010.")]
Take = Annotated[int, typer.Argument(metavar="TAKE", help="The take's number, as `status` shows it.", min=1)]
Shots = Annotated[list[str] | None, run_option("shots")]
AllowMissing = Annotated[bool, run_option("allow_missing")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before paying.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
Why = Annotated[str, typer.Option("--why", help="The reason, for whoever reads it later.")]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="Where to listen; 0: any port that is free.")]
Faults = Annotated[
    str | None, typer.Option("--faults", metavar="FILE|SEED", help="What goes wrong: a plan in YAML, or a number.")
]


def job_seconds(*, longest: int) -> Any:
    """How long a job of the sandbox takes, up to so many seconds."""
    return typer.Option("--job-seconds", min=0, max=longest, help="How long a job takes.")
