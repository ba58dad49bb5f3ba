"""What an operator's pages suppose to stand already: a PostgreSQL as it is installed, and an object store."""

from __future__ import annotations

import contextlib
import logging
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from moto.server import ThreadedMotoServer

from tests.drills.postgres_cluster import PostgresCluster


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingParts:
    """Both, and a folder for what else a test makes."""

    folder: Path
    postgres: PostgresCluster
    objects_port: int  # of this machine


@contextlib.contextmanager
def standing_parts(name: str) -> Iterator[StandingParts]:
    """They stand while the block lasts. Not in pytest's own folder: for root PostgreSQL is another user."""
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    folder = Path(tempfile.mkdtemp(prefix=f"tailframe-{name}-"))
    folder.chmod(0o755)
    with contextlib.ExitStack() as held:
        held.callback(shutil.rmtree, folder, ignore_errors=True)
        (folder / "cluster").mkdir()
        (folder / "cluster").chmod(0o755)
        postgres = PostgresCluster(folder / "cluster")
        postgres.create()
        postgres.start()
        held.callback(postgres.stop)
        objects = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        objects.start()
        held.callback(objects.stop)
        yield StandingParts(folder=folder, postgres=postgres, objects_port=int(objects.get_host_and_port()[1]))
