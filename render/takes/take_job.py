"""A take's job at its vendor: which one it is, why it ended without a clip, and that it goes on."""

from __future__ import annotations

from datetime import timedelta

from render.context import RunContext
from render.errors import StillRunning
from render.ledger import Take
from render.ledger.stored_request import read_order
from render.providers import Ended, JobRef
from render.providers.ended_jobs import told


def told_end(context: RunContext, take: Take, end: Ended) -> str:
    """Why there is no clip, with the shot, the input and what to do: in every log and on every page the same."""
    known = context.publisher_of(take).known(job_of(take).request)
    keys = context.provider_of(take).capabilities.reference_keys
    return told(end, provider=take.provider, shot=take.shot, references=known, keys=keys)


def job_of(take: Take) -> JobRef:
    """The take's job at its vendor, and the order that it came from."""
    assert take.job_id is not None, f"take {take.id} is {take.state} without a job id"
    assert take.request_json is not None, f"take {take.id} is {take.state} without its order"
    return JobRef(take.job_id, read_order(take.request_json))


def still_running(take: Take, age: timedelta) -> StillRunning:
    """The vendor works on it for longer than this run waits."""
    minutes = int(age.total_seconds() // 60)
    return StillRunning(
        f"take {take.number} of {take.shot} has been with {take.provider} for {minutes} minutes (job {take.job_id}) "
        "and is still running",
        "Nothing is lost: run the same command later and it goes on",
        code="still_running",
    )
