"""What commands take, said once, so that one name means one thing everywhere."""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "AllowMissing",
    "Anew",
    "AsJson",
    "Budget",
    "Cascade",
    "Episode",
    "MaybeEpisode",
    "NewTake",
    "Project",
    "Provider",
    "Shot",
    "Shots",
    "Take",
    "UntilBudget",
    "Why",
    "Yes",
    "shot_keys",
]


def project_folder(value: Path) -> Path:
    """The series' folder, also where its `series.yaml` was named, or one that is in neither."""
    folder = value.parent if value.name == "series.yaml" else value
    if not folder.is_dir():
        from storyboard.paths import typed

        raise typer.BadParameter(f"there is no folder {folder}. Make a series with: tailframe new {typed(folder)}")
    return folder


MOST_USD = 1_000_000_000
"""More than anybody may have meant, and less than the ledger can hold."""


def usd(text: str) -> Decimal:
    """An amount of dollars, as people write it: `12`, `12.50`, `$12.50`."""
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


Project = Annotated[
    Path,
    typer.Argument(metavar="PROJECT", help="The series' folder, the one with series.yaml.", callback=project_folder),
]
Episode = Annotated[str, typer.Argument(metavar="EPISODE", help="The episode's id, such as e01.")]
MaybeEpisode = Annotated[
    str | None, typer.Argument(metavar="[EPISODE]", help="The episode's id; all of them where none is given.")
]
Shot = Annotated[str, typer.Argument(metavar="SHOT", help="The shot's key within its episode, such as lamp/010.")]
Take = Annotated[int, typer.Argument(metavar="TAKE", help="The take's number, as `status` shows it.", min=1)]
Provider = Annotated[
    str | None, typer.Option("--provider", metavar="P", help="Ask this vendor, whatever the storyboard names.")
]
Shots = Annotated[
    list[str] | None, typer.Option("--shots", metavar="K,K", help="Only these shots, such as lamp/010,lamp/020.")
]
NewTake = Annotated[bool, typer.Option("--new-take", help="Buy another take even of shots that are done.")]
Cascade = Annotated[bool, typer.Option("--cascade", help="Make stale shots again, and all that follows them.")]
Budget = Annotated[
    Decimal | None, typer.Option("--budget", metavar="USD", parser=usd, help="The most that this run may spend.")
]
UntilBudget = Annotated[
    bool, typer.Option("--until-budget", help="Make what the budget allows, in story order, instead of refusing.")
]
Anew = Annotated[
    bool, typer.Option("--anew", help="Pay for shots anew although an order or a take of them stands elsewhere.")
]
AllowMissing = Annotated[bool, typer.Option("--allow-missing", help="Cut anyway, with a slate in each gap.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before paying.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
Why = Annotated[str, typer.Option("--why", help="The reason, for whoever reads it later.")]
