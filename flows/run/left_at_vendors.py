"""What goes on at vendors when a run is ended before its end, in words: jobs that are paid for, and clips to fetch."""

from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING

from storyboard.shot_key import is_of_episode

if TYPE_CHECKING:
    from render.context import RunContext
    from render.ledger import Take

__all__ = ["left_at_vendors", "told_left"]


async def left_at_vendors(context: "RunContext", episode: str) -> str:
    """What this run leaves of its episode, once every order that was on its way has its answer."""
    from render.ledger import queries
    from storyboard.takes import TakeState

    await context.steps.ended()
    ordered = (TakeState.SUBMITTING, TakeState.SUBMITTED, TakeState.GENERATED, TakeState.UNKNOWN)
    takes = await context.read(queries.takes, context.series, states=ordered)
    return told_left([take for take in takes if is_of_episode(take.shot, episode)])


def told_left(takes: "Collection[Take]") -> str:
    """`3 jobs go on at kinovi; the next run takes them up; tailframe cancel ends them`."""
    from render.takes.cancel import is_out
    from storyboard.takes import TakeState

    unknown = [take for take in takes if take.state in {TakeState.UNKNOWN, TakeState.SUBMITTING}]
    jobs = Counter(take.account for take in takes if is_out(take) and take not in unknown)
    ready = sum(take.state is TakeState.GENERATED for take in takes)
    told = []
    for account, count in sorted(jobs.items()):
        told.append(f"{_counted(count, 'job')} {'goes' if count == 1 else 'go'} on at {account}")
    if unknown:
        told.append(f"{_counted(len(unknown), 'order')} may have reached a vendor")
    if ready:
        told.append(f"{_counted(ready, 'clip')} can be fetched")
    if not told:
        return "no job is out"
    ends = "; tailframe cancel ends jobs" if jobs or unknown else ""
    return f"{', '.join(told)}; the next run goes on with {'it' if len(takes) == 1 else 'them'}{ends}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
