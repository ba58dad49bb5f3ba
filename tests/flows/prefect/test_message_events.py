"""What a flow run tells the outside is an event of its server too, and leaves its worker signed."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.flows.episodes import film, plain_environment, three_shots
from tests.flows.prefect.deployed_server import DeployedServer, deployed_server
from tests.render.outgoing.receiver import SECRET, receiving
from tests.thinning import exhaustive


@exhaustive
@pytest.mark.timeout(600)
def test_a_flow_run_emits_its_messages_and_sends_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Of its episode, related to itself, with what the message tells; a preview emits none."""
    plain_environment(monkeypatch)
    project = film(tmp_path, *three_shots()[1:], provider="animatic")
    with receiving() as here:
        more = {"TAILFRAME_WEBHOOK_URL": here.url, "TAILFRAME_WEBHOOK_SECRET": SECRET}
        with deployed_server(tmp_path_factory.mktemp("prefect"), project, **more) as server:
            assert server.run("preview/preview", episode="e01")["state_type"] == "COMPLETED"
            run = server.run("produce/produce", episode="e01")
            assert run["state_type"] == "COMPLETED", run["state"]["message"]
            (event,) = events(server)
            log = server.worker_log()
        (heard,) = here.heard
    assert heard.is_signed_with(SECRET)
    content = json.loads(heard.body)
    assert (event["event"], content["type"]) == ("tailframe.episode.done", "episode.done")
    assert event["resource"]["prefect.resource.id"] == "tailframe.episode.lighthouse.e01"
    assert event["payload"] == {"message": heard.id, **content["data"]}
    related = {(each["prefect.resource.role"], each["prefect.resource.id"]) for each in event["related"]}
    assert ("flow-run", f"prefect.flow-run.{run['id']}") in related
    assert SECRET not in log
    assert "T0pS3cretPath" not in log


def events(server: DeployedServer) -> list[dict[str, Any]]:
    """Our own events, once the server has written them down."""
    deadline = time.monotonic() + 60
    while True:
        found = server.ask("POST", "/events/filter", json={"filter": {"event": {"prefix": ["tailframe."]}}})["events"]
        if found or time.monotonic() > deadline:
            return list(found)
        time.sleep(0.5)
