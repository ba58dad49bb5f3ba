"""`tailframe worker`: takes runs from a Prefect server's work pool, and ends in order."""

import contextlib
from datetime import timedelta
from typing import Annotated

import typer

from flows.terminal.printing import tell

Pool = Annotated[str, typer.Option("--pool", metavar="NAME", help="The work pool to take runs from; made if absent.")]
Queues = Annotated[
    list[str] | None,
    typer.Option("--work-queue", metavar="NAME", help="Only of this queue of the pool; may be given several times."),
]
Name = Annotated[str | None, typer.Option("--name", metavar="NAME", help="What the server's pages call it.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many runs it may have at once.")]
Patience = Annotated[
    int, typer.Option("--patience", min=0, max=3600, metavar="S", help="Seconds that its runs have to end in order.")
]
Healthcheck = Annotated[
    bool, typer.Option("--with-healthcheck", help="Answer /health, as PREFECT_WORKER_WEBSERVER_PORT says (8080).")
]


def worker(
    *,
    pool: Pool = "studio",
    work_queue: Queues = None,
    name: Name = None,
    limit: Limit = 4,
    patience: Patience = 150,
    with_healthcheck: Healthcheck = False,
) -> None:
    """Carry out runs of deployments, each in a process of its own, until Ctrl-C or SIGTERM ends it in order.

    Then it takes no more, tells its runs to end, and waits for the answers to
    orders that are on their way. What is out at vendors goes on there, and
    the next run collects it. Told again, it ends at once.

    PREFECT_API_URL names the server.

      tailframe worker --pool studio
      tailframe worker --pool studio --name worker-2 --limit 8 --with-healthcheck
    """
    import asyncio

    from flows.prefect.orderly_worker import work
    from flows.terminal.cancellation import run_in_order

    long = timedelta(seconds=patience)
    asked = work(
        pool=pool,
        queues=work_queue or (),
        name=name,
        limit=limit,
        healthcheck=with_healthcheck,
        patience=long,
        tell=tell,
    )
    with contextlib.suppress(asyncio.CancelledError, KeyboardInterrupt):
        run_in_order(asked, tell)
    tell("the worker is gone")


COMMANDS = (worker,)
