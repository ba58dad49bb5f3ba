"""What can go wrong between a shot and an archived episode, as a tree.

    RenderError
    ├── TakeError                  something happened to one paid attempt
    │   ├── Transient              try again: the poll, the download, a 429, a refused connection
    │   │   └── NotSent            … and it is proven that nothing was ordered
    │   │       ├── PutOff         … because the vendor has its hands full: wait, then ask again
    │   │       └── Withheld       … because it was held back at the last moment: its claim was over
    │   ├── Terminal               trying again changes nothing
    │   │   ├── Refused            the vendor refused the content
    │   │   └── ClipRejected       what was delivered is not a usable clip
    │   ├── UnknownOutcome         an order left and no answer came; it may have been paid for
    │   ├── StillRunning           the vendor works on it longer than this run wants to wait
    │   └── OtherAccount           it is at another account of the vendor than this run asks
    ├── ClaimRefused               nothing was sent, nothing was reserved
    │   ├── BudgetRefused          a cap would be exceeded
    │   ├── Unpriced               under a cap, a price must be known
    │   ├── AccountFull            the vendor account's bound of jobs is reached
    │   │   └── PriceUntried       … or one order is out that is to prove a price which only the project states
    │   ├── Unproven               nobody knows what became of the order that was to prove such a price
    │   ├── VendorStopped          an alarm on this vendor waits to be acknowledged
    │   ├── OnHold                 a person held the series
    │   ├── OrderedElsewhere       an order of the same shot is out, or was filled, at another account of the vendor
    │   ├── StandsInArchive        an archive or a manifest of the same shot stands here, and the ledger lacks its take
    │   └── NotClaimable           the take is no longer (or not yet) this owner's to send
    ├── LedgerError                the ledger cannot be opened or is of another version
    ├── StoreError                 a blob is missing, damaged or cannot be written
    ├── MediaError                 a file is not usable, or ffmpeg failed; carries the end of stderr
    │   └── NotWhole               … a reference that is cut off or damaged
    ├── InvalidManifest            a manifest.json cannot be read as one
    └── ArchiveError               an archive is incomplete, damaged or already different
        └── InvalidTakeRecords     its record of takes holds what no ledger writes, or contradicts its manifest

`scope` says what a TakeError spoils: this attempt, this shot (its content), or the vendor (key, credit, outage).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Final

from storyboard.request import ReferenceFacts
from storyboard.takes import TakeState
from storyboard.text.dollars import usd


class Scope(StrEnum):
    """What an error spoils."""

    ATTEMPT = "attempt"
    SHOT = "shot"
    VENDOR = "vendor"


class RenderError(Exception):
    """Base of everything that `render` raises on purpose. The text says what happened, where, and what to do now."""


class TakeError(RenderError):
    """Something happened to one attempt. `code` and `words` are the vendor's own where there are any."""

    scope = Scope.ATTEMPT

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        words: str = "",
        scope: Scope | None = None,
        charged: bool | None = None,
        input_name: str | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).__name__.lower()
        self.words = words
        self.scope = scope or type(self).scope
        self.charged = charged  # False: the vendor documents or reports that nothing is charged; None: not known
        self.input_name = input_name  # which reference or parameter the vendor objected to
        self.retry_after_s = retry_after_s

    def say_more(self, sentence: str) -> None:
        """Lengthen the text by what only the caller knows: which shot, which input."""
        self.message = f"{self.message.rstrip('. ')}. {sentence}"
        self.args = (self.message,)


class Transient(TakeError):
    """Trying the same thing again may succeed."""


class NotSent(Transient):
    """It is proven that the vendor never took the order: DNS, a refused connection, a 429."""


class PutOff(NotSent):
    """The vendor, or this machine on its behalf, takes no more orders just now: a 429, or every socket is busy."""


class Withheld(NotSent):
    """The last look before an order leaves found that it must not: its lease is over, or its run was told to end."""


class Terminal(TakeError):
    """Trying the same thing again changes nothing."""


class Refused(Terminal):
    """The vendor refused the content. Never sent again by itself."""

    scope = Scope.SHOT


class ClipRejected(Terminal):
    """The delivered file is not a usable clip."""


class UnknownOutcome(TakeError):
    """An order left this machine and no answer came back; it may exist and may be charged."""


