"""What goes wrong on demand, and the plans that say so."""

from __future__ import annotations

import gzip
import re
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from ruamel.yaml import YAML

from render.errors import ClipRejected
from render.media.decoded_clip import clip_facts
from render.sandbox import BadPlan, planned
from render.sandbox.faults import WHAT, drawn, read_faults
from tests.docs.pages import ROOT, blocks
from tests.render.sandbox.standing import Standing
from tests.thinning import exhaustive

CREATE = "/v1/videos/generations"
OPERATORS = ROOT / "docs" / "operators.md"


def order(prompt: str) -> dict[str, Any]:
    return {
        "model": "seedance-2.0-reference-to-video",
        "prompt": prompt,
        "duration": 4,
        "quality": "480p",
        "generate_audio": False,
    }


def jobs_that_say(standing: Standing, prompt: str) -> int:
    return sum(job["prompt"] == prompt for job in standing.jobs())


@pytest.mark.parametrize(("when", "jobs"), [("before", 0), ("after", 1)])
def test_an_error_comes_before_or_after_the_job_exists(quick: Standing, when: str, jobs: int) -> None:
    """The same 503 tells nothing of whether a job is paid for."""
    prompt = f"503 {when}"
    quick.plan(where="create", what=503, when=when, prompt=prompt)
    answer = quick.post("evolink", CREATE, order(prompt))
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "service_unavailable")
    assert jobs_that_say(quick, prompt) == jobs


@pytest.mark.parametrize(("when", "jobs"), [("before", 0), ("after", 1)])
def test_a_connection_breaks_before_or_after_the_job_exists(quick: Standing, when: str, jobs: int) -> None:
    """No answer comes at all."""
    prompt = f"drop {when}"
    quick.plan(where="create", what="drop", when=when, prompt=prompt)
    with pytest.raises(httpx.TransportError):
        quick.post("evolink", CREATE, order(prompt))
    assert jobs_that_say(quick, prompt) == jobs


def test_a_refusal_may_repeat_the_key(quick: Standing) -> None:
    """The worst that a vendor does with what it was sent: in its words, in a header, and in several dresses."""
    quick.plan(where="create", what="echo", prompt="echo")
    answer = quick.post("evolink", CREATE, order("echo"))
    assert (answer.status_code, answer.headers["x-your-authorization"]) == (400, "Bearer sandbox-key")
    words = answer.json()["error"]["message"]
    assert all(
        dressed in words for dressed in ("Bearer sandbox-key", "Bearer%20sandbox-key", "QmVhcmVyIHNhbmRib3gta2V5")
    )


def test_faults_wait_for_their_turn_and_are_used_up(quick: Standing) -> None:
    """`skip` lets some pass, `times` says how many are met, and only the vendor that is named meets them."""
    quick.plan(vendor="evolink", where="balance", what=500, skip=1, times=2)
    assert quick.get("aihubmax", "/v1/account/credits").status_code == 200
    seen = [quick.get("evolink", "/v1/credits").status_code for _ in range(4)]
    assert seen == [200, 500, 500, 200]


def test_answers_may_be_slow_or_no_json(quick: Standing) -> None:
    """A slow one is right in the end; garbage says 200."""
    quick.plan(where="balance", what="slow", seconds=0.4)
    begun = time.monotonic()
    assert quick.get("evolink", "/v1/credits").status_code == 200
    assert time.monotonic() - begun > 0.4
    quick.plan(where="balance", what="garbage")
    assert quick.get("evolink", "/v1/credits").text.startswith("<html>")


def test_a_job_fails_or_is_stuck(quick: Standing) -> None:
    """Failed jobs say so with the vendor's code; a stuck one goes on for ever."""
    quick.plan(where="job", what="fail", prompt="to fail")
    quick.plan(where="job", what="stuck", prompt="to be stuck")
    failed = quick.post("evolink", CREATE, order("to fail")).json()["id"]
    stuck = quick.post("evolink", CREATE, order("to be stuck")).json()["id"]
    assert quick.until_over("evolink", f"/v1/tasks/{failed}")["error"]["code"] == "generation_failed_no_content"
    assert quick.get("evolink", f"/v1/tasks/{stuck}").json()["status"] == "pending"


@exhaustive
def test_clips_come_damaged_cut_off_or_not_at_all(quick: Standing, tmp_path: Path) -> None:
    """Each way once, and then the clip as it is."""
    made = quick.post("evolink", CREATE, order("to be fetched")).json()["id"]
    (link,) = quick.until_over("evolink", f"/v1/tasks/{made}")["results"]
    clip = tmp_path / "clip.mp4"
    for what in ("truncate", "corrupt"):
        quick.plan(where="download", what=what, prompt="to be fetched")
        clip.write_bytes(quick.http.get(link).content)
        with pytest.raises(ClipRejected):
            clip_facts(clip)
    quick.plan(where="download", what="expire", prompt="to be fetched")
    assert quick.http.get(link).status_code == 403
    quick.plan(where="download", what="cut", prompt="to be fetched")
    with pytest.raises(httpx.TransportError):
        quick.http.get(link)
    clip.write_bytes(quick.http.get(link).content)
    assert clip_facts(clip).audio_s is None


