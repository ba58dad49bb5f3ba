"""The subtitles of a cut, laid by what is known of its lines: their recordings, then what is heard in its clips."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from render.captions import soft_tracks
from render.captions.burn_in import Lettering, burn_key, lettering
from render.captions.caption_fonts import burnt_in_font
from render.captions.cut_tracks import HeardClip, cut_tracks
from render.context import RunContext
from render.cut.cut_plan import Piece
from render.episode.manifest_records import CutShots
from storyboard.captions.caption import Caption, CaptionTrack, Heard, SpokenLine, Words
from storyboard.captions.episode_captions import HeardLines, burnt_track, complete_tracks
from storyboard.captions.srt import srt
from storyboard.plan.caption_notes import track_notes
from storyboard.shot import Episode, MasterFormat
from storyboard.timeline.line_sounds import PlacedLine
from storyboard.timeline.master_timeline import Timeline
from storyboard.timeline.sample_grid import SOUND_RATE, samples_at


@dataclass(frozen=True, slots=True, kw_only=True)
class BurntCaptions:
    """Captions that are drawn into the master's picture, in frames of it, and the letters that they are drawn with."""

    captions: tuple[Caption, ...]
    letters: Lettering
    master: MasterFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class CutCaptions:
    """All subtitles of a cut: every track, those that may go into the master, and what is drawn into it."""

    tracks: tuple[CaptionTrack, ...] = ()
    soft: tuple[CaptionTrack, ...] = ()
    burnt: BurntCaptions | None = None
    notes: tuple[str, ...] = ()

    @property
    def recipe(self) -> list[object]:
        """All that decides what of them stands in the master."""
        if not (self.soft or self.burnt):
            return []
        texts = [[track.language, srt(track.captions, track.fps)] for track in self.soft]
        return [soft_tracks.RECIPE, texts, *self.burnt_recipe]

    @property
    def burnt_recipe(self) -> list[object]:
        """All that decides what of them is drawn into its picture."""
        drawn = self.burnt
        return [] if drawn is None else [burn_key("", drawn.captions, drawn.letters, drawn.master)]


async def cut_captions(
    context: RunContext, shots: CutShots, lines: Sequence[PlacedLine], file_of: Callable[[str], Path]
) -> CutCaptions:
    """The subtitles of this cut; none where the series asks for none. Raises MediaError."""
    episode, pieces, timeline = shots.episode, shots.pieces, shots.timeline
    if episode.subtitles is None:
        return CutCaptions()
    clips = {piece.key: _heard_clip(piece) for piece in pieces if piece.clip is not None and not piece.edit.mute}
    heard, narration = _heard(episode, timeline, lines), tuple(_narration(episode, timeline, lines))
    tracks = await context.in_thread(lambda: cut_tracks(episode, timeline, clips, heard=heard, narration=narration))
    count = sum(len(shot.dialogue) for shot in episode.shots) + len(narration)
    notes = dict.fromkeys(note for track in tracks for note in track_notes(track, count))
    burnt = await context.in_thread(_burnt, episode, tracks, file_of)
    return CutCaptions(tracks=tracks, soft=complete_tracks(tracks), burnt=burnt, notes=tuple(notes))


def _heard_clip(piece: Piece) -> HeardClip:
    assert piece.clip is not None
    return HeardClip(piece.path, piece.clip.sha256, piece.edit.in_s, piece.edit.speed)


def _place(line: PlacedLine, timeline: Timeline) -> Heard:
    start = samples_at(timeline.span(line.key).start, timeline.fps)
    return Heard(Fraction(line.begin - start, SOUND_RATE), Fraction(line.end - line.begin, SOUND_RATE))


def _heard(episode: Episode, timeline: Timeline, lines: Sequence[PlacedLine]) -> HeardLines:
    placed = {(each.key, each.line): _place(each, timeline) for each in lines if not each.narration}
    return {
        shot.key: [placed.get((shot.key, number)) for number in range(len(shot.dialogue))]
        for shot in episode.shots
        if shot.key in timeline.keys
    }


def _narration(episode: Episode, timeline: Timeline, lines: Sequence[PlacedLine]) -> Iterator[SpokenLine]:
    for each in lines:
        if each.narration and episode.language is not None:
            file = each.file
            words = {episode.language: Words(file.text, file.at)}
            words |= {tag: Words(text, file.at) for tag, text in file.translations.items()}
            yield SpokenLine(shot=each.key, speaker="", words=words, at=file.at, heard=_place(each, timeline))


def _burnt(episode: Episode, tracks: Sequence[CaptionTrack], file_of: Callable[[str], Path]) -> BurntCaptions | None:
    track, font = burnt_track(episode, tracks), burnt_in_font(episode, file_of)
    if track is None or font is None or episode.subtitles is None:
        return None
    letters = lettering(font[0], track.captions, episode.subtitles.size, episode.master)
    return BurntCaptions(captions=tuple(track.captions), letters=letters, master=episode.master)
