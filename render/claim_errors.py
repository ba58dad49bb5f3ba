"""Why an order is not sent: the claim of it was refused, and nothing has changed.

ClaimRefused               nothing was sent, nothing was reserved
├── BudgetRefused          a cap would be exceeded
├── Unpriced               under a cap, a price must be known
├── AccountFull            the vendor account's bound of jobs is reached
│   └── PriceUntried       … or one order is out that is to prove a price which only the project states
├── Unproven               nobody knows what became of the order that was to prove such a price
├── VendorStopped          an alarm on this vendor waits to be acknowledged
├── OnHold                 a person held the series, or everything
├── OrdersEnded            the hours in which this run may order are over
├── NotApproved            somebody has to approve it first
├── OrderedElsewhere       an order of the same shot is out, or was filled, at another account of the vendor
├── StandsInArchive        an archive or a manifest of the same shot stands here, and the ledger lacks its take
└── NotClaimable           the take is no longer (or not yet) this owner's to send
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from render.errors import RenderError
from storyboard.approval_rules import Subject
from storyboard.errors import ExitCode
from storyboard.takes import TakeState
from storyboard.text.dollars import usd


class ClaimRefused(RenderError):
    """A claim was refused: nothing was sent and nothing is reserved."""

    code = "claim_refused"


class BudgetRefused(ClaimRefused):
    """A cap would be exceeded. All amounts in US dollars."""

    code = "budget_refused"
    exit_code = ExitCode.BUDGET

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
            f"needs {usd(asked)}",
            f"{remedy}, or make fewer shots with --shots or --until-budget",
        )


class Unpriced(ClaimRefused):
    """The price is not known, and there is a cap to hold."""

    code = "unpriced"
    exit_code = ExitCode.BUDGET


class AccountFull(ClaimRefused):
    """The vendor account already runs as many jobs as it may; wait and claim again."""

    code = "account_full"


class PriceUntried(AccountFull):
    """An order is on its way that shows whether a stated price is right; wait and claim again."""

    code = "price_untried"


class Unproven(ClaimRefused):
    """The order that was to prove a stated price is of unknown outcome, and no price is published to go by."""

    code = "unproven"


class VendorStopped(ClaimRefused):
    """An alarm on this vendor (it charged more than its price) waits to be acknowledged."""

    code = "vendor_stopped"


class OnHold(ClaimRefused):
    """A person held this series, or everything; `tailframe release` lets it go on."""

    code = "on_hold"


class OrdersEnded(ClaimRefused):
    """The hours in which the run may order are over. `until` (aware) is when they ended."""

    code = "orders_ended"
    exit_code = ExitCode.BUDGET

    def __init__(self, until: datetime) -> None:
        ended = f"{until:%Y-%m-%d %H:%M} {until.tzname()}"
        super().__init__(f"this run orders nothing from {ended} on", "The next run within its hours goes on")
        self.until = until


class NotApproved(ClaimRefused):
    """The series asks for an approval before this is paid for, and there is none that stands."""

    code = "not_approved"
    exit_code = ExitCode.BUDGET

    def __init__(self, message: str, remedy: str = "", *, subjects: Sequence[Subject] = ()) -> None:
        super().__init__(message, remedy or "`tailframe approve PROJECT EPISODE` shows what waits, and approves it")
        self.subjects = tuple(subjects)


class OrderedElsewhere(ClaimRefused):
    """The same shot is out, or was filled, at another account of the vendor. Paid anew only where somebody says so."""

    code = "ordered_elsewhere"
    exit_code = ExitCode.WRONG_INPUT


class StandsInArchive(ClaimRefused):
    """An archive or a manifest has the shot, and the ledger lacks its take. Paid anew only where somebody says so."""

    code = "stands_in_archive"
    exit_code = ExitCode.WRONG_INPUT


class NotClaimable(ClaimRefused):
    """The take is not `planned` any more: another process has it, or it is settled. `state` is where it stands."""

    code = "not_claimable"

    def __init__(self, message: str, remedy: str = "", *, state: TakeState | None = None) -> None:
        super().__init__(message, remedy)
        self.state = state
