"""The embedded Prefect: a server of each run's own, quiet, private, and gone with the run."""

import base64
import contextlib
import http.server
import importlib.metadata
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.errors import ServerError, SettingsError
from flows.prefect.named_server import require_prefect
from flows.prefect.server import EmbeddedServer, prefect_server, state_folder
from tests.thinning import exhaustive

RUN = """
import asyncio, sys
from flows.prefect.server import prefect_server
with prefect_server() as server, server.connected() as url:
    from prefect import flow, task
    from prefect.cache_policies import NO_CACHE

    @task(cache_policy=NO_CACHE, persist_result=False)
    async def double(x):
        await asyncio.sleep(float(sys.argv[1]))
        return 2 * x

    @flow
    async def add():
        print("running", server.pid, flush=True)
        return sum(await asyncio.gather(*[double(x) for x in range(4)]))

    print(asyncio.run(add()))
"""


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory, prefect_state: Path) -> Path:
    """A state folder of this file's own, with the migrated database of them all."""
    databases = Path("tailframe", "prefect", "databases")
    (prefect_state / databases).mkdir(parents=True, exist_ok=True)
    own = tmp_path_factory.mktemp("state")
    (own / databases).parent.mkdir(parents=True)
    (own / databases).symlink_to(prefect_state / databases)
    return own


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, state: Path, tmp_path: Path) -> None:
    """A person without any Prefect settings, and with an empty home."""
    for name in [name for name in os.environ if name.startswith("PREFECT")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_STATE_HOME", str(state))
    monkeypatch.setenv("HOME", str(tmp_path))


def start(seconds: float = 0) -> subprocess.Popen[str]:
    """A run whose tasks take so long, in a process of its own."""
    command = [sys.executable, "-c", RUN, str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def server_of(run: subprocess.Popen[str]) -> int:
    """The process id of the run's server, once its flow is under way."""
    assert run.stdout is not None
    line = b""
    while not line.endswith(b"\n"):  # by bytes: `communicate` misses what a reader took in beyond it
        line += os.read(run.stdout.fileno(), 1) or pytest.fail(f"the run ended before its flow began: {line!r}")
    word, pid = line.split()
    assert word == b"running"
    return int(pid)


def homes(state: Path) -> list[Path]:
    """The homes of runs that are not swept yet."""
    return [path for path in (state / "tailframe/prefect/runs").iterdir() if path.is_dir()]


def is_gone(pid: int, within_s: float = 10) -> bool:
    """Whether a process ends in that time."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        status = Path(f"/proc/{pid}/stat")
        try:
            if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.05)
    return False


@exhaustive
def test_a_flow_runs_quietly_and_leaves_nothing(state: Path, tmp_path: Path) -> None:
    """A run ends well, writes nothing of Prefect's on the terminal, and leaves no process, home or `~/.prefect`."""
    run = start()
    server = server_of(run)
    out, err = run.communicate(timeout=60)
    assert (run.returncode, out, err) == (0, "12\n", "")
    assert is_gone(server)
    assert homes(state) == []
    assert list(tmp_path.iterdir()) == []


@exhaustive
def test_two_runs_at_once_do_not_disturb_each_other() -> None:
    """Each has its own server and database: no locks, no noise."""
    runs = [start(0.2), start(0.2)]
    assert server_of(runs[0]) != server_of(runs[1])
    for run in runs:
        out, err = run.communicate(timeout=60)
        assert (run.returncode, out, err) == (0, "12\n", "")


@exhaustive
def test_a_killed_run_takes_its_server_along(state: Path) -> None:
    """After `kill -9` nothing is left that anybody would have to clean up."""
    run = start(60)
    server = server_of(run)
    run.kill()
    run.communicate()
    assert is_gone(server)
    assert homes(state) == []


@exhaustive
def test_an_interrupted_run_takes_its_server_along(state: Path) -> None:
    """After Ctrl-C neither the server nor its home is left."""
    run = start(60)
    server = server_of(run)
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=30)
    assert run.returncode != 0
    assert "database is locked" not in err
    assert is_gone(server)
    assert homes(state) == []


@exhaustive
def test_the_next_start_sweeps_what_was_left(state: Path) -> None:
    """A home whose run and server are both gone is removed; one in use is not."""
    runs = state / "tailframe/prefect/runs"
    (runs / "run-left").mkdir(parents=True)
    (runs / "run-left/lock").touch()
    with prefect_server() as first, prefect_server() as second:
        assert isinstance(first, EmbeddedServer)
        assert isinstance(second, EmbeddedServer)
        assert {first.home, second.home} == set(homes(state))


@exhaustive
def test_a_foreign_environment_does_not_reach_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person's own Prefect settings (another database, a profile) change nothing about an embedded run."""
    monkeypatch.setenv("PREFECT_API_DATABASE_CONNECTION_URL", "sqlite+aiosqlite:////nowhere/at/all.db")
    monkeypatch.setenv("PREFECT_PROFILE", "production")
    run = start()
    out, err = run.communicate(timeout=60)
    assert (run.returncode, out.splitlines()[-1], err) == (0, "12", "")


ODD_ENVIRONMENT = {
    "ALL_PROXY": "socks5://127.0.0.1:1",
    "HTTP_PROXY": "http://127.0.0.1:1",
    "HTTPS_PROXY": "junk://x",
    "NO_PROXY": "[::1],fd00::/8",
}
"""Proxies that nobody could ask, one that httpx has no parts for, and exceptions that it cannot read."""


@exhaustive
def test_proxies_and_certificates_of_the_environment_do_not_reach_the_embedded_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is on this machine is reached directly, whatever the environment says, and by plain http."""
    for name, value in {**ODD_ENVIRONMENT, "SSL_CERT_FILE": "/no/such/file"}.items():
        monkeypatch.setenv(name, value)
    run = start()
    out, err = run.communicate(timeout=60)
    assert (run.returncode, out.splitlines()[-1:], err) == (0, ["12"], "")


@exhaustive
def test_a_named_server_on_this_machine_is_reached_directly_too() -> None:
    """By the first question and by Prefect's own clients, which read the same environment."""
    with somebody_elses_server() as url:
        assert stood_on(url, **ODD_ENVIRONMENT) == (0, "")


@pytest.mark.parametrize(
    ("name", "value"),
    [("ALL_PROXY", "socks5://127.0.0.1:1"), ("HTTP_PROXY", "junk://x"), ("SSL_CERT_FILE", "/no/such/file")],
)
def test_what_the_environment_says_wrongly_of_the_way_to_a_named_server_is_told(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its variable, in place of what httpx and Prefect raise."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        require_prefect("https://prefect.example/api")
    assert raised.value.variable == name


@exhaustive
@pytest.mark.parametrize(
    ("name", "value", "variable", "words"),
    [
        ("PREFECT_CLIENT_MAX_RETRIES", "junk", "PREFECT_CLIENT_MAX_RETRIES", "should be a valid integer"),
        ("PREFECT_PROFILES_PATH", "{folder}/profiles.toml", "PREFECT_*", "Prefect cannot read its settings"),
    ],
)
def test_what_prefect_cannot_read_is_wrong_input(
    name: str, value: str, variable: str, words: str, tmp_path: Path
) -> None:
    """One sentence, which names the variable where it can be told."""
    (tmp_path / "profiles.toml").write_text("junk = [")
    code, err = stood_on("http://127.0.0.1:1/api", **{name: value.format(folder=tmp_path)})
    assert code == 2, err
    assert err.startswith(f"error: {variable}: Prefect cannot read its settings")
    assert words in err
    assert err.count("\n") == 1


@exhaustive
def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    """A damaged database ends in one clear error with the remedy, not in a wait."""
    databases = tmp_path / "prefect/databases"
    databases.mkdir(parents=True)
    (databases / f"{importlib.metadata.version('prefect')}.db").write_bytes(b"not a database" * 100)
    script = (
        "import sys; from pathlib import Path; from flows.prefect.server import prefect_server, ServerError\n"
        "try:\n"
        "    with prefect_server(Path(sys.argv[1])) as server, server.connected(): pass\n"
        "except ServerError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, timeout=60, check=True
    )
    assert "ended before it answered" in done.stdout
    assert f"remove {tmp_path / 'prefect'}" in done.stdout


class _Answer(http.server.BaseHTTPRequestHandler):
    status, said, password = 200, f'"{importlib.metadata.version("prefect")}"', ""

    def do_GET(self) -> None:
        welcome = not self.password or self.headers.get("Authorization", "") == self.password
        self.send_response(self.status if welcome else 401)
        self.end_headers()
        self.wfile.write(self.said.encode())

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@contextlib.contextmanager
def somebody_elses_server(**answers: object) -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Answers", (_Answer,), answers)) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/api"
        server.shutdown()


def test_a_named_server_is_used_and_none_is_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With PREFECT_API_URL the run goes there, and not even a folder is made here."""
    with somebody_elses_server() as url:
        monkeypatch.setenv("PREFECT_API_URL", url)
        with prefect_server(tmp_path / "state") as server, server.connected() as connected:
            assert connected == url
    assert not (tmp_path / "state").exists()


@exhaustive
def test_a_named_server_is_asked_as_prefect_would() -> None:
    """One that wants to know who asks is told, by what Prefect's own client goes by."""
    with somebody_elses_server(password="Basic " + base64.b64encode(b"ada:lamp").decode()) as url:
        code, err = stood_on(url)
        assert (code, "PREFECT_API_AUTH_STRING" in err) == (1, True), err
        assert stood_on(url, PREFECT_API_AUTH_STRING="ada:lamp") == (0, "")


@exhaustive
def test_what_is_no_prefect_server_ends_a_command_with_one_sentence() -> None:
    """It names the variable and both ways out, and is no mistake of anybody's but the input's."""
    with somebody_elses_server(said="<!doctype html><title>Prefect Server</title>") as url:
        code, err = stood_on(url)
    assert code == 2
    assert err == (
        "error: PREFECT_API_URL: what it names answers 200, and not as a Prefect server does. Check it (it ends in "
        "/api), or unset PREFECT_API_URL to run with an embedded one\n"
    )


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"said": "true"}, SettingsError),
        ({"said": '"2.20.1"'}, SettingsError),
        ({"status": 404, "said": '{"detail": "Not Found"}'}, SettingsError),
        ({"status": 301}, SettingsError),
        ({"status": 502, "said": "bad gateway"}, ServerError),
    ],
)
def test_nothing_but_a_prefect_server_of_our_version_is_stood_on(
    answers: dict[str, object], error: type[Exception]
) -> None:
    """Another service and an older Prefect are wrong input; a proxy without a server behind it may pass."""
    with somebody_elses_server(**answers) as url, pytest.raises(error, match="unset PREFECT_API_URL"):
        require_prefect(url)


