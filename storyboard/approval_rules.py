"""What a series asks to be approved before anything is paid for, and by which names that is called."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Subject(StrEnum):
    """What can be approved."""

    STORYBOARD = "storyboard"  # what is wanted
    ANIMATIC = "animatic"  # how the preview's cut runs
    SPENDING = "spending"  # orders, each at its price


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRules:
    """What must be approved before an episode's orders are paid for."""

    storyboard: bool = False
    animatic: bool = False
    spend_usd: Decimal | None = None  # of an episode, beyond which each order needs approval; None: no bound

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """What is asked for, in the order in which a production comes to it."""
        asked = {
            Subject.STORYBOARD: self.storyboard,
            Subject.ANIMATIC: self.animatic,
            Subject.SPENDING: self.spend_usd is not None,
        }
        return tuple(subject for subject in Subject if asked[subject])


NO_APPROVAL = ApprovalRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class NeededApprovals:
    """What a run's claims are held against: what was frozen for it, by the hashes of what may be approved."""

    episode: str
    storyboard: str = ""  # empty: not asked for
    animatic: str = ""
    spend_usd: Decimal | None = None

    @property
    def hashes(self) -> dict[Subject, str]:
        """The hash that must be approved, for each subject that is approved as a whole."""
        every = {Subject.STORYBOARD: self.storyboard, Subject.ANIMATIC: self.animatic}
        return {subject: name for subject, name in every.items() if name}
