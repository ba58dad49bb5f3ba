"""`tailframe sandbox`: what it prints can be copied, and it ends as a server should."""

from pathlib import Path

from render.providers.registry import hosted_vendors
from tests.flows.cli.in_process import tailframe
from tests.render.sandbox.standing import Standing


def test_it_prints_what_to_copy_and_ends_well(tmp_path: Path) -> None:
    """Exports that lead to it; Ctrl-C is how it is meant to end."""
    standing = Standing(tmp_path / "state", forked=False)
    standing.start()
    assert {name for name in standing.environment if name.endswith("_URL")} == {
        variable for vendor in hosted_vendors() for variable in vendor.url_variables
    }
    assert standing.environment["KINOVI_BASE_URL"].endswith("/kinovi/api/v1")
    assert {value for name, value in standing.environment.items() if name.endswith("_KEY")} == {"sandbox-key"}
    assert standing.interrupt() == 0
    standing.close()


def test_a_made_up_key_takes_the_place_of_its_own(tmp_path: Path) -> None:
    """It is what the lines to copy hold, and the only one that is taken."""
    standing = Standing(tmp_path / "state")
    standing.start("--key", "sk-made-up")
    assert {value for name, value in standing.environment.items() if name.endswith("_KEY")} == {"sk-made-up"}
    assert standing.get("evolink", "/v1/tasks/none").status_code == 401
    standing.http.headers["Authorization"] = "Bearer sk-made-up"
    assert standing.get("evolink", "/v1/tasks/none").status_code == 404
    standing.close()


def test_a_plan_that_cannot_be_read_ends_it_with_2(tmp_path: Path) -> None:
    """Nothing listens where the faults are not known."""
    done = tailframe("sandbox", "--faults", str(tmp_path / "none.yaml"))
    assert done.exit_code == 2
    assert "none.yaml" in done.stderr


def test_a_state_that_is_no_folder_ends_it_with_2(tmp_path: Path) -> None:
    """No line is printed that somebody could copy in vain."""
    taken = tmp_path / "taken"
    taken.touch()
    done = tailframe("sandbox", "--port", "0", "--state", str(taken))
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"--state: {taken} cannot be made a folder (File exists)" in done.stderr


def test_a_port_that_is_taken_ends_it_with_2(tmp_path: Path) -> None:
    """It says what to do."""
    standing = Standing(tmp_path / "state")
    standing.start()
    port = standing.url.rpartition(":")[2]
    done = tailframe("sandbox", "--port", port, "--state", str(tmp_path / "other"))
    standing.close()
    assert done.exit_code == 2
    assert f"port {port} cannot be had (Address already in use)." in done.stderr


def test_help_shows_what_can_be_typed() -> None:
    """Help says what it is for."""
    done = tailframe("sandbox", "--help")
    assert done.exit_code == 0
    assert "tailframe sandbox --port 0" in done.stdout
