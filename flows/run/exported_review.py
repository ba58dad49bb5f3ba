"""What an episode gives to a page for review: each shot's texts, the takes that are shown, and what was noted."""

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from flows.run.printed_storyboard import board_with_texts
from render.ledger import queries
from render.review_file.review_sheet import ReviewedTake, ReviewSheet
from storyboard.shot_key import full_key
from storyboard.takes import TakeState

if TYPE_CHECKING:
    from flows.run.workspace import Workspace
    from render.ledger import Ledger, LedgerReader, Note, Take

__all__ = ["Shown", "review_sheet", "write_review"]


class Shown(StrEnum):
    """Which takes of each shot a page shows."""

    GOOD = "good"  # the circled one, and what is good beside it
    CIRCLED = "circled"
    ALL = "all"  # rejected ones too


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ledger:
    """What the ledger says of a series, read once."""

    takes: "Sequence[Take]"
    circles: Mapping[str, str | None]  # by shot
    notes: "Mapping[str, tuple[Note, ...]]"  # by take

    @classmethod
    def of(cls, ledger: "LedgerReader", series: str) -> "_Ledger":
        by_take: dict[str, list[Note]] = {}
        for note in ledger.read(queries.notes, series):
            by_take.setdefault(note.take, []).append(note)
        return cls(
            takes=ledger.read(queries.takes, series),
            circles={circle.shot: circle.take for circle in ledger.read(queries.circles, series)},
            notes={take: tuple(notes) for take, notes in by_take.items()},
        )

    def shown(self, shot: str, which: Shown) -> "Iterator[ReviewedTake]":
        """The takes of one shot (EPISODE/SCENE/SHOT) that have a clip and are asked for, the circled one first."""
        circled = self.circles.get(shot)
        own = [take for take in self.takes if take.id == circled or take.shot == shot]
        for take in sorted(own, key=lambda each: (each.id != circled, each.number)):
            wanted = take.id == circled if which is Shown.CIRCLED else which is Shown.ALL or not take.rejected
            if wanted and take.state is TakeState.DONE and take.clip is not None:
                notes = self.notes.get(take.id, ())
                yield ReviewedTake(take=take, clip=take.clip, circled=take.id == circled, notes=notes)


def review_sheet(
    workspace: "Workspace[LedgerReader | None]", episode: str, *, which: Shown, shots: Collection[str] | None = None
) -> tuple[ReviewSheet, tuple[str, ...]]:
    """What is shown of the episode, or of these shots of it (SCENE/SHOT), and a sentence for each clip that is missing.

    Raises InvalidProject.
    """
    expanded, board = board_with_texts(workspace, episode)
    ledger = None if workspace.ledger is None else _Ledger.of(workspace.ledger, expanded.series)
    takes: dict[str, tuple[ReviewedTake, ...]] = {}
    missing = []
    for shot in expanded.shots:
        if shots is not None and shot.key not in shots:
            continue
        found = () if ledger is None else tuple(ledger.shown(full_key(episode, shot.key), which))
        takes[shot.key] = tuple(each for each in found if workspace.store.has(each.clip.sha256))
        gone = [each.take.number for each in found if each not in takes[shot.key]]
        missing += [f"take {number} of {shot.key} is left out: the store lacks its clip" for number in gone]
    sheet = ReviewSheet(series=expanded.series, episode=episode, board=board, takes=takes)
    return sheet, tuple(missing)


async def write_review(workspace: "Workspace[Ledger]", sheet: ReviewSheet, target: Path) -> int:
    """Make what the page needs and write it; returns its bytes. Raises MediaError, StoreError, ReviewTooLarge."""
    from render.ledger.recipes import DerivedBlobs
    from render.ledger.signing_secret import signing_secret
    from render.review_file.review_media import ReviewMediaMaker
    from render.review_file.review_page import ReviewPage
    from render.review_file.review_sheet import statement_of
    from render.review_file.review_statement import signed

    memory = DerivedBlobs(workspace.ledger)
    maker = ReviewMediaMaker(workspace.store, memory, workspace.places.scratch)
    media = await maker.of([each.clip for each in sheet.every_take])
    export = secrets.token_hex(16)
    statement = statement_of(sheet, export=export, at=f"{datetime.now(UTC):%FT%TZ}")
    sent = signed(statement, workspace.ledger.write(signing_secret))
    return ReviewPage(sheet=sheet, media=media, sent=sent, export=export, store=workspace.store).write(target)
