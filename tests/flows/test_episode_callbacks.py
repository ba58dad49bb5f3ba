"""Runs whose vendors call back, to a server in another process: quicker, never wiser, and not to be fooled."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from flows.run.beginning import begin
from flows.run.session import RunOptions
from flows.run.workspace import Workspace, open_workspace
from render.callbacks.listener import CallbackListener
from render.context import RunContext
from render.ledger import Ledger, Take, callback_tokens, open_ledger, queries
from render.takes.reconcile import BY_CALL
from render.watcher import Unwatched
from tests.flows.accounts import sandbox as drawn_sandbox
from tests.flows.episodes import TINY, plain_environment
from tests.projects import episode_file, png, scene, series_file, shot, write_project
from tests.render.callbacks.server_process import CallbackServerProcess
from tests.render.sandbox.standing import Standing
from tests.thinning import exhaustive

FOREVER_S = "600"  # between two polls: what ends sooner ended by a call
KEYS = {"kinovi": "callBackUrl", "evolink": "callback_url"}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """Jobs take a little longer than an order's answer."""
    with drawn_sandbox(tmp_path_factory.mktemp("sandbox") / "state", job_seconds=0.4) as standing:
        yield standing


@dataclass(frozen=True)
class CallbackSetup:
    """A sandbox, and one ledger for which callbacks are answered in a process of its own."""

    sandbox: Standing
    ledger: Ledger
    url: str
    server: CallbackServerProcess

    def jobs(self, word: str) -> list[dict[str, Any]]:
        return [job for job in self.sandbox.jobs() if word in job["prompt"]]

    def orders(self, word: str) -> list[dict[str, Any]]:
        """The bodies of the orders that were sent, refused ones included."""
        heard = [each for each in self.sandbox.log() if each["kind"] == "create"]
        return [each["body"] for each in heard if word in json.dumps(each["body"])]

    def calls(self, word: str) -> list[dict[str, Any]]:
        """The calls that the sandbox made for jobs with this word in their prompts."""
        ids = {job["id"] for job in self.jobs(word)}
        return [each for each in self.sandbox.log() if each["kind"] == "callback" and each["job"] in ids]

    def take(self, series: str) -> Take:
        (take,) = self.ledger.read(queries.takes, series)
        return take

    def call(self, link: str, job: str) -> int:
        """What anybody who knows the link may say at it."""
        return httpx.post(link, json={"data": {"taskId": job}}, trust_env=False).status_code


@pytest.fixture(scope="module")
def answered(sandbox: Standing, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CallbackSetup]:
    """One ledger for all series of these tests."""
    url = f"sqlite:///{tmp_path_factory.mktemp('callbacks') / 'ledger.sqlite'}"
    with open_ledger(url) as ledger, CallbackServerProcess.command(url) as server:
        until(lambda: ledger.read(callback_tokens.callback_server_url) is not None)
        yield CallbackSetup(sandbox, ledger, url, server)
        assert server.interrupt() == (0, "no more callbacks are taken\n"), "it never had to complain"


@pytest.fixture
def buying(answered: CallbackSetup, monkeypatch: pytest.MonkeyPatch) -> CallbackSetup:
    """This process buys at the sandbox, and asks it again after ten minutes only."""
    plain_environment(monkeypatch)
    more = {"TAILFRAME_POLL_INTERVAL": FOREVER_S, "TAILFRAME_LEDGER_URL": answered.url}
    for name, value in (answered.sandbox.environment | more).items():
        monkeypatch.setenv(name, value)
    return answered


def film(folder: Path, series: str, *words: str, provider: str = "kinovi", **others: str) -> Path:
    """A series with a shot for each word, each alone in its scene; `others` are words with vendors of their own."""
    vendors = dict.fromkeys(words, provider) | others
    scenes = [
        scene(f"scene-{number}", shot("010", f"{{{{ mara }}}} {word}", provider=vendor), location=None)
        for number, (word, vendor) in enumerate(vendors.items())
    ]
    written = series_file(series=series, defaults={"resolution": "480p"}, delivery=TINY)
    files = {"references/cast/mara.png": png(320, 320)}
    return write_project(
        folder, series=written, episodes={"e01": episode_file("e01", *scenes, style=None)}, files=files
    )


