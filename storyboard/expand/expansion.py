"""From what a producer wrote to shots with every default filled in, every name resolved, every chain drawn.

`expand` is for work and raises every mistake at once. `expand_leniently` is for `check`: it goes on as well as it can
and says which shots are spoilt, so that mistakes of another sort can be found in the same reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from storyboard.bind.prompt_template import BadTemplate, mentions, render
from storyboard.errors import InvalidProject, Mistake, NoSuchName, Position
from storyboard.expand.bible_lookup import Bible, Entry, each_source_once, read_bible
from storyboard.expand.delivery_list import focus_of
from storyboard.expand.edits import edit_of
from storyboard.expand.inheritance import Inherited, Place, places
from storyboard.expand.own_frames import frame_of
from storyboard.expand.shot_names import extras, names_of_the_bible, own_labels
from storyboard.expand.spoken_lines import mistakes_of, with_places
from storyboard.expand.whole_episode import Mistakes, whole_episode
from storyboard.framing import AUTO, frame_size
from storyboard.loading import Project
from storyboard.model import EpisodeFile
from storyboard.shot import (
    HEARD,
    TAIL_CLIP_S,
    Beat,
    Continuity,
    ContinuityMode,
    Episode,
    Line,
    MasterFormat,
    Reference,
    Role,
    Shot,
    Unwanted,
    Wording,
)
from storyboard.text.suggestions import did_you_mean, suggestion

DEFAULT_DURATION_S = Decimal(5)
"""Seconds of a shot for which the storyboard says no duration."""

_NO_CONTINUITY = Continuity(ContinuityMode.NONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """An episode as far as it could be expanded. A shot whose key is in `spoilt` has a mistake of its own."""

    episode: Episode
    mistakes: tuple[Mistake, ...]
    spoilt: frozenset[str]


def expand(project: Project, episode_id: str, *, provider: str | None = None) -> Episode:
    """The shots of one episode, resolved. Raises InvalidProject with every mistake, NoSuchName for the episode.

    `provider` takes the place of every shot's own; a model that belonged to another vendor is then left to the
    default, so that the same episode can be rehearsed anywhere.
    """
    expansion = expand_leniently(project, episode_id, provider=provider)
    if expansion.mistakes:
        raise InvalidProject(expansion.mistakes)
    return expansion.episode


def expand_leniently(project: Project, episode_id: str, *, provider: str | None = None) -> Expansion:
    """The same, with the mistakes beside what could be made of the rest. Raises NoSuchName for the episode."""
    if episode_id not in project.episodes:
        known = sorted(project.episodes)
        raise NoSuchName("episode", episode_id, known, suggestion(episode_id, known))
    return _Expander(project, project.episodes[episode_id], read_bible(project), provider).expansion()


@dataclass(slots=True)
class _Expander:
    """One expansion of one episode; gathers mistakes by shot."""

    project: Project
    written: EpisodeFile
    bible: Bible
    provider: str | None
    mistakes: dict[Mistake, None] = field(default_factory=dict)  # each once, though many shots may inherit it
    spoilt: set[str] = field(default_factory=set)

    def expansion(self) -> Expansion:
        found = places(self.project, self.written)
        master = _master(self.project, self.written)
        episode = whole_episode(
            self.project,
            self.written,
            self.bible,
            found,
            [self._shot(place, master) for place in found],
            master=master,
            mistakes=Mistakes(self.blame, self._note),
        )
        return Expansion(episode=episode, mistakes=tuple(sorted(self.mistakes)), spoilt=frozenset(self.spoilt))

    def blame(self, place: Place, at: Position, message: str) -> None:
        """Note a mistake, and that the shot cannot be relied on."""
        self.spoilt.add(place.key)
        self._note(at, message)

    def _note(self, at: Position, message: str) -> None:
        self.mistakes[self.project.mistake(at, message)] = None

    # One shot

    def _shot(self, place: Place, master: MasterFormat) -> Shot:
        written = place.shot
        prompt = self._wording(place, Inherited(written.prompt, place.file, (*place.path, "prompt"), own=True))
        beats = self._beats(place)
        camera, sound = (self._wording(place, place.inherit(name)) for name in ("camera", "sound"))
        texts = (prompt, *(beat.prompt for beat in beats))
        duration = place.value("duration", DEFAULT_DURATION_S)
        seconds = None if duration == "auto" else duration
        edit = edit_of(place, seconds, master.fps, lambda at, told: self.blame(place, at, told))
        named = [name for text in (*texts, camera, sound) for name in mentions(text)]
        dialogue = self._dialogue(place, named, edit.length_s(seconds))
        called = [name for text in texts for name in mentions(text)]
        called += [line.cast for line in dialogue]
        called += [name for text in (camera, sound) for name in mentions(text)]
        entries = self._entries(place, called)
        shot = Shot(
            episode=self.written.episode,
            scene=place.scene.id,
            id=written.id,
            index=place.index,
            prompt=prompt,
            duration_s=seconds,
            camera=camera,
            sound=sound,
            dialogue=dialogue,
            beats=beats,
            references=each_source_once(self.project, [*_sent(entries), *self._extras(place, called)]),
            descriptions=tuple(entry.description for entry in entries if entry.text or entry.role is Role.LOCATION),
            continuity=_NO_CONTINUITY,
            providers=(self.provider,) if self.provider else tuple(place.value("provider", ("animatic",))),
            model=self._model(place),
            resolution=place.value("resolution", "720p"),
            upscale=_upscale(place.value("upscale", None)),
            aspect_ratio=place.value("aspect_ratio", "16:9"),
            audio=place.value("audio", True),
            seed=place.value("seed", None),
            takes=place.value("takes", 1),
            notes=written.notes,
            at=place.at(),
            tail_clip_s=place.value("tail_clip_s", TAIL_CLIP_S),
            scene_title=place.scene.title or "",
            without=_without(place),
            first_frame=frame_of(place, Role.FIRST_FRAME),
            last_frame=frame_of(place, Role.LAST_FRAME),
            edit=edit,
            focus=focus_of(place),
        )
        self._check_numbers(place, shot, master)
        return shot

    def _model(self, place: Place) -> str | None:
        """A model is one vendor's. Where another vendor is asked for instead, its own default is meant."""
        model: str | None = place.value("model", None)
        own = place.value("provider", ("animatic",))
        return model if self.provider is None or self.provider in own else None

    def _check_numbers(self, place: Place, shot: Shot, master: MasterFormat) -> None:
        if shot.duration_s is not None and shot.duration_s * master.fps.numerator < master.fps.denominator:
            at = place.inherited_at("duration")
            self.blame(place, at, f"{shot.duration_s} s is shorter than one frame at {float(master.fps):g} per second")
        if shot.seed is not None and shot.takes > 1:
            message = f"{shot.takes} takes with one seed would be the same clip; remove `seed`, or make one take"
            self.blame(place, place.inherited_at("takes"), message)

    # Texts

    def _wording(self, place: Place, text: Inherited) -> Wording:
        """A template read; what is wrong with it is noted, and the rest of it goes on. A shot's names are its own."""
        if not text.value:
            return ()
        names = self.bible.labels() | (own_labels(place, self.bible.named) if text.own else {})
        try:
            return render(text.value, names)
        except BadTemplate as bad:
            start = self.project.at(text.file, *text.path)
            for finding in bad.findings:
                at = self.project.within(start, finding.text, finding.nth, finding.offset)
                self.blame(place, at, finding.message)
            return bad.wording

    def _beats(self, place: Place) -> tuple[Beat, ...]:
        beats: list[Beat] = []
        duration = place.value("duration", DEFAULT_DURATION_S)
        for index, item in enumerate(place.shot.beats):
            at = place.at("beats", index, "at")
            if beats and item.at <= beats[-1].at_s:
                self.blame(place, at, f"this beat is at {item.at} s, and the one before it at {beats[-1].at_s} s")
            elif duration != "auto" and item.at >= duration:
                self.blame(place, at, f"this beat is at {item.at} s, and the shot ends at {duration} s")
            text = Inherited(item.prompt, place.file, (*place.path, "beats", index, "prompt"), own=True)
            beats.append(Beat(item.at, self._wording(place, text)))
        return tuple(beats)

    def _dialogue(self, place: Place, called: Sequence[str], cut_s: Fraction | None) -> tuple[Line, ...]:
        """Lines, each spoken in the look that the shot's texts call, so that a line never brings a second one."""
        lines: list[Line] = []
        for index, item in enumerate(place.shot.dialogue):
            entry = self.bible.named.get(item.cast)
            if entry is None or entry.role is not Role.CAST:
                hint = did_you_mean(item.cast, self.bible.cast)
                self.blame(place, place.at("dialogue", index, "cast"), f"{item.cast!r} is no cast member{hint}")
                continue
            looks = [name for name in called if name == item.cast or name.startswith(f"{item.cast}.")]
            line = Line(looks[0] if looks else item.cast, entry.label, " ".join(item.line.split()))
            lines.append(with_places(line, item, place, index, cut_s))
            for at, told in mistakes_of(item, place, index, cut_s):
                self.blame(place, at, told)
        return tuple(lines)

    # What is named

    def _entries(self, place: Place, called: Iterable[str]) -> list[Entry]:
        """Everything a shot shows, in order of priority; within a role, in order of naming."""
        entries = [self.bible.named[name] for name in dict.fromkeys(called) if name in self.bible.named]
        location = self._chosen(place, "location", self.bible.locations, self.bible.named)
        style = self._chosen(place, "style", self.bible.styles, self.bible.styles)
        found = [*entries, *(each for each in (location, style) if each and each not in entries)]
        return sorted(found, key=lambda entry: list(Role).index(entry.role))

    def _chosen(self, place: Place, what: str, valid: Iterable[str], entries: Mapping[str, Entry]) -> Entry | None:
        name = place.value(what, None)
        if name is None or name in valid:
            return entries[name] if name else None
        self.blame(place, place.inherited_at(what), f"there is no {what} {name!r}{did_you_mean(name, valid)}")
        return None

    def _extras(self, place: Place, called: Sequence[str]) -> Iterator[Reference]:
        for at, told in names_of_the_bible(place, self.bible.named):
            self.blame(place, at, told)
        return extras(place, called, self.bible.named)


def _sent(entries: Iterable[Entry]) -> list[Reference]:
    return [reference for entry in entries for reference in entry.references]


def _upscale(written: str | None) -> str | None:
    """`none` takes back what is inherited."""
    return None if written == "none" else written


def _without(place: Place) -> tuple[Unwanted, ...]:
    """What must not be in the clip, in one order however it is written; what is heard only where sound is made."""
    written, audio = place.value("without", ()), place.value("audio", True)
    return tuple(each for each in Unwanted if each in written and (audio or each not in HEARD))


def _master(project: Project, written: EpisodeFile) -> MasterFormat:
    """As the project writes it; by default the size that the episode's defaults make, at 24 frames a second."""
    stated = project.series.delivery.master
    if stated is not None:
        return MasterFormat(stated.width, stated.height, stated.fps)
    levels = (written.defaults, project.series.defaults)
    generated = next((each.resolution for each in levels if each.resolution), "720p")
    resolution = _upscale(next((each.upscale for each in levels if each.upscale), None)) or generated
    ratio = next((each.aspect_ratio for each in levels if each.aspect_ratio not in {None, AUTO}), "16:9")
    return MasterFormat(*frame_size(resolution, ratio), Fraction(24))
