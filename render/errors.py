"""What can go wrong between a shot and an archived episode, as a tree.

    RenderError
    ├── TakeError                  something happened to one paid attempt
    │   ├── Transient              try again: the poll, the download, a 429, a refused connection
    │   │   └── NotSent            … and it is proven that nothing was ordered
    │   │       ├── PutOff         … because the vendor has its hands full: wait, then ask again
    │   │       └── Withheld       … because it was held back at the last moment: its claim was over
    │   ├── Terminal               trying again changes nothing
    │   │   ├── Refused            the vendor refused the content
    │   │   ├── ClipRejected       what was delivered is not a usable clip
    │   │   ├── LinkGone           a link leads nowhere any more
    │   │   ├── ForbiddenAddress   a link points where none may: at this machine, into a private network
    │   │   └── BadSetting         a vendor's variable of the environment is missing or cannot be used
    │   ├── UnknownOutcome         an order left and no answer came; it may have been paid for
    │   ├── StillRunning           the vendor works on it longer than this run wants to wait
    │   └── OtherAccount           it is at another account of the vendor than this run asks
    ├── BrokenVendor               a distribution announces a vendor that cannot be loaded
    ├── LedgerError                there is no ledger where one is looked for, or none can be kept there
    │   ├── LedgerUnavailable      it does not answer, or cannot be written; the same may be asked again
    │   │   └── Unconfirmed        … and broke off while a step was committed: it is written whole, or not at all
    │   ├── LedgerConflict         it answers that it stands otherwise than what was asked of it supposes
    │   │   └── ChoiceChanged      … as somebody chose another take since, or gave the shot up
    │   ├── LedgerVersion          it is of another version of Tailframe
    │   └── LedgerDamaged          it holds what no Tailframe wrote, or lacks what one did
    ├── StoreError                 a blob is missing, damaged or cannot be written
    │   ├── StoreUsedElsewhere     a store is used by ledgers that nobody named: nothing of it is removed
    │   └── StoreUnavailable       … as its place cannot be reached, is busy or is full; the same may be asked again
    └── MediaError                 a file is not usable, or ffmpeg failed; carries the end of stderr
        ├── NotWhole               … a reference that is cut off or damaged
        ├── UnfitDelivery          … a delivery that did not come out as it was asked for
        └── Damaged                … a file that is, whosever it is

Those of claims are in `render.claim_errors`, of manifests and archives in `render.episode.archive_errors`, of files
that others give or get in `render.exchange_errors`.
`scope` says what a TakeError spoils: this attempt, this shot (its content), or the vendor (key, credit, outage).
"""

from __future__ import annotations

import errno
from enum import StrEnum

from storyboard.errors import ExitCode, TailframeError, sentences
from storyboard.request import ReferenceFacts


class Scope(StrEnum):
    """What an error spoils."""

    ATTEMPT = "attempt"
    SHOT = "shot"
    VENDOR = "vendor"


class RenderError(TailframeError):
    """Base of everything that `render` raises on purpose."""

    code = "render_error"


class TakeError(RenderError):
    """Something happened to one attempt. `code` and `words` are the vendor's own where there are any."""

    code = "take_error"
    scope = Scope.ATTEMPT
    more: tuple[str, ...] = ()  # sentences that callers added: which shot it was, which input

    def __init__(
        self,
        message: str,
        remedy: str = "",
        *,
        code: str = "",
        words: str = "",
        scope: Scope | None = None,
        charged: bool | None = None,
        input_name: str | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message, remedy, code=code)
        self.words = words
        self.scope = scope or type(self).scope
        self.charged = charged  # False: the vendor documents or reports that nothing is charged; None: not known
        self.input_name = input_name  # which reference or parameter the vendor objected to
        self.retry_after_s = retry_after_s

    def __str__(self) -> str:
        return sentences(self.message, self.remedy, *self.more)

    def say_more(self, sentence: str) -> None:
        """Add what only the caller knows."""
        self.more += (sentence,)


class Transient(TakeError):
    """Trying the same thing again may succeed."""

    code = "transient"


class NotSent(Transient):
    """It is proven that the vendor never took the order: DNS, a refused connection, a 429."""

    code = "not_sent"


class PutOff(NotSent):
    """The vendor, or this machine on its behalf, takes no more orders just now: a 429, or every socket is busy."""

    code = "put_off"


class Withheld(NotSent):
    """The last look before an order leaves found that it must not: its lease is over, or its run was told to end."""

    code = "withheld"


class Terminal(TakeError):
    """Trying the same thing again changes nothing."""

    code = "terminal"


class Refused(Terminal):
    """The vendor refused the content. Never sent again by itself."""

    code = "refused"
    scope = Scope.SHOT


class ClipRejected(Terminal):
    """The delivered file is not a usable clip."""

    code = "clip_rejected"


