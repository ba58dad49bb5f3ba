"""The Dockerfile, the compose file and the systemd units fit each other, the program and what they name."""

from __future__ import annotations

import importlib.metadata
import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from flows.settings import Settings
from tests.docs.pages import ROOT
from tests.operations.deploy_files import DEPLOY, UNITS, instructions, named_variables, services, unit, variables
from tests.thinning import exhaustive

EXAMPLE = variables(DEPLOY / ".env.example")
FILLED = {name: value or "abc123" for name, value in EXAMPLE.items()}
SERVICES = services(FILLED)
OURS = {name: each for name, each in SERVICES.items() if each["image"].startswith("tailframe:")}
READ_BY_OTHERS = {
    "AWS_ACCESS_KEY_ID", "AWS_ENDPOINT_URL_S3", "AWS_REGION", "AWS_SECRET_ACCESS_KEY",  # boto3, and the object store
    "CALLBACKS_URL",  # the unit itself
    "DO_NOT_TRACK", "HOME", "MALLOC_ARENA_MAX", "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "XDG_CACHE_HOME",
    "LEDGER_PASSWORD", "POSTGRES_PASSWORD", "PREFECT_DATABASE_PASSWORD",  # PostgreSQL's image, and deploy/postgres
}  # fmt: skip


def test_the_compose_file_asks_for_what_the_example_names_and_nothing_else() -> None:
    """Whoever copies .env.example and fills it in can start; each service has an image, and none is `latest`."""
    assert named_variables() == set(EXAMPLE)
    for name, service in SERVICES.items():
        _, separator, tag = service["image"].rpartition(":")
        assert separator, f"{name} has no tag"
        assert tag not in {"", "latest"}
    assert importlib.metadata.version("tailframe") == EXAMPLE["TAILFRAME_VERSION"]


def test_the_image_of_the_compose_file_is_of_this_version() -> None:
    """A version that is released has an image of its own."""
    unset = {name: value for name, value in FILLED.items() if name != "TAILFRAME_VERSION"}
    assert services(unset)["worker-1"]["image"] == f"tailframe:{importlib.metadata.version('tailframe')}"


def test_nothing_listens_beyond_this_machine() -> None:
    """Every port that is open is open to 127.0.0.1 alone."""
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_who_depends_on_whom_can_be_waited_for() -> None:
    """Whoever is waited for until it is healthy has a healthcheck; whoever is waited for to its end does end."""
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[other], f"{name} waits for {other}"
            else:
                assert SERVICES[other]["restart"] == "no", f"{name} waits for {other}"


def test_what_lasts_lies_in_named_volumes_and_no_two_share_one() -> None:
    """Workers share no folder; and a container can be made anew without a loss."""
    named = [volume.partition(":")[0] for each in SERVICES.values() for volume in each.get("volumes", [])]
    named = [name for name in named if not name.startswith(".")]
    assert len(set(named)) == len(named)
    text = (DEPLOY / "compose.yaml").read_text()
    assert set(named) == set(re.findall(r"^  ([\w-]+):$", text.partition("\nvolumes:\n")[2], re.MULTILINE))


def test_our_own_containers_have_no_rights() -> None:
    """A read-only file system, no capability, no new privileges; keys only where they are needed."""
    for service in OURS.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    with_keys = {name for name, service in OURS.items() if "KINOVI_API_KEY" in service["environment"]}
    assert with_keys == {"worker-1", "worker-2", "tools"}


@exhaustive
@pytest.mark.parametrize("name", ["environment of the compose file", "tailframe.env", "server.env"])
def test_every_variable_is_one_that_somebody_reads(name: str) -> None:
    """A name that nobody reads would be a setting that does nothing."""
    named: set[str] = set()
    if name.endswith(".env"):
        named = set(variables(DEPLOY / "systemd" / f"{name}.example"))
    else:
        for service in SERVICES.values():
            named |= set(service.get("environment", {}))
    for each in named:
        ours = each.lower() in Settings.model_fields
        assert ours or each in READ_BY_OTHERS or each in prefects(), f"nobody reads {each}"


def prefects() -> set[str]:
    """Every variable that Prefect reads."""
    from prefect.settings import Settings as PrefectSettings
    from prefect.settings.legacy import _get_valid_setting_names

    return set(_get_valid_setting_names(PrefectSettings))


def copied() -> list[str]:
    return [
        source for word, rest in instructions() if word == "COPY" and "--from=build" not in rest for source in rest[:-1]
    ]


def test_what_the_image_is_made_of_is_here_and_reaches_the_builder() -> None:
    """Each source of COPY exists, and .dockerignore lets it through."""
    let_through = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for source in copied():
        assert (ROOT / source).exists(), source
        assert source in let_through, f"{source} is ignored"
    assert let_through == set(copied())
    packages = {
        file.parent.name for floor in ("storyboard", "render", "flows") for file in (ROOT / floor).glob("__init__.py")
    }
    assert {f"{name}/" for name in packages} <= set(copied())


