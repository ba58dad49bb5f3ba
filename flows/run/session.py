"""One run of one episode from its first look at the project to the finished master, without Prefect.

    async with open_workspace(root) as workspace:
        async with begin(workspace, assignment) as session:    # snapshot, plan, budget, takes opened
            await session.make_all(session.production.make)
            result = await session.finish()

`begin` is in `flows.run.beginning`, what `finish` does in `flows.run.ending`. `flows.prefect.shot_tasks` gives
`make_all` a Prefect task for each shot; whatever decides anything is here and below.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.run.chain_order import along_chains
from flows.run.ending import conclude
from flows.run.options import RunOptions
from flows.run.planned_episode import PlannedEpisode
from flows.run.run_result import Result
from flows.run.workspace import Workspace
from render.errors import passes
from render.ledger import Ledger
from render.ledger.plan_caps import why_beyond
from render.takes.outcomes import Outcome, ShotState, spoilt
from render.takes.production import Production
from render.takes.resume import carry_on
from render.telemetry import OUTCOME, SHOT, SHOT_WORK, annotate, span
from storyboard.plan.episode_plan import PlannedShot
from storyboard.shot_key import full_key

if TYPE_CHECKING:
    from render.context import RunContext
    from render.episode.cutting_room import CuttingRoom

Make = Callable[[str], Awaitable[Outcome]]
"""Makes one shot by its key; see `Production.make`."""

_LOG = logging.getLogger(__name__)

__all__ = ["Result", "RunOptions", "Session"]


@dataclass(slots=True, kw_only=True)
class Session:
    """The context of one run of one episode that has begun: its takes are opened, each shot's work is known.

    It holds what the run was asked for and works on (options, plan, snapshot), and what it works with: the
    workspace, and a run context, a production and a cutting room of its own. `begin` makes it, and closes the run
    context when its block ends; `finish` waits for the cutting room. The workspace is its caller's.
    """

    workspace: Workspace[Ledger]
    run_options: RunOptions
    reading: PlannedEpisode
    snapshot: str
    context: "RunContext"
    production: Production
    cutting_room: "CuttingRoom"
    beyond: Mapping[str, PlannedShot]  # shots that the money does not reach, in story order

    async def make_all(self, make: Make) -> None:
        """Bring every shot to its outcome, and every take of earlier runs to its end."""

        async def attempt(key: str) -> None:
            with span(SHOT_WORK, {SHOT: full_key(self.reading.episode.episode, key)}):
                await self._attempt(key, make if self.production.needs_work(key) else self.production.make)
                annotate({OUTCOME: self.production.outcomes[key].state.value})

        opened = [take for takes in self.production.opened.values() for take in takes]
        both = carry_on(self.context, opened), along_chains(self.reading.episode, attempt)
        for ended in await asyncio.gather(*both, return_exceptions=True):
            if isinstance(ended, BaseException):
                raise ended

    async def _attempt(self, key: str, make: Make) -> None:
        if key in self.beyond:
            why = why_beyond(self.beyond[key])
            self.production.settle(Outcome(key=key, state=ShotState.MISSING, message=why, budget=True))
            return
        try:
            self.cutting_room.take_in(await make(key))
        except Exception as error:  # whatever one shot meets, the others go on
            if not passes(error):
                _LOG.exception("shot %s ended by an error that nobody expected", key)
            self.production.settle(spoilt(key, error))

    async def finish(self, *, asked: frozenset[str] | None = None) -> Result:
        """Cut the episode where it can be cut, archive it, and say how the run ended.

        `asked` are the shots that the exit code answers for; None: those that the plan says were asked for.
        """
        await self.cutting_room.close()
        return await conclude(self, asked)
