"""What lies in the folder that a producer opens is theirs: a new cut takes back what it put there, and nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from render.episode.manifest import Manifest, UsedClip
from render.episode.output_folder import is_ours, publish
from tests.render.episode.archive.episode import FinishedEpisode


@pytest.fixture
def episode(tmp_path: Path) -> FinishedEpisode:
    """An episode whose output folder is as its cut left it."""
    made = FinishedEpisode.make(tmp_path / "project", clip_bytes=1000)
    made.store.put_file(made.parts.master)
    assert bring(made, made.parts.manifest) == ()
    return made


def output_of(episode: FinishedEpisode) -> Path:
    return episode.root / "output" / "e01"


def bring(episode: FinishedEpisode, manifest: Manifest, sheet: Path | None = None) -> tuple[str, ...]:
    """Without a sheet, the one that lies there is left as it is."""
    output = output_of(episode)
    return publish(episode.store, manifest, sheet or output / "contact_sheet.jpg", output, within=episode.root)


def drawn(episode: FinishedEpisode) -> Path:
    """The contact sheet of this cut, as it was drawn elsewhere."""
    sheet = episode.root / "drawn.jpg"
    sheet.write_bytes(b"a sheet")
    return sheet


def without(manifest: Manifest, key: str) -> Manifest:
    """The cut after, which uses this shot no more."""
    return replace(manifest, shots=tuple(shot for shot in manifest.shots if shot.key != key))


def retaken(episode: FinishedEpisode, key: str) -> Manifest:
    """The cut after, with another take of this shot."""
    manifest, clip = episode.parts.manifest, episode.store.put(b"another take")
    shots = [
        replace(shot, clip=UsedClip(path=f"clips/{key}.mp4", sha256=clip, duration_s=shot.duration_s))
        if shot.key == key
        else shot
        for shot in manifest.shots
    ]
    return replace(manifest, shots=tuple(shots))


def test_a_clip_that_is_used_no_more_goes_with_its_empty_folder(episode: FinishedEpisode) -> None:
    """What the cut before put there, the next one takes back."""
    clips = output_of(episode) / "clips"
    assert (clips / "lamp/020.mp4").is_file()
    bring(episode, without(episode.parts.manifest, "lamp/020"))
    assert (clips / "lamp/010.mp4").is_file()
    assert not (clips / "lamp/020.mp4").exists()
    bring(episode, replace(without(episode.parts.manifest, "lamp/020"), shots=episode.parts.manifest.shots[2:]))
    assert not (clips / "lamp").exists()


def test_files_and_folders_of_a_producers_own_stay(episode: FinishedEpisode) -> None:
    """No manifest of ours named them, wherever they lie and whatever they are called."""
    clips = output_of(episode) / "clips"
    own = [clips / "lamp/010 graded.mp4", clips / "graded/010.mp4", clips / "lamp/099.mp4", clips / "notes/a/b.mp4"]
    for file in own:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"mine")
    bring(episode, without(episode.parts.manifest, "lamp/020"))
    assert [file.read_bytes() for file in own] == [b"mine"] * len(own)


def test_a_clip_that_was_graded_in_its_place_stays_when_it_is_used_no_more(episode: FinishedEpisode) -> None:
    """The manifest named the name, not these bytes; it is said."""
    graded = output_of(episode) / "clips/lamp/020.mp4"
    graded.write_bytes(b"graded")
    (told,) = bring(episode, without(episode.parts.manifest, "lamp/020"))
    assert graded.read_bytes() == b"graded"
    assert str(graded) in told


@pytest.mark.parametrize("name", ["clips/lamp/010.mp4", "e01.mp4"])
def test_a_producers_file_that_stands_in_the_way_is_kept_beside(episode: FinishedEpisode, name: str) -> None:
    """The cut needs the name: the file moves aside, twice if need be, and it is said where to."""
    target = output_of(episode) / name
    ours = target.read_bytes()
    for number, content in enumerate((b"graded", b"graded again"), start=1):
        target.write_bytes(content)
        (told,) = bring(episode, episode.parts.manifest)
        kept = target.with_name(f"{target.stem}.kept-{number}.mp4")
        assert (kept.read_bytes(), target.read_bytes()) == (content, ours)
        assert kept.name in told


def test_an_earlier_take_of_ours_makes_room(episode: FinishedEpisode) -> None:
    """Its bytes are in the store, so nothing is lost and nothing is left lying about."""
    assert bring(episode, retaken(episode, "lamp/010")) == ()
    assert (output_of(episode) / "clips/lamp/010.mp4").read_bytes() == b"another take"
    assert {file.name for file in (output_of(episode) / "clips/lamp").iterdir()} == {"010.mp4", "020.mp4"}


def test_nothing_goes_where_no_manifest_says_what_was_ours(episode: FinishedEpisode) -> None:
    """A folder whose manifest is gone is nobody's to clear."""
    (output_of(episode) / "manifest.json").unlink()
    bring(episode, without(episode.parts.manifest, "lamp/020"))
    assert (output_of(episode) / "clips/lamp/020.mp4").is_file()


