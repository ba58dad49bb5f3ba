"""What a shot is sent of other shots' takes, and on what it therefore stands, given what becomes of those shots. Pure.

The rules of continuity hold: a shot comes after those whose takes it is sent; a take that was made on another clip than
today's is stale. A take that is named by its number is a clip like any file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from storyboard.continuity.chains import own_frame
from storyboard.errors import Position
from storyboard.identity import joint
from storyboard.plan.continuity_state import ContinuityState, Prospect, Standing
from storyboard.request import FrameId, ReferenceFacts
from storyboard.shot import Episode, OwnTake, Shot
from storyboard.shot_key import full_key
from storyboard.takes import ClipFacts, TakeFacts, TakeState


@dataclass(slots=True)
class _Ground:
    """The own takes of one shot, gathered."""

    facts: dict[str, ReferenceFacts] = field(default_factory=dict)
    frames: list[FrameId] = field(default_factory=list)
    moving: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    not_asked: list[str] = field(default_factory=list)
    unknown: bool = False


def with_own_takes(
    state: ContinuityState,
    episode: Episode,
    shot: Shot,
    standings: Mapping[str, Standing],
    takes: Sequence[TakeFacts],
) -> ContinuityState:
    """What the shot would begin on and be sent, `state` being what continuity alone says."""
    if not shot.own_takes:
        return state
    ground = _Ground()
    for own in shot.own_takes:
        if own.take is None:
            _stand_on(ground, episode, own, standings[own.shot])
        else:
            _stand_on_take(ground, episode, own, numbered_take(episode, own, takes))
    return replace(
        state,
        frames=frozenset() if ground.unknown else _joined(state, ground.frames),
        own=ground.facts,
        moving="; ".join(filter(None, (state.moving, *ground.moving))),
        stuck="; ".join(filter(None, (state.stuck, *ground.stuck))),
        not_asked="; ".join(filter(None, (state.not_asked, *ground.not_asked))),
        sent=tuple(own.called for own in shot.own_takes),
    )


def numbered_take(episode: Episode, own: OwnTake, takes: Iterable[TakeFacts]) -> TakeFacts | None:
    """The take of this number, None where there is none. Numbers of a preview count apart."""
    key = full_key(episode.episode, own.shot)
    return next((take for take in takes if take.shot == key and take.number == own.take), None)


def takes_not_there(
    episode: Episode, takes_of: Callable[[Episode], Sequence[TakeFacts]]
) -> Iterator[tuple[Position, str]]:
    """Own takes that are named by a number that the ledger does not have: where, and what there is instead."""
    numbered = [
        (reference.at or shot.at, reference.own)
        for shot in episode.shots
        for reference in shot.named
        if reference.own is not None and reference.own.take is not None
    ]
    takes = takes_of(episode) if numbered else ()
    for at, own in numbered:
        if numbered_take(episode, own, takes) is None:
            there = sorted(take.number for take in takes if take.shot == full_key(episode.episode, own.shot))
            known = f"its takes are {', '.join(map(str, there))}" if there else "it has none yet"
            yield at, f"{own.shot} has no take {own.take}; {known}. Leave `take` out for the one that the cut uses"


def facts_of_own(episode: Episode, own: OwnTake, clip: ClipFacts) -> ReferenceFacts:
    """What is known of an own take before its file is looked into: vendors' clips are MP4, frames are taken as PNG."""
    whole = own.frame is None
    return ReferenceFacts(
        source=own.called,
        sha256=clip.sha256 if whole else "",
        kind=own.kind,
        format="mp4" if whole else "png",
        bytes=clip.bytes if whole else 0,
        width=clip.width,
        height=clip.height,
        duration_s=clip.duration_s if whole else None,
        fps=clip.fps if whole else None,
        traits=clip.traits if whole else (),
        frame=own_frame(episode, own, clip),
    )


def _stand_on(ground: _Ground, episode: Episode, own: OwnTake, before: Standing) -> None:
    if before.prospect in {Prospect.SETTLED, Prospect.STALE} and before.clip is not None:
        _add(ground, episode, own, before.clip)
        if before.prospect is Prospect.STALE:
            ground.moving.append(f"{own.shot} {before.state}")
        return
    ground.unknown = True
    ground.moving.append(f"{own.shot} {before.state}")
    if before.prospect is Prospect.NOT_ASKED:
        why = f"it is sent {own.called}, which has no clip and is not asked for; add {own.shot} to --shots"
        ground.not_asked.append(why)
    elif before.prospect is not Prospect.COMING:
        ground.stuck.append(f"it is sent {own.called}, and {own.shot} {before.state}")


def _stand_on_take(ground: _Ground, episode: Episode, own: OwnTake, take: TakeFacts | None) -> None:
    if take is not None and take.state is TakeState.DONE and take.clip is not None:
        _add(ground, episode, own, take.clip)
        return
    ground.unknown = True
    how = "there is no such take" if take is None else f"that take is {take.state.value}"
    ground.stuck.append(f"it is sent {own.called}, and {how}")


def _add(ground: _Ground, episode: Episode, own: OwnTake, clip: ClipFacts) -> None:
    known = ground.facts[own.called] = facts_of_own(episode, own, clip)
    if known.frame is not None:
        ground.frames.append(known.frame)


def _joined(state: ContinuityState, own: Sequence[FrameId]) -> frozenset[FrameId] | None:
    """Every ground on which a take may have been made: each frame of continuity that is as good, beside these."""
    if state.frames is None and state.continuity is not None:
        return None  # it continues a clip that nobody has measured
    begins = [(frame,) for frame in state.frames] if state.frames is not None else [()]
    grounds = (joint((*frame, *own)) for frame in begins)
    return frozenset(ground for ground in grounds if ground is not None)
