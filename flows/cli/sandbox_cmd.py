"""`tailframe sandbox`: a stand-in for the vendors, on this machine."""

import contextlib
import os
import shlex
from pathlib import Path
from typing import Annotated, Literal

import typer

from flows.cli.arguments import Faults, Port, job_seconds
from flows.terminal.printing import say, tell

State = Annotated[
    Path | None,
    typer.Option("--state", metavar="DIR", help="Where its books and clips lie; else in the user's state folder."),
]
AtOnce = Annotated[
    int, typer.Option("--jobs-at-once", min=1, max=100_000, help="How many jobs an account may have at once.")
]
Kinovi = Annotated[
    Literal["urls", "typed", "both"],
    typer.Option("--kinovi-dialect", help="Which spelling of an order Kinovi understands."),
]
Key = Annotated[str, typer.Option("--key", help="The key that it takes: a made-up one, never one that can pay.")]
JobSeconds = Annotated[float, job_seconds(longest=86_400)]


def sandbox(
    *,
    port: Port = 8790,
    state: State = None,
    faults: Faults = None,
    job_seconds: JobSeconds = 5.0,
    jobs_at_once: AtOnce = 5,
    kinovi_dialect: Kinovi = "both",
    key: Key = "sandbox-key",
) -> None:
    """Stand in for the hosted vendors on this machine: their APIs, real clips, faults on demand, and no money.

    Copy the lines that it prints into another terminal; what runs there buys here. Ctrl-C ends it; its jobs are kept.

    tailframe sandbox
    tailframe sandbox --port 0 --faults 7 --job-seconds 1
    """
    from flows.errors import UsageError
    from flows.prefect.server import state_folder
    from render.sandbox import BadPlan, listen, planned

    try:
        plan = planned(faults) if faults else []
    except BadPlan as error:
        raise UsageError(f"--faults: {error}") from None
    kept = state or state_folder() / "sandbox"
    try:
        kept.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"--state: {kept} cannot be made a folder ({error.strerror})", "Name another") from None
    try:
        standing = listen(port, kept, key)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        raise UsageError(f"port {port} cannot be had ({why})", "Name another, or --port 0") from None
    for name, value in standing.environment.items():
        say(f"export {name}={shlex.quote(value)}")
    tell(f"the sandbox listens at {standing.url}; its log is at {standing.url}/sandbox/log")
    with contextlib.suppress(KeyboardInterrupt):
        spellings = {"kinovi": kinovi_dialect}
        standing.serve(job_seconds=job_seconds, faults=plan, jobs_at_once=jobs_at_once, spellings=spellings)
    tell("the sandbox is closed")


COMMANDS = (sandbox,)
