"""A run without a terminal waits suspended for approvals: it holds no worker, costs nothing, and goes on by itself.

Prefect runs a flow that is resumed again from its first line, on any worker, be its server started anew meanwhile. What
it was asked about is written beside the flow run before it suspends: the snapshot, so that what somebody approves in
Prefect's form is what is made, whatever the project's files say by then.
"""

import asyncio
import itertools
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from prefect.client.orchestration import get_client
from prefect.flow_runs import asuspend_flow_run
from prefect.input import RunInput
from prefect.input.actions import acreate_flow_run_input, aread_flow_run_input
from pydantic import Field

from flows.prefect.waiting_runs import tag_of
from flows.run.approval_words import lines_of
from flows.run.options import RunOptions
from flows.run.run_reading import frozen_project
from flows.run.tell_outside import sending_meanwhile
from flows.run.unapproved_plan import not_approved, tell_waiting_outside, waiting_for
from flows.run.workspace import open_workspace
from render.errors import LedgerConflict
from render.ledger import Ledger, approvals, runs
from storyboard.errors import StoryboardError
from storyboard.expand.expansion import expand
from storyboard.loading import load_project

if TYPE_CHECKING:
    from prefect.client.schemas.objects import FlowRun

    from flows.run.episode_approvals import SubjectStanding

__all__ = ["ApprovalForm", "approved_options"]

_LOG = logging.getLogger(__name__)


class ApprovalForm(RunInput):
    """What Prefect asks whoever resumes a run that waits for approvals. Resumed without it, the run looks again."""

    approve: Literal["later", "yes", "no"] = Field(
        "later", description="yes: approve what is told above, and go on; no: end the run; later: look again"
    )
    name: str = Field("", description="Who approves it", max_length=200)
    note: str = Field("", description="What to say with it", max_length=2000)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What a run of one snapshot waits for."""

    series: str
    snapshot: str
    waiting: "Sequence[SubjectStanding]"


async def approved_options(project: Path, run_options: RunOptions, flow_run: "FlowRun") -> RunOptions:
    """The options of a run whose snapshot is approved: at once, or once somebody has approved it.

    Suspends the flow run meanwhile, which ends this call and its process, unless it is to wait for nobody. Raises
    NotApproved where somebody says no.
    """
    if not run_options.wait_for_approval:
        return run_options
    if run_options.snapshot is None and await asyncio.to_thread(_asks_for_nothing, project, run_options.episode):
        return run_options
    for number in itertools.count(1):
        asked = await aread_flow_run_input(f"approval-{number}-asked", flow_run_id=flow_run.id)
        look = await _look(project, run_options if asked is None else replace(run_options, snapshot=str(asked)))
        if not look.waiting:
            return replace(run_options, snapshot=look.snapshot)
        if asked is None:
            await acreate_flow_run_input(f"approval-{number}-asked", look.snapshot, flow_run_id=flow_run.id)
            await _tag(flow_run, tag_of(look.series, run_options.episode))
        subjects = " and ".join(each.subject.value for each in look.waiting)
        _LOG.warning("waits for approval (%s): resume it on its page, or approve it on the command line", subjects)
        form = ApprovalForm.with_initial_data(description=_described(look, run_options.episode))
        answer = await asuspend_flow_run(wait_for_input=form, key=f"approval-{number}", timeout=None)
        if answer.approve == "no":
            raise not_approved(look.waiting, run_options.episode)
        if answer.approve == "yes" and await _approve(project, run_options, look, answer, f"{flow_run.id}-{number}"):
            return replace(run_options, snapshot=look.snapshot)
    raise AssertionError("numbers do not end")


def _asks_for_nothing(project: Path, episode: str) -> bool:
    """Whether no approval is asked for. What is wrong with the project the run itself says."""
    try:
        return not expand(load_project(project), episode).approval.subjects
    except StoryboardError:
        return True


async def _look(project: Path, run_options: RunOptions) -> _Look:
    """Freeze the project, unless a snapshot is named, and see what a run of that would wait for."""
    async with (
        open_workspace(project) as workspace,
        sending_meanwhile(workspace),
        frozen_project(workspace, run_options) as frozen,
    ):
        read = await frozen.first_reading()
        waiting = await asyncio.to_thread(waiting_for, read, workspace.ledger, run_options)
        # A run may wait for weeks: what is frozen for it must not be collected meanwhile.
        await asyncio.to_thread(workspace.ledger.write, runs.remember_snapshot, frozen.snapshot, read.episode.series)
        if waiting:
            await asyncio.to_thread(tell_waiting_outside, read, workspace.ledger, waiting)
        return _Look(series=read.episode.series, snapshot=frozen.snapshot, waiting=waiting)


async def _approve(project: Path, run_options: RunOptions, look: _Look, answer: ApprovalForm, name: str) -> bool:
    """Write the answer of a form down, once however often the flow is run again; whether all is approved now."""
    if any(each.obstacle for each in look.waiting):
        _LOG.warning("not approved: %s", "; ".join(each.obstacle for each in look.waiting if each.obstacle))
        return False
    async with open_workspace(project) as workspace:
        try:
            await asyncio.to_thread(_write, workspace.ledger, run_options.episode, look, answer, name)
        except LedgerConflict as conflict:
            _LOG.warning("not approved: %s", conflict.message)
            return False
    return not (await _look(project, replace(run_options, snapshot=look.snapshot))).waiting


def _write(ledger: Ledger, episode: str, look: _Look, answer: ApprovalForm, name: str) -> None:
    for each in look.waiting:
        own = f"{name}-{each.subject}"
        ledger.write(approvals.approve, look.series, episode, each.content, by=answer.name, words=answer.note, name=own)


async def _tag(flow_run: "FlowRun", tag: str) -> None:
    """Let whoever approves find the runs that wait for it."""
    async with get_client() as client:
        await client.update_flow_run(flow_run.id, tags={*flow_run.tags, tag})


def _described(look: _Look, episode: str) -> str:
    """What the form tells, in Markdown: what would be approved, by its hash, and what changed."""
    lines = [f"**{look.series} {episode}** waits for approval. Nothing is ordered, and nothing is held, meanwhile.", ""]
    for each in look.waiting:
        lines += [f"    {line}" for line in lines_of(each)]
        lines += [f"    hash {each.content.hash}", ""]
    lines.append(
        f"What is approved here is made as it was frozen (snapshot {look.snapshot[:12]}). Say who approves it."
    )
    return "\n".join(lines)