class StillRunning(TakeError):
    """The job is older than this run's patience. It is not failed: the next run goes on with it."""


class OtherAccount(TakeError):
    """The take is at another account of its vendor than this run asks, and could not be found there."""


class ClaimRefused(RenderError):
    """A claim was refused: nothing was sent and nothing is reserved."""


class BudgetRefused(ClaimRefused):
    """A cap would be exceeded. All amounts in US dollars."""

    def __init__(  # every figure a producer needs to decide
        self, *, scope: str, key: str, cap: Decimal, spent: Decimal, reserved: Decimal, asked: Decimal
    ) -> None:
        self.budget_scope, self.key = scope, key
        self.cap, self.spent, self.reserved, self.asked = cap, spent, reserved, asked
        left = cap - spent - reserved
        which, remedy = f"the {scope} budget ({key})", "Raise the cap"
        if scope == "run":
            which, remedy = "the run budget", "Produce again, with a higher --budget or by agreeing to more"
        super().__init__(
            f"{which} of {usd(cap)} has {usd(left)} left ({usd(spent)} spent, {usd(reserved)} reserved), and this "
            f"needs {usd(asked)}. {remedy}, or make fewer shots with --shots or --until-budget"
        )


class Unpriced(ClaimRefused):
    """The price is not known, and there is a cap to hold."""


class AccountFull(ClaimRefused):
    """The vendor account already runs as many jobs as it may; wait and claim again."""


class PriceUntried(AccountFull):
    """An order is on its way that shows whether a stated price is right; wait and claim again."""


class Unproven(ClaimRefused):
    """The order that was to prove a stated price is of unknown outcome, and no price is published to go by."""


class VendorStopped(ClaimRefused):
    """An alarm on this vendor (it charged more than its price) waits to be acknowledged."""


class OnHold(ClaimRefused):
    """A person held this series; `tailframe release` lets it go on."""


class OrderedElsewhere(ClaimRefused):
    """The same shot is out, or was filled, at another account of the vendor. Paid anew only where somebody says so."""


class StandsInArchive(ClaimRefused):
    """An archive or a manifest has the shot, and the ledger lacks its take. Paid anew only where somebody says so."""


class NotClaimable(ClaimRefused):
    """The take is not `planned` any more: another process has it, or it is settled. `state` is where it stands."""

    def __init__(self, message: str, *, state: TakeState | None = None) -> None:
        super().__init__(message)
        self.state = state


class LedgerError(RenderError):
    """The ledger cannot be opened, or its schema is of another version."""


class StoreError(RenderError):
    """A blob is missing, damaged, or cannot be written."""


class MediaError(RenderError):
    """A file is not usable, or ffmpeg, PyAV or Pillow failed. `stderr` is the end of what ffmpeg said."""

    def __init__(self, message: str, *, stderr: str = "") -> None:
        super().__init__(f"{message}\n{stderr}".rstrip() if stderr else message)
        self.stderr = stderr


class NotWhole(MediaError):
    """A reference is cut off or damaged. `facts` is what its bytes and its container say all the same."""

    def __init__(self, message: str, facts: ReferenceFacts | None = None) -> None:
        super().__init__(message)
        self.facts = facts


class InvalidManifest(RenderError):
    """A manifest.json is not what this Tailframe writes. `problem` names the fields."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(f"this manifest.json cannot be used: {problem}. Make the cut again, or restore the archive")


class ArchiveError(RenderError):
    """An archive is incomplete, damaged, or already holds something else."""


class InvalidTakeRecords(ArchiveError):
    """An archive's record of takes is not what a ledger writes. `mistakes` name take and field, a sentence each."""

    _MOST_MISTAKES: Final = 100
    _MOST_TOLD: Final = 3

    def __init__(self, mistakes: Sequence[str]) -> None:
        more = len(mistakes) - self._MOST_MISTAKES
        self.mistakes = (*mistakes[: self._MOST_MISTAKES], *([f"and {more} more"] if more > 0 else []))
        told, left = "; ".join(mistakes[: self._MOST_TOLD]), len(mistakes) - self._MOST_TOLD
        rest = f"; and {left} more, which `tailframe verify` names" if left > 0 else ""
        super().__init__(f"its takes.json is not what a ledger writes: {told}{rest}. Nothing can be restored from it")
