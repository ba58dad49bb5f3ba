"""Writes an episode as one page for somebody else to look at, as `tailframe review --export` asks."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from flows.cli.arguments import shot_keys
from flows.cli.project_access import expanded, known_shot
from flows.errors import UsageError
from flows.terminal.printing import say, tell

if TYPE_CHECKING:
    from flows.run.exported_review import Shown
    from render.review_file.review_sheet import ReviewSheet

__all__ = ["export_review"]


def export_review(
    project: Path, episode: str, target: Path, *, takes: str, shots: list[str] | None, with_notes: bool = True
) -> None:
    """Write the page. Raises UsageError for what cannot be meant, and where there is nothing to look at."""
    from flows.run.exported_review import write_review
    from flows.run.workspace import workspace_of
    from flows.terminal.cancellation import run_in_order

    if target.suffix.lower() not in {".html", ".htm"}:
        raise UsageError(f"--export {target} is no .html, and nothing else is written", "Let its name end in .html")
    sheet = _sheet(project, episode, takes, shots)
    sheet = sheet if with_notes else sheet.without_notes()
    with workspace_of(project).writing() as workspace:
        size = run_in_order(write_review(workspace, sheet, target))
    shots_, takes_ = len(sheet.takes), len(sheet.every_take)
    counted = f"{shots_} {'shot' if shots_ == 1 else 'shots'}, {takes_} {'take' if takes_ == 1 else 'takes'}"
    tell(f"{counted}, {size / 1e6:.1f} MB")
    say(str(target))


def _sheet(project: Path, episode: str, takes: str, shots: list[str] | None) -> "ReviewSheet":
    """What is shown; what is missing is told."""
    from flows.run.exported_review import review_sheet
    from flows.run.workspace import workspace_of

    which, keys = _shown(takes), _keys(project, episode, shots)
    with workspace_of(project).reading() as workspace:
        sheet, missing = review_sheet(workspace, episode, which=which, shots=keys)
    for sentence in missing:
        tell(sentence)
    if not sheet.every_take:
        raise UsageError(
            f"{episode} has no take to review yet", "Make some of it with `tailframe produce`, or choose other --shots"
        )
    return sheet


def _shown(takes: str) -> "Shown":
    from flows.run.exported_review import Shown

    try:
        return Shown(takes)
    except ValueError:
        known = ", ".join(Shown)
        raise UsageError(f"--takes {takes!r} is nothing that can be shown", f"Valid values are: {known}") from None


def _keys(project: Path, episode: str, shots: list[str] | None) -> Collection[str] | None:
    """The shots that are asked for; None: all. Raises NoSuchName for one that the episode has not."""
    keys = shot_keys(shots)
    found = expanded(project, episode)
    for key in keys or ():
        known_shot(found, key)
    return keys
