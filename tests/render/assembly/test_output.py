"""What lies in the folder that a producer opens is theirs: a new cut takes back what it put there, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from render.assembly.output import publish
from render.manifest import Manifest, UsedClip
from tests.render.archive.episode import FinishedEpisode


@pytest.fixture
def episode(tmp_path: Path) -> FinishedEpisode:
    """An episode whose output folder is as its cut left it."""
    made = FinishedEpisode.make(tmp_path / "project", clip_bytes=1000)
    made.store.put_file(made.parts.master)
    assert bring(made, made.parts.manifest) == ()
    return made


def output_of(episode: FinishedEpisode) -> Path:
    return episode.root / "output" / "e01"


def bring(episode: FinishedEpisode, manifest: Manifest) -> tuple[str, ...]:
    return publish(
        episode.store, manifest, output_of(episode) / "contact_sheet.jpg", output_of(episode), within=episode.root
    )


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
