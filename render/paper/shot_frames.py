"""The picture of each shot on paper: a frame of its clip, or what its animatic would show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from render.animatic.art import gather
from render.animatic.brief import brief
from render.animatic.stage import Stage
from render.cut.cut_plan import Piece
from render.episode.cut_sheet import thumbnail
from render.errors import MediaError, StoreError, Terminal
from render.media.tail_frame import frames_shown
from storyboard.continuity.timing import used_frames
from storyboard.request import Request
from storyboard.shot import Episode
from storyboard.takes import ClipFacts

Size = tuple[int, int]
"""Width and height in pixels."""


@dataclass(frozen=True, kw_only=True)
class ShotFrames:
    """Takes or draws the pictures of one episode's shots, one at a time: nothing of them is kept."""

    episode: Episode
    clips: Mapping[str, ClipFacts]  # by SCENE/SHOT, of shots that are made
    requests: Mapping[str, Request]  # what the animatic would be asked for, of the others
    path_of: Callable[[str], Path | None]  # the file of the bytes with this sha256; None where there is none

    def picture(self, key: str, size: Size) -> Image.Image | None:
        """The picture of a shot for a place of this size; None where there is none that can be read."""
        try:
            if (clip := self.clips.get(key)) is not None:
                return self._of_clip(key, clip, size)
            request = self.requests.get(key)
            return None if request is None else self._drawn(request, size)
        except (MediaError, StoreError, Terminal, OSError):
            return None  # as on the contact sheet: a report never stops

    def _of_clip(self, key: str, clip: ClipFacts, size: Size) -> Image.Image | None:
        """The frame that stands for it on the contact sheet: from the middle of what the cut uses."""
        path = self.path_of(clip.sha256)
        if path is None:
            return None
        piece = Piece.of(self.episode.shot(key), used_frames(self.episode, key, clip), path, clip)
        index = thumbnail(self.episode, piece, size).frame.index
        with TemporaryDirectory(prefix="frames-") as folder:
            return frames_shown(path, [index], Path(folder))[index]

    def _drawn(self, request: Request, size: Size) -> Image.Image:
        """The middle of its animatic, without what is burnt in, and without references whose files are not here."""
        here = {each.sha256: self.path_of(each.sha256) for each in request.references if each.sha256 is not None}
        known = {sha256: path for sha256, path in here.items() if path is not None}
        kept = tuple(each for each in request.references if each.sha256 in known)
        shot = replace(brief(request), width=size[0], height=size[1])
        return Stage(shot, gather(replace(request, references=kept), known.__getitem__)).draw(shot.frames // 2)
