"""Python, ffmpeg and Prefect: what is found where they are well, and what where they are not."""

import asyncio
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from flows.doctor.machine import look_at_ffmpeg, look_at_prefect, look_at_python
from render.providers.findings import Health
from tests.flows.doctor.checks import by_what

ROOT = Path(__file__).parents[3]


def test_python_is_told_and_an_old_one_is_wrong() -> None:
    """What is needed is said with it."""
    assert {each.health for each in look_at_python()} == {Health.GOOD}
    old = by_what(look_at_python((3, 10, 4), "win32"))
    assert (old["python"].health, old["system"].health) == (Health.WRONG, Health.LOOK)
    assert "3.11" in old["python"].remedy


def test_ffmpeg_makes_a_second_of_film() -> None:
    """The one that runs use, all its parts, and a clip that is really encoded and decoded."""
    found = by_what(asyncio.run(look_at_ffmpeg()))
    assert [each.health for each in found.values()] == [Health.GOOD] * 4
    assert "24 frames" in found["encode"].value


@pytest.mark.parametrize(
    ("script", "what", "words"),
    [
        ("", "program", "does not say that it is ffmpeg"),
        ('[ "$1" = -version ] && echo ffmpeg version 1.0 Copyright', "cut", "libx264"),
        ("exit 1", "program", "does not say that it is ffmpeg"),
    ],
)
def test_a_broken_ffmpeg_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, what: str, words: str
) -> None:
    """One that prints nothing, one without encoders, one that fails."""
    broken = tmp_path / "ffmpeg"
    broken.write_text(f"#!/bin/sh\n{script}\n")
    broken.chmod(0o755)
    monkeypatch.setenv("TAILFRAME_FFMPEG", str(broken))
    found = by_what(asyncio.run(look_at_ffmpeg()))
    assert found[what].health is Health.WRONG
    assert words in found[what].value
    assert "others" not in found or "hue, sine, testsrc2, volume for rehearsals" in found["others"].value
    assert "encode" not in found or found["encode"].health is Health.WRONG


def test_an_ffmpeg_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable that names it."""
    monkeypatch.setenv("TAILFRAME_FFMPEG", "/no/such/ffmpeg")
    (found,) = asyncio.run(look_at_ffmpeg())
    assert found.health is Health.WRONG
    assert found.value.startswith("TAILFRAME_FFMPEG is '/no/such/ffmpeg'")


class _Answers(BaseHTTPRequestHandler):
    status, said = 200, '"3.8.8"'

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(self.said.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize(
    ("status", "said", "health", "words"),
    [
        (200, '"3.8.8"', Health.GOOD, "is Prefect 3.8.8"),
        (200, '"2.20.1"', Health.WRONG, "is Prefect 2.20.1"),
        (200, "<html>", Health.WRONG, "not as Prefect does"),
        (404, "no", Health.WRONG, "answers 404"),
        (401, "no", Health.WRONG, "answers 401"),
    ],
)
def test_a_named_prefect_server_is_asked_for_its_version(status: int, said: str, health: Health, words: str) -> None:
    """It may be an older one, ask for a password, or be something else."""
    handler = type("Answers", (_Answers,), {"status": status, "said": said})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/api"
        found = by_what(look_at_prefect({"PREFECT_API_URL": url}))
        server.shutdown()
    assert found["server"].health is health
    assert words in found["server"].value


def test_a_prefect_server_that_is_gone_is_told() -> None:
    """What to unset is said."""
    found = by_what(look_at_prefect({"PREFECT_API_URL": "http://127.0.0.1:1/api"}))
    assert found["server"].health is Health.WRONG
    assert "PREFECT_API_URL" in found["server"].remedy


def test_the_embedded_servers_state_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where it is kept."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    found = by_what(look_at_prefect({}))
    assert str(tmp_path / "tailframe") in found["server"].value
