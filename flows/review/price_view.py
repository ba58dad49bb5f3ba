"""What a retake would cost, shot by shot, before anybody agrees to it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from flows.review import room_links
from flows.review.room_texts import length
from storyboard.shot_key import full_key
from storyboard.text.dollars import usd, usd_or_unknown
from storyboard.text.printable import one_line

if TYPE_CHECKING:
    from flows.review.shown_approvals import ApprovalView
    from flows.run.planned_episode import PlannedEpisode
    from storyboard.plan.episode_plan import PlannedShot

__all__ = ["PriceLine", "PriceView", "price_view"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLine:
    """One shot that would be made."""

    key: str
    link: str
    vendor: str
    takes: int
    length: str
    cost: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceView:
    """The price of a retake, and the order that confirms it."""

    series_title: str
    episode: str
    episode_title: str
    board: str
    lines: tuple[PriceLine, ...]
    total: str
    unpriced: tuple[str, ...]
    notes: tuple[str, ...]
    waiting: "tuple[ApprovalView, ...]"  # what has to be approved first
    refused: str  # why it cannot be confirmed; empty where it can
    order: str  # signed: what exactly is agreed to; empty where it is refused


def price_view(
    read: "PlannedEpisode",
    cost_usd: Decimal,
    unpriced: "Sequence[PlannedShot]",
    *,
    refused: str,
    waiting: "tuple[ApprovalView, ...]",
    order: str,
) -> PriceView:
    """The page."""
    episode = read.episode
    asked = [shot for shot in read.plan.shots if shot.asked]
    return PriceView(
        series_title=one_line(episode.series_title),
        episode=episode.episode,
        episode_title=one_line(episode.title),
        board=room_links.board_link(episode.episode),
        lines=tuple(_line(episode.episode, shot) for shot in asked),
        total=usd(cost_usd),
        unpriced=tuple(shot.key for shot in unpriced),
        notes=tuple(one_line(f"{shot.key}: {note}") for shot in asked for note in shot.notes)
        + tuple(one_line(note) for note in (*read.plan.doubts, *read.notes)),
        waiting=waiting,
        refused=refused,
        order=order,
    )


def _line(episode: str, shot: "PlannedShot") -> PriceLine:
    return PriceLine(
        key=shot.key,
        link=room_links.shot_link(full_key(episode, shot.key)),
        vendor=" ".join(filter(None, (shot.provider, shot.model))),
        takes=len(shot.variations),
        length="" if shot.billed_s is None else length(float(shot.billed_s)),
        cost=usd_or_unknown(shot.estimated_cost_usd),
        why=one_line(shot.reason),
    )
