"""The books outlive the process, however it ends."""

from __future__ import annotations

from pathlib import Path

from tests.render.sandbox.listener import Listener
from tests.render.sandbox.standing import Standing, picture
from tests.thinning import exhaustive

ORDER = {"model": "seedance-2.0-reference-to-video", "prompt": "x", "duration": 4, "quality": "480p"}


@exhaustive
def test_jobs_uploads_faults_and_callbacks_survive_a_kill(tmp_path: Path) -> None:
    """What was ordered before the kill is finished, served and told after it, on another port."""
    standing = Standing(tmp_path / "state", job_seconds=2)
    plan = tmp_path / "plan.yaml"
    plan.write_text("- {where: balance, what: 500, times: 2}")
    with Listener() as listener:
        standing.start("--faults", str(plan))
        assert standing.get("evolink", "/v1/credits").status_code == 500
        file = standing.publish(picture(tmp_path))
        order = ORDER | {"image_urls": [file], "callback_url": listener.url}
        made = standing.post("evolink", "/v1/videos/generations", order).json()["id"]
        before = standing.url
        standing.kill()
        standing.start("--faults", str(plan))
        try:
            assert standing.url != before
            told = standing.until_over("evolink", f"/v1/tasks/{made}")
            assert standing.http.get(told["results"][0]).status_code == 200
            assert standing.http.get(file.replace(before, standing.url)).status_code == 200
            assert [job["id"] for job in standing.jobs()] == [made]
            assert [standing.get("evolink", "/v1/credits").status_code for _ in range(2)] == [500, 200]
            listener.until(lambda calls: calls == 1)
        finally:
            standing.close()


def test_only_requests_that_name_this_machine_are_heard(quick: Standing) -> None:
    """A page in a browser that calls itself something else cannot reach the books."""
    answer = quick.http.get(f"{quick.url}/sandbox/jobs", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400


def test_the_log_holds_no_key(quick: Standing) -> None:
    """Not even a wrong one that could be right elsewhere."""
    quick.post("evolink", "/v1/videos/generations", ORDER, Authorization="Bearer a-real-key")
    heard = quick.log()[-1]
    assert (heard["status"], heard["flags"]) == (401, ["wrong or missing key"])
    assert "a-real-key" not in str(quick.log())