class LinkGone(Terminal):
    """A link leads nowhere any more; a fresh one may be had from whoever gave it. `status` is its host's (HTTP)."""

    code = "link_gone"

    def __init__(self, message: str, remedy: str = "", *, status: int | None = None) -> None:
        super().__init__(message, remedy, words="" if status is None else str(status))
        self.status = status


class ForbiddenAddress(Terminal):
    """A link points where none may: at this machine, into a private network, or over plain http."""

    code = "forbidden_address"


class BadSetting(Terminal):
    """A variable of the environment is missing or cannot be used. Spoils this vendor only."""

    code = "bad_setting"
    exit_code = ExitCode.WRONG_INPUT
    scope = Scope.VENDOR

    def __init__(self, variable: str, problem: str, remedy: str = "") -> None:
        super().__init__(f"{variable} {problem}", remedy, charged=False)
        self.variable = variable


class UnknownOutcome(TakeError):
    """An order left this machine and no answer came back; it may exist and may be charged."""

    code = "unknown_outcome"


class StillRunning(TakeError):
    """The job is older than this run's patience. It is not failed: the next run goes on with it."""

    code = "still_running"


class OtherAccount(TakeError):
    """The take is at another account of its vendor than this run asks, and could not be found there."""

    code = "other_account"


class BrokenVendor(RenderError):
    """A distribution announces a vendor that cannot be loaded."""

    code = "broken_vendor"


class LedgerError(RenderError):
    """There is no ledger at the place that is named, or none can be kept there. One of those below says more."""

    code = "ledger_error"


class LedgerUnavailable(LedgerError):
    """The ledger does not answer, or cannot be written. Nothing was decided, and the same may be asked again.

    `lasting`: nothing but a person mends it, as where the file may only be read.
    """

    code = "ledger_unavailable"

    def __init__(self, message: str, remedy: str = "", *, lasting: bool = False) -> None:
        super().__init__(message, remedy)
        self.lasting = lasting


class Unconfirmed(LedgerUnavailable):
    """The ledger broke off while a step was committed: it is written whole, or not at all.

    `result` is what the step returns where it is written.
    """

    code = "unconfirmed"

    def __init__(self, message: str, remedy: str = "", *, result: object = None) -> None:
        super().__init__(message, remedy)
        self.result = result


class LedgerConflict(LedgerError):
    """The ledger answers that takes, jobs or runs stand otherwise than was supposed. Asking again changes nothing."""

    code = "ledger_conflict"


class ChoiceChanged(LedgerConflict):
    """A person decided about a choice that somebody has changed since: nothing of either is lost."""

    code = "choice_changed"

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}, after you looked. Nothing was changed now", "Look at it as it is, then decide again")


class LedgerVersion(LedgerError):
    """The ledger, or an order in it, is of another version of Tailframe."""

    code = "ledger_version"


class LedgerDamaged(LedgerError):
    """The ledger holds what no Tailframe wrote, or lacks what one did."""

    code = "ledger_damaged"


class StoreError(RenderError):
    """A blob is missing, damaged, or cannot be written."""

    code = "store_error"


class StoreUsedElsewhere(StoreError):
    """Runs left their names in a store that none of the named ledgers knows: what they made might be removed."""

    code = "store_used_elsewhere"


class StoreUnavailable(StoreError):
    """Where blobs are kept cannot be reached, is busy, or has no room now. The same may be asked again."""

    code = "store_unavailable"


def passes(error: BaseException | None) -> bool:
    """Whether the same may succeed in a while, with nobody doing anything about it here: an outage, a full disk."""
    if isinstance(error, LedgerUnavailable):
        return not error.lasting
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return isinstance(error, Transient | StoreUnavailable)


class MediaError(RenderError):
    """A file is not usable, or ffmpeg, PyAV or Pillow failed. `stderr` is the end of what ffmpeg said."""

    code = "media_error"

    def __init__(self, message: str, remedy: str = "", *, code: str = "", stderr: str = "") -> None:
        super().__init__(message, remedy, code=code)
        self.stderr = stderr

    def __str__(self) -> str:
        return f"{super().__str__()}\n{self.stderr}".rstrip() if self.stderr else super().__str__()


class NotWhole(MediaError):
    """A reference is cut off or damaged. `facts` is what its bytes and its container say all the same."""

    code = "not_whole"

    def __init__(self, message: str, remedy: str = "", *, facts: ReferenceFacts | None = None) -> None:
        super().__init__(message, remedy)
        self.facts = facts


class UnfitDelivery(MediaError):
    """A delivery was made, and is not what was asked for. It is not kept. `problem` says what is wrong."""

    code = "unfit_delivery"

    def __init__(self, delivery: str, problem: str) -> None:
        super().__init__(f"the delivery {delivery} did not come out right: {problem}", "Run it again")


class Damaged(MediaError):
    """A file is not what it should be. `code` says how: truncated, corrupt, size_changes, too_long, slow, empty."""

    code = "damaged"

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message, code=code)
