"""An archive may be a stranger's: whatever stands in a file's place is told of, and hangs nobody."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from render.episode.archive import archive_episode, restore, verify
from render.errors import RenderError
from tests.render.episode.archive.episode import FinishedEpisode

FILES = ("manifest.json", "contents.json", "takes.json", "snapshot.json", "e01.mp4", "project/series.yaml")


def stand_folder(path: Path) -> None:
    """A folder with something in it, as `list` sees no empty ones."""
    path.mkdir()
    (path / "inner").write_bytes(b"")


STRANGE: dict[str, Callable[[Path], object]] = {
    "a pipe": os.mkfifo,
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
    "a link to a file": lambda path: path.symlink_to(__file__),
    "a folder": stand_folder,
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("stand", STRANGE.values(), ids=STRANGE)
def test_only_plain_files_are_read(finished: FinishedEpisode, tmp_path: Path, stand: Callable[[Path], object]) -> None:
    """`verify` names the file or says why it cannot go on; `restore` makes no folder."""
    url = Path(archive_episode(finished.parts, tmp_path / "archive", finished.store).url)
    for name in FILES:
        kept = (url / name).rename(tmp_path / "kept")
        stand(url / name)
        assert name in told(url)
        with pytest.raises(RenderError):
            restore(url, tmp_path / "machine" / "target")
        assert not (tmp_path / "machine" / "target").exists()
        (url / name).rename(tmp_path / f"strange {name.replace('/', ' ')}")
        kept.rename(url / name)
    assert verify(url) == ()


def test_a_folder_that_leads_away_is_not_entered(finished: FinishedEpisode, tmp_path: Path) -> None:
    """A link to the very same files elsewhere is no part of the archive."""
    url = Path(archive_episode(finished.parts, tmp_path / "archive", finished.store).url)
    (url / "project").rename(tmp_path / "elsewhere")
    (url / "project").symlink_to(tmp_path / "elsewhere")
    assert any(finding.name == "project" for finding in verify(url))
    with pytest.raises(RenderError, match="no plain file"):
        restore(url, tmp_path / "machine" / "target")
    assert not (tmp_path / "machine" / "target").exists()


def told(url: Path) -> str:
    """All that `verify` says."""
    try:
        return " ".join(map(str, verify(url)))
    except RenderError as error:
        return str(error)
