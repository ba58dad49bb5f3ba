"""Everything that is heard of a master, as one value: its length, its sounds, and where somebody speaks. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from storyboard.text.decimals import plain_decimal
from storyboard.timeline.sound_events import Fragment, Material, SoundEvent, Track

Stretch = tuple[int, int]
"""From one sample of the master to before another."""


@dataclass(frozen=True, slots=True)
class SoundPlan:
    """A master's sound before it is mixed. `speech` lies in order and does not overlap."""

    samples: int
    events: tuple[SoundEvent, ...] = ()
    speech: tuple[Stretch, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def materials(self) -> frozenset[Material]:
        """All that it plays."""
        return frozenset(event.material for event in self.events)

    @property
    def recipe(self) -> list[object]:
        """Everything that decides how it sounds, where no loudness is asked for."""
        return [self.samples, [_recipe(event) for event in self.events]]


def fragments(events: Iterable[SoundEvent], track: Track, begin: int, end: int) -> Iterator[Fragment]:
    """What of a track is heard from one sample to before another, in order of the events."""
    for event in events:
        if event.track is track and (fragment := event.within(begin, end)):
            yield fragment


def _recipe(event: SoundEvent) -> list[object]:
    fades = [[fade.samples, fade.curve.value] if fade else [] for fade in (event.rise, event.fall)]
    dips = [[dip.begin, dip.end, plain_decimal(dip.depth_db), dip.attack, dip.release] for dip in event.dips]
    place = [event.track.value, event.begin, event.samples, event.offset, plain_decimal(event.gain_db)]
    return [*place, event.material.recipe, *fades, dips]
