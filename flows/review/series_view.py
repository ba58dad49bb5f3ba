"""The room's first page: the episodes of a series, their money, and what waits for whom. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from flows.review import room_links
from flows.review.board_view import MOST_WORDS
from flows.review.take_views import poster_frame
from flows.run.next_steps import NextStep
from render.takes.outcomes import ShotState
from storyboard.shot_key import full_key, is_of_episode
from storyboard.text.dollars import usd
from storyboard.text.printable import one_line, printable

if TYPE_CHECKING:
    from flows.review.episode_reading import EpisodeReading
    from render.ledger import Alarm

__all__ = ["EpisodeLine", "SeriesView", "Wait", "series_view"]

WAITS = {
    ShotState.UNKNOWN: ("an operator", "settle what became of its order"),
    ShotState.RUNNING: ("a vendor", "is making it"),
    ShotState.REFUSED: ("the writer", "edit what the vendor refused, or try again"),
    ShotState.FAILED: ("a producer", "make it again"),
    ShotState.STALE: ("a producer", "keep it as it is, or make it again"),
    ShotState.MISSING: ("an operator", "fetch its clip again"),
}
"""Who is to do something about a shot that stands so, and what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Something that waits for somebody."""

    who: str
    what: str
    shot: str  # EPISODE/SCENE/SHOT
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeLine:
    """One episode in the list."""

    id: str
    title: str
    link: str
    cut: str
    poster: str | None
    shots: int
    done: int
    states: tuple[tuple[str, int], ...]
    seconds: float
    spent: str
    reserved: str
    to_make: str
    steps: tuple[NextStep, ...]
    mistakes: str = ""  # why it cannot be planned; everything else is empty then


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesView:
    """A series and its episodes."""

    series: str
    title: str
    episodes: tuple[EpisodeLine, ...]
    waits: tuple[Wait, ...]
    spent: str
    reserved: str
    cap: str
    left: str
    held: str
    all_held: bool  # everything is, whatever series it is
    hold_version: str  # of the hold that is shown; empty: none
    alarms: tuple[str, ...]
    made: bool  # whether anything ever was
    mark: str


def broken_line(episode: str, mistakes: str) -> EpisodeLine:
    """An episode that cannot be planned as it is written."""
    return EpisodeLine(
        id=episode,
        title=episode,
        link=room_links.board_link(episode),
        cut=room_links.cut_link(episode),
        poster=None,
        shots=0,
        done=0,
        states=(),
        seconds=0,
        spent="",
        reserved="",
        to_make="",
        steps=(),
        mistakes=printable(mistakes, lines=True),
    )


def episode_line(reading: "EpisodeReading") -> EpisodeLine:
    """An episode as it stands."""
    status, episode = reading.status, reading.read.episode
    states = [shot.state for shot in status.shots]
    return EpisodeLine(
        id=episode.episode,
        title=one_line(episode.title),
        link=room_links.board_link(episode.episode),
        cut=room_links.cut_link(episode.episode),
        poster=_poster(reading),
        shots=len(states),
        done=sum(state in {ShotState.DONE, ShotState.STALE, ShotState.WAIVED} for state in states),
        states=tuple((state.value, states.count(state)) for state in ShotState if state in states),
        seconds=float(sum(reading.lengths.values())),
        spent=usd(status.spent_usd),
        reserved=usd(status.reserved_usd) if status.reserved_usd else "",
        to_make=usd(status.to_make_usd) if status.to_make else "",
        steps=reading.steps,
    )


def waits_of(reading: "EpisodeReading") -> Iterator[Wait]:
    """What waits for somebody in an episode: shots that stand so, and notes that ask for another take."""
    episode = reading.read.episode.episode
    for shot in reading.status.shots:
        name = full_key(episode, shot.key)
        if shot.state in WAITS:
            who, what = WAITS[shot.state]
            yield Wait(who=who, what=what, shot=name, link=room_links.shot_link(name))
    newest = {name: max(take.number for take in takes) for name, takes in reading.takes_by_shot.items()}
    for take in reading.read.takes.values():
        if not is_of_episode(take.shot, episode) or take.number < newest[take.shot]:
            continue
        for note in reading.notes.get(take.id, ()):
            if note.retake:
                what = f"decide about another take: {one_line(note.words)[:MOST_WORDS]}"
                yield Wait(who="a producer", what=what, shot=take.shot, link=room_links.shot_link(take.shot))


def series_view(
    *,
    series: str,
    title: str,
    readings: "Sequence[EpisodeReading]",
    broken: Sequence[EpisodeLine],
    alarms: "Sequence[Alarm]",
    made: bool,
    mark: str,
) -> SeriesView:
    """The series: episodes that can be planned, and those that cannot."""
    lines = sorted([*map(episode_line, readings), *broken], key=lambda line: line.id)
    budgets = readings[0].budgets if readings else ()
    whole = next((line for line in budgets if line.scope == "series"), None)
    hold = readings[0].hold if readings else None
    return SeriesView(
        series=series,
        title=one_line(title),
        episodes=tuple(lines),
        waits=tuple(wait for reading in readings for wait in waits_of(reading)),
        spent=usd(whole.spent_usd if whole else Decimal(0)),
        reserved=usd(whole.reserved_usd) if whole and whole.reserved_usd else "",
        cap="" if whole is None or whole.cap_usd is None else usd(whole.cap_usd),
        left="" if whole is None or whole.left_usd is None else usd(whole.left_usd),
        held=readings[0].held if readings else "",
        all_held=hold is not None and hold.everything,
        hold_version="" if hold is None else hold.at.isoformat(),
        alarms=tuple(f"{alarm.account}: {printable(alarm.words)}" for alarm in alarms),
        made=made,
        mark=mark,
    )


def _poster(reading: "EpisodeReading") -> str | None:
    """The first shot that has a clip stands for its episode."""
    for planned in reading.read.plan.shots:
        take = reading.used(planned)
        if take is not None and take.clip is not None and reading.has_blob(take.clip.sha256):
            return room_links.poster_link(take.clip.sha256, poster_frame(take.clip))
    return None
