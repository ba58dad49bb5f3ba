"""`tailframe review`: what it refuses before it listens. That it serves is shown where it is looked at."""

import socket
from pathlib import Path

import pytest

from tests.flows.cli.in_process import tailframe
from tests.projects import write_project

PUBLIC = ("--public-url", "https://review.example.com")
LONG = "t" * 24


@pytest.mark.parametrize(
    ("options", "token", "said"),
    [
        (("--host", "0.0.0.0"), LONG, "is not this machine alone"),
        (("--public-url", "http://review.example.com"), LONG, "no address of a site over https"),
        (("--public-url", "https://review.example.com/room"), LONG, "no address of a site over https"),
        (("--public-url", "https://ann:pass@review.example.com"), LONG, "no address of a site over https"),
        (("--public-url", "https://["), LONG, "no address of a site over https"),
        (PUBLIC, "", "needs a token in TAILFRAME_REVIEW_TOKEN"),
        (PUBLIC, "short", "of 24 characters or more"),
    ],
)
def test_a_room_that_would_stand_open_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], token: str, said: str
) -> None:
    """It ends with 2 and says what to do; no token is printed."""
    monkeypatch.setenv("TAILFRAME_REVIEW_TOKEN", token)
    done = tailframe("review", write_project(tmp_path), "--port", "0", *options)
    assert (done.exit_code, said in done.stderr) == (2, True), done.stderr
    assert not token or token not in done.output


@pytest.mark.parametrize("pattern", ["javascript:alert('{path}')", "file://{path}", "vscode://file/", "{path}"])
def test_an_editor_that_is_none_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str) -> None:
    """A page makes a link of it."""
    monkeypatch.setenv("TAILFRAME_REVIEW_EDITOR", pattern)
    done = tailframe("review", write_project(tmp_path), "--port", "0")
    assert done.exit_code == 2
    assert "opens no editor" in done.stderr


def test_a_port_that_is_taken_ends_it_with_2(tmp_path: Path) -> None:
    """It says what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = tailframe("review", write_project(tmp_path), "--port", str(taken.getsockname()[1]))
    assert done.exit_code == 2
    assert "--port 0" in done.stderr
