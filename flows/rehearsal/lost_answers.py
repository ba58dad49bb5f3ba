"""Orders of a rehearsal whose answer was lost, and what settled each: the vendor's list, a key, a person, or time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flows.rehearsal.isolation import RehearsalEnvironment
from flows.rehearsal.producer_deeds import reconcile_command
from render.ledger import Event, Take
from render.takes.reconcile import BY_HAND, BY_KEY, BY_LIST
from storyboard.takes import TakeState

__all__ = ["LostAnswer", "lost_answers"]

_WAYS = {BY_LIST: "list", BY_KEY: "key", BY_HAND: "hand"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LostAnswer:
    """An order whose answer was lost. `settled` is list, key, hand, late (the answer came after all) or empty."""

    take: str
    provider: str
    job_id: str | None
    settled: str
    command: str | None  # what a person would type, where a person was needed


def lost_answers(environment: RehearsalEnvironment, take: Take, events: Sequence[Event]) -> Iterable[LostAnswer]:
    """Each time that this take's outcome was unknown, and what ended that."""
    for at, event in enumerate(events):
        if event.to_state is not TakeState.UNKNOWN or event.from_state is TakeState.UNKNOWN:
            continue
        after = next((each for each in events[at + 1 :] if each.to_state is not TakeState.UNKNOWN), None)
        settled = "" if after is None else _way(after)
        yield LostAnswer(
            take=f"{take.shot}:{take.number}",
            provider=take.provider,
            job_id=take.job_id,
            settled=settled,
            command=reconcile_command(environment, take, take.job_id) if settled == "hand" else None,
        )


def _way(after: Event) -> str:
    return "hand" if after.to_state is TakeState.FAILED else _WAYS.get(after.words, "late")