def dangling(path: Path) -> None:
    path.symlink_to("nowhere.mp4")


def a_link(path: Path) -> None:
    (path.parent / "theirs.mp4").write_bytes(b"theirs")
    path.symlink_to("theirs.mp4")


def a_folder(path: Path) -> None:
    path.mkdir()
    (path / "notes.txt").write_text("mine")


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_file(path: Path) -> None:
    path.write_bytes(b"mine")


THINGS = [dangling, a_link, a_folder, a_pipe, a_file]
NEEDED = ["clips/lamp/010.mp4", "e01.mp4", "contact_sheet.jpg", "manifest.json"]


def what(path: Path) -> object:
    """Enough of what stands there to know it again."""
    if path.is_symlink():
        return path.readlink()
    if path.is_dir():
        return [(file.name, file.read_bytes()) for file in path.iterdir()]
    return (path.lstat().st_ino, path.lstat().st_size)


@pytest.mark.parametrize("put", THINGS)
@pytest.mark.parametrize("name", NEEDED)
def test_whatever_stands_where_a_name_is_needed_is_kept_beside(
    episode: FinishedEpisode, name: str, put: Callable[[Path], None]
) -> None:
    """Nothing of the producer's is removed or followed; it is said in one sentence, and the cut is there."""
    target = output_of(episode) / name
    ours = target.read_bytes()
    target.unlink()
    put(target)
    theirs = what(target)

    (told,) = bring(episode, episode.parts.manifest, drawn(episode))

    kept = target.with_name(f"{target.stem}.kept-1{target.suffix}")
    assert (what(kept), target.read_bytes()) == (theirs, ours)
    assert not target.is_symlink()
    assert f"it is {kept.name} beside it now" in told
    assert bring(episode, episode.parts.manifest, drawn(episode)) == ()


@pytest.mark.parametrize("put", [dangling, a_file, a_pipe])
@pytest.mark.parametrize("name", ["clips", "clips/lamp", "."])
def test_what_stands_in_place_of_a_folder_is_kept_beside(
    episode: FinishedEpisode, name: str, put: Callable[[Path], None]
) -> None:
    """So that the cut has its folder, and the producer what was there."""
    folder = output_of(episode) / name
    folder.rename(folder.with_name("away"))
    put(folder)
    theirs = what(folder)

    told = bring(episode, episode.parts.manifest, drawn(episode))

    kept = folder.with_name(f"{folder.name}.kept-1")
    assert what(kept) == theirs
    assert len(told) == 1
    assert (output_of(episode) / "clips/lamp/010.mp4").is_file()


def test_a_contact_sheet_of_ours_makes_room(episode: FinishedEpisode) -> None:
    """The next one takes its place; what was drawn before is in the store, and nobody's own."""
    bring(episode, episode.parts.manifest, drawn(episode))
    assert is_ours(episode.store, output_of(episode) / "contact_sheet.jpg")
    another = episode.root / "another.jpg"
    another.write_bytes(b"another sheet")

    assert bring(episode, episode.parts.manifest, sheet=another) == ()

    assert (output_of(episode) / "contact_sheet.jpg").read_bytes() == b"another sheet"
    (output_of(episode) / "contact_sheet.jpg").write_bytes(b"retouched")
    assert not is_ours(episode.store, output_of(episode) / "contact_sheet.jpg")


def test_a_huge_file_is_not_read_to_find_out_whose_it_is(episode: FinishedEpisode) -> None:
    """A sparse one of a terabyte stands in place of a clip, and of one that is used no more: both stay, at once."""
    clips = output_of(episode) / "clips/lamp"
    for name in ("010.mp4", "020.mp4"):
        os.truncate(clips / name, 1 << 40)

    told = bring(episode, without(episode.parts.manifest, "lamp/020"))

    assert [(clips / name).stat().st_size for name in ("010.kept-1.mp4", "020.mp4")] == [1 << 40, 1 << 40]
    assert (clips / "010.mp4").stat().st_size < 1 << 20
    assert len(told) == 2
