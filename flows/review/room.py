"""The context of one review room: all that its pages work with, made once and closed at its end."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from flows.review.asked_runs import AskedRuns
from flows.review.change_looks import ChangeLooks
from flows.review.change_streams import Change, ChangeStreams
from flows.review.gate import Gate
from flows.review.known_blobs import KnownBlobs
from flows.review.made_media import MadeMedia
from flows.review.media_pages import MediaAnswers
from flows.review.readings import Readings
from flows.review.room_ledger import RoomLedger
from flows.review.room_pages import Pages
from flows.review.served_blobs import ServedBlobs
from flows.review.shown_approvals import ShownApprovals
from flows.run.workspace import Workspace
from render.concurrency.blocking import BlockingCalls

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Room"]


@dataclass(kw_only=True)
class Room:
    """One project, open for review. `flows.cli.review_cmd` makes it and serves it; whoever makes it closes it.

    It keeps what was read, who may enter, the runs that were asked for here and the streams that are open. Whatever is
    decided is in the ledger, and whatever is made is in the store: a room that ends leaves nothing behind but that.
    """

    workspace: Workspace[None]
    gate: Gate
    person: str  # who acts where a browser gave no name
    named: str  # the project as it was named: deployments may know it by a path within their checkout
    editor: str | None  # how a file is opened in the person's editor; see `source_lines`
    tell: Callable[[str], object]  # the person who started the room
    pages: Pages = field(default_factory=Pages)
    calls: BlockingCalls = field(default_factory=BlockingCalls)
    ledger: RoomLedger = field(init=False)
    blobs: KnownBlobs = field(init=False)
    readings: Readings = field(init=False)
    served: ServedBlobs = field(init=False)
    media: MediaAnswers = field(init=False)
    made: MadeMedia = field(init=False)
    runs: AskedRuns = field(init=False)
    approvals: ShownApprovals = field(init=False)
    streams: ChangeStreams = field(init=False)
    loop: asyncio.AbstractEventLoop | None = None  # that serves it, while it is served

    def __post_init__(self) -> None:
        places = self.workspace.places
        self.ledger = RoomLedger(self.workspace)
        self.blobs = KnownBlobs(self.workspace.open_store, lambda: self.told("ledger"))
        self.readings = Readings(self.workspace, self.ledger, self.blobs.has, lambda: self.told("ledger"))
        self.served = ServedBlobs(self.workspace, self.ledger, self.readings)
        self.media = MediaAnswers(self.workspace.open_store, self.workspace.root, self.calls.in_thread)
        self.made = MadeMedia(self.workspace, self.ledger, self.calls.in_thread)
        self.runs = AskedRuns(self.workspace.root, places.logs, lambda: self.told("runs"))
        self.approvals = ShownApprovals(self.gate)
        self.streams = ChangeStreams(ChangeLooks(self.ledger, self.readings).look, self.calls.in_thread)

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.workspace.root

    @property
    def environment(self) -> "Mapping[str, str]":
        """The environment as it was read."""
        return self.workspace.environment

    def told(self, what: str) -> None:
        """Tell open pages that something changed which no look finds. From any thread."""
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.streams.tell, Change(what=frozenset({what})))

    def close(self) -> None:
        """Let go of ledger and threads. Runs that were asked for go on."""
        self.readings.close()
        self.blobs.close()
        self.calls.close()
        self.ledger.close()
