"""A sandbox in a process of its own, and references to send to it."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import time
import wave
from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
from PIL import Image

from render.providers.registry import hosted_vendors
from tests.clips import make_clip
from tests.flows.forked_commands import ForkedCommand, begin

ROOT = Path(__file__).parents[3]
EXPORTS = sum(1 + len(vendor.url_variables) for vendor in hosted_vendors())
"""Lines that it prints to be copied: a key and its addresses for each vendor."""

BROWSER = "Mozilla/5.0 (X11; Linux x86_64)"


class Standing:
    """A running sandbox, spoken to with plain HTTP. It can be killed, and started again on its books.

    forked: whether its command is forked (`tests.flows.forked_commands`) or started as a shell starts it.
    """

    def __init__(self, state: Path, job_seconds: float = 0.2, *, forked: bool = True) -> None:
        self.state, self.job_seconds, self._forked = state, job_seconds, forked
        self.environment: dict[str, str] = {}
        self.http = httpx.Client(
            headers={"Authorization": "Bearer sandbox-key", "User-Agent": BROWSER}, trust_env=False, timeout=30
        )
        self._process: subprocess.Popen[str] | ForkedCommand | None = None

    def start(self, *arguments: str) -> None:
        command = ["sandbox", "--port", "0", "--state", str(self.state), "--job-seconds", str(self.job_seconds)]
        self._process = self._begun([*command, *arguments], os.environ | {"PYTHONUNBUFFERED": "1"})
        assert self._process.stdout is not None
        for _ in range(EXPORTS):
            name, _, value = self._process.stdout.readline().removeprefix("export ").strip().partition("=")
            self.environment[name] = value
        self._wait()

    def _begun(self, command: Sequence[str], around: Mapping[str, str]) -> subprocess.Popen[str] | ForkedCommand:
        if self._forked:
            return begin(*command, environment=around)
        whole = [sys.executable, "-m", "flows.cli", *command]
        return subprocess.Popen(whole, cwd=ROOT, env=around, stdout=subprocess.PIPE, text=True)

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                self.http.get(f"{self.url}/sandbox/jobs")
            except httpx.TransportError:
                time.sleep(0.02)
            else:
                return
        raise AssertionError("the sandbox does not answer")

    @property
    def url(self) -> str:
        return self.environment["EVOLINK_BASE_URL"].removesuffix("/evolink")

    def kill(self) -> None:
        """As a power cut does."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def interrupt(self) -> int:
        """As Ctrl-C does; returns the exit code."""
        assert self._process is not None
        self._process.send_signal(2)
        self._process.communicate(timeout=20)
        code, self._process = self._process.wait(), None
        return code

    def close(self) -> None:
        self.http.close()
        self.kill()

    def post(self, vendor: str, path: str, body: Any, **headers: str) -> httpx.Response:
        return self.http.post(f"{self.environment[f'{vendor.upper()}_BASE_URL']}{path}", json=body, headers=headers)

    def get(self, vendor: str, path: str) -> httpx.Response:
        return self.http.get(f"{self.environment[f'{vendor.upper()}_BASE_URL']}{path}")

    def plan(self, **fault: Any) -> None:
        """Let something go wrong."""
        answer = self.http.post(f"{self.url}/sandbox/faults", json=fault)
        assert answer.status_code == 201, answer.text

    def agree(self, vendor: str, usd_per_second: str) -> None:
        """Let a second of output cost so much at a vendor whose pages tell no price."""
        answer = self.http.put(f"{self.url}/sandbox/contracts/{vendor}", json={"usd_per_second": usd_per_second})
        assert answer.status_code == 204, answer.text

    def forgive(self) -> None:
        """Forget every fault."""
        self.http.delete(f"{self.url}/sandbox/faults")

    def faults_waiting(self) -> list[dict[str, Any]]:
        """Those that nothing has met yet."""
        waiting: list[dict[str, Any]] = self.http.get(f"{self.url}/sandbox/faults").json()["waiting"]
        return waiting

    def jobs(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.http.get(f"{self.url}/sandbox/jobs").json()
        return found

    def job(self, job_id: str) -> dict[str, Any]:
        """A job as the sandbox itself knows it."""
        return next(job for job in self.jobs() if job["id"] == job_id)

    def log(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.http.get(f"{self.url}/sandbox/log").json()
        return found

    def publish(self, file: Path) -> str:
        """Upload a file as EvoLink's files host takes it; returns its link."""
        answer = self.http.post(
            f"{self.environment['EVOLINK_FILES_URL']}/api/v1/files/upload/stream",
            files={"file": (file.name, file.read_bytes(), "application/octet-stream")},
        )
        link: str = answer.json()["data"]["file_url"]
        return link

    def until_over(self, vendor: str, path: str) -> dict[str, Any]:
        """Poll until a job is over."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            told: dict[str, Any] = self.get(vendor, path).json()
            if told["status"] in {"success", "fail", "completed", "succeeded", "failed", "cancelled"}:
                return told
            time.sleep(0.05)
        raise AssertionError(f"the job is not over: {told}")


def picture(folder: Path, size: tuple[int, int] = (400, 400), name: str = "still.png", colour: str = "#446688") -> Path:
    path = folder / name
    Image.new("RGB", size, colour).save(path)
    return path


def video(folder: Path, seconds: int = 2, size: tuple[int, int] = (864, 480)) -> Path:
    return make_clip(folder / "motion.mp4", frames=24 * seconds, size=size)


def sound(folder: Path, seconds: float = 3.0) -> Path:
    path = folder / "tone.wav"
    samples = array("h", [round(3000 * math.sin(place / 8)) for place in range(round(8000 * seconds))])
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(samples.tobytes())
    return path
