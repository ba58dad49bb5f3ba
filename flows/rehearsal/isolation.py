"""The environment of a rehearsal: a folder within the project, a sandbox, and variables by which nobody can be paid.

While it is open, this process does not know the vendors' keys and addresses, but the sandbox's in their place. What a
team set for its ledger, clips and archive is out of reach too.
"""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from flows.errors import RehearsalError
from flows.run.workspace import workspace_of
from flows.settings import Places, places_of, read_settings
from render.episode.output_folder import MANIFEST, take_back
from render.sandbox import Beside, Fault, sandbox_beside
from render.store import Store
from storyboard.paths import refuse_link_out

__all__ = ["RehearsalEnvironment", "rehearsal_environment"]

POLL_INTERVAL_S = 0.2
ANSWER_WITHIN_S = 60.0
LOCK = "lock"
PLAN = "faults.json"
_LEDGER = "ledger.sqlite"
MADE = frozenset(
    {PLAN, "archive", "blobs", "cache", "logs", "owners", "sandbox", "scratch"}
    | {f"{_LEDGER}{part}" for part in ("", "-journal", "-shm", "-wal")}
)
"""All that rehearsals make in `.tailframe/rehearsals`, beside the output folders."""

PLACES = ("TAILFRAME_LEDGER_URL", "TAILFRAME_STORE_URL", "TAILFRAME_ARCHIVE_URL")


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalEnvironment:
    """A rehearsal's folder and its running sandbox, which is asked for what a vendor's own pages would show."""

    project: Path
    places: Places
    sandbox: Beside
    http: httpx.Client
    stays: Sequence[Path] = ()  # what lay in it and no rehearsal made, where it was to be emptied

    def jobs(self) -> list[dict[str, Any]]:
        """Every job that any vendor has, in the order in which they were taken."""
        found: list[dict[str, Any]] = self._ask("GET", "/sandbox/jobs").json()
        return found

    def faults(self) -> dict[str, list[dict[str, Any]]]:
        """What went wrong at the vendors, and what still may: `met` and `waiting`."""
        found: dict[str, list[dict[str, Any]]] = self._ask("GET", "/sandbox/faults").json()
        return found

    def plan_faults(self, faults: Sequence[Fault]) -> None:
        """Let these go wrong, and nothing else. The same plan as before goes on where it was left."""
        plan = "\n".join(fault.model_dump_json() for fault in faults)
        kept = self.places.private / PLAN
        if (kept.read_text(encoding="utf-8") if kept.exists() else "") == plan:
            return
        self._ask("DELETE", "/sandbox/faults")
        self._ask("POST", "/sandbox/faults", [fault.model_dump() for fault in faults])
        kept.write_text(plan, encoding="utf-8")

    def _ask(self, method: str, path: str, body: object = None) -> httpx.Response:
        try:
            answer = self.http.request(method, f"{self.sandbox.url}{path}", json=body)
            return answer.raise_for_status()
        except httpx.HTTPError as error:
            raise RehearsalError(
                f"the sandbox of this rehearsal does not answer ({error})",
                f"Its complaints are in {self.sandbox.log}; rehearse again, and it goes on",
            ) from error


@contextlib.contextmanager
def rehearsal_environment(
    project: Path, *, faults: Sequence[Fault], job_seconds: float, fresh: bool
) -> Iterator[RehearsalEnvironment]:
    """Start the sandbox of a rehearsal, and point this process at it; `fresh` removes what earlier ones made.

    `job_seconds` is how long each of its jobs takes. Raises RehearsalError where another rehearsal is under way or the
    sandbox does not start, SettingsError for the environment, LeadsOut for a link out of the project.
    """
    places = places_of(project, read_settings(), rehearsal=True)
    folder = places.private
    with contextlib.ExitStack() as stack:
        refuse_link_out(places.project, folder.parent)
        stack.enter_context(_locked(folder))
        workspace = workspace_of(project, rehearsal=True)  # opened under the lock: nobody else writes there
        stays = _empty(workspace.places, workspace.store) if fresh else ()
        sandbox = stack.enter_context(sandbox_beside(folder / "sandbox", job_seconds=job_seconds))
        http = stack.enter_context(httpx.Client(trust_env=False, timeout=ANSWER_WITHIN_S))
        stack.enter_context(_environment(sandbox.environment))
        environment = RehearsalEnvironment(project=project, places=places, sandbox=sandbox, http=http, stays=stays)
        environment.plan_faults(faults)
        yield environment


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Make the folder and hold its lock, which ends with this process. Raises RehearsalError where another has it."""
    if folder.is_symlink():  # also one that stays within the project: `_empty` removes what it leads to
        raise RehearsalError(f"{folder} is a link", "A rehearsal has a folder of its own; remove the link")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RehearsalError(
                f"another rehearsal is in {folder}", "Let it come to its end, or interrupt it"
            ) from None
        yield


def _empty(places: Places, store: Store) -> tuple[Path, ...]:
    """Remove what earlier rehearsals left; returns what else lies there, which stays.

    In its output folders that is what their manifests name, as those are where a producer works.
    """
    cuts = [] if places.outputs.is_symlink() else sorted(places.outputs.rglob(MANIFEST), reverse=True)
    for manifest in cuts:  # a preview's lies within the master's folder, and is first
        take_back(store, manifest.parent)
    with contextlib.suppress(OSError):  # other things lie there
        places.outputs.rmdir()
    for left in places.private.iterdir():
        if left.name not in MADE or left.is_symlink():
            continue
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink()
    theirs = (each for each in places.private.rglob("*") if each.is_symlink() or not each.is_dir())
    return tuple(sorted(each for each in theirs if each.name != LOCK))


@contextlib.contextmanager
def _environment(sandbox: Mapping[str, str]) -> Iterator[None]:
    """This process's environment with the sandbox for every vendor, and without the places of the real thing."""
    before = dict(os.environ)
    for name in PLACES:
        os.environ.pop(name, None)
    os.environ.update(sandbox, TAILFRAME_POLL_INTERVAL=str(POLL_INTERVAL_S))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
