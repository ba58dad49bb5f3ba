"""The embedded Prefect's own process: serves on an inherited socket until its parent is gone.

`flows.prefect.server` runs this file by its path, with everything it needs to know in the environment. It imports
nothing of Tailframe. Whatever ends the parent, `kill -9` included, closes the pipe that is standard input here, and
that ends this process and its home too: an embedded server never outlives the run that it serves.
"""

import gc

gc.disable()  # importing the server makes millions of objects that live for ever; not looking at them saves a third

import contextlib  # noqa: E402
import os  # noqa: E402
import shutil  # noqa: E402
import socket  # noqa: E402
import sqlite3  # noqa: E402
import sys  # noqa: E402
import threading  # noqa: E402
from pathlib import Path  # noqa: E402

READY = "ready"


def leave_with_parent(home: Path) -> None:
    """End this process and remove its home once nobody holds the other end of standard input."""

    def wait() -> None:
        sys.stdin.buffer.read()
        shutil.rmtree(home, ignore_errors=True)
        os._exit(0)

    threading.Thread(target=wait, daemon=True, name="leave-with-parent").start()


def borrow_database(template: Path, database: Path) -> bool:
    """Start from the migrated database that an earlier run left; migrating an empty one takes seconds."""
    try:
        shutil.copyfile(template, database)
    except FileNotFoundError:
        return False
    return True


def leave_database(template: Path, database: Path) -> None:
    """Leave a copy of the freshly migrated database for later runs. Only speed is lost where that fails."""
    half = template.with_name(f"{template.name}.{os.getpid()}")
    with contextlib.suppress(OSError, sqlite3.Error):
        template.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(database)) as connection:
            connection.execute("VACUUM INTO ?", (str(half),))
        half.replace(template)


def serve(listening: socket.socket, home: Path, templates: Path) -> None:
    """Serve Prefect's API until the end of the process, and say on standard output when it answers."""
    import prefect

    template, database = templates / f"{prefect.__version__}.db", home / "prefect.db"
    borrowed = borrow_database(template, database)
    os.environ["PREFECT_SERVER_DATABASE_MIGRATE_ON_START"] = "false" if borrowed else "true"

    import uvicorn
    from prefect.server.api.server import create_app

    class Announced(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if not borrowed:
                leave_database(template, database)
            gc.freeze()
            gc.enable()
            print(READY, flush=True)  # noqa: T201

    Announced(uvicorn.Config(create_app(), log_level="error", lifespan="on")).run(sockets=[listening])


if __name__ == "__main__":
    its_home = Path(os.environ["PREFECT_HOME"])
    leave_with_parent(its_home)
    serve(socket.socket(fileno=int(sys.argv[1])), its_home, Path(sys.argv[2]))