def make(project: Path, watcher: Unwatched | None = None, patience: timedelta | None = None) -> dict[str, str]:
    """One run without its cut: how each shot stands at its end."""

    @dataclass(frozen=True, kw_only=True)
    class Patient(Workspace):
        def run_context(self, *asked: Any, **more: Any) -> RunContext:
            context = Workspace.run_context(self, *asked, **more)
            patient = patience or context.callback_patience
            callback_listener = CallbackListener.of(context.ledger, context.series, context.in_thread, every_s=0.1)
            return replace(context, callback_patience=patient, callback_listener=callback_listener)

    async def run() -> dict[str, str]:
        async with open_workspace(project, watcher=watcher) as workspace:
            patient = Patient(**{field.name: getattr(workspace, field.name) for field in fields(workspace)})
            async with begin(patient, RunOptions(episode="e01")) as session:
                await session.make_all(session.production.make)
                return {key: outcome.state.value for key, outcome in session.production.outcomes.items()}

    return asyncio.run(run())


class News(Unwatched):
    """Hears what a person would be told."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.unanswered = threading.Event()

    def note(self, text: str) -> None:
        self.notes.append(text)

    def shot(self, key: str, state: str, detail: str = "", cost_usd: Decimal | None = None) -> None:
        if state == "unanswered":
            self.unanswered.set()


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_calls_end_the_waits_of_a_whole_run(buying: CallbackSetup, tmp_path: Path) -> None:
    """At both vendors; twice is as good as once; and where an order's answer was lost, its call brings the job."""
    sandbox = buying.sandbox
    sandbox.plan(where="create", what="drop", when="after", prompt="is lost")
    sandbox.plan(where="callback", what="repeat", prompt="is lost")
    project = film(tmp_path, "called", "is lost", **{"waves": "evolink"})

    begun = time.monotonic()
    made = make(project)

    assert time.monotonic() - begun < 60
    assert set(made.values()) == {"done"}
    takes, jobs = buying.ledger.read(queries.takes, "called"), [*buying.jobs("is lost"), *buying.jobs("waves")]
    assert sorted(str(take.job_id) for take in takes) == sorted(job["id"] for job in jobs)
    charged = sum(Decimal(job["charged_usd"]) for job in jobs if job["vendor"] == "kinovi")
    assert buying.ledger.read(queries.money, "called") == (charged + takes[-1].cost_usd, 0) == (money_of(takes), 0)
    lost = next(take for take in takes if take.job_id == buying.jobs("is lost")[0]["id"])
    moves = [(event.to_state.value, event.words) for event in buying.ledger.read(queries.events, lost.id)]
    assert [state for state, _ in moves[:6]] == ["planned", "submitting", "unknown", "submitted", "generated", "done"]
    assert moves[3][1] == BY_CALL
    polls = [each for each in sandbox.log() if each["kind"] == "poll" and each["job"] in {job["id"] for job in jobs}]
    assert len(polls) <= 5 * len(jobs)
    links_are_secrets(buying, project, "is lost", "waves")


def money_of(takes: Iterable[Take]) -> Decimal:
    return sum((take.cost_usd or Decimal(0) for take in takes), Decimal(0))


def links_are_secrets(answered: CallbackSetup, project: Path, *words: str) -> None:
    """Each order has a link of its own, in its body and nowhere else: not in the ledger, not in the project."""
    links = [body[key] for word in words for body in answered.orders(word) for key in KEYS.values() if key in body]
    assert len(set(links)) == len(links) == len(words)
    assert all(link.startswith(f"{answered.server.url}/t/") for link in links)
    tokens = [link.rpartition("/")[2].encode() for link in links]
    ledger = Path(answered.url.removeprefix("sqlite:///"))
    with sqlite3.connect(ledger) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    files = [path for folder in (project, ledger.parent) for path in folder.rglob("*") if path.is_file()]
    assert ledger in files
    for path in files:
        content = path.read_bytes()
        assert not [token for token in tokens if token in content], path


