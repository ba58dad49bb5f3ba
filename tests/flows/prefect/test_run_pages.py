"""What Prefect's own pages show of a run: names, a table of shots, the master, how far it is, each shot's own log."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from flows.prefect.artifacts import is_a_step
from flows.prefect.markdown_text import markdown_text
from flows.prefect.run_names import run_name
from flows.prefect.shot_table import shot_table
from flows.run.beginning import begin
from flows.run.options import RunOptions
from flows.run.workspace import open_workspace
from render.store.digests import sha256_of
from tests.acme.fixture import Acme
from tests.browser import chromium
from tests.flows.episodes import buys_from, film, three_shots
from tests.flows.prefect.deployed_server import DeployedServer, deployed_server
from tests.s3 import TestBucket, bucket, s3_client, s3_endpoint, s3_environment
from tests.thinning import exhaustive

__all__ = ["bucket", "s3_client", "s3_endpoint", "s3_environment"]

HOSTILE = "<img src=x onerror=alert(1)> [look](javascript:alert(1)) **bold** https://evil.example"


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"project": "projects/lighthouse/", "episode": "e01"}, "lighthouse e01"),
        ({"project": f"snapshot:{'ab' * 32}", "episode": "e01"}, "snapshot abababab e01"),
        ({"project": "https://git.example/films/harbour.git@main", "doing": "sweep"}, "harbour sweep"),
        ({"project": "a", "episode": "e1", "shots": ["x/2", "x/1"]}, "a e1: x/1, x/2"),
        ({"project": "a", "episode": "e1", "shots": list("edcba")}, "a e1: a, b, c and 2 more"),
        ({"project": "."}, "."),
    ],
)
def test_a_run_is_named_by_what_it_makes(asked: dict[str, object], name: str) -> None:
    """Whatever the project is given as, and however many shots are named."""
    assert run_name(**asked) == name  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "fraction", "again"),
    [
        (0.0, 0.04, False),
        (0.0, 0.05, True),
        (0.5, 0.54, False),
        (0.97, 1.0, True),
        (1.0, 1.0, False),
        (0.5, 0.4, False),
    ],
)
def test_progress_is_told_in_steps(told: float, fraction: float, *, again: bool) -> None:
    """Of five per cent; the end is always told."""
    assert is_a_step(told, fraction) is again


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("<b>", r"\<b\>"),
        ("[a](javascript:b)", r"\[a\](javascript:b)"),
        ("see https://evil.example", r"see https:\//evil.example"),
        ("1. first\n- second", r"1\. first - second"),
        ("a|b `c` *d* _e_ #f ~g~ &lt; www.x.y a@b.c", r"a\|b \`c\` \*d\* \_e\_ \#f \~g\~ \&lt; www\.x.y a\@b.c"),
        ("made in 4 s for $0.40: fine (really)", "made in 4 s for $0.40: fine (really)"),
    ],
)
def test_words_of_others_are_no_markdown(words: str, shown: str) -> None:
    """Nothing of them is markup, a link, a picture or HTML."""
    assert markdown_text(words) == shown


def test_a_run_that_was_broken_off_has_a_row_of_each_shot(
    acme: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With the takes that it had opened, and how far these are."""
    buys_from(acme, monkeypatch)
    project = film(tmp_path, *three_shots())

    async def broken_off() -> list[dict[str, str]]:
        async with open_workspace(project) as workspace, begin(workspace, RunOptions(episode="e01")) as session:
            await session.production.make("shore/010")
            return await shot_table(session)

    rows = asyncio.run(broken_off())
    assert [(row["shot"], row["state"], row["take"], row["vendor"], row["cost"]) for row in rows] == [
        ("lamp/010", "planned", "1", r"acme\@stand-in", ""),
        ("lamp/020", "planned", "1", r"acme\@stand-in", ""),
        ("shore/010", "done", "1", r"acme\@stand-in", "$0.40"),
    ]
    assert Path(rows[2]["clip"].replace("\\", "")).is_file()


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory, acme_clips: Path) -> Iterator[DeployedServer]:
    """Everything deployed, with a worker that buys from an Acme; one shot is refused with words of its own."""
    acme = Acme(tmp_path_factory.mktemp("acme"), acme_clips)
    acme.start()
    acme.script(on="job", do="refuse", code="moderation", words=HOSTILE, prompt="against the swell")
    project = film(tmp_path_factory.mktemp("film"), *three_shots())
    more = {name: value for name, value in acme.process_environment().items() if name.startswith(("ACME", "PYTHON"))}
    often = {"TAILFRAME_POLL_INTERVAL": "0.02"}
    with deployed_server(tmp_path_factory.mktemp("prefect"), project, **more, **often) as server:
        yield server
    acme.close()


