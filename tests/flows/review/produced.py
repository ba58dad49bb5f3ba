"""Tiny episodes to be reviewed: of one shot there are two takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.acme.fixture import Acme
from tests.flows.episodes import buys_from, film, produce, shoot


@contextmanager
def two_takes(folder: Path, acme: Acme, *, cut: bool = False) -> Iterator[Path]:
    """The three tiny shots of `film`, with two takes of `lamp/010`; the others are made, and all is cut, with `cut`.

    Processes that are started meanwhile buy from Acme too.
    """
    with pytest.MonkeyPatch.context() as environment:
        buys_from(acme, environment)
        environment.setenv("PYTHONPATH", acme.process_environment()["PYTHONPATH"])
        project = film(folder)
        if cut:
            produce(project)
        else:
            shoot(project, shots=frozenset({"lamp/010"}))
        shoot(project, shots=frozenset({"lamp/010"}), new_take=True)
        yield project
