"""`tailframe takes`: everything about the takes of one shot."""

from typing import TYPE_CHECKING

from flows.cli.arguments import AsJson, Episode, Project, Shot
from flows.cli.project_access import expanded, known_shot, reading
from flows.terminal.printing import say, say_json, tell

if TYPE_CHECKING:
    from flows.run.take_details import TakeDetails
    from flows.run.workspace import Workspace
    from render.ledger import LedgerReader
    from storyboard.plan.episode_plan import PlannedShot


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
        stale = _stale(workspace, episode, shot) if details else None
    if as_json:
        from flows.run.take_details import details_json

        say_json({**details_json(found.series, key, details), **(_stale_json(stale) if stale else {})})
        return
    _print(key, details, stale)


def _print(key: str, details: "tuple[TakeDetails, ...]", stale: "PlannedShot | None") -> None:
    """Each take of a shot, and beneath them why it is stale."""
    from flows.cli.takes_table import print_takes
    from flows.terminal.consoles import results

    if not details:
        tell(f"{key} has no takes yet")
        return
    print_takes(results(), key, details)
    if stale is not None:
        from flows.run.stale_words import told_again, told_since

        since = told_since(stale.stale_since, stale.stale_edit)
        say(f"stale: {stale.reason}{since}; {told_again(stale.stale_cost_usd)}")


def _key(ledger: "LedgerReader | None", series: str, episode: str, shot: str) -> str | None:
    """EPISODE/SCENE/SHOT, where there are takes of it; its storyboard may have lost the shot since."""
    from render.ledger import queries
    from storyboard.shot_key import full_key

    key = full_key(episode, shot)
    return key if ledger is not None and ledger.read(queries.takes, series, shot=key) else None


def _stale(workspace: "Workspace[LedgerReader | None]", episode: str, shot: str) -> "PlannedShot | None":
    """The shot's line of the plan, where it is stale; takes are shown of a project that cannot be planned too."""
    import contextlib

    from storyboard.errors import TailframeError
    from storyboard.plan.episode_plan import Action

    with contextlib.suppress(TailframeError):
        planned = reading(workspace, episode, to_work=False).plan.shots
        return next((each for each in planned if each.key == shot and each.action is Action.STALE), None)
    return None


def _stale_json(shot: "PlannedShot") -> dict[str, object]:
    from flows.run.stale_words import stale_json

    return {"stale": stale_json(shot.reason, shot.stale_since, shot.stale_edit, shot.stale_cost_usd)}


def _details(
    workspace: "Workspace[LedgerReader | None]", episode: str, series: str, key: str
) -> "tuple[TakeDetails, ...]":
    from flows.run.take_details import details_of

    if workspace.ledger is None:
        return ()
    return details_of(workspace.ledger, workspace.store, workspace.places.output(episode), series, key)


COMMANDS = (takes,)