@exhaustive
@pytest.mark.timeout(600)
def test_prefects_pages_tell_of_a_run_that_failed(deployed: DeployedServer) -> None:
    """Its table is there, a vendor's words in it are text, and what was decided of a shot stands in its task's log
    alone, once.
    """
    run = deployed.run("produce/produce", episode="e01")
    assert (run["name"], run["state_type"]) == ("lighthouse e01", "FAILED")
    rows = {row["shot"]: row for row in json.loads(deployed.artifact("lighthouse-e01-shots")["data"])}
    assert {key: row["state"] for key, row in rows.items()} == {
        "lamp/010": "done",
        "lamp/020": "done",
        "shore/010": "refused",
    }
    assert r"\<img src=x onerror" in rows["shore/010"]["findings"]
    assert float(deployed.artifact("lighthouse-e01-progress")["data"]) == 100

    tasks = deployed.tasks_of(run["id"])
    assert sorted(tasks) == ["lamp/010", "lamp/020", "shore/010"]
    own = deployed.log_of(run["id"], tasks["lamp/020"]["id"])
    assert [sum(line.startswith(what) for line in own) for what in ("claimed ", "sent ", "settled ", "done ")] == [
        1,
        1,
        0,
        1,
    ]
    assert not any("lamp/010" in line.partition(" at ")[0] for line in own)
    of_the_run = deployed.log_of(run["id"])
    assert not any(line.startswith(("claimed ", "sent ", "generated ", "done ")) for line in of_the_run)
    assert any(line.startswith("run begun") for line in of_the_run)


@exhaustive
@pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium here")
@pytest.mark.timeout(600)
def test_a_vendors_words_are_text_in_a_browser(deployed: DeployedServer) -> None:
    """Prefect's page of the table shows them as they came; no picture, no link and no script is made of them."""
    found = deployed.artifact("lighthouse-e01-shots")
    with chromium() as browser:
        page = browser.new_page()
        asked: list[str] = []
        page.on("dialog", lambda dialog: asked.append(dialog.message))
        page.goto(f"{deployed.url.removesuffix('/api')}/artifacts/artifact/{found['id']}")
        page.get_by_text("refused", exact=True).first.wait_for(timeout=60_000)
        cell = page.locator("td", has_text="onerror").first
        assert HOSTILE in cell.inner_text()
        assert cell.locator("img, a, strong").count() == 0
        assert asked == []


@exhaustive
@pytest.mark.timeout(600)
def test_failed_shots_are_made_again_from_the_form(deployed: DeployedServer) -> None:
    """Two shots named in Prefect's form of `reshoot`, as its page sends it: exactly those two are made, then cut."""
    before = deployed.takes()
    found = deployed.ask("GET", "/deployments/name/reshoot/reshoot")
    asked = {**found["parameters"], "project": str(deployed.project), "episode": "e01"}
    form = {
        "name": None,
        "parameters": {**asked, "shots": ["shore/010", "lamp/020"]},
        "state": {"type": "SCHEDULED", "message": "Run from the Prefect UI with custom parameters"},
        "enforce_parameter_schema": True,
    }
    made = deployed.ask("POST", f"/deployments/{found['id']}/create_flow_run", json=form)
    run = deployed.until(made["id"], frozenset({"COMPLETED"}))
    assert run["name"] == "lighthouse e01: lamp/020, shore/010"
    assert sorted(deployed.tasks_of(run["id"])) == ["lamp/020", "shore/010"]
    now = deployed.takes()
    assert {key: now[key] - before[key] for key in now} == {"e01/lamp/010": 0, "e01/lamp/020": 1, "e01/shore/010": 1}
    rows = {row["shot"]: row for row in json.loads(deployed.artifact("lighthouse-e01-shots")["data"])}
    assert rows["shore/010"]["clip"] == "output/e01/clips/shore/010.mp4"
    words = deployed.artifact("lighthouse-e01-master")["data"]
    assert "data:image/jpeg;base64," in words
    assert "160×90" in words
    assert str(deployed.project / "archive/lighthouse/e01") in words.replace("\\", "")


@exhaustive
@pytest.mark.timeout(600)
def test_archives_are_read_once_a_week(deployed: DeployedServer) -> None:
    """All that is whole is counted; a damaged file fails the run and its task, and is named."""
    whole = deployed.run("verify/verify")
    assert (whole["name"], whole["state"]["message"]) == ("lighthouse verify", "1 of 1 archives are whole")
    (clip,) = (deployed.project / "archive/lighthouse/e01").glob("*/clips/lamp/010.mp4")
    clip.chmod(0o644)
    clip.write_bytes(clip.read_bytes()[:-1] + b"!")
    damaged = deployed.run("verify/verify")
    assert damaged["state_type"] == "FAILED"
    assert "0 of 1 archives are whole; e01 (" in damaged["state"]["message"]
    assert "clips/lamp/010.mp4" in damaged["state"]["message"]
    assert deployed.tasks_of(damaged["id"])["e01"]["state_type"] == "FAILED"


@exhaustive
def test_clips_in_a_bucket_are_linked(
    acme: Acme, bucket: TestBucket, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """By links that a browser can open, signed and without a key; the clip comes as it was kept."""
    buys_from(acme, monkeypatch, TAILFRAME_STORE_URL=f"{bucket.url}/blobs")
    project = film(tmp_path, *three_shots())

    async def made() -> tuple[list[dict[str, str]], str]:
        async with open_workspace(project) as workspace, begin(workspace, RunOptions(episode="e01")) as session:
            clip = (await session.production.make("shore/010")).clip
            assert clip is not None
            return await shot_table(session), clip.sha256

    rows, sha256 = asyncio.run(made())
    link = rows[2]["clip"].removeprefix("[clip](<").removesuffix(">)")
    assert link.startswith("http")
    assert sha256_of(httpx.get(link).content) == sha256