@pytest.mark.parametrize("url", ["127.0.0.1:4200/api", "ftp://127.0.0.1/api", "http:///api", "http://[::1", "nonsense"])
def test_what_is_no_address_is_wrong_input(url: str) -> None:
    """Nothing is asked there."""
    with pytest.raises(SettingsError, match="unset PREFECT_API_URL"):
        require_prefect(url)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/api", "http://no-such-name.invalid/api", "http://127.0.0.1:99999/"]
)
def test_a_named_server_that_is_down_is_told_at_once(url: str) -> None:
    """The error names the variable and both ways out."""
    with pytest.raises(ServerError, match="unset PREFECT_API_URL"):
        require_prefect(url)


def stood_on(url: str, **more: str) -> tuple[int, str]:
    """The exit code and the words of a command that is to stand on what this names."""
    script = (
        "import typer\nfrom flows.cli.exits import guarded\nfrom flows.prefect.server import prefect_server\n"
        "def command():\n    with prefect_server() as server, server.connected(): pass\n"
        "try: guarded(command)()\nexcept typer.Exit as end: raise SystemExit(end.exit_code)\n"
    )
    command, environment = [sys.executable, "-c", script], os.environ | {"PREFECT_API_URL": url} | more
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stderr


def test_state_goes_where_it_can(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """XDG_STATE_HOME is obeyed; where nothing can be written there, a temporary folder serves."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg"))
    assert state_folder() == tmp_path / "xdg/tailframe"
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert state_folder().name == f"tailframe-{os.getuid()}"


ODD = "who? 100%20 #a;b&c='d' \"e\" [f] {g} $H *\\i\n🎬"


@exhaustive
def test_a_state_folder_may_be_called_anything(state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No character of it is read as part of the database's URL: all that the server keeps is in its home, and goes."""
    odd = tmp_path / "states" / ODD
    databases = state / "tailframe/prefect/databases"
    if databases.exists():  # of an earlier run: an empty one takes seconds
        shutil.copytree(databases, odd / "tailframe/prefect/databases")
    monkeypatch.setenv("XDG_STATE_HOME", str(odd))

    run = start()
    said, complaints = run.communicate(timeout=120)

    assert (run.returncode, said.splitlines()[-1]) == (0, "12"), complaints
    assert [path.name for path in (tmp_path / "states").iterdir()] == [ODD]
    assert homes(odd) == []
