"""Which bytes the room gives to browsers, and what they are: those that the series names, and no others.

A blob's kind is what is known of it here (a clip that was decoded, a reference that was looked into, a file of a cut),
never what a vendor or a name said. Everything else in the store might as well not be there.
"""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flows.review.readings import Readings
from flows.review.room_ledger import RoomLedger
from flows.run.workspace import Workspace
from render.episode.manifest import MOST_BYTES, Manifest, from_json
from render.errors import RenderError
from render.ledger import queries
from render.store.plain_files import read_plain
from storyboard.errors import StoryboardError
from storyboard.paths import is_url

if TYPE_CHECKING:
    from storyboard.request import ReferenceFacts
    from storyboard.takes import ClipFacts

__all__ = ["Served", "ServedBlobs", "manifest_in"]

KINDS = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "aac": "audio/aac",
    "m4a": "audio/mp4",
}
"""What a browser is told of a file, by the format that was found in it; of any other, that it is bytes."""

OTHER = "application/octet-stream"

_BESIDE = {
    ".vtt": "text/vtt; charset=utf-8",
    ".srt": "text/plain; charset=utf-8",
    ".wav": "audio/wav",
    ".jpg": "image/jpeg",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Bytes that may be given out. They lie in the store, unless `file` says where."""

    sha256: str
    kind: str  # a Content-Type
    film: bool = False  # it has a picture that moves
    frames: int = 0  # of a take's clip: how many may be taken of it
    sound: bool = False  # a take's clip has it
    file: Path | None = None


class ServedBlobs:
    """All bytes of a series that pages show, by their hash. Blocking, and safe from any thread."""

    def __init__(self, workspace: Workspace[None], ledger: RoomLedger, readings: Readings) -> None:
        self._workspace, self._ledger, self._readings = workspace, ledger, readings
        self._turn = threading.Lock()
        self._mark = ""
        self._known: Mapping[str, Served] = {}

    def served(self, sha256: str) -> Served | None:
        """What may be given out under this name; None where the series has nothing of it."""
        found = self._known.get(sha256)
        if found is not None:
            return found
        with self._turn:
            mark = f"{self._readings.mark()} {self._cuts()}"
            if mark != self._mark:
                self._known, self._mark = dict(self._all()), mark
        return self._known.get(sha256)

    def posters(self) -> dict[str, int]:
        """Every clip of the series, and how many frames it has: for whoever looks many posters up at once."""
        return {sha256: each.frames for sha256, each in self._known.items() if each.frames}

    def has(self, sha256: str) -> bool:
        """Whether a browser can be given it."""
        return self.served(sha256) is not None

    def _cuts(self) -> list[int]:
        """When each cut was made: that is told by a file beside it, which no mark knows of."""
        found = (
            output / "manifest.json"
            for each in sorted(self._readings.project().episodes)
            for output in self._outputs(each)
        )
        return [file.stat().st_mtime_ns if file.is_file() else 0 for file in found]

    def _outputs(self, episode: str) -> tuple[Path, Path]:
        output = self._workspace.places.output(episode)
        return output, output / "preview"

    def _all(self) -> Iterator[tuple[str, Served]]:
        project = self._readings.project()
        for take in self._ledger.read(queries.take_facts, project.series.series) or ():
            if take.clip is not None:
                yield take.clip.sha256, _clip(take.clip)
        for episode in sorted(project.episodes):
            yield from self._of_cuts(episode)
            try:
                references = self._readings.recent(episode).read.references
            except StoryboardError:
                continue
            for facts in references.values():
                yield facts.sha256, self._reference(project.root, project.on_disk(facts.source), facts)

    def _reference(self, root: Path, name: str, facts: "ReferenceFacts") -> Served:
        kind = KINDS.get(facts.format, OTHER)
        return Served(sha256=facts.sha256, kind=kind, file=None if is_url(facts.source) else root / name)

    def _of_cuts(self, episode: str) -> Iterator[tuple[str, Served]]:
        """A cut's files, from where they lie: a manifest may be anybody's, and opens nothing in the store."""
        for folder in self._outputs(episode):
            manifest = manifest_in(folder)
            for path, sha256 in () if manifest is None else manifest.made().items():
                ending = Path(path).suffix.lower()
                kind = _BESIDE.get(ending) or KINDS.get(ending.removeprefix("."), OTHER)
                yield sha256, Served(sha256=sha256, kind=kind, film=kind.startswith("video/"), file=folder / path)


def _clip(clip: "ClipFacts") -> Served:
    """A take's clip: it was decoded whole, and vendors' clips are MP4."""
    sound = clip.audio_s is not None
    return Served(sha256=clip.sha256, kind="video/mp4", film=True, frames=clip.frames, sound=sound)


def manifest_in(output: Path) -> Manifest | None:
    """What the cut in this folder was made of; None where none lies there, or it cannot be read."""
    try:
        return from_json(read_plain(output / "manifest.json", most_bytes=MOST_BYTES))
    except (OSError, RenderError):
        return None