def test_the_image_has_its_commands_on_its_path_and_no_rights() -> None:
    """What compose runs is in the environment that the image was built with; its user is a number, not root's."""
    last = [rest for word, rest in instructions() if word == "USER"][-1]
    assert last == ["10001:10001"]
    environment = dict(each.split("=", 1) for word, rest in instructions() if word == "ENV" for each in rest)
    assert environment["PATH"].startswith("/opt/tailframe/.venv/bin:")
    for service in OURS.values():
        program = service["command"][0]
        assert (ROOT / ".venv/bin" / program).exists() or shutil.which(program), program
        assert "entrypoint" not in service
    assert [word for word, _ in instructions()].count("ENTRYPOINT") == 0
    (command,) = [rest for word, rest in instructions() if word == "CMD"]
    assert json.loads("".join(command).replace("[", '["').replace("]", '"]').replace(",", '","'))[0] == "tailframe"


def test_everything_in_the_image_is_pinned_by_its_hash() -> None:
    """Every installation but that of the checkout itself demands hashes."""
    runs = [" ".join(rest) for word, rest in instructions() if word == "RUN"]
    installs = [part for run in runs for part in run.split("&&") if " install " in part and "pip" in part]
    assert len(installs) == 3
    assert all("--require-hashes" in each or "--no-deps" in each for each in installs)


def exec_of(file: Path) -> list[str]:
    """The command of a unit, as of the checkout that it is installed from."""
    (line,) = unit(file)["ExecStart"]
    words = shlex.split(
        line.replace("%l-worker-%i", "worker-1").replace("${CALLBACKS_URL}", "https://calls.example.com")
    )
    assert words[0].startswith("/opt/tailframe/.venv/bin/")
    return [Path(words[0]).name, *words[1:]]


@pytest.mark.parametrize("file", UNITS, ids=[file.stem for file in UNITS])
def test_a_unit_starts_what_the_compose_file_starts(file: Path) -> None:
    """So that one test of the commands is one of both; on a machine of its own a unit listens to that machine alone."""
    part = {"tailframe-server": "server", "tailframe-worker@": "worker-1", "tailframe-callbacks": "callbacks"}[
        file.stem
    ]
    service = services({**FILLED, "CALLBACKS_URL": "https://calls.example.com"})[part]
    inside = {"0.0.0.0": "127.0.0.1"}
    run = [inside.get(word, word) for word in service["command"] if word != "--with-healthcheck"]
    given = exec_of(file)
    if part == "callbacks":
        run = run[: run.index("--host")]
    assert given == run


@pytest.mark.parametrize("file", UNITS, ids=[file.stem for file in UNITS])
def test_a_unit_is_hardened_has_folders_of_its_own_and_ends_in_order(file: Path) -> None:
    """And names no key: these stand in a file that only root and its group read."""
    written = unit(file)
    for key, value in {
        "NoNewPrivileges": "yes",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "User": "tailframe",
    }.items():
        assert written[key] == [value]
    assert written["CapabilityBoundingSet"] == [""]
    (environment,) = written["Environment"]
    (state,), (cache,) = written["StateDirectory"], written["CacheDirectory"]
    given = dict(each.split("=", 1) for each in environment.split())
    assert given["HOME"] == f"/var/lib/{state}"
    assert given["XDG_CACHE_HOME"] == f"/var/cache/{cache}"
    assert not any("KEY" in name or "PASSWORD" in name for name in given)
    (env_file,) = written["EnvironmentFile"]
    assert (DEPLOY / "systemd" / f"{Path(env_file).name}.example").is_file()


def test_a_worker_is_given_longer_than_it_gives_its_runs() -> None:
    """By systemd and by compose; and the worker alone is told, as it tells its runs."""
    from flows.cli.worker_cmd import worker

    patience = (worker.__kwdefaults__ or {})["patience"]
    written = unit(DEPLOY / "systemd/tailframe-worker@.service")
    assert int(written["TimeoutStopSec"][0]) > patience
    assert written["KillMode"] == ["mixed"]
    grace = SERVICES["worker-1"]["stop_grace_period"]
    assert int(grace.removesuffix("m")) * 60 > patience


@exhaustive
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_finds_no_mistake_in_the_units(tmp_path: Path) -> None:
    """With this checkout in the place of the one that they are of."""
    for file in UNITS:
        name = file.name.replace("@", "@1")
        (tmp_path / name).write_text(file.read_text().replace("/opt/tailframe/", f"{ROOT}/"))
    units = [str(each) for each in tmp_path.glob("*.service")]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@exhaustive
def test_docker_compose_accepts_the_file(tmp_path: Path) -> None:
    """Where it is installed; what a file looks like to it is read by the other tests."""
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("docker compose is not installed")
    env = tmp_path / "env"
    env.write_text("".join(f"{name}={value}\n" for name, value in FILLED.items()))
    command = [
        docker,
        "compose",
        "-f",
        str(DEPLOY / "compose.yaml"),
        "--env-file",
        str(env),
        "config",
        "--format",
        "json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    read: dict[str, Any] = json.loads(done.stdout)["services"]
    assert {name: each["command"] for name, each in read.items()} == {
        name: each["command"] for name, each in SERVICES.items() if "profiles" not in each
    }
