"""How an episode stands with its approvals: what would be approved now, what is, what changed since, what waits for it.

standings = episode_approvals(read, ledger)       # of a plan that was read, as `plan`, `status` and a page show it
each.waits                                        # whether a run of that plan orders nothing before it is approved
ledger.write(approvals.approve, series, episode, each.content, by="Ann")     # unless `each.obstacle`
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from render.ledger import Approval, approval_queries, queries
from storyboard.approval.animatic_content import animatic_content
from storyboard.approval.approval_content import ApprovalContent
from storyboard.approval.content_changes import ContentChange, content_changes
from storyboard.approval.covered_spending import SpendingCover, cover_of
from storyboard.approval.priced_orders import PricedOrder, orders_of, spending_content
from storyboard.approval.storyboard_content import storyboard_content
from storyboard.approval_rules import NeededApprovals, Subject
from storyboard.continuity.chains import order

if TYPE_CHECKING:
    from flows.run.planned_episode import PlannedEpisode
    from render.ledger import LedgerReader

__all__ = ["SubjectStanding", "animatic_key", "content_of", "episode_approvals", "needed_approvals", "spending_beyond"]


_UNFETCHED = "it names links that nobody has fetched yet: `tailframe preview` fetches them, for nothing"
"""What they hold is part of what is approved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectStanding:
    """How one subject stands that the series asks to be approved."""

    subject: Subject
    content: ApprovalContent  # what would be approved now
    approval: Approval | None  # that stands for it; of spending, that of these orders or the newest that covers them
    before: Approval | None  # where there is none: the newest that stands for something else, or as it was
    changes: tuple[ContentChange, ...]  # since `before`
    waits: bool  # whether a run of this plan orders nothing before it is approved
    obstacle: str = ""  # why it cannot be approved as it is, and what to do; empty where it can


def episode_approvals(read: "PlannedEpisode", ledger: "LedgerReader | None") -> tuple[SubjectStanding, ...]:
    """Each subject that the episode asks to be approved, as it stands for this plan."""
    episode = read.episode
    if not episode.approval.subjects:
        return ()
    written = () if ledger is None else ledger.read(approval_queries.approvals, episode.series, episode.episode)
    orders = orders_of(read.plan, tuple(read.takes.values()))
    standings = []
    for subject in episode.approval.subjects:
        own = [each for each in written if each.subject is subject and each.stands]
        standing = _standing(content_of(read, subject), own, waits=bool(orders))
        if subject is Subject.SPENDING:
            standing = _with_cover(standing, read, orders, own, _cover(read, ledger))
        if subject is Subject.ANIMATIC and standing.approval is None:
            standing = _once_made(standing, read, ledger)
        if read.unfetched and standing.approval is None:
            standing = replace(standing, obstacle=_UNFETCHED)
        standings.append(standing)
    return tuple(standings)


def needed_approvals(read: "PlannedEpisode") -> NeededApprovals | None:
    """What the claims of a run of this plan are held against; None where the episode asks for nothing."""
    rules = read.episode.approval
    if not rules.subjects:
        return None
    return NeededApprovals(
        episode=read.episode.episode,
        storyboard=content_of(read, Subject.STORYBOARD).hash if rules.storyboard else "",
        animatic=content_of(read, Subject.ANIMATIC).hash if rules.animatic else "",
        spend_usd=rules.spend_usd,
    )


def content_of(read: "PlannedEpisode", subject: Subject) -> ApprovalContent:
    """What would be approved of this plan."""
    wishes = {shot.key: shot.wish for shot in read.plan.shots}
    match subject:
        case Subject.STORYBOARD:
            return storyboard_content(read.episode, wishes)
        case Subject.ANIMATIC:
            return animatic_content(read.episode, wishes, read.references)
        case Subject.SPENDING:
            return spending_content(orders_of(read.plan, tuple(read.takes.values())))


def animatic_key(read: "PlannedEpisode") -> str:
    """Under which the ledger keeps the master of a preview that was made of just this."""
    episode = read.episode
    return f"animatic:{episode.series}/{episode.episode}:{content_of(read, Subject.ANIMATIC).hash}"


def spending_beyond(read: "PlannedEpisode", ledger: "LedgerReader | None") -> frozenset[str]:
    """The first shot whose orders go beyond what needs no approval, and all after it that do, as chains are made."""
    bound = read.episode.approval.spend_usd
    if bound is None:
        return frozenset()
    place = {key: index for index, key in enumerate(order(read.episode))}
    orders = sorted(orders_of(read.plan, tuple(read.takes.values())), key=lambda each: place[each.shot])
    cover, within = _cover(read, ledger), list[PricedOrder]()
    for each in orders:
        if cover.beyond([*within, each], bound):
            break
        within.append(each)
    left = cover.uncovered(orders[len(within) :])
    return frozenset(each.shot for each in left)


def _cover(read: "PlannedEpisode", ledger: "LedgerReader | None") -> SpendingCover:
    if ledger is None:
        return cover_of((), ())
    return ledger.read(approval_queries.spending, read.episode.series, read.episode.episode)


def _standing(content: ApprovalContent, standing: Sequence[Approval], *, waits: bool) -> SubjectStanding:
    approval = next((each for each in standing if each.hash == content.hash), None)
    before = standing[-1] if standing and approval is None else None
    return SubjectStanding(
        subject=content.subject,
        content=content,
        approval=approval,
        before=before,
        changes=() if before is None else _changes(before, content),
        waits=waits and approval is None,
    )


def _changes(before: Approval, content: ApprovalContent) -> tuple[ContentChange, ...]:
    try:
        return content_changes(before.content, content)
    except ValueError:
        return ()  # of a stranger's ledger: that it is another hash is known still


def _with_cover(
    standing: SubjectStanding,
    read: "PlannedEpisode",
    orders: Sequence[PricedOrder],
    approved: Sequence[Approval],
    cover: SpendingCover,
) -> SubjectStanding:
    """Spending is approved order by order: fewer than were approved are approved too, the same once more are not."""
    bound = read.episode.approval.spend_usd
    assert bound is not None
    if cover.beyond(orders, bound):
        before = approved[-1] if approved else None
        changes = () if before is None else _changes(before, standing.content)
        return replace(standing, approval=None, before=before, changes=changes, waits=True)
    covered = approved[-1] if approved and orders and not cover.uncovered(orders) else None
    return replace(standing, approval=standing.approval or covered, before=None, changes=(), waits=False)


def _once_made(standing: SubjectStanding, read: "PlannedEpisode", ledger: "LedgerReader | None") -> SubjectStanding:
    """What nobody made cannot have been looked at; what was made is named by its master in what is approved."""
    master = None if ledger is None else ledger.read(queries.derived, animatic_key(read))
    if master is None:
        return replace(standing, obstacle="no preview was made of just this: make one with `tailframe preview`")
    told: dict[str, Any] = {**standing.content.told, "preview": master}
    return replace(standing, content=replace(standing.content, told=told))
