"""What people were shown to approve, kept until they do: the very content that they saw is what is written down."""

import json
import secrets
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flows.errors import UsageError
from flows.review.gate import Gate
from flows.run.approval_words import lines_of
from storyboard.text.dollars import usd
from storyboard.text.printable import printable

if TYPE_CHECKING:
    from flows.run.episode_approvals import SubjectStanding
    from storyboard.approval.approval_content import ApprovalContent
    from storyboard.shot import Episode

__all__ = ["ApprovalView", "Shown", "ShownApprovals"]

KEPT = 200
"""Contents that a room remembers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalView:
    """One subject that the series asks to be approved, as a page shows it."""

    subject: str  # storyboard, animatic, spending
    sum: str  # of spending; empty for the others
    lines: tuple[str, ...]  # how it stands, and what changed
    waits: bool
    obstacle: str  # why it cannot be approved now
    approved: str  # the id of the approval that stands; empty where none does
    shown: str  # signed: exactly what is approved with it; empty where it cannot be


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a person approves: exactly what they were shown, and when that was."""

    episode: str
    content: "ApprovalContent"
    name: str  # the id of the approval that comes of it, so that the same click counts once
    at: datetime


class ShownApprovals:
    """Remembers contents by their hash. Safe from any thread."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._turn = threading.Lock()
        self._contents: dict[str, ApprovalContent] = {}

    def view(self, episode: "Episode", standing: "SubjectStanding") -> ApprovalView:
        """A subject as it stands, with what its form sends."""
        content = standing.content
        can = standing.approval is None and not standing.obstacle
        return ApprovalView(
            subject=str(standing.subject),
            sum="" if content.usd is None else usd(content.usd),
            lines=tuple(printable(line) for line in lines_of(standing)),
            waits=standing.waits,
            obstacle=printable(standing.obstacle),
            approved="" if standing.approval is None else standing.approval.id,
            shown=self._shown(episode.episode, content) if can else "",
        )

    def read(self, episode: str, shown: str) -> Shown:
        """What a form sends back. Raises UsageError where this room did not show it, or not for this episode."""
        text = self._gate.read("approval", shown)
        told = json.loads(text) if text is not None else {}
        with self._turn:
            content = self._contents.get(told.get("key", ""))
        if content is None or told["episode"] != episode:
            raise UsageError("this was not shown by this room, or too long ago", "Load the page again, and look at it")
        return Shown(episode=episode, content=content, name=told["name"], at=datetime.fromisoformat(told["at"]))

    def _shown(self, episode: str, content: "ApprovalContent") -> str:
        key = f"{content.subject} {content.hash}"
        with self._turn:
            self._contents.pop(key, None)
            self._contents[key] = content
            while len(self._contents) > KEPT:
                del self._contents[next(iter(self._contents))]
        told = {"key": key, "episode": episode, "name": secrets.token_hex(16), "at": datetime.now(UTC).isoformat()}
        return self._gate.signed("approval", json.dumps(told))
