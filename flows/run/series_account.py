"""What a series run came to, by the ledger: of each episode how many shots are done, the money, and what is left."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from flows.run.options import RunOptions
from flows.run.series_parts import EpisodePart
from flows.run.series_reading import SeriesReading
from flows.run.shot_status import shot_state
from render.ledger import queries
from render.takes.outcomes import GOOD
from storyboard.errors import ExitCode, TailframeError
from storyboard.text.dollars import usd

if TYPE_CHECKING:
    from flows.run.planned_episode import PlannedEpisode

__all__ = ["EpisodeAccount", "RunEnd", "account_of", "told_account", "unplanned"]


@dataclass(frozen=True, slots=True)
class RunEnd:
    """How the run ended that was to cut an episode."""

    state: str  # as Prefect's pages show it
    code: int  # what its own end says; see `ExitCode`
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeAccount:
    """One episode's line. Money is in US dollars, and all that counts against the episode."""

    episode: str
    state: str
    done: int  # shots
    of: int
    spent_usd: Decimal
    reserved_usd: Decimal
    told: str
    code: int


def account_of(
    reading: SeriesReading, part: EpisodePart, run_options: RunOptions, end: RunEnd | None
) -> EpisodeAccount:
    """One episode as things stand now. `end` None: no run was started. See `read_plan` for what it raises."""
    read = reading.read(run_options)
    left = _left(read)
    spent, reserved = _money(reading, read)
    code = _code(part, end, left, finished=reading.is_finished(read))
    return EpisodeAccount(
        episode=part.episode,
        state=_state(end, code),
        done=len(read.episode.shots) - len(left),
        of=len(read.episode.shots),
        spent_usd=spent,
        reserved_usd=reserved,
        told=part.told if end is None else end.message,
        code=code,
    )


def unplanned(episode: str, error: Exception) -> EpisodeAccount:
    """The line of an episode that cannot be planned."""
    code = error.exit_code if isinstance(error, TailframeError) else ExitCode.NOT_DONE
    nothing = Decimal(0)
    return EpisodeAccount(
        episode=episode, state="not planned", done=0, of=0, spent_usd=nothing, reserved_usd=nothing, told=str(error),
        code=code,
    )  # fmt: skip


def told_account(accounts: Sequence[EpisodeAccount]) -> Iterator[str]:
    """What all of them came to, and then a line for each."""
    done = sum(each.code == ExitCode.DONE for each in accounts)
    spent = sum((each.spent_usd for each in accounts), Decimal(0))
    reserved = sum((each.reserved_usd for each in accounts), Decimal(0))
    yield f"{done} of {len(accounts)} episodes are done; {usd(spent)} spent, {usd(reserved)} reserved"
    for each in accounts:
        first, _, _ = each.told.partition("\n")
        money = f"{usd(each.spent_usd)} spent, {usd(each.reserved_usd)} reserved"
        yield f"{each.episode}: {each.state}, {each.done} of {each.of} shots, {money}{f'; {first}' if first else ''}"


def _left(read: "PlannedEpisode") -> frozenset[str]:
    """The shots that are not done, by the ledger."""
    states = {shot.key: shot_state(shot, read.takes, _is_there) for shot in read.plan.shots}
    return frozenset(key for key, state in states.items() if state not in GOOD)


def _is_there(_: str) -> bool:
    """What a run made it brought into the store; what is lost from there, `status` tells."""
    return True


def _money(reading: SeriesReading, read: "PlannedEpisode") -> tuple[Decimal, Decimal]:
    ledger = reading.workspace.ledger
    if ledger is None:
        return Decimal(0), Decimal(0)
    return ledger.read(queries.money, read.episode.series, read.episode.episode)


def _code(part: EpisodePart, end: RunEnd | None, left: frozenset[str], *, finished: bool) -> int:
    """How the episode ended: what it lacks decides, and not how a run of it ended."""
    if finished:
        return ExitCode.DONE
    if end is None:
        return part.code
    if left and left <= part.beyond:
        return ExitCode.BUDGET
    return end.code


def _state(end: RunEnd | None, code: int) -> str:
    if code == ExitCode.DONE:
        return "done"
    return ("not started" if code != ExitCode.BUDGET else "stopped") if end is None else end.state.lower()
