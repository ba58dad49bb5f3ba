"""What `check` says of subtitles, with real fonts."""

from pathlib import Path
from typing import Any

from tests.flows.cli.in_process import tailframe
from tests.projects import episode_file, scene, shot, write_project


def checked(
    folder: Path, line: dict[str, Any], *, files: dict[str, bytes] | None = None, **subtitles: Any
) -> tuple[int, str, str]:
    """Check a project with one line of dialogue; its exit code, and what it said."""
    delivery = {"subtitles": {"languages": ["en", "ja"], **subtitles}}
    spoken = shot("010", dialogue=[{"cast": "mara", "line": "One more winter.", **line}])
    project = write_project(
        folder,
        series={"language": "en", "delivery": delivery},
        episodes={"e01": episode_file("e01", scene("lamp", spoken))},
        files=files,
    )
    done = tailframe("check", project)
    return done.exit_code, done.stdout, " ".join(done.stderr.split())


def test_what_is_not_translated_is_noted_and_what_is_too_fast(tmp_path: Path) -> None:
    """Neither is a mistake."""
    code, said, noted = checked(tmp_path / "a", {})
    assert (code, said) == (0, "")
    assert "1 of 1 lines has no translation into ja, and this is the first" in noted
    code, said, noted = checked(tmp_path / "b", {"translations": {"ja": "灯台の光が消えたら船は誰にも見つけられない"}})
    assert (code, said) == (0, "")
    assert "21.0 characters a second, and 12 can be read" in noted


def test_a_font_that_cannot_be_read_is_a_mistake(tmp_path: Path) -> None:
    """With file and line, before anything is made."""
    code, said, _ = checked(tmp_path, {}, files={"fonts/Own.ttf": b"no font"}, burn_in="en", font="fonts/Own.ttf")
    assert code == 2
    assert "Own.ttf cannot be read as a font" in said
    assert said.startswith("series.yaml:")


def test_characters_that_no_font_has_are_a_mistake(tmp_path: Path) -> None:
    """They would be burnt in as boxes, for good."""
    code, said, _ = checked(tmp_path, {"translations": {"ja": "\U00031000"}}, burn_in="ja")
    assert code == 2
    assert "no font of this machine has all of" in said
