"""More than fifty broken surroundings: whatever comes from outside, no command calls it a mistake in Tailframe.

`make test` lives in the cheap ones, `make crash` in all of them.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.flows.runs import tiny_project
from tests.flows.surroundings import NOBODY, Surrounding, as_nobody, at_most, lived_in
from tests.postgres import postgres_empty_url, postgres_ledger_url, postgres_server, postgres_template
from tests.s3 import ENVIRONMENT, answering
from tests.thinning import EVERY_MOMENT, exhaustive, one_in, thinned

__all__ = ["postgres_empty_url", "postgres_ledger_url", "postgres_server", "postgres_template"]

NOWHERE = ENVIRONMENT | {"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1", "AWS_MAX_ATTEMPTS": "1"}
IN_A_BUCKET = NOWHERE | {"TAILFRAME_STORE_URL": "s3://bucket/prefix"}
RIGHT = frozenset({0})


def becomes(name: str, how: str) -> Callable[[Path], None]:
    """Something of the project is not what it should be."""

    def disturb(project: Path) -> None:
        there = project / name
        if there.is_dir():
            shutil.rmtree(there)
        there.unlink(missing_ok=True)
        there.parent.mkdir(exist_ok=True)
        if how == "a file":
            there.write_bytes(b"\xff\x00 no such thing")
        elif how == "a folder":
            there.mkdir()
        elif how == "a pipe":
            os.mkfifo(there)
        else:
            there.symlink_to(there.name)

    return disturb


def belongs_to_nobody(mode: int | None = None, name: str = ".") -> Callable[[Path], None]:
    """The project is the process's own, one part of it with these rights."""

    def disturb(project: Path) -> None:
        for folder, _, files in os.walk(project.parent):
            for each in (folder, *(Path(folder, file) for file in files)):
                os.chown(each, NOBODY, NOBODY)
        for above in project.parents[: len(project.parents) - 1]:
            if above.stat().st_uid in {os.getuid(), NOBODY}:
                above.chmod(above.stat().st_mode | 0o011)
        if mode is not None:
            (project / name).chmod(mode)

    return disturb


def stands_nowhere(_project: Path) -> None:
    """The folder that it was started in is gone."""
    gone = Path("gone-from-under-it").absolute()
    gone.mkdir(exist_ok=True)
    os.chdir(gone)
    gone.rmdir()


def as_a_user_without_a_home(_project: Path) -> None:
    """Of a number that no list of users knows, as in many containers."""
    os.environ.pop("HOME", None)
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(54_321)


def makes_files_that_nobody_may_read(project: Path) -> None:
    as_nobody(project)
    os.umask(0o777)


def ffmpeg_is(script: str) -> Callable[[Path], None]:
    """What TAILFRAME_FFMPEG names (`ffmpeg` on a PATH of its own) does this."""

    def disturb(project: Path) -> None:
        there = project.parent / "bin" / "ffmpeg"
        there.parent.mkdir()
        there.write_text(f"#!/bin/sh\n{script}\n")
        there.chmod(0o755)

    return disturb


def finds_only_its_own_ffmpeg(project: Path) -> None:
    os.environ["TAILFRAME_FFMPEG"] = str(project.parent / "bin" / "ffmpeg")


def aws_is_configured_by(content: bytes) -> Callable[[Path], None]:
    def disturb(project: Path) -> None:
        (project.parent / "aws").write_bytes(content)

    return disturb


def reads_its_own_aws_file(project: Path) -> None:
    os.environ["AWS_CONFIG_FILE"] = str(project.parent / "aws")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        os.environ.pop(name, None)


def twice(project: Path) -> None:
    shutil.copy(project / "episodes/e01.yaml", project / "episodes/E01.yaml")


