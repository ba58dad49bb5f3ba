"""`tailframe takes`: everything about the takes of one shot."""

from typing import TYPE_CHECKING

from flows.cli.arguments import AsJson, Episode, Project, Shot
from flows.cli.project_access import expanded, known_shot
from flows.terminal.printing import say_json, tell

if TYPE_CHECKING:
    from flows.run.take_details import TakeDetails
    from flows.run.workspace import Workspace
    from render.ledger import LedgerReader


def takes(*, project: Project, episode: Episode, shot: Shot, as_json: AsJson = False) -> None:
    """Show each take of a shot: what was sent to whom, what came back and what it cost. Reads only.

    tailframe takes my-series e01 lamp/010
    tailframe takes my-series e01 lamp/010 --json
    """
    from flows.run.workspace import workspace_of

    found = expanded(project, episode)
    with workspace_of(project).reading() as workspace:
        key = _key(workspace.ledger, found.series, episode, shot) or known_shot(found, shot)
        details = _details(workspace, episode, found.series, key)
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
    from render.ledger import queries
    from storyboard.shot_key import full_key

    key = full_key(episode, shot)
    return key if ledger is not None and ledger.read(queries.takes, series, shot=key) else None


def _details(
    workspace: "Workspace[LedgerReader | None]", episode: str, series: str, key: str
) -> "tuple[TakeDetails, ...]":
    from flows.run.take_details import details_of

    if workspace.ledger is None:
        return ()
    return details_of(workspace.ledger, workspace.store, workspace.places.output(episode), series, key)


COMMANDS = (takes,)
