"""`tailframe push`: a project goes into the store, whole, and gets the name by which workers make it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flows.cli.arguments import AsJson, Project
from flows.cli.check_cmd import mistakes_found
from flows.terminal.printing import say, say_json, tell

if TYPE_CHECKING:
    from flows.run.push import Pushed
    from flows.run.workspace import Workspace


def push(project: Project, as_json: AsJson = False) -> None:
    """Freeze a project into the store, and print its name.

    Flows take that name for their `project`: a worker needs nothing else, and no folder is shared. The project is
    checked first, as `check` does it. Needs a ledger and a store that other machines see: TAILFRAME_LEDGER_URL and
    TAILFRAME_STORE_URL.

      tailframe push my-series
      tailframe push my-series --json
    """
    from flows.run.push import push as push_project
    from flows.run.workspace import workspace_of
    from storyboard.errors import InvalidProject

    workspace = workspace_of(project)
    _refuse_unshared(workspace)
    notes: dict[str, None] = {}
    if mistakes := mistakes_found(workspace, None, notes.setdefault):
        raise InvalidProject(mistakes)
    with workspace.writing() as opened:
        pushed = push_project(opened)
    for note in notes:
        tell(note)
    if as_json:
        say_json(_json(pushed))
    else:
        say(pushed.name)
    tell(f"{pushed.series}: {_counted(pushed)} in {workspace.store.url}")


def _refuse_unshared(workspace: "Workspace[None]") -> None:
    """Raises SettingsError where no other machine could make anything of the name."""
    from flows.errors import SettingsError

    if problems := dict(_unshared(workspace)):
        raise SettingsError(
            problems,
            "Name a PostgreSQL database and s3://bucket/prefix, or set TAILFRAME_ALLOW_LOCAL_STORE=1 if every process "
            "runs on this machine",
        )


def _unshared(workspace: "Workspace[None]") -> Iterator[tuple[str, str]]:
    from flows.settings import on_this_machine

    if workspace.environment.get("TAILFRAME_ALLOW_LOCAL_STORE"):
        return
    if on_this_machine(workspace.places.ledger):
        yield "TAILFRAME_LEDGER_URL", "the ledger is a file of this machine, which the workers of others cannot see"
    if not workspace.store.shared:
        yield "TAILFRAME_STORE_URL", "the store is a folder of this machine, which the workers of others cannot see"


def _counted(pushed: "Pushed") -> str:
    files, episodes = len(pushed.files), len(pushed.episodes)
    return (
        f"{files} {'file' if files == 1 else 'files'}, {pushed.bytes:,} bytes, "
        f"{episodes} {'episode' if episodes == 1 else 'episodes'} ({', '.join(pushed.episodes)})"
    )


def _json(pushed: "Pushed") -> dict[str, object]:
    return {
        "project": pushed.name,
        "snapshot": pushed.snapshot,
        "series": pushed.series,
        "episodes": list(pushed.episodes),
        "files": len(pushed.files),
        "bytes": pushed.bytes,
    }


COMMANDS = (push,)