@exhaustive
def test_a_call_that_never_comes_costs_a_poll(
    buying: CallbackSetup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run goes on as if nobody called at all."""
    buying.sandbox.plan(where="callback", what="lose", prompt="is not called")
    buying.sandbox.plan(where="job", what="fail", prompt="is not called")
    monkeypatch.setenv("TAILFRAME_POLL_INTERVAL", "0.2")

    assert make(film(tmp_path, "uncalled", "is not called")) == {"scene-0/010": "failed"}

    until(lambda: bool(buying.calls("is not called")))  # a poll may be told before the call is tried
    assert len(buying.jobs("is not called")) == len(buying.calls("is not called")) == 1
    assert buying.calls("is not called")[0]["status"] == 0


def test_where_nobody_answers_no_link_is_sent(
    sandbox: Standing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Orders are what they were before there were callbacks, and a lost answer ends the shot at once."""
    plain_environment(monkeypatch)
    for name, value in (sandbox.environment | {"TAILFRAME_POLL_INTERVAL": "0.1"}).items():
        monkeypatch.setenv(name, value)
    sandbox.plan(where="create", what="drop", when="after", prompt="unheard two")
    sandbox.plan(where="job", what="fail", prompt="unheard", times=None)
    project = film(tmp_path, "unheard", "unheard one", "unheard two", **{"unheard three": "evolink"})

    made = make(project)

    assert made == {"scene-0/010": "failed", "scene-1/010": "unknown", "scene-2/010": "failed"}
    bodies = [each["body"] for each in sandbox.log() if each["kind"] == "create" and "unheard" in json.dumps(each)]
    assert len(bodies) == 3
    assert [body for body in bodies if set(KEYS.values()) & set(body)] == []


@exhaustive
def test_forged_jobs_are_not_adopted(buying: CallbackSetup, tmp_path: Path) -> None:
    """Neither one that the vendor does not know nor one of another take; the right one is, once it is named."""
    sandbox, ledger, news = buying.sandbox, buying.ledger, News()
    sandbox.plan(where="create", what="drop", when="after", prompt="is forged")
    sandbox.plan(where="callback", what="lose", prompt="is forged")
    for word in ("stands beside", "is forged"):
        sandbox.plan(where="job", what="fail", prompt=word)  # no clip is needed here
    make(film(tmp_path / "other", "other", "stands beside"))
    other = buying.take("other")
    project = film(tmp_path, "forged", "is forged")

    with ThreadPoolExecutor(1) as runs:
        run = runs.submit(make, project, news)
        assert news.unanswered.wait(30)
        (link,) = [body["callBackUrl"] for body in buying.orders("is forged")]
        take = buying.take("forged")
        for forged in ("task_of_nobody", str(other.job_id)):
            assert buying.call(link, forged) == 200
            until(lambda forged=forged: [note for note in news.notes if forged in note])
            until(lambda: ledger.read(queries.told_job, take.id) is None)
            assert buying.take("forged") == take
        until(lambda: buying.jobs("is forged")[0]["stage"] == "failed")
        (job,) = buying.jobs("is forged")
        assert buying.call(link, job["id"]) == 200
        assert run.result(60) == {"scene-0/010": "failed"}, "as that job ended"

    assert buying.take("forged").job_id == job["id"]
    assert ledger.read(queries.take, other.id) == other
    assert len(buying.orders("is forged")) == 1
    assert buying.call(link, job["id"]) == 404, "the link is gone"


@exhaustive
def test_a_call_that_comes_after_the_run_is_kept_for_the_next(buying: CallbackSetup, tmp_path: Path) -> None:
    """A run waits no longer than jobs take; the take stays unknown, its money reserved, and nothing is sent again."""
    buying.sandbox.plan(where="create", what="drop", when="after", prompt="is late")
    buying.sandbox.plan(where="callback", what="lose", prompt="is late")
    buying.sandbox.plan(where="job", what="fail", prompt="is late")
    project = film(tmp_path, "late", "is late")

    assert make(project, patience=timedelta(seconds=1.5)) == {"scene-0/010": "unknown"}

    spent, reserved = buying.ledger.read(queries.money, "late")
    assert (spent, reserved) == (0, Decimal("0.30"))
    (link,), (job,) = [body["callBackUrl"] for body in buying.orders("is late")], buying.jobs("is late")
    assert buying.call(link, job["id"]) == 200
    assert buying.take("late").state.value == "unknown", "a call by itself moves nothing"
    assert make(project) == {"scene-0/010": "failed"}, "as that job ended"
    take = buying.take("late")
    assert (take.job_id, len(buying.orders("is late"))) == (job["id"], 1)
    assert BY_CALL in [event.words for event in buying.ledger.read(queries.events, take.id)]
    assert buying.ledger.read(queries.money, "late") == (0, 0)
