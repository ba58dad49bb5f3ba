"""Runs that wait suspended for an approval on a Prefect server: how they are known, and how they look again.

Whoever has approved something tells the server; a run that finds that enough is approved goes on by itself, any other
suspends itself again. Approvals are the ledger's: a server that is gone, or not named, keeps nobody from approving.
"""

import contextlib
import os
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from render.net.system_proxies import reaching
from storyboard.text.printable import printable

if TYPE_CHECKING:
    import httpx

__all__ = ["let_go_on", "tag_of"]

CLOCKS_APART = timedelta(minutes=1)


def tag_of(series: str, episode: str) -> str:
    """The tag of runs that wait for an approval of this episode."""
    return f"tailframe-waits:{series}/{episode}"


def let_go_on(series: str, episode: str, *, approved_at: datetime | None = None) -> tuple[str, ...]:
    """Have the runs that wait for this episode look again; says what became of each, for whoever approved.

    With `approved_at` (aware) only those that were suspended before. Nothing where PREFECT_API_URL names no server.
    Never raises for a server that cannot be asked: it says so.
    """
    url = os.environ.get("PREFECT_API_URL", "").strip()
    if not url:
        return ()
    import httpx

    from flows.errors import FlowError
    from flows.prefect.named_server import as_its_client

    try:
        with contextlib.ExitStack() as stack:
            stack.enter_context(reaching(url))
            client = stack.enter_context(as_its_client(url))
            waiting = _waiting(client, tag_of(series, episode))
            return tuple(_resumed(client, run) for run in waiting if _since_before(run, approved_at))
    except (httpx.HTTPError, httpx.InvalidURL, FlowError, OSError, ValueError) as error:
        why = printable(str(error)).partition("\n")[0] or type(error).__name__
        return (f"runs that wait for it could not be told ({why}); resume them on Prefect's pages",)


def _waiting(client: "httpx.Client", tag: str) -> "list[dict[str, Any]]":
    wanted = {"state": {"type": {"any_": ["PAUSED"]}}, "tags": {"all_": [tag]}}
    return list(_asked(client, "/flow_runs/filter", {"flow_runs": wanted, "limit": 50}))


def _asked(client: "httpx.Client", path: str, body: "dict[str, Any]") -> Any:
    """The server's answer. One whose database is busy answers 503, and is asked again for some seconds."""
    import stamina

    for attempt in stamina.retry_context(_busy, attempts=6, timeout=20, wait_initial=0.3):
        with attempt:
            return client.post(path, json=body).raise_for_status().json()
    raise AssertionError("stamina ends a retry by raising")


def _busy(error: Exception) -> bool:
    import httpx

    return isinstance(error, httpx.HTTPStatusError) and error.response.status_code in {429, 502, 503, 504}


def _since_before(run: "dict[str, Any]", moment: datetime | None) -> bool:
    """Whether it waits since before then. Two servers tell the time, so that a minute more is no matter."""
    return moment is None or datetime.fromisoformat(run["state"]["timestamp"]) <= moment + CLOCKS_APART


def _resumed(client: "httpx.Client", run: "dict[str, Any]") -> str:
    answer = _asked(client, f"/flow_runs/{run['id']}/resume", {})
    name = printable(str(run.get("name")))
    if answer.get("status") == "ACCEPT":
        return f"the run {name} goes on"
    reason = printable(str((answer.get("details") or {}).get("reason"))).partition("\n")[0]
    return f"the run {name} does not go on: {reason}"
