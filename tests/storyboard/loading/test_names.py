"""File names as machines write them: letters with marks as one sign or two, unseen blanks, files left behind."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from storyboard.expand.expansion import expand
from storyboard.loading import load_leniently, load_project
from tests.projects import episode_file, png, scene, series_file, shot, wav, write_project

ONE, TWO = "caf\u00e9", "cafe\u0301"  # the same name, in NFC and in NFD


def told(root: Path) -> list[str]:
    """What loading says."""
    return [mistake.message for mistake in load_leniently(root)[1]]


def showing(tmp_path: Path, source: str, *files: str) -> Path:
    """A project whose only cast member is shown by `source`, with these files."""
    series = series_file(cast={"mara": {"references": [source]}, "tomas": {}})
    return write_project(tmp_path, series=series, files={file: png() for file in files})


@pytest.mark.parametrize(("written", "lies"), [(ONE, TWO), (TWO, ONE), (ONE, ONE), (TWO, TWO)])
def test_a_name_is_found_in_its_canonical_form(tmp_path: Path, written: str, lies: str) -> None:
    """However the YAML and the disk write é, in a folder's name and a file's, it is one file, named as on disk."""
    root = showing(tmp_path, f"references/{written}/{written}.png", f"references/{lies}/{lies}.png")
    project = load_project(root)
    assert f"references/{lies}/{lies}.png" in project.files()
    assert all((root / file).is_file() for file in project.files())
    assert project.series.cast["mara"].references[0].source == f"references/{written}/{written}.png"


def test_korean_and_marks_in_another_order_are_found(tmp_path: Path) -> None:
    """Whatever Unicode holds for the same text."""
    for name in ("\ud55c\uae00", "q\u0323\u0307", "\u01d6"):
        swapped = unicodedata.normalize("NFD", name).replace("\u0323\u0307", "\u0307\u0323")
        root = showing(tmp_path / ascii(name).strip("'\\"), f"references/{name}.png", f"references/{swapped}.png")
        assert f"references/{swapped}.png" in load_project(root).files()


def test_where_both_spellings_lie_each_is_its_own(tmp_path: Path) -> None:
    """A name that is there to the letter is never taken for another."""
    root = showing(tmp_path, f"references/{ONE}.png", f"references/{ONE}.png", f"references/{TWO}.png")
    assert {file for file in load_project(root).files() if "caf" in file} == {f"references/{ONE}.png"}


def test_one_file_in_two_spellings_is_sent_once(tmp_path: Path) -> None:
    """A shot that names it both ways has one reference."""
    written = shot("010", "the sea", references=[f"references/{ONE}.png", f"references/{TWO}.png"])
    episode = episode_file("e01", scene("lamp", written, location=None), style=None)
    root = write_project(tmp_path, episodes={"e01": episode}, files={f"references/{TWO}.png": png()})
    assert [each.source for each in expand(load_project(root), "e01").shots[0].references] == [f"references/{ONE}.png"]


def test_music_is_found_alike(tmp_path: Path) -> None:
    """As any other file that is named."""
    episode = episode_file("e01", music={"source": f"references/{ONE}.wav"})
    root = write_project(tmp_path, episodes={"e01": episode}, files={f"references/{TWO}.wav": wav()})
    assert f"references/{TWO}.wav" in load_project(root).files()


def test_a_link_in_another_spelling_leads_out_no_more_than_any(tmp_path: Path) -> None:
    """What is refused under its own name is refused under the other."""
    root = showing(tmp_path, f"references/{ONE}.png")
    (tmp_path / "outside.png").write_bytes(png())
    (root / f"references/{TWO}.png").symlink_to(tmp_path / "outside.png")
    assert "is a link that leads out of the project" in told(root)[0]


LEFT_BEHIND = ["._e01.yaml", ".DS_Store", ".#e01.yaml", "#e01.yaml#", "e01.yaml~", ".e01.yaml.swp", "~$e01.yaml",
               "._e09.yml", "Thumbs.db", "desktop.ini", ".hidden.yaml"]  # fmt: skip


def test_what_machines_leave_behind_is_no_episode(tmp_path: Path) -> None:
    """Hidden files, and those of editors and file managers, are passed over, whatever they hold."""
    root = write_project(tmp_path)
    for name in LEFT_BEHIND:
        (root / "episodes" / name).write_bytes(b"\x00\x05\x16\x07 Mac OS X")
    (root / "episodes/.#e02.yaml").symlink_to("somebody@somewhere.1234")
    assert list(load_project(root).episodes) == ["e01"]


def test_an_ending_in_capitals_is_not_passed_over(tmp_path: Path) -> None:
    """A file that some systems would take for an episode is told how to be one."""
    root = write_project(tmp_path)
    for name in ("E02.YAML", "e03.Yml"):
        (root / "episodes" / name).write_text("x")
    assert told(root) == ["rename this file to E02.yaml", "rename this file to e03.yaml"]


def test_no_hidden_file_is_advised(tmp_path: Path) -> None:
    """What a file manager writes beside each picture is not what anybody meant."""
    root = showing(tmp_path, "references/anna.png", "references/._anna.png", "references/sub/._anna.png")
    assert "_anna" not in told(root)[0]


@pytest.mark.parametrize(
    ("source", "lies", "expected"),
    [
        ("references/Shot 9.41\u202fAM.png", "references/Shot 9.41\u202fAM.png",
         r"'references/Shot 9.41\u202fAM.png' has a narrow non-breaking space (U+202F) in its name; rename the file"),
        ("references/Shot 9.41 AM.png", "references/Shot 9.41\u202fAM.png",
         r"there is no file 'references/Shot 9.41 AM.png'; did you mean 'references/Shot 9.41\u202fAM.png', "
         "with a narrow non-breaking space (U+202F)? Rename the file"),
        ("references/m\u0430ra.png", "references/mara.png",
         "there is no file 'references/m\u0430ra.png'; did you mean 'references/mara.png', without '\u0430' (Cyrillic "
         "U+0430)?"),
        ("references/mara.png", "references/m\u0430ra.png",
         "there is no file 'references/mara.png'; did you mean 'references/m\u0430ra.png', with '\u0430' (Cyrillic "
         "U+0430)?"),
        ("references/.mara.png", "references/.mara.png",
         "'references/.mara.png' is hidden, as a name in it begins with a dot; rename it"),
        ("references/.old/mara.png", "references/.old/mara.png",
         "'references/.old/mara.png' is hidden, as a name in it begins with a dot; rename it"),
    ],
)  # fmt: skip
def test_names_that_no_eye_tells_apart_are_told_apart(tmp_path: Path, source: str, lies: str, expected: str) -> None:
    """Each sign that looks like another or like nothing is named; and what no run would take is said by `check`."""
    root = write_project(tmp_path, series=series_file(cast={"mara": {"references": [source]}, "tomas": {}}))
    (root / "references/cast/mara.png").unlink()
    (root / lies).parent.mkdir(exist_ok=True)
    (root / lies).write_bytes(png())
    assert told(root) == [expected]
