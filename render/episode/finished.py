"""What stands of episodes that were finished before, in archives and output folders, and is news to the ledger.

Nearly every plan finds nothing, or what its ledger has. That is seen by reading two records of a folder plainly; only
what may be news is read strictly, with all that is imported for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from render.errors import RenderError
from render.store.plain_files import open_plain, read_bounded
from storyboard.takes import Circle, TakeFacts, TakeState

if TYPE_CHECKING:
    from render.episode.manifest import Manifest
    from render.ledger import Take

MOST_BYTES = 64 << 20
"""The largest record that is read: memory is not an archive's to fill."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """What one archive says of an episode's takes. `place` is its address as `tailframe restore` takes it."""

    place: str
    takes: tuple[TakeFacts, ...]
    circles: tuple[Circle, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """All that stands of an episode and may be news. `notes` say in sentences what could not be read."""

    archives: tuple[Archived, ...]
    manifest: Manifest | None  # of the output folder
    manifest_place: str
    notes: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Archives:
    """Where a project's finished episodes may stand: archives by their addresses, and the folder of its outputs.

    Looks at each episode once, and leaves out what holds no take but those that the ledger had then.
    """

    urls: Sequence[str]
    outputs: Path
    _seen: dict[tuple[str, str], Finished] = field(default_factory=dict)

    def look(self, series: str, episode: str, takes: Sequence[TakeFacts]) -> Finished:
        """What stands there of an episode beside `takes`, which the ledger has.

        What is damaged, foreign or out of reach is a note, and never raised.
        """
        if (series, episode) not in self._seen:
            self._seen[series, episode] = self._look(series, episode, takes)
        return self._seen[series, episode]

    def _look(self, series: str, episode: str, takes: Sequence[TakeFacts]) -> Finished:
        found, notes = [], []
        done = [take for take in takes if take.state is TakeState.DONE]
        ids, clips = {take.id for take in done}, {take.clip.sha256 for take in done if take.clip is not None}
        for place in dict.fromkeys(f"{url.rstrip('/')}/{series}/{episode}" for url in self.urls):
            try:
                news = place.startswith("s3:") or _is_news(Path(place), ids)
                found.append(_archived(place, series, episode) if news else None)
            except Exception as error:  # whatever lies there, it is no reason not to work
                notes.append(f"what stands in the archive {place} is not known: {_told(error)}")
        file, manifest = self.outputs / episode / "manifest.json", None
        try:
            manifest = _manifest(file, series, episode) if _names_news(file, clips) else None
        except Exception as error:  # as above
            notes.append(f"what {file} names is not known: {_told(error)}")
        archives = tuple(each for each in found if each is not None)
        return Finished(archives=archives, manifest=manifest, manifest_place=str(file), notes=tuple(notes))


def _is_news(folder: Path, ids: Collection[str]) -> bool:
    """Whether an archive may hold takes beside these. What cannot be read so is read strictly, and told then."""
    if not (folder / "latest.json").is_file():
        return False
    with suppress(Exception):
        version = str(_read(folder / "latest.json")["manifest_sha256"])
        if re.fullmatch("[0-9a-f]{64}", version):
            return any(take["id"] not in ids for take in _read(folder / version / "takes.json")["takes"])
    return True


def _names_news(file: Path, clips: Collection[str]) -> bool:
    """Whether a manifest may name clips beside these."""
    if not file.is_file() or file.is_symlink():
        return False
    with suppress(Exception):
        return any(shot["clip"]["sha256"] not in clips for shot in _read(file)["shots"] if shot["clip"])
    return True


def _read(file: Path) -> Any:
    return json.loads(_bytes_of(file))


def _bytes_of(file: Path) -> bytes:
    with open_plain(file) as opened:
        return read_bounded(file, opened, MOST_BYTES)


def _archived(place: str, series: str, episode: str) -> Archived | None:
    """The newest version there; None where there is none, or where it is of something else."""
    from render.episode.archive.find_tree import open_tree
    from render.episode.archive.layout import LATEST
    from render.episode.archive.read_archive import read_version, resolve

    if open_tree(place).get(LATEST) is None:
        return None
    version = read_version(resolve(place))
    if (version.manifest.series, version.manifest.episode) != (series, episode):
        return None
    return Archived(
        place=place, takes=tuple(map(_facts, version.take_records.takes)), circles=version.take_records.circles
    )


def _facts(take: Take) -> TakeFacts:
    """As the plan would see it, were it brought back."""
    return TakeFacts(
        id=take.id,
        shot=take.shot,
        number=take.number,
        state=take.state,
        provider=take.provider,
        account=take.account,
        model=take.model,
        wish=take.wish,
        variation=take.variation,
        fingerprint=take.fingerprint,
        continuity=take.continuity,
        clip=take.clip,
        rejected=take.rejected,
        cost_usd=take.cost_usd,
    )


def _manifest(file: Path, series: str, episode: str) -> Manifest | None:
    """The manifest beside a master, where it is of this episode."""
    from render.episode.manifest import from_json

    manifest = from_json(_bytes_of(file))
    return manifest if (manifest.series, manifest.episode) == (series, episode) else None


def _told(error: Exception) -> str:
    """An error of whatever a stranger's archive holds, in words."""
    known = isinstance(error, RenderError | OSError)
    return str(error) if known else f"it is none of Tailframe's ({type(error).__name__})"