@exhaustive
def test_clips_come_late_packed_or_behind_a_page_and_links_come_odd(quick: Standing) -> None:
    """Late is a time and not a number of requests; an odd link is told once, and leads to the very same clip."""
    made = quick.post("evolink", CREATE, order("to be odd")).json()["id"]
    (plain,) = quick.until_over("evolink", f"/v1/tasks/{made}")["results"]
    clip = quick.http.get(plain).content
    quick.plan(where="download", what="odd_link", prompt="to be odd")
    quick.plan(where="download", what="page", prompt="to be odd")
    (odd,) = quick.get("evolink", f"/v1/tasks/{made}").json()["results"]
    assert "Nächtliche Fähre [take 1] " in odd
    page = quick.http.get(odd)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert quick.http.get(odd).content == clip
    assert quick.get("evolink", f"/v1/tasks/{made}").json()["results"] == [plain]
    quick.plan(where="download", what="coding", prompt="to be odd")
    with quick.http.stream("GET", plain) as packed:
        assert packed.headers["content-encoding"] == "aws-chunked,gzip"
        assert gzip.decompress(b"".join(packed.iter_raw())) == clip
    quick.plan(where="download", what="late", prompt="to be odd", seconds=0.4)
    begun = time.monotonic()
    statuses = [quick.http.get(plain).status_code for _ in range(3)]
    while quick.http.get(plain).status_code == 404:
        time.sleep(0.02)
    assert statuses == [404] * 3
    assert time.monotonic() - begun >= 0.4


def test_a_link_that_was_changed_or_has_expired_leads_nowhere(quick: Standing) -> None:
    """Its time is part of what is signed."""
    made = quick.post("evolink", CREATE, order("to be signed")).json()["id"]
    (link,) = quick.until_over("evolink", f"/v1/tasks/{made}")["results"]
    path, _, query = link.partition("?")
    signature = query.partition("signature=")[2]
    assert quick.http.get(f"{path}?expires=1&signature={signature}").status_code == 403
    assert quick.http.get(path).status_code == 403


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- {where: poll, what: moderation}", "fault 1: 'moderation' cannot happen to poll"),
        ("- {where: poll, what: 500}\n- {where: nowhere, what: 500}", "fault 2, where"),
        ("- {where: poll, what: 500, often: 2}", "fault 1, often"),
        ("- {where: poll, what: 500, often: 2}\n- 3", "fault 2: is no fault"),
        ("- {where: poll}", "fault 1, what: is missing"),
        ("- {where: poll", "plan.yaml:2:1: "),
    ],
)
def test_a_plan_that_cannot_be_read_says_where(tmp_path: Path, text: str, words: str) -> None:
    """The number of the fault, and what would be right."""
    plan = tmp_path / "plan.yaml"
    plan.write_text(text)
    with pytest.raises(BadPlan, match=r"plan\.yaml") as refused:
        planned(str(plan))
    assert words in str(refused.value)


def test_a_plan_that_is_not_there_is_told_plainly(tmp_path: Path) -> None:
    """A seed that is no whole number lands here too."""
    with pytest.raises(BadPlan, match=r"there is no file 1\.5\. Name a plan in YAML, or a whole number"):
        planned("1.5")
    with pytest.raises(BadPlan, match="cannot be read: Is a directory"):
        planned(str(tmp_path))


def test_a_fault_that_cannot_be_is_refused_over_http_too(quick: Standing) -> None:
    """The same sentence, with 422."""
    answer = quick.http.post(f"{quick.url}/sandbox/faults", json={"where": "poll", "what": "moderation"})
    assert answer.status_code == 422
    assert "cannot happen to poll" in answer.json()["error"]


def test_a_seed_draws_the_same_faults_each_time() -> None:
    """A run that went wrong can be run again; nothing that is drawn stays for ever."""
    assert drawn(7) == planned("7") == drawn(7) != drawn(8)
    for seed in range(50):
        assert all(fault.what in WHAT[fault.where] and fault.times == 1 for fault in drawn(seed))
        assert all(fault.what != "stuck" for fault in drawn(seed))


def test_the_operators_page_tells_every_fault_and_its_plan_can_be_read() -> None:
    """What the page shows works as it stands, and names all that can go wrong."""
    (shown,) = [block.text for block in blocks(OPERATORS, "yaml") if "where:" in block.text]
    assert read_faults(YAML(typ="safe").load(shown))
    section = OPERATORS.read_text(encoding="utf-8").partition("## A rehearsal without money")[2].partition("\n## ")[0]
    told = set(re.findall(r"`(\w+)`", section))
    assert set(WHAT) | {what for each in WHAT.values() for what in each} <= told
