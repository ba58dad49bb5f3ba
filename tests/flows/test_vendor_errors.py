"""What a vendor refuses reaches the producer whole: its code and words, the shot, the input, and what to do now."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from render.ledger import queries
from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import buys_from, film, ledger_of, plain_environment, produce, shoot, states, takes_of
from tests.projects import png, scene, shot
from tests.render.providers.hosted import KEY, says
from tests.render.providers.wire import Say, wire
from tests.thinning import one_in

LINK = "https://files.example/gouache.png"
STYLE = "(style: gouache, references/styles/gouache.png)"

Answers = Callable[[str], list[Say]]
"""What the vendor answers in turn, by where it is."""


def kinovi(url: str) -> list[Say]:
    """An upload in two steps, then an order that is refused for what stands in its list."""
    uploaded = says({"uploadUrl": f"{url}/put", "url": LINK, "contentType": "image/png"})
    problem = {"code": "unreadable", "message": "The file is broken", "path": "inputs.urls.0"}
    return [uploaded, uploaded, says({"message": "Invalid inputs for model", "errors": [problem]}, 400)]


def evolink(_: str) -> list[Say]:
    """A task that fails, with a link to what was uploaded in its words."""
    error = {"code": "image_processing_error", "message": f"{LINK}?signature=1 has no pixels"}
    return [says({"data": {"file_url": LINK}}), says({"id": "task-1"}), says({"status": "failed", "error": error})]


def aihubmax(_: str) -> list[Say]:
    """A task that moderation ends, with a token in its words."""
    error = {"code": "content_policy_violation", "message": "@Image1 shows a real face"}
    return [says({"url": LINK}), says({"id": "task-1"}), says({"status": "failed", "error": error})]


def oxen(_: str) -> list[Say]:
    """A job that fails for a parameter."""
    taken = {"generations": [{"generation_id": "g1"}]}
    return [says(taken), says({"status": "failed", "error_message": "Invalid duration"})]


def told(vendor: str, answers: Answers, project: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, dict[str, Any]]:
    """Produce one shot at a vendor that answers so: its news, and its take as `status --json` tells it."""

    async def run() -> str:
        async with wire() as server:
            server.answers = answers(server.url)
            plain_environment(monkeypatch)
            monkeypatch.setenv(f"{vendor.upper()}_API_KEY", KEY)
            for place in ("BASE", "FILES"):
                monkeypatch.setenv(f"{vendor.upper()}_{place}_URL", server.url)
            result = await asyncio.to_thread(produce, project)
            return result.outcomes[0].message

    news = asyncio.run(run())
    status = json.loads(tailframe("status", project, "e01", "--json").stdout)
    return news, status["shots"][0]["takes"][0]


@dataclass(frozen=True)
class Case:
    """What a vendor answers, and what everybody must read of it."""

    vendor: str
    answers: Answers
    code: str
    pieces: tuple[str, ...]


CASES = (
    Case(
        "kinovi",
        kinovi,
        "unreadable",
        (
            "kinovi refused the order for e01/lamp/010 (400 unreadable): ",
            "Invalid inputs for model: The file is broken. ",
            f"It objects to inputs.urls.0: @image1 {STYLE}",
            "Mend what it names in the shot",
        ),
    ),
    Case(
        "evolink",
        evolink,
        "image_processing_error",
        (
            "evolink failed the job for e01/lamp/010 (image_processing_error): ",
            f"{LINK}?",
            f"It objects to @Image1 {STYLE}",
            "Give another picture",
        ),
    ),
    Case(
        "aihubmax",
        aihubmax,
        "content_policy_violation",
        (
            "aihubmax refused the job for e01/lamp/010 (content_policy_violation): ",
            "@Image1 shows a real face",
            f"It objects to @Image1 {STYLE}",
            "Change the shot's words or references",
        ),
    ),
    Case(
        "oxen",
        oxen,
        "invalid_duration",
        (
            "oxen failed the job for e01/lamp/010 (invalid_duration): ",
            "Invalid duration. ",
            "It objects to duration",
            "Mend what it names in the shot",
        ),
    ),
)


@one_in(2)
@pytest.mark.parametrize("case", CASES, ids=[case.vendor for case in CASES])
def test_an_error_says_whose_words_which_shot_which_input_and_what_to_do(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same in the news of the run, in the status, in the ledger's event, and in the plan that follows."""
    project = film(tmp_path, scene("lamp", shot("010", "A lamp burns"), location=None), provider=case.vendor)
    (project / "references/styles/gouache.png").write_bytes(png(400, 400))
    news, take = told(case.vendor, case.answers, project, monkeypatch)
    for piece in case.pieces:
        assert piece in news
    assert take["error"]["code"] == case.code
    with ledger_of(project) as ledger:
        (row,) = ledger.read(queries.takes, "lighthouse")
        event = ledger.read(queries.events, row.id)[-1].words
    reason = json.loads(tailframe("plan", project, "e01", "--json").stdout)["shots"][0]["reason"]
    for piece in case.pieces:
        shown = piece.replace(f"{LINK}?", LINK)  # what follows a link's `?` is a secret, wherever it is kept
        assert shown in take["error"]["message"]
        assert shown in event
        assert shown in reason
    assert "signature" not in news + event + reason


def test_an_order_that_may_have_been_taken_says_what_the_vendor_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever settles it knows which order it is, what came in place of an answer, and how to go on."""
    project = film(tmp_path, scene("lamp", shot("010", "A lamp burns"), location=None), provider="oxen")
    error = {"error": {"type": "overloaded", "title": "Try later"}, "status": "error"}
    news, take = told("oxen", lambda _: [says(error, 503)], project, monkeypatch)
    assert "the order for e01/lamp/010 left for oxen" in news
    assert "it answered 503 overloaded: Try later" in news
    assert "`tailframe reconcile` settles it" in news
    assert take["error"] == {"code": "unknown_outcome", "message": news}
    assert "503 overloaded" in " ".join(tailframe("status", project, "e01").stdout.split())


def test_a_shot_that_a_vendor_has_already_is_not_bought_from_the_next(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A vendor that cannot be asked any more may still make what was ordered there: it is waited for, not doubled."""
    buys_from(acme, monkeypatch)
    acme.script(on="poll", do="answer", status=401, words="no such key", times=None)
    project = film(tmp_path, defaults={"provider": ["acme", "animatic"]})

    result = shoot(project)

    assert states(result) == {"lamp/010": "failed", "lamp/020": "blocked", "shore/010": "failed"}
    assert {take.provider for take in takes_of(project)} == {"acme"}

    acme.forgive()

    assert shoot(project).exit_code == 0
    assert len(acme.jobs()) == 3
