"""What `check` and `plan` say of references and music: decoded whole once, told with file and line, never twice."""

import asyncio
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from flows.terminal.slow_notice import Patience
from render.media.measures import sha256_of
from render.media.reference_facts import EXAMINED, MediaFacts, reference_facts
from storyboard.shot import MediaKind
from tests.clips import make_clip
from tests.flows.cli.in_process import make, tailframe
from tests.projects import episode_file, png, scene, shot, wav, write_project
from tests.render.media.sound_cases import half
from tests.sounds import make_sound
from tests.thinning import exhaustive

THEME = "references/music/theme.wav"


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith(("TAILFRAME", "PREFECT"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def _project(folder: Path, *, half_way: bool) -> Path:
    """A picture, a film, a voice and music; each whole, or ending half-way."""
    made = {
        "cast/mara.png": png(width=256, height=256),
        "extra/dance.mp4": make_clip(folder / "a.mp4", frames=24).read_bytes(),
        "extra/voice.mp3": make_sound(folder / "a.mp3", "libmp3lame").read_bytes(),
        "music/theme.wav": wav(5.0),
    }
    files = {f"references/{name}": half(content) if half_way else content for name, content in made.items()}
    extra = [{"source": f"references/extra/{name}"} for name in ("dance.mp4", "voice.mp3")]
    shots = scene("lamp", shot("010", references=extra))
    return write_project(folder, episodes={"e01": episode_file("e01", shots, music={"source": THEME})}, files=files)


def test_check_names_what_ends_half_way_with_its_line(tmp_path: Path) -> None:
    """All of it at once: each file, where it is written, and what to do now."""
    done = tailframe("check", _project(tmp_path, half_way=True))
    assert done.exit_code == 2
    for name in ("cast/mara.png", "extra/dance.mp4", "extra/voice.mp3", "music/theme.wav"):
        told = next(line for line in done.stdout.splitlines() if name in line and "cannot be used" in line)
        assert re.match(r"(series|episodes/e01)\.yaml:\d+:\d+: ", told), told
        assert re.search(r"(Copy|save) it again", told), told
    assert "Traceback" not in done.stderr


def test_nothing_is_planned_over_what_ends_half_way(tmp_path: Path) -> None:
    """Every run plans first, so nothing of it is ever sent."""
    done = tailframe("plan", _project(tmp_path, half_way=True), "e01")
    assert done.exit_code == 2
    assert "extra/voice.mp3 cannot be used" in done.stderr
    assert "music/theme.wav cannot be used" in done.stderr
    assert tailframe("status", tmp_path / "project", "e01").exit_code == 0


def test_what_was_made_with_it_before_is_not_bought_again(tmp_path: Path) -> None:
    """Earlier versions believed headers: their takes serve on beside what ends half-way, and nothing new is made."""
    project = _project(tmp_path, half_way=True)
    for name in ("music/theme.wav", "cast/mara.png"):
        (project / "references" / name).write_bytes(wav(5.0) if name.endswith("wav") else png())
    for name, kind in (("dance.mp4", MediaKind.VIDEO), ("voice.mp3", MediaKind.AUDIO)):
        path = project / "references/extra" / name
        believed = MediaFacts(kind=kind, format=name[-3:], bytes=path.stat().st_size)
        EXAMINED.keep(sha256_of(path), believed)
    make(project, "lamp/010")
    shutil.rmtree(tmp_path / "cache")

    planned = tailframe("plan", project, "e01", "--json")
    assert planned.exit_code == 0
    assert [shot["action"] for shot in json.loads(planned.stdout)["shots"]] == ["reuse"]
    again = tailframe("plan", project, "e01", "--new-take")
    assert again.exit_code == 2
    assert "extra/voice.mp3 cannot be used" in again.stderr
    assert tailframe("check", project).exit_code == 2


@exhaustive
def test_a_project_that_did_not_change_is_not_decoded_again(tmp_path: Path) -> None:
    """Not by check, not by plan: what decodes is not even loaded. The project may be read-only, and has no ledger."""
    project = _project(tmp_path, half_way=False)
    before = {path: path.stat().st_mtime_ns for path in [project, *project.rglob("*")]}
    assert tailframe("check", project).exit_code == 0
    for path in sorted(before, reverse=True):
        path.chmod(stat.S_IRUSR | (stat.S_IXUSR if path.is_dir() else 0))
    try:
        assert _loads_pyav("check", str(project)) is False
        assert _loads_pyav("plan", str(project), "e01") is False
    finally:
        for path in before:
            path.chmod(stat.S_IRWXU)
    assert {path: path.stat().st_mtime_ns for path in [project, *project.rglob("*")]} == before


def _loads_pyav(*arguments: str) -> bool:
    """Whether a command that ends well has loaded PyAV by then."""
    program = (
        "import atexit, sys\n"
        "atexit.register(lambda: print('av' in sys.modules, file=sys.stderr))\n"
        f"sys.argv = ['tailframe', *{list(arguments)!r}]\n"
        "from flows.cli import main; main()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    return done.stderr.splitlines()[-1] == "True"


def test_music_shorter_than_its_episode_is_told_beforehand(tmp_path: Path) -> None:
    """By check, with its line, and by plan; no mistake, and not in what scripts read."""
    shots = scene("lamp", shot("010", duration=4))
    episodes = {"e01": episode_file("e01", shots, music={"source": THEME})}
    project = write_project(tmp_path, episodes=episodes, files={THEME: wav(1.5)})
    words = f"the music {THEME} ends after 1.5 s of 4.0 s"
    checked, planned, read = (
        tailframe(*each) for each in (("check", project), ("plan", project, "e01"), _json(project))
    )
    assert (checked.exit_code, planned.exit_code, read.exit_code) == (0, 0, 0)
    assert re.search(rf"episodes/e01\.yaml:\d+:\d+: {words}", checked.stderr)
    assert words in " ".join(planned.stdout.split())
    assert words in read.stderr
    assert words not in read.stdout


def _json(project: Path) -> tuple[str | Path, ...]:
    return ("plan", project, "e01", "--json")


@pytest.mark.parametrize("music", [{"source": THEME, "loop": True}, {"source": THEME}])
def test_music_that_loops_or_lasts_is_not_told(music: dict[str, object], tmp_path: Path) -> None:
    """Nothing is to be known of it."""
    shots = scene("lamp", shot("010", duration=1))
    seconds = 0.4 if music.get("loop") else 0.9
    project = write_project(
        tmp_path, episodes={"e01": episode_file("e01", shots, music=music)}, files={THEME: wav(seconds)}
    )
    done = tailframe("check", project)
    assert done.exit_code == 0
    assert "the music" not in done.stderr


def test_a_long_look_is_told_while_it_takes() -> None:
    """After two seconds, then every ten; what is quick says nothing."""
    times, told = iter([100.0, 101.9, 102.0, 111.9, 112.0, 113.0]), list[str]()
    look = Patience("looking into references/dance.mp4", told.append, clock=lambda: next(times))
    for done in (0.1, 0.2, 0.5, 0.75, 1.0):
        look(done)
    assert told == ["looking into references/dance.mp4: 20%", "looking into references/dance.mp4: 75%"]


def test_a_long_look_ends_with_whoever_waits_for_it(tmp_path: Path) -> None:
    """A run that is told to end does not decode a film to its end first."""
    clip, times = make_clip(tmp_path / "a.mp4", frames=24), iter(range(0, 1000, 10))

    def ended(_: str) -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        reference_facts(clip, "a.mp4", progress=Patience("looking into a.mp4", ended, clock=lambda: next(times)))
    assert next(times) <= 20
