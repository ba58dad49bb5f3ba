"""The takes that a run wants, as it opens them in the ledger: one for each variation of each shot it is to make."""

from collections.abc import Iterable, Sequence

from flows.run.options import RunOptions
from flows.run.planned_episode import PlannedEpisode
from render.context import RunContext
from render.ledger import TakeId, Want, take_slots
from storyboard.plan.episode_plan import PlannedShot
from storyboard.shot_key import ShotKey, full_key

__all__ = ["open_wanted"]


async def open_wanted(
    context: RunContext, run_options: RunOptions, reading: PlannedEpisode, shots: Sequence[PlannedShot]
) -> dict[str, list[TakeId]]:
    """Open every take that these shots need; by shot."""
    wants = [want for shot in shots for want in _wants(run_options, reading, shot)]
    takes = await context.write(take_slots.open_takes, context.run, wants)
    return _by_shot(wants, [take.id for take in takes])


def _wants(run_options: RunOptions, reading: PlannedEpisode, shot: PlannedShot) -> Iterable[Want]:
    if shot.provider is None or shot.account is None or shot.model is None:
        return
    for ordinal, variation in enumerate(shot.variations):
        yield Want(
            shot=full_key(reading.episode.episode, shot.key, preview=run_options.preview),
            ordinal=ordinal,
            wish=shot.wish,
            variation=variation,
            provider=shot.provider,
            account=shot.account,
            model=shot.model,
            new=shot.new,
            gives_up=shot.gives_up,
        )


def _by_shot(wants: list[Want], takes: list[TakeId]) -> dict[str, list[TakeId]]:
    opened: dict[str, list[TakeId]] = {}
    for want, take in zip(wants, takes, strict=True):
        opened.setdefault(ShotKey.parse(want.shot).local, []).append(take)
    return opened
