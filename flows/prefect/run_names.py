"""What runs are called on Prefect's pages: `lighthouse e01`, `lighthouse e01: lamp/010`, `lighthouse sweep`.

A project may be a folder, an address or a snapshot's name, which no one can read: until a run knows its series, its
name is as good as what it was asked for allows.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from prefect.client.orchestration import get_client
from prefect.context import FlowRunContext

__all__ = ["NamedRuns", "name_after_series", "run_name"]

NAMED_AT_MOST = 3
"""Shots of a name; of more it says how many."""

_SNAPSHOT = re.compile(r"(?:snapshot:)?([0-9a-f]{8})[0-9a-f]{56}")


def run_name(project: str, *, episode: str = "", shots: Collection[str] | None = None, doing: str = "") -> str:
    """The name of a run by what it was asked for; `doing` where it makes no shots."""
    words = [_short(project), episode, doing]
    return " ".join(word for word in words if word) + _told(sorted(shots or ()))


@dataclass(frozen=True, slots=True)
class NamedRuns:
    """What gives a flow's runs their names, for Prefect, which calls it within the run; `doing` as in `run_name`."""

    doing: str = ""

    def __call__(self) -> str:
        """The name by what the run that is under way was asked for."""
        return self.of(FlowRunContext.get())

    def of(self, context: FlowRunContext | None, series: str | None = None) -> str:
        """The name of this run, once its series is known by that."""
        asked: Mapping[str, Any] = (context.parameters if context is not None else None) or {}
        project, episode = str(asked.get("project", "")), str(asked.get("episode") or "")
        return run_name(series or project, episode=episode, shots=asked.get("shots"), doing=self.doing)


async def name_after_series(series: str) -> None:
    """Let the run that is under way be called after its series, now that it is known, where it is called otherwise."""
    context = FlowRunContext.get()
    if context is None or context.flow_run is None or context.flow is None:
        return
    naming = context.flow.flow_run_name
    if not isinstance(naming, NamedRuns):
        return
    named = naming.of(context, series)
    if named != context.flow_run.name:
        async with get_client() as client:
            await client.set_flow_run_name(context.flow_run.id, named)
        context.flow_run.name = named


def _short(project: str) -> str:
    """The last part of a folder or an address, or the beginning of a snapshot's name."""
    if snapshot := _SNAPSHOT.fullmatch(project):
        return f"snapshot {snapshot[1]}"
    return project.rstrip("/").rpartition("/")[2].partition("@")[0].removesuffix(".git") or project


def _told(shots: list[str]) -> str:
    if not shots:
        return ""
    more = len(shots) - NAMED_AT_MOST
    return ": " + ", ".join(shots[:NAMED_AT_MOST]) + (f" and {more} more" if more > 0 else "")
