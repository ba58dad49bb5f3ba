"""What a page for review says of an episode: its shots with their texts, their takes, and what was noted. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from render.ledger import Note, Take
from render.review_file.review_media import ReviewMedia
from render.review_file.review_statement import BY_FILE, SentTake, Statement
from storyboard.paper.panel import Board, Panel, Part
from storyboard.takes import ClipFacts
from storyboard.text.printable import one_line, printable


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedTake:
    """A take that is shown: its clip, how it stands, and what people noted of it."""

    take: Take
    clip: ClipFacts
    circled: bool
    notes: tuple[Note, ...] = ()

    @property
    def marks(self) -> tuple[str, ...]:
        """How it stands, in words."""
        return ("circled",) * self.circled + ("rejected",) * self.take.rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSheet:
    """All that a page shows: the texts of the episode, and each shot's takes by SCENE/SHOT, the circled one first."""

    series: str  # its id
    episode: str  # its id
    board: Board
    takes: Mapping[str, tuple[ReviewedTake, ...]]

    def without_notes(self) -> ReviewSheet:
        """The same without what was noted, by the producer of shots or by people of takes."""
        panels = [
            replace(panel, paragraphs=tuple(each for each in panel.paragraphs if each.part is not Part.NOTES))
            for panel in self.board.panels
        ]
        takes = {key: tuple(replace(each, notes=()) for each in own) for key, own in self.takes.items()}
        return replace(self, board=replace(self.board, panels=tuple(panels)), takes=takes)

    @property
    def every_take(self) -> tuple[ReviewedTake, ...]:
        """Each of them once, in the order of the story: one that serves two shots has one place."""
        found = {each.take.id: each for shot in self.takes.values() for each in shot}
        return tuple(found.values())


def statement_of(sheet: ReviewSheet, *, export: str, at: str) -> Statement:
    """What leaves with this page, for its signature. `at` is ISO, in UTC."""
    sent = (
        SentTake(
            id=each.take.id,
            shot=each.take.shot,
            number=each.take.number,
            clip=each.clip.sha256,
            frames=each.clip.frames,
        )
        for each in sheet.every_take
    )
    return Statement(export=export, series=sheet.series, episode=sheet.episode, at=at, takes=tuple(sent))


def sheet_json(sheet: ReviewSheet, media: Mapping[str, ReviewMedia], posters: Mapping[str, str]) -> dict[str, Any]:
    """The sheet as its page reads it. `posters` gives the address of each picture, by its sha256."""
    return {
        "series": sheet.board.series,
        "episode": sheet.episode,
        "title": sheet.board.episode,
        "summary": sheet.board.summary,
        "shots": [
            _shot(panel, [_take(each, media[each.clip.sha256], posters) for each in sheet.takes.get(panel.key, ())])
            for panel in sheet.board.panels
            if panel.key in sheet.takes
        ],
    }


def _shot(panel: Panel, takes: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "key": panel.key,
        "scene": panel.scene_title or panel.scene,
        "length": panel.length,
        "standing": panel.standing.value,
        "texts": [{"part": each.part.value, "label": each.label, "text": each.text} for each in panel.paragraphs],
        "takes": takes,
    }


def _take(each: ReviewedTake, media: ReviewMedia, posters: Mapping[str, str]) -> dict[str, Any]:
    clip = each.clip
    return {
        "id": each.take.id,
        "number": each.take.number,
        "marks": list(each.marks),
        "clip": media.clip,
        "poster": posters[media.poster],
        "width": media.width,
        "height": media.height,
        "frames": clip.frames,
        "starts": _starts(clip),
        "sound": clip.audio_s is not None,
        "notes": [_note(note) for note in each.notes],
    }


def _starts(clip: ClipFacts) -> dict[str, Any]:
    """When each frame begins, in seconds: by the rate, or one by one where there is no constant one."""
    if clip.frame_times_us is None:
        return {"fps": float(clip.fps)}
    return {"times": [(at - clip.frame_times_us[0]) / 1_000_000 for at in clip.frame_times_us]}


def _note(note: Note) -> dict[str, Any]:
    return {
        "words": printable(note.words, lines=True),
        "by": _called(note.by),
        "at": f"{note.at:%F}",
        "frame": note.frame,
        "retake": note.retake,
        "drawing": note.drawing,
    }


def _called(by: str) -> str:
    """The name of whoever wrote a note. On which machine, or by which way, is nobody's to know outside."""
    name = one_line(by)
    return name.removesuffix(f", {BY_FILE}") if name.endswith(BY_FILE) else name.rpartition(" on ")[0] or name
