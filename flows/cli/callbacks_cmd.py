"""`tailframe callbacks`: answers vendors that call when a job is over."""

import contextlib
import os
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.arguments import Port, Project
from flows.terminal.printing import tell

HERE = "auto"

PublicUrl = Annotated[
    str,
    typer.Option(
        "--public-url",
        metavar="URL",
        help="Where vendors reach it: https, through a proxy of yours; or `auto`, for a sandbox on this machine.",
    ),
]
Host = Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Where to listen, for that proxy.")]


def callbacks(*, project: Project = Path(), public_url: PublicUrl, host: Host = "127.0.0.1", port: Port = 8791) -> None:
    """Answer vendors that call when a job is over, so that runs need not wait for their next poll. Ctrl-C ends it.

    Runs of the same ledger, in any process on any machine, then give each
    order a secret link below the public URL. A call only wakes who waits:
    they ask the vendor. Without it everything works, by polling.

      tailframe callbacks my-series --public-url https://calls.example.com
      tailframe callbacks my-series --public-url auto --port 0
    """
    from flows.errors import UsageError
    from flows.run.workspace import workspace_of
    from render.callbacks import listen

    if not os.environ.get("TAILFRAME_LEDGER_URL") and not (project / "series.yaml").is_file():
        raise UsageError(f"{project} is no series, and TAILFRAME_LEDGER_URL names no ledger", "Name one of them")
    told = _address(public_url, host)
    with workspace_of(project).writing() as workspace:
        try:
            standing = listen(host, port)
        except OSError as error:
            why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
            raise UsageError(f"{host} port {port} cannot be had ({why})", "Name others, or --port 0") from None
        told = told or standing.url
        tell(f"callbacks are taken at {standing.url}; vendors are told {told}")
        with contextlib.suppress(KeyboardInterrupt):
            standing.serve(workspace.ledger, told, warn=tell)
    tell("no more callbacks are taken")


def _address(public_url: str, host: str) -> str | None:
    """What vendors are told; None: where the server will listen."""
    from flows.errors import UsageError
    from render.callbacks import read_public_url
    from render.errors import ForbiddenAddress
    from storyboard.loopback import is_loopback_host

    if public_url == HERE:
        if is_loopback_host(host):
            return None
        raise UsageError(f"--public-url {HERE} is for this machine only; --host {host} is not", "Write the URL")
    try:
        return read_public_url(public_url)
    except ForbiddenAddress as error:
        raise UsageError(
            f"--public-url: {error}", f"Write https://…, or {HERE} for a sandbox on this machine"
        ) from None


COMMANDS = (callbacks,)
