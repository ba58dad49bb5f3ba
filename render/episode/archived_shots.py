"""Shots that stand in an archive while the ledger knows nothing of them: to be brought back, and not paid for again.

A clone of a project has its archive or its output, and no ledger; nor has a disk that was cleaned. By the ledger alone
every shot would be bought again. So whoever is about to pay looks at what was finished before, and only then: where
nothing is to be paid, or the ledger has all that stands there, the plan is what it is without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from storyboard.identity import fingerprint
from storyboard.plan.episode_plan import Action, Choices, Plan, PlannedShot
from storyboard.request import Request
from storyboard.shot import Role
from storyboard.takes import Circle, TakeFacts, TakeState

if TYPE_CHECKING:  # a plan that finds nothing to pay begins without them
    from render.episode.finished import Archived, Finished
    from render.episode.manifest import Manifest, ShotRecord

_SETTLED = frozenset({Action.REUSE, Action.STALE, Action.WAIVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a plan was made of: the ledger's takes and circles of the series, and the same planning with others."""

    takes: Sequence[TakeFacts]
    circles: Sequence[Circle]
    plan: Callable[[Sequence[TakeFacts], Sequence[Circle]], Plan]


def is_to_pay(shot: PlannedShot, choices: Choices) -> bool:
    """Whether a take would be opened and paid for although nobody asked for another one of this very shot."""
    wants_another = choices.new_take and (choices.shots is None or shot.key in choices.shots)
    return shot.asked and shot.action is Action.GENERATE and shot.estimated_cost_usd != 0 and not wants_another


def marked(planned: Plan, choices: Choices, finished: Finished, known: Known) -> tuple[Plan, tuple[str, ...]]:
    """The plan with every shot marked that would be paid for and stands somewhere; and what could not be decided.

    The episode is planned again as if the takes of an archive had been brought back: what then needs no paying stands
    there. A manifest knows less, and is held against what would be ordered.
    """
    archived: dict[str, str] = {}
    notes = list(finished.notes)
    to_pay = {shot.key: shot for shot in planned.shots if is_to_pay(shot, choices)}
    for archive in finished.archives:
        try:
            settled = _settled_by(archive, known)
        except Exception as error:  # whatever comes of a stranger's takes, it is no reason not to work
            notes.append(f"the takes in the archive {archive.place} cannot be planned with: {error}")
        else:
            archived |= dict.fromkeys((to_pay.keys() & settled) - archived.keys(), archive.place)
    records = _unknown(finished.manifest, known.takes) if finished.manifest is not None else ()
    named = {key for key, shot in to_pay.items() if any(_is_of(record, shot) for record in records)} - archived.keys()
    shots = (
        _with_reason(shot, archived.get(shot.key, ""), finished.manifest_place if shot.key in named else "")
        for shot in planned.shots
    )
    return replace(planned, shots=tuple(shots)), tuple(notes)


def _with_reason(shot: PlannedShot, archived: str, named_in: str) -> PlannedShot:
    if archived:
        return replace(shot, archived=archived, reason=f"{shot.reason}; it stands in an archive")
    if named_in:
        return replace(shot, named_in=named_in, reason=f"{shot.reason}; a manifest names one")
    return shot


def _settled_by(archive: Archived, known: Known) -> frozenset[str]:
    """The shots that need no paying once the takes of an archive are in the ledger, as a restore would write them."""
    added = _lacking(archive.takes, known.takes)
    if not added:
        return frozenset()
    decided = {take.shot for take in known.takes if take.state is TakeState.DONE}
    decided |= {circle.shot for circle in known.circles}
    chosen = [circle for circle in archive.circles if circle.shot not in decided]
    then = known.plan([*known.takes, *added], [*known.circles, *chosen])
    return frozenset(shot.key for shot in then.shots if shot.action in _SETTLED and shot.same_as is None)


def _lacking(archived: Iterable[TakeFacts], takes: Sequence[TakeFacts]) -> list[TakeFacts]:
    """Those that the ledger lacks: it has neither them, nor a good take of the same order or with the same clip."""
    done = [take for take in takes if take.state is TakeState.DONE]
    ids = {take.id for take in done}
    orders = {(take.account, take.fingerprint) for take in done if take.fingerprint}
    clips = {(take.wish, take.clip) for take in done}
    return [
        take
        for take in archived
        if take.id not in ids and (take.account, take.fingerprint) not in orders and (take.wish, take.clip) not in clips
    ]


def _unknown(manifest: Manifest, takes: Sequence[TakeFacts]) -> tuple[ShotRecord, ...]:
    """The shots of a manifest of whose takes the ledger knows nothing."""
    done = [take for take in takes if take.state is TakeState.DONE]
    orders = {take.fingerprint for take in done if take.fingerprint}
    clips = {take.clip.sha256 for take in done if take.clip is not None}
    return tuple(
        record
        for record in manifest.shots
        if record.clip is not None and record.clip.sha256 not in clips and record.fingerprint not in orders
    )


def _is_of(record: ShotRecord, shot: PlannedShot) -> bool:
    """Whether a manifest's take was made of what would be ordered now, as far as a manifest can tell."""
    request = shot.request
    if request is None:
        return False
    if record.fingerprint is not None and record.fingerprint == _fingerprint(request):
        return True
    same = (record.key, record.provider, record.model, record.prompt)
    return same == (shot.key, request.provider, request.model, request.prompt) and _sent(record) == _sends(request)


def _sent(record: ShotRecord) -> set[str | None]:
    return {each.sha256 for each in record.references if each.role != Role.CONTINUITY.value}


def _sends(request: Request) -> set[str | None]:
    return {each.sha256 for each in request.references if each.role is not Role.CONTINUITY}


def _fingerprint(request: Request) -> str | None:
    try:
        return fingerprint(request)
    except ValueError:  # what it continues is not there, or a link was never fetched
        return None