def _variables() -> Iterator[tuple[str, Surrounding]]:
    """Each with what cannot be used; `words` is what has to be named."""
    for name, value in [
        ("TAILFRAME_LEDGER_URL", "junk"),
        ("TAILFRAME_LEDGER_URL", "sqlite:////proc/no/ledger.sqlite"),
        ("TAILFRAME_LEDGER_URL", "sqlite:////dev/null"),
        ("TAILFRAME_LEDGER_URL", "postgresql://127.0.0.1:1/none"),
        ("TAILFRAME_LEDGER_URL", "postgresql://127.0.0.1:99999/none"),
        ("TAILFRAME_LEDGER_URL", "postgresql://[::1/none"),
        ("TAILFRAME_STORE_URL", "/proc/no/blobs"),
        ("TAILFRAME_STORE_URL", "/dev/null"),
        ("TAILFRAME_STORE_URL", "s3://UPPER/x"),
        ("TAILFRAME_ARCHIVE_URL", "/proc/no/archive"),
        ("TAILFRAME_ARCHIVE_URL", "~nobody99/archive"),
        ("TAILFRAME_ARCHIVE_URL", "s3://bucket/x"),
        ("TAILFRAME_POLL_INTERVAL", "1e400"),
        ("TAILFRAME_CLIP_PATIENCE", "soon"),
        ("TAILFRAME_PROXY", "socks5h://[::1"),
        ("TAILFRAME_FFMPEG", "/tmp"),
        ("TAILFRAME_FFMPEG", "/dev/null"),
        ("TAILFRAME_FFMPEG", "\x01"),
        ("KINOVI_DIALECT", "both"),
    ]:
        quick = name in {"TAILFRAME_ARCHIVE_URL", "TAILFRAME_PROXY"}
        yield f"{name}={value}", Surrounding(variables=NOWHERE | {name: value}, commands=("make",), quick=quick)
    for name, value in [
        ("AWS_PROFILE", "missing"),
        ("AWS_CONFIG_FILE", "/dev"),
        ("AWS_ENDPOINT_URL_S3", "junk"),
        ("AWS_MAX_ATTEMPTS", "junk"),
        ("AWS_REGION", "!! junk"),
        ("AWS_RETRY_MODE", "junk"),
        ("AWS_DEFAULTS_MODE", "junk"),
        ("AWS_REQUEST_CHECKSUM_CALCULATION", "junk"),
        ("AWS_ACCESS_KEY_ID", "\n\x01"),
        ("AWS_SESSION_TOKEN", "ü\n"),
        ("AWS_CA_BUNDLE", "/no/such/file"),
        ("HTTP_PROXY", "junk://"),
    ]:
        yield f"{name}={value!r}", Surrounding(variables=IN_A_BUCKET | {name: value}, commands=("make",))
    for content in [
        b"[default\nx",
        b"\xff\xfe\x00",
        b"[default]\ns3 = junk\n",
        b"[default]\ncredential_process=/none\n",
    ]:
        yield (
            f"AWS_CONFIG_FILE of {content!r}",
            Surrounding(
                variables=IN_A_BUCKET,
                disturb=aws_is_configured_by(content),
                limit=reads_its_own_aws_file,
                commands=("make",),
                quick=b"junk" in content,
            ),
        )


def _files() -> Iterator[tuple[str, Surrounding]]:
    for name in ("series.yaml", "episodes/e01.yaml", "episodes", "references"):
        for how in ("a folder", "a pipe", "a link to itself"):
            yield f"{name} is {how}", Surrounding(disturb=becomes(name, how), quick=name == "series.yaml")
    for name in (
        ".tailframe",
        ".tailframe/ledger.sqlite",
        ".tailframe/blobs",
        ".tailframe/owners",
        "output",
        "archive",
    ):
        for how in ("a file", "a link to itself", "a pipe"):
            quick = (name, how) in {(".tailframe", "a file"), (".tailframe/ledger.sqlite", "a file")}
            yield f"{name} is {how}", Surrounding(disturb=becomes(name, how), quick=quick)
    yield "two episodes by one name but for its case", Surrounding(disturb=twice)


def _processes() -> Iterator[tuple[str, Surrounding]]:
    for most in (10, 24, 64):
        yield f"{most} files at once", Surrounding(limit=at_most(resource.RLIMIT_NOFILE, most), quick=most == 24)
    for most in (0, 20_000):
        yield f"files of {most} bytes", Surrounding(limit=at_most(resource.RLIMIT_FSIZE, most), quick=most > 0)
    yield "a folder that is gone", Surrounding(limit=stands_nowhere, quick=True)
    yield "no home", Surrounding(variables={"HOME": ""}, ends=RIGHT)
    for folder in ("/nonexistent", "/proc"):
        yield f"HOME and TMPDIR are {folder}", Surrounding(variables={"HOME": folder, "TMPDIR": folder}, ends=RIGHT)
    for state in ("/proc", "/dev/null", "relative", "\n"):
        yield f"XDG_STATE_HOME={state!r}", Surrounding(variables={"XDG_STATE_HOME": state}, ends=RIGHT)
    yield "no PATH", Surrounding(variables={"PATH": ""})
    for script in ("exit 1", "echo rubbish", "kill -9 $$", "head -c 100000 /dev/urandom", "echo ffmpeg version 9 x"):
        disturb = ffmpeg_is(script)
        yield (
            f"an ffmpeg that does: {script}",
            Surrounding(disturb=disturb, limit=finds_only_its_own_ffmpeg, commands=("make",), words="ffmpeg"),
        )


def _rights() -> Iterator[tuple[str, Surrounding]]:
    """Only root can hand a project to another user."""
    if os.getuid() != 0:
        return
    yield "a project of somebody else", Surrounding(limit=as_nobody)
    yield "a user without a home", Surrounding(limit=as_a_user_without_a_home, quick=True)
    yield "umask 777", Surrounding(disturb=belongs_to_nobody(), limit=makes_files_that_nobody_may_read)
    for name, mode in [(".", 0o555), (".", 0), ("series.yaml", 0), ("episodes", 0), ("episodes/e01.yaml", 0)]:
        disturb = belongs_to_nobody(mode, name)
        yield f"{name} of mode {mode:o}", Surrounding(disturb=disturb, limit=as_nobody, quick=mode == 0o555)


