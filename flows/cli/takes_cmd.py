"""`tailframe takes`: everything about the takes of one shot."""

from pathlib import Path
from typing import TYPE_CHECKING

from flows.cli.arguments import AsJson, Episode, Project, Shot
from flows.cli.project_access import expanded, known_shot, ledger_for_reading, places_of, store_of
from flows.terminal.printing import say_json, tell

if TYPE_CHECKING:
    from flows.run.take_details import TakeDetails
    from render.ledger import LedgerReader


def takes(*, project: Project, episode: Episode, shot: Shot, as_json: AsJson = False) -> None:
    """Show each take of a shot: what was sent to whom, what came back and what it cost. Reads only.

    tailframe takes my-series e01 lamp/010
    tailframe takes my-series e01 lamp/010 --json
    """
    found = expanded(project, episode)
    with ledger_for_reading(project) as ledger:
        key = _key(ledger, found.series, episode, shot) or known_shot(found, shot)
        details = () if ledger is None else _details(project, episode, found.series, key, ledger)
    if as_json:
        from flows.run.take_details import details_json

        say_json(details_json(found.series, key, details))
        return
    if not details:
        tell(f"{key} has no takes yet")
        return
    from flows.cli.takes_table import print_takes
    from flows.terminal.consoles import results

    print_takes(results(), key, details)


def _key(ledger: "LedgerReader | None", series: str, episode: str, shot: str) -> str | None:
    """EPISODE/SCENE/SHOT, where there are takes of it; its storyboard may have lost the shot since."""
    key = f"{episode}/{shot}"
    return key if ledger is not None and ledger.takes(series, shot=key) else None


def _details(project: Path, episode: str, series: str, key: str, ledger: "LedgerReader") -> "tuple[TakeDetails, ...]":
    from flows.run.take_details import details_of

    return details_of(ledger, store_of(project), places_of(project).output(episode), series, key)
