"""Broken projects end every command with 2 and with the place of the mistake, and never with a traceback."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import plain_environment
from tests.flows.forked_commands import run
from tests.projects import EPISODE_HEAD, SERIES_HEAD, reference_files, wav, write_project
from tests.thinning import one_in

SERIES = f"""\
{SERIES_HEAD}defaults: {{provider: acme, resolution: 480p}}
cast:
  mara: {{name: Mara, references: [references/cast/mara.png]}}
locations:
  shore: {{references: [references/locations/shore.png]}}
"""

EPISODE = f"""\
{EPISODE_HEAD}        prompt: the lamp burns
      - id: "020"
        prompt: it flickers
"""

THEN = "prompt: x\n        "  # what follows is the next key of the shot
LONG = "and the sea goes on " * 250
MANY = ", ".join(f"{{source: references/many/{n}.png, required: true}}" for n in range(10))
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)

IN_THE_FIRST_SHOT = {
    "an unknown name": ('prompt: "{{ marra }} waits"', "8:21", "did you mean 'mara'?"),
    "a prompt of blanks": ('prompt: "   "', "8:17", "is blank"),
    "an unknown look": ('prompt: "{{ mara.storm }} waits"', "8:21", "'mara' has no look 'storm'"),
    "an open bracket": ('prompt: "{{ mara waits"', "8:18", "the template cannot be read"),
    "a loop": ('prompt: "{% for x in range(9) %}x{% endfor %}"', "8:18", "block tags have no place in a prompt"),
    "a way out of the sandbox": ('prompt: "{{ mara.__class__ }}"', "8:21", "'mara' has no look '__class__'"),
    "a call": ('prompt: "{{ mara() }}"', "8:18", "this is more than a name"),
    "a vendor's token": ("prompt: look at @image1", "7:9", "its text says @image1"),
    "too many words": (f"prompt: {LONG}", "7:9", "its prompt has 5000 characters, and acme-1 takes 4000"),
    "somebody unknown who speaks": (THEN + "dialogue: [{cast: marra, line: Hm.}]", "9:27", "did you mean 'mara'?"),
    "too long": (THEN + "duration: 20", "7:9", "Split it into 2 shots of 10 s"),
    "a length that nobody chooses": (THEN + "duration: auto", "7:9", "Write a duration of 4 to 15 seconds"),
    "not a length": (THEN + "duration: 1e999", "9:19", "'duration' must be a number of seconds, or auto"),
    "a beat after the end": (
        THEN + "duration: 4\n        beats: [{at: 5, prompt: y}]",
        "10:22",
        "this beat is at 5 s, and the shot ends at 4 s",
    ),
    "a resolution that is not sold": (THEN + "resolution: 4k", "7:9", "Valid values are: 180p, 480p, 720p"),
    "a ratio that is not sold": ('prompt: x\n        aspect_ratio: "21:9"', "7:9", "Valid values are: 16:9, 9:16, 1:1"),
    "an unknown vendor": (THEN + "provider: acmee", "9:19", "did you mean 'acme'?"),
    "an unknown model": (THEN + "model: acme-9", "7:9", "Did you mean 'acme-1'?"),
    "what it cannot continue": (THEN + "continues: lamp/030", "9:20", "did you mean 'lamp/020'?"),
    "itself": (THEN + "continues: lamp/010", "9:20", "a shot cannot continue itself"),
    "a circle": (THEN + "continues: lamp/020", "9:20", "lamp/010 continues lamp/020 continues lamp/010"),
    "a missing file": (
        THEN + "references: [references/cast/maara.png]",
        "9:22",
        "did you mean 'references/cast/mara.png'?",
    ),
    "a picture that is none": (THEN + "references: [references/garbage.png]", "9:22", "garbage.png is no image"),
    "a sound that is none": (
        THEN + "references: [references/garbage.wav]",
        "9:22",
        "garbage.wav is no image, video or sound",
    ),
    "a film that is none": (
        THEN + "references: [references/garbage.mp4]",
        "9:22",
        "garbage.mp4 is no image, video or sound",
    ),
    "a sound that is named as a film": (
        THEN + "references: [references/sound.mp4]",
        "9:22",
        "its name says video, and it holds audio (wav). Give it the ending of what it is",
    ),
    "a plain link": (THEN + "references: ['http://example.com/x.png']", "9:22", "is plain http; use https"),
    "more than is taken": (THEN + f"references: [{MANY}]", "7:9", "acme takes at most 9 image references"),
    "a key of nothing": (THEN + "? [a, b]\n        : c", "9:11", "a key must be a plain word"),
    "a python object": ("prompt: !!python/object/apply:os.system ['true']", "8:17", "is not read here"),
}

AS_A_WHOLE = {
    "nothing": (b"", "1:1", "the file is empty"),
    "only a comment": (b"# later\n", "1:1", "the file is empty"),
    "a list": (b"- version: 1\n", "1:1", "must be keys and values"),
    "a word": (b"lighthouse\n", "1:1", "must be keys and values"),
    "two documents": (EPISODE.encode() + b"---\n" + EPISODE.encode(), "11:1", "a second document begins here"),
    "a tab": (EPISODE.replace("    shots:", "\tshots:").encode(), "6:1", "indented with a tab"),
    "an open list": (EPISODE.encode() + b"    notes: [a, b\n", "11:12", "this bracket is never closed"),
    "other letters": (EPISODE.replace("The Lamp", "Die Lampe für").encode("latin-1"), "3:19", "byte 0xfc is not UTF-8"),
    "zeros": (b"\0" * 100, "1:1", "the file is not text"),
    "random bytes": (bytes(range(256)), "1:1", "the file is not text"),
    "a bomb": (BOMB.encode(), "1:8", "grows beyond all bounds"),
    "a deep hole": (b"[" * 5000, "1:33", "nested more than 32 levels deep"),
    "a name for itself": (b"version: &v [*v]\n", "1:14", "stands inside of what it repeats"),
}


@pytest.fixture(autouse=True)
def nothing_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    plain_environment(monkeypatch)


def broken(folder: Path, episode: str | bytes) -> Path:
    """A project with this episode, and a few files that are not what their names say."""
    png = reference_files()["references/cast/mara.png"]
    files = {f"references/many/{n}.png": png + bytes([n]) for n in range(10)}
    files |= {"references/half.png": png[: len(png) // 2]}
    files |= {f"references/garbage.{suffix}": b"no such thing " * 99 for suffix in ("png", "wav", "mp4")}
    files |= {"references/sound.mp4": wav()}
    return write_project(folder, series=SERIES, episodes={"e01": episode}, files=files)


def refused(
    project: Path, place: str, words: str, *, by: Sequence[str] = ("check {}", "plan {} e01", "status {}")
) -> None:
    """Every command that looks at the project ends with 2, tells the mistake with its place, and leaves no trace."""
    before = sorted(project.rglob("*"))
    for command in by:
        done = tailframe(*command.format(project).split())
        assert done.exit_code == 2, (command, done.output)
        told = [line for line in done.output.splitlines() if line.startswith(f"episodes/e01.yaml:{place}: ")]
        assert any(words in line for line in told), (command, done.output)
        assert "Traceback" not in done.output
    assert sorted(project.rglob("*")) == before


@one_in(3)
@pytest.mark.parametrize("what", IN_THE_FIRST_SHOT)
def test_a_broken_shot_is_pointed_at(what: str, tmp_path: Path) -> None:
    """Its file, its line and its column, with what to write instead."""
    written, place, words = IN_THE_FIRST_SHOT[what]
    refused(broken(tmp_path, EPISODE.replace("prompt: the lamp burns", written)), place, words)


def test_half_a_picture_is_refused_and_the_rest_is_still_told(tmp_path: Path) -> None:
    """What would be sent is refused at its place; how the shots stand does not hang on it."""
    project = broken(tmp_path, EPISODE.replace("prompt: the lamp burns", THEN + "references: [references/half.png]"))
    refused(project, "9:22", "it is cut off or damaged", by=("check {}", "plan {} e01"))
    assert tailframe("status", project).exit_code == 0


@one_in(2)
@pytest.mark.parametrize("what", AS_A_WHOLE)
def test_a_broken_file_is_pointed_at(what: str, tmp_path: Path) -> None:
    """A file that is no episode at all is told as such, at the place where it ceases to be one."""
    content, place, words = AS_A_WHOLE[what]
    refused(broken(tmp_path, content), place, words)


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    """Mistakes in two files are told in one go, each with its place, and counted."""
    episode = EPISODE.replace("prompt: it flickers", 'prompt: "{{ marra }}"').replace("title: The", "titel: The")
    project = broken(tmp_path, episode)
    (project / "series.yaml").write_text(SERIES.replace("{name: Mara", "{nam: Mara"))

    done = tailframe("check", project)

    places = [line.split(": ")[0] for line in done.output.splitlines() if line.startswith(("episodes", "series"))]
    assert done.exit_code == 2
    assert set(places) >= {"episodes/e01.yaml:3:1", "series.yaml:6:10"}
    assert done.stderr.splitlines()[-1] == f"{len(places)} mistakes to mend"


def test_produce_refuses_a_broken_project_like_the_others(tmp_path: Path) -> None:
    """The command that pays ends with 2 as well, with the same place, and leaves nothing behind it."""
    project = broken(tmp_path, EPISODE.replace("the lamp burns", '"{{ marra }} waits"'))

    around = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")}
    code, _, err = run("produce", project, "e01", "--yes", environment=around)

    assert code == 2, err
    assert "episodes/e01.yaml:8:21: 'marra' is no cast member" in err
    assert "Traceback" not in err
    assert not (project / ".tailframe").exists()