CASES = dict([*_variables(), *_files(), *_processes(), *_rights()])


def test_there_are_more_than_fifty() -> None:
    """And some of each kind are lived in every day."""
    assert len(CASES) > 50
    assert 10 <= sum(around.quick for around in CASES.values()) <= 25


@one_in(8)
@pytest.mark.parametrize("name", [name for name, around in CASES.items() if EVERY_MOMENT or around.quick])
def test_whatever_comes_from_outside_is_no_mistake_in_tailframe(name: str, tmp_path: Path) -> None:
    """Each command ends with a code of the contract and a sentence, without a traceback."""
    around = CASES[name]
    told = lived_in(name, __name__, around, tmp_path)
    for command, code, said in told:
        assert code in around.ends, f"{command}: {said}"
        refuse_blame(f"{command}: {said}")
    assert around.words in "".join(said for _, _, said in told)


def refuse_blame(said: str) -> None:
    """AssertionError where it takes the blame, or shows its insides."""
    assert "mistake in Tailframe" not in said, said
    assert "Traceback" not in said, said


SPOKEN = {
    "LC_ALL=C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "LC_ALL=POSIX": {"LC_ALL": "POSIX", "LANG": ""},
    "LC_ALL=xx_YY": {"LC_ALL": "xx_YY.junk"},
    "PYTHONIOENCODING=ascii": {"PYTHONIOENCODING": "ascii"},
    "PYTHONIOENCODING=utf-16": {"PYTHONIOENCODING": "utf-16"},
    "TZ=Mars": {"TZ": "Mars/Olympus"},
    "TZ=:::": {"TZ": ":::"},
    "COLUMNS=0": {"COLUMNS": "0", "LINES": "0"},
    "COLUMNS=wide": {"COLUMNS": "wide"},
    "TERM=": {"TERM": ""},
    "TERM=junk": {"TERM": "junk", "FORCE_COLOR": "1"},
    "PYTHONOPTIMIZE=2": {"PYTHONOPTIMIZE": "2"},
    "PYTHONWARNINGS=error": {"PYTHONWARNINGS": "error"},
}
"""What Python reads when it starts, so that each needs a process that starts."""


@thinned
@pytest.mark.parametrize("name", SPOKEN if EVERY_MOMENT else ["LC_ALL=C"])
def test_a_plan_is_told_whatever_the_terminal_and_the_locale_are(name: str, tmp_path: Path) -> None:
    """With umlauts in a title, and 0."""
    project = tiny_project(tmp_path, title="Die letzte Lampe für Zoë 🎬")
    command = [sys.executable, "-m", "flows.cli", "plan", project, "e01"]
    done = subprocess.run(command, env=os.environ | SPOKEN[name], capture_output=True, timeout=60, check=False)
    said = (done.stdout + done.stderr).replace(b"\0", b"").decode(errors="replace")
    assert done.returncode == 0, said
    refuse_blame(said)
    assert "lamp/010" in said


NO_S3 = [
    (500, "text/html", b"<html>Internal error</html>"),
    (200, "text/html", b"<!doctype html><title>Sign in</title>"),
    (200, "application/xml", b"<Error>"),
    (404, "text/plain", b"\xff\x00"),
    (302, "text/html", b""),
]


@exhaustive
@pytest.mark.parametrize(("status", "kind", "body"), NO_S3 if EVERY_MOMENT else NO_S3[1:2])
@pytest.mark.parametrize("place", ["STORE", "ARCHIVE"])
def test_what_is_no_s3_server_is_told(status: int, kind: str, body: bytes, place: str, tmp_path: Path) -> None:
    """As a store and as an archive."""
    with answering(status, kind, body) as endpoint:
        around = NOWHERE | {"AWS_ENDPOINT_URL_S3": endpoint, f"TAILFRAME_{place}_URL": "s3://bucket/prefix"}
        ((_, code, said),) = lived_in("make", __name__, Surrounding(variables=around, commands=("make",)), tmp_path)
    assert code == 1, said
    refuse_blame(said)
    assert "s3://bucket/prefix" in said


CASES["make"] = Surrounding(commands=("make",))


@exhaustive
def test_a_postgresql_that_lets_nobody_write_is_told(
    postgres_ledger_url: str, postgres_empty_url: str, tmp_path: Path
) -> None:
    """A role that may only read, a database without tables, one that does not exist."""
    with psycopg.connect(postgres_ledger_url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {connection.info.dbname} SET default_transaction_read_only = on")
    for number, url in enumerate((postgres_ledger_url, postgres_empty_url, f"{postgres_empty_url}x")):
        around = {"TAILFRAME_LEDGER_URL": url, "TAILFRAME_ALLOW_LOCAL_STORE": "1"}
        asked = Surrounding(variables=around, commands=("make",))
        ((_, code, said),) = lived_in("make", __name__, asked, tmp_path / str(number))
        assert code == 1, said
        refuse_blame(said)
