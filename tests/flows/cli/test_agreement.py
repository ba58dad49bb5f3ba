"""What somebody agrees to at the terminal is a snapshot and a sum: what changes under the question is not bought."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from tests.acme.fixture import Acme
from tests.flows.episodes import FOUR_SECONDS_USD, edit, film, plain_environment
from tests.flows.pseudo_terminal import command_terminal
from tests.flows.runs import ROOT
from tests.projects import scene, shot
from tests.thinning import exhaustive

pytestmark = pytest.mark.timeout(240)


@exhaustive
def test_the_command_buys_what_it_asked_about_and_nothing_that_was_written_meanwhile(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prefect_url: str
) -> None:
    """One shot for 40 cents is asked about; the YAML under the question asks for one at $1.60; 40 cents are spent."""
    plain_environment(monkeypatch)
    project = film(tmp_path, scene("lamp", shot("010", "{{ mara }} lights the lamp")))
    environment = acme.process_environment(PREFECT_API_URL=prefect_url, TAILFRAME_POLL_INTERVAL="0.05")
    with command_terminal("produce", project, "e01", environment=environment) as person:
        person.until("Spend up to $0.40?")
        edit(project, "lights the lamp", "puts the lamp out")
        edit(project, '"duration": 1', '"duration": 8')
        edit(project, '"480p"', '"720p"', "series.yaml")
        person.answer("y")
        code, said = person.end()

    (job,) = acme.jobs()
    assert (code, job.charged) == (0, FOUR_SECONDS_USD), said
    assert "lights the lamp" in job.prompt
    assert acme.charged_usd() == Decimal("0.40")


@exhaustive
def test_a_run_that_prefect_tries_again_spends_the_agreed_sum_once(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prefect_url: str
) -> None:
    """The first try pays for a job that fails and is not refunded: the second may not order on the same word."""
    plain_environment(monkeypatch)
    acme.script(on="job", do="fail", refund=False)
    project = film(tmp_path, scene("lamp", shot("010", "{{ mara }} lights the lamp")))
    environment = acme.process_environment(PREFECT_API_URL=prefect_url, TAILFRAME_POLL_INTERVAL="0.05")
    tried = subprocess.run(
        [sys.executable, "-m", "tests.flows.trying_again", project, "0.40"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert tried.returncode == 0, tried.stderr
    assert (len(acme.jobs()), acme.charged_usd()) == (1, FOUR_SECONDS_USD)
    assert "the run budget of $0.00 has $0.00 left" in tried.stdout
