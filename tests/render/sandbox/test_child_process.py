"""A sandbox beside a process: it answers at once, and never outlives whoever started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

from render.sandbox import VENDORS, sandbox_beside

HOLD = """
import sys, time
from pathlib import Path
from render.sandbox import sandbox_beside
with sandbox_beside(Path(sys.argv[1]), job_seconds=0.1) as beside:
    print(beside.url, flush=True)
    time.sleep(60)
"""


def is_gone(url: str, within_s: float = 10) -> bool:
    """Whether nobody listens there any more."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            httpx.get(f"{url}/sandbox/jobs", timeout=5)
        except httpx.TransportError:
            return True
        time.sleep(0.05)
    return False


def test_it_answers_who_asks_at_once_and_ends_with_its_block(tmp_path: Path) -> None:
    """Nobody waits for it to come up; its books stay, so that the next one goes on with them."""
    with sandbox_beside(tmp_path / "state", job_seconds=0.1) as beside:
        answer = httpx.get(f"{beside.url}/sandbox/faults", timeout=30).json()
    assert answer == {"met": [], "waiting": []}
    assert {f"{vendor.upper()}_API_KEY" for vendor in VENDORS} <= set(beside.environment)
    assert is_gone(beside.url)
    assert (tmp_path / "state" / "sandbox.sqlite").exists()
    assert beside.log.read_text() == ""


def test_it_ends_with_a_process_that_is_killed(tmp_path: Path) -> None:
    """`kill -9` gives nobody time to say goodbye; the pipe says it."""
    command = [sys.executable, "-c", HOLD, str(tmp_path / "state")]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    url = holder.stdout.readline().strip()
    assert httpx.get(f"{url}/sandbox/jobs", timeout=30).json() == []
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate()
    assert is_gone(url)


def test_faults_that_were_met_are_told_and_those_that_wait_with_how_often(tmp_path: Path) -> None:
    """What is used up waits no more; whoever rehearses learns how much of a plan was met."""
    plan = [{"where": "list", "what": 503, "times": 2}, {"where": "poll", "what": "drop", "times": None}]
    with sandbox_beside(tmp_path / "state", job_seconds=0.1) as beside:
        key = {"Authorization": f"Bearer {beside.environment['OXEN_API_KEY']}"}
        with httpx.Client(trust_env=False, timeout=30, headers=key) as http:
            assert http.post(f"{beside.url}/sandbox/faults", json=plan).status_code == 201
            assert http.get(f"{beside.environment['OXEN_BASE_URL']}/queue").status_code == 503
            told = http.get(f"{beside.url}/sandbox/faults").json()
    (met,) = told["met"]
    assert (met["vendor"], met["where"], met["what"], met["when"]) == ("oxen", "list", "503", "before")
    assert [(each["where"], each["left"]) for each in told["waiting"]] == [("list", 1), ("poll", None)]
