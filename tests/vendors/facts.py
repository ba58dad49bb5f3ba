"""What tests must know of a hosted vendor, written from its pages and not from its client."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from render.net.responses import Json, read_json
from render.providers.vendor_errors import ErrorMeanings
from tests.render.providers.wire import Say

IMAGE, VIDEO, AUDIO = "image", "video", "audio"

Links = dict[str, list[str]]
"""What an order sends, by kind."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A reference that a shot must send: a file of the project, or a frame of another shot, and how prompts call it."""

    kind: str
    words: str  # of the prompt; {} stands for the token
    file: str = ""
    frame: tuple[str, int] = ("", 0)  # shot, and the number of the frame in its clip


@dataclass(frozen=True, slots=True)
class Expected:
    """One shot as its vendor must get it."""

    key: str
    sent: tuple[Sent, ...]
    first_frame: bool = False
    seed: int | None = None
    audio: bool = True


@dataclass(frozen=True, slots=True)
class Vendor:
    """What the pages say a vendor has, as far as the episode of `tests.flows.vendor_episode` meets it."""

    name: str
    dialect: str = "urls"  # of Kinovi
    first_frame: bool = False
    seed: bool = False
    audio_switch: bool = True
    uploads: bool = True  # takes files; else it reads public links alone
    smallest_side: int = 1  # pixels
    smallest_film: int = 1  # pixels a frame
    token: str = "@Image"
    usd_per_second: tuple[str, str] | None = None  # 480p, and with a film that comes in; None: on no page

    def __str__(self) -> str:
        return self.name if self.dialect == "urls" else f"{self.name}-{self.dialect}"


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorFacts:
    """One vendor. Its module in this package holds one as `FACTS`."""

    title: str  # as docs/vendors.md calls it
    usd_per_second: str  # at 480p; where no page tells a price, what tests' projects state
    price_on_page: bool  # False: projects state one
    lists_jobs: bool
    variables: frozenset[str] = frozenset()  # of the environment, that the client alone looks at
    moderates: bool = True  # tells refused content from a failure
    free_shape: str | None  # the word for a shape that is the vendor's to choose; None: there is none

    # an order, and its answers
    spellings: tuple[Vendor, ...]  # how it is asked for an episode; one for each spelling of its orders
    documented: Callable[[Vendor, Expected, str, Links], dict[str, Any]]  # the body for a shot with this prompt
    write: Callable[[Any], dict[str, Any]]  # its client's body for a request without references
    poll: str  # where one job is asked for, below the base URL
    clip_link: Callable[[Any], str]  # the clip's link, out of the answer to that
    good_key: Say  # the answer of the examination's first question
    examined_by_orders: int = 0  # orders that an examination sends; each of them one that nobody can take
    other_hosts: int = 0  # that an examination asks beside the API
    taken: Mapping[str, Any] = field(default_factory=dict)  # the answer to an order
    callback_key: str = ""  # where an order names who is called back; empty: nobody is
    called_back: Mapping[str, Any] = field(default_factory=dict)  # the body of such a call
    read_bill: Callable[[str, str], object]  # what its client makes of a finished job, by a clip's link and a JSON bill

    # its errors, as docs/vendors.md tells them
    upload_lives: timedelta | None  # None: there are no uploads
    clips_live: str
    failed_jobs: str  # refunded, or count as spent
    statuses: Mapping[str, set[int]]  # that its pages name, and that any API may give: of an order, of a question
    error_codes: tuple[ErrorMeanings, ...]
    job_codes: set[str]  # of jobs that failed
    failed_job: Callable[[str, str], dict[str, Any]]  # a poll's answer, by code and words
    refusal: Callable[[int, str, str], dict[str, Any]]  # an error as it wraps it, by status, code and words
    before_upload: Callable[[str], Say] | None = None  # what it answers before a file is sent, by where it is


def of_kinds(links: Links, name: str) -> Links:
    """Links under a key for each kind that there are any of: `{}_urls`."""
    return {name.format(kind): urls for kind, urls in links.items() if urls}


def lasting(lives: timedelta) -> str:
    """`24 hours`, `14 days`."""
    return f"{lives.days} days" if lives.days > 3 else f"{lives / timedelta(hours=1):g} hours"


def answered(text: str) -> Json:
    """JSON as clients read it out of an answer."""
    return read_json(text.encode(), "application/json")
