"""Commands with closed, full and missing standard streams: their own exit codes, one sentence, and no harm."""

import os
import re
import struct
import subprocess
import sys
import zlib
from itertools import chain, combinations
from pathlib import Path

import pytest

from render.ledger import open_ledger
from tests.flows.accounts import ledger_url
from tests.flows.forked_commands import run
from tests.flows.runs import ROOT, tiny_project
from tests.projects import episode_file, scene, shot, write_project
from tests.render.ledger.stage import audit
from tests.thinning import exhaustive, one_in

pytestmark = pytest.mark.timeout(240)

CLOSED = {0: "<&-", 1: ">&-", 2: "2>&-"}
EVERY_WAY = tuple(chain.from_iterable(combinations(CLOSED, count) for count in (1, 2, 3)))
WHERE = """
import os, sys
from flows.terminal.streams import stand_on_streams
stand_on_streams()
with open(sys.argv[1], "w") as told:
    print(*(os.readlink(f"/proc/self/fd/{each}") for each in range(3)), sep="\\n", file=told)
"""


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, prefect_state: Path) -> None:
    for name in ("TAILFRAME_LEDGER_URL", "TAILFRAME_STORE_URL", "TAILFRAME_DEBUG", "PREFECT_API_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(prefect_state))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_project(tmp_path_factory.mktemp("project"))


def ran(redirected: str, *arguments: str | Path, environment: dict[str, str] | None = None) -> tuple[int, str, str]:
    """The command behind a shell's redirections: its code, and what came out where nothing was redirected.

    Without any it is forked; with them, it finds its streams when its interpreter starts.
    """
    if not redirected:
        return run(*arguments, environment=environment, timeout=120)
    shell = ["sh", "-c", f'exec "$@" {redirected}', "sh", sys.executable, "-m", "flows.cli", *map(str, arguments)]
    done = subprocess.run(shell, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout, done.stderr


@one_in(3)
@pytest.mark.parametrize("closed", EVERY_WAY)
def test_a_closed_stream_is_the_null_device(closed: tuple[int, ...], tmp_path: Path) -> None:
    """No file that is opened later, and no child's pipe, takes its number."""
    told = tmp_path / "told"
    redirected = " ".join(CLOSED[each] for each in closed)
    shell = ["sh", "-c", f'exec "$@" {redirected}', "sh", sys.executable, "-c", WHERE, str(told)]
    subprocess.run(shell, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=True)
    found = told.read_text().splitlines()
    assert [number for number, name in enumerate(found) if name == "/dev/null"] == sorted({0, *closed})


@exhaustive
@pytest.mark.parametrize("closed", EVERY_WAY)
def test_an_episode_is_made_whatever_is_closed(closed: tuple[int, ...], project: Path, prefect_url: str) -> None:
    """A run has children, a ledger and clips: it ends well, tells what it can, and its ledger is whole."""
    bare = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "XDG_STATE_HOME")}  # as cron has it
    if len(closed) < len(CLOSED):  # at least one has a server of its own as a child
        bare["PREFECT_API_URL"] = prefect_url
    code, out, err = ran(" ".join(CLOSED[each] for each in closed), "produce", project, "e01", environment=bare)
    assert code == 0, err
    assert out == ("" if 1 in closed else f"{project / 'output/e01/e01.mp4'}\n")
    assert all(line.startswith("e01 ") for line in err.splitlines()), err
    assert ("" if 2 in closed else "4 of 4 shots") in err
    ledger = open_ledger(ledger_url(project))
    audit(ledger)
    ledger.close()


@exhaustive
@pytest.mark.parametrize("asked", [("plan", "e01"), ("check",), ("status",)])
def test_what_only_looks_ends_as_ever(asked: tuple[str, ...], project: Path) -> None:
    """Whatever is closed, and where nothing can be told."""
    command, *episode = asked
    for redirected in ("<&- >&- 2>&-", ">&-", "2>/dev/full"):
        code, _, err = ran(redirected, command, project, *episode)
        assert (code, "mistake in Tailframe" in err) == (0, False), err


@one_in(4, first=2)
@pytest.mark.parametrize("asked", [("plan", "e01"), ("status", "--json"), ("--help",), ("--version",)])
def test_a_full_disk_under_the_result_is_told_once(asked: tuple[str, ...], project: Path) -> None:
    """1, and one sentence: a script must not take nothing for a result."""
    command, *more = asked
    arguments = asked if command.startswith("--") else (command, project, *more)
    code, _, err = ran(">/dev/full", *arguments)
    assert (code, len(err.splitlines())) == (1, 1), err
    assert err.startswith("error: standard output cannot be written to (No space left on device)")
    assert ran(">/dev/full 2>/dev/full", *arguments)[0] == 1


def test_paid_work_without_anybody_to_ask_is_refused(tmp_path: Path) -> None:
    """A closed terminal is nobody's consent."""
    project = tiny_project(tmp_path, provider="kinovi")
    code, _, err = ran("<&-", "produce", project, "e01")
    assert (code, "Say --yes" in err) == (2, True), err


def bomb(side: int) -> bytes:
    """A picture's header that claims so many pixels, and hardly anything behind it."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@one_in(2)
@pytest.mark.parametrize("side", [10_000, 20_000])
def test_a_picture_beyond_all_bounds_is_told_with_its_place_and_nothing_else(side: int, tmp_path: Path) -> None:
    """Whatever Pillow thinks of 100 and 400 megapixels, the producer reads one mistake."""
    project = tiny_project(tmp_path)
    (project / "references/cast/mara.png").write_bytes(bomb(side))
    code, out, err = ran("", "check", project)
    first = out.splitlines()[0]
    assert (code, err) == (2, "1 mistake to mend\n")
    assert first.startswith("series.yaml:")
    assert f"mara.png has {side}x{side} pixels, more than 80,000,000. Scale it down" in first


@one_in(2)
@pytest.mark.parametrize(
    ("name", "head"), [("references/cast/mara.png", bomb(64)), ("references/music/theme.wav", b"RIFF\0\0\0\0WAVEfmt ")]
)
def test_a_file_of_a_terabyte_is_told_by_its_size(name: str, head: bytes, tmp_path: Path) -> None:
    """A sparse file is made in a moment and read in hours: its size is looked at before its bytes, by every command."""
    episode = episode_file("e01", scene("lamp", shot("010")), music={"source": "references/music/theme.wav"})
    project = write_project(tmp_path, episodes={"e01": episode})
    (project / name).write_bytes(head)
    os.truncate(project / name, 1024**4)
    for command in (("check",), ("plan", "e01"), ("produce", "e01")):
        code, out, err = ran("", command[0], project, *command[1:])
        assert code == 2, err
        (told,) = [line for line in (out + err).splitlines() if "1,099,511,627,776" in line]
        assert re.match(rf"\w+(/\w+)?\.yaml:\d+:\d+: {name!r} holds", told), told
