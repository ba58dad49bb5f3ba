"""The board of an episode, scene by scene: what each shot shows at a glance. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from flows.review import room_links
from flows.review.room_texts import timecode
from flows.review.take_views import poster_frame
from flows.run.next_steps import NextStep
from render.ledger.choices import UNDECIDED
from storyboard.shot_key import full_key
from storyboard.text.dollars import usd, usd_or_unknown
from storyboard.text.printable import one_line

if TYPE_CHECKING:
    from flows.review.episode_reading import EpisodeReading
    from flows.review.shown_approvals import ApprovalView
    from flows.run.shot_status import ShotStatus
    from storyboard.plan.episode_plan import PlannedShot
    from storyboard.shot import Shot
    from storyboard.takes import TakeFacts

__all__ = ["BoardView", "SceneView", "ShotCard", "board_view", "filtered", "words_of"]

MOST_WORDS = 160
"""Characters of a prompt on a card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotCard:
    """One shot on the board."""

    key: str  # SCENE/SHOT
    name: str  # EPISODE/SCENE/SHOT
    id: str
    link: str
    state: str  # planned, running, done, stale, failed, refused, blocked, unknown, waived, missing
    reason: str
    words: str  # the beginning of its prompt
    seconds: float | None
    starts: str  # timecode in the cut
    takes: int
    take: int | None  # the number of the one in use
    by_person: bool  # somebody circled it
    rejected: int
    spent: str  # of all its takes; empty where nothing was
    to_make: str  # what it would cost yet; empty where nothing
    provider: str
    findings: tuple[str, ...]
    notes: int
    wishes: int  # notes that ask for another take
    poster: str | None
    version: str  # of the choice that is shown: sent along with whatever is decided
    search: str  # lower case: all that a search finds it by


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneView:
    """A scene and its shots."""

    id: str
    title: str
    seconds: float
    shots: tuple[ShotCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardView:
    """The board of one episode."""

    series: str
    series_title: str
    episode: str
    title: str
    scenes: tuple[SceneView, ...]
    states: tuple[tuple[str, int], ...]  # how many shots stand so, in the order of the states
    shots: int
    seconds: float
    upright: bool  # pictures are higher than wide
    spent: str
    reserved: str
    to_make: str
    held: str  # who holds the series and why; empty: nobody
    approvals: "tuple[ApprovalView, ...]"
    steps: tuple[NextStep, ...]
    notes: tuple[str, ...]  # what the plan says of the episode as a whole
    mark: str  # of the ledger and the files as they were read


def board_view(reading: "EpisodeReading", approvals: "Sequence[ApprovalView]") -> BoardView:
    """The board as the plan and the ledger have it, with what is to be approved of it."""
    planned, status, episode = reading.read.plan, reading.status, reading.read.episode
    starts = reading.starts
    standing = {shot.key: shot for shot in status.shots}
    cards = [_card(reading, shot, standing[shot.key], starts) for shot in planned.shots]
    scenes = []
    for scene, group in groupby(zip(cards, episode.shots, strict=True), key=lambda each: each[1].scene):
        own = list(group)
        shots = tuple(card for card, _ in own)
        title = one_line(own[0][1].scene_title or scene)
        scenes.append(SceneView(id=scene, title=title, seconds=_sum(shots), shots=shots))
    return BoardView(
        series=episode.series,
        series_title=one_line(episode.series_title),
        episode=episode.episode,
        title=one_line(episode.title),
        scenes=tuple(scenes),
        states=_counted([card.state for card in cards]),
        shots=len(cards),
        seconds=sum(scene.seconds for scene in scenes),
        upright=episode.master.height > episode.master.width,
        spent=usd(status.spent_usd),
        reserved=usd(status.reserved_usd) if status.reserved_usd else "",
        to_make=usd(status.to_make_usd) if status.to_make else "",
        held=reading.held,
        approvals=tuple(approvals),
        steps=reading.steps,
        notes=tuple(one_line(note) for note in (*planned.notes, *planned.doubts, *reading.read.notes)),
        mark=reading.mark,
    )


def _card(
    reading: "EpisodeReading", planned: "PlannedShot", status: "ShotStatus", starts: Mapping[str, int]
) -> ShotCard:
    episode = reading.read.episode
    shot, name = episode.shots[reading.places[planned.key]], full_key(episode.episode, planned.key)
    own: Sequence[TakeFacts] = reading.takes_by_shot.get(name, ())
    choice = reading.choices.get(name)
    used = reading.used(planned)
    notes = [note for take in own for note in reading.notes.get(take.id, ())]
    words = words_of(shot)
    return ShotCard(
        key=planned.key,
        name=name,
        id=shot.id,
        link=room_links.shot_link(name),
        state=status.state.value,
        reason=one_line(status.reason),
        words=words if len(words) <= MOST_WORDS else f"{words[:MOST_WORDS]}…",
        seconds=None if (length := reading.lengths.get(planned.key)) is None else float(length),
        starts=timecode(starts[planned.key], episode.master.fps),
        takes=len(own),
        take=None if used is None else used.number,
        by_person=choice is not None and choice.by_person,
        rejected=sum(take.rejected for take in own),
        spent=_spent(own),
        to_make="" if planned.estimated_cost_usd == 0 else usd_or_unknown(planned.estimated_cost_usd),
        provider=planned.provider or "",
        findings=() if used is None else reading.findings.get(used.id, ()),
        notes=len(notes),
        wishes=sum(note.retake for note in notes),
        poster=_poster(reading, used),
        version=UNDECIDED if choice is None else choice.version,
        search=_search(shot, planned, status, words),
    )


def words_of(shot: "Shot") -> str:
    """A shot's prompt as a producer reads it, on one line."""
    return one_line("".join(part if isinstance(part, str) else part.label for part in shot.prompt))


def _poster(reading: "EpisodeReading", used: "TakeFacts | None") -> str | None:
    if used is None or used.clip is None or not reading.has_blob(used.clip.sha256):
        return None
    return room_links.poster_link(used.clip.sha256, poster_frame(used.clip))


def _spent(takes: "Sequence[TakeFacts]") -> str:
    total = sum(take.cost_usd for take in takes if take.cost_usd is not None)
    return usd(total) if total else ""


def _search(shot: "Shot", planned: "PlannedShot", status: "ShotStatus", words: str) -> str:
    lines = (f"{line.label} {line.text}" for line in shot.dialogue)
    parts = (planned.key, shot.scene_title, words, *lines, shot.notes, planned.provider or "", status.reason)
    return one_line(" ".join(parts)).casefold()


def _counted(states: Sequence[str]) -> tuple[tuple[str, int], ...]:
    from render.takes.outcomes import ShotState

    return tuple((state.value, states.count(state.value)) for state in ShotState if state.value in states)


def _sum(cards: Sequence[ShotCard]) -> float:
    return sum(card.seconds or 0 for card in cards)


def filtered(view: BoardView, q: str, wanted: set[str], only: set[str]) -> list[SceneView]:
    """The scenes with those shots that are searched for: all words of `q`, one of the states, all of `only`."""
    words = q.casefold().split()

    def fits(card: ShotCard) -> bool:
        named = all(word in card.search for word in words) and (not wanted or card.state in wanted)
        return named and ("findings" not in only or bool(card.findings)) and ("notes" not in only or card.notes > 0)

    scenes = (replace(scene, shots=tuple(filter(fits, scene.shots))) for scene in view.scenes)
    return [scene for scene in scenes if scene.shots]
