"""Projects that are wrong, and the sentence that each gets: where it is, what is wrong, and what to write instead."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from storyboard.errors import InvalidProject
from storyboard.loading import load_project
from tests.projects import EPISODE_HEAD, SERIES_HEAD, write_project

EPISODE = EPISODE_HEAD + "        prompt: the lamp burns\n"


def mistakes(root: Path) -> list[str]:
    """What loading says, each as `file:line:column: message`."""
    with pytest.raises(InvalidProject) as caught:
        load_project(root)
    return [f"{mistake.at}: {mistake.message}" for mistake in caught.value.mistakes]


SERIES_MISTAKES = [
    ("titel: x", "4:1: unknown key 'titel'; did you mean 'title'?"),
    ("zebra: x", "4:1: unknown key 'zebra'. Valid keys are: version, series, title, language, defaults, mix, delivery, "
     "deliveries, cast, locations, props, styles, budget, approval, prices, vendors, title_card, scene_card, "
     "credits_card, card_font, credits"),
    ("<<: {a: b}", "4:1: YAML 1.2 has no merge key <<; use defaults instead"),
    ("defaults: {resolution: 720}",
     "4:24: 'resolution' cannot be '720'; did you mean '720p'? Valid values are: 480p, 720p, 1080p, 4k"),
    ("defaults: {continuity: tailframe}",
     "4:24: 'continuity' cannot be 'tailframe'; did you mean 'tail_frame'? "
     "Valid values are: none, tail_frame, first_frame, tail_clip"),
    ("defaults: {audio: yes}", "4:19: 'audio' must be true or false (YAML 1.2 reads yes as text)"),
    ("defaults: {provider: [kinovi, kinovi]}", "4:22: 'provider' names 'kinovi' twice"),
    ("defaults: {provider: []}", "4:22: 'provider' must hold at least one item"),
    ("defaults: {max_chain: 0}", "4:23: 'max_chain' must be at least 1"),
    ("defaults: {seed: -1}", "4:18: 'seed' must be at least 0"),
    ("defaults: {aspect_ratio: 16x9}", "4:26: 'aspect_ratio' must be a ratio such as \"16:9\", or auto"),
    ("defaults: {aspect_ratio: 9:1}", "4:26: 'aspect_ratio' must be from 1:4 to 4:1"),
    ("defaults: fast", "4:11: 'defaults' must be keys and values"),
    ("delivery: {master: {width: 1281, height: 720}}",
     "4:28: 'width' must be even, as video encoders need; write 1280 or 1282"),
    ("delivery: {master: {width: 1280, height: 720, fps: fast}}",
     "4:52: 'fps' must be a frame rate such as 24, 25, 23.976 or \"24000/1001\""),
    ("delivery: {master: {width: 1280, height: 720, fps: 0.5}}",
     "4:52: 'fps' must be from 1 to 120 frames per second"),
    ("delivery: {master: {width: 1280}}", "4:12: the key 'height' is missing"),
    ("budget: {run: -3}", "4:15: 'run' must be at least 0"),
    ("budget: {run: .nan}", "4:15: 'run' must be an ordinary number"),
    ("budget: {run: .inf}", "4:15: 'run' must be an ordinary number"),
    ('budget: {run: "25"}', "4:15: 'run' must be a number, written without quotes or unit"),
    ("budget: {run: 25 USD}", "4:15: 'run' must be a number, written without quotes or unit"),
    ("budget: {run: true}", "4:15: 'run' must be a number, written without quotes or unit"),
    ("budget: {run: 1e9}", "4:15: 'run' must be at most 1000000"),
    ("budget: {run: 0.12345678}", "4:15: 'run' has more than 6 decimals"),
    ("prices: [{provider: acme}]", "4:10: the key 'usd_per_second' is missing"),
    ("cast: {old-mara: {}}",
     "4:8: the key 'old-mara' must be a name that prompts can call: letters (a–z, A–Z), digits and _, beginning with "
     "a letter, at most 64 characters"),
    ("cast:\n  mara:", "5:3: 'mara' is empty; write keys and values below it, or {}"),
    ("cast: [mara]", "4:7: 'cast' must be keys and values"),
    ("cast: {mara: {}}\nprops: {mara: {}}",
     "5:9: 'mara' is also the name of one of the cast, at series.yaml:4:8; "
     "prompts call cast, props and locations by name, so each name is used once"),
    ("cast: {mara: {references: references/cast/mara.png}}",
     "4:27: 'references' must be a list: [references/cast/mara.png]"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), SERIES_MISTAKES, ids=[line for line, _ in SERIES_MISTAKES])
def test_a_wrong_series_is_explained(tmp_path: Path, line: str, expected: str) -> None:
    """One wrong line in series.yaml gives one mistake, at its place, with the remedy."""
    root = write_project(tmp_path, series=SERIES_HEAD + line + "\n", episodes={"e01": EPISODE})
    assert mistakes(root) == [f"series.yaml:{expected}"]


EPISODE_MISTAKES = [
    ("duration: 0", "9:19: 'duration' must be more than 0 and at most 600 seconds"),
    ("duration: -2", "9:19: 'duration' must be more than 0 and at most 600 seconds"),
    ("duration: 5s", "9:19: 'duration' must be a number of seconds, or auto"),
    ("duration: .inf", "9:19: 'duration' must be a number of seconds, or auto"),
    ("takes: 1.5", "9:16: 'takes' must be a whole number, written without quotes"),
    ("takes: 99", "9:16: 'takes' must be at most 16"),
    ("promt: again", "9:9: unknown key 'promt'; did you mean 'prompt'?"),
    ("Prompt: again", "9:9: unknown key 'Prompt'; did you mean 'prompt'?"),
    ("prompt: again", "9:9: the key 'prompt' is written twice; the first is at episodes/e01.yaml:8:9"),
    ("camera: 3", "9:17: 'camera' must be text: put it in quotes, \"3\""),
    ("sound: [wind, rain]", "9:16: 'sound' must be text"),
    ('continues: "020"', "9:20: 'continues' must be SCENE/SHOT, such as shore/020"),
    ("dialogue: {cast: mara, line: Hm.}", "9:19: 'dialogue' must be a list, with a - before each item"),
    ("dialogue: [{cast: mara}]", "9:20: the key 'line' is missing"),
    ("dialogue: [Hm.]", "9:20: item 1 of 'dialogue' must be keys and values"),
    ("beats: [{at: -1, prompt: x}]", "9:22: 'at' must be at least 0"),
    ("beats: [{at: 0, prompt: ''}]", "9:33: 'prompt' must not be empty"),
    ("notes: " + "x" * 20_001, "9:16: 'notes' is longer than 20,000 characters"),
    ("references: [7]", "9:22: item 1 of 'references' must be keys and values"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), EPISODE_MISTAKES, ids=[line[:40] for line, _ in EPISODE_MISTAKES])
def test_a_wrong_shot_is_explained(tmp_path: Path, line: str, expected: str) -> None:
    """One wrong line in a shot gives one mistake, at its place, with the remedy."""
    root = write_project(tmp_path, series=SERIES_HEAD, episodes={"e01": EPISODE + f"        {line}\n"})
    assert mistakes(root) == [f"episodes/e01.yaml:{expected}"]


REPLACED_LINES = [
    ("version: 1", "version: 2",
     "1:10: this Tailframe reads version 1 of the format, and the file says 2; write `version: 1`"),
    ("version: 1\n", "", "1:1: the key 'version' is missing"),
    ("episode: e01", "episode: e02",
     "2:10: the episode is 'e02' but its file is e01.yaml; write `episode: e01`, or rename the file to e02.yaml"),
    ("title: The Lamp", "title: 1984", "3:8: 'title' must be text: put it in quotes, \"1984\""),
    ('id: "010"', "id: 010", "7:13: 'id' must be text: put it in quotes, \"010\""),
    ('id: "010"', "id: 0/10",
     "7:13: 'id' may hold only letters (a–z, A–Z), digits, - and _, must begin with a letter or digit and have at most "
     "64 characters"),
    ("        prompt: the lamp burns\n", "", "7:9: the key 'prompt' is missing"),
    ("prompt: the lamp burns", "promt: the lamp burns", "8:9: unknown key 'promt'; did you mean 'prompt'?"),
    ("prompt: the lamp burns", "prompt:", "8:9: the key 'prompt' is missing"),
    ("prompt: the lamp burns", "prompt: {{ mara }} burns",
     "8:17: a text that begins with {{ must stand in quotes as a whole"),
    ("    shots:\n", "    location: here\n    defaults: {location: there}\n    shots:\n",
     "7:16: 'location' is written twice, here and at episodes/e01.yaml:6:5; keep one of them"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), REPLACED_LINES, ids=[new or old for old, new, _ in REPLACED_LINES])
def test_a_wrong_episode_is_explained(tmp_path: Path, old: str, new: str, expected: str) -> None:
    """One line put wrong in an episode gives one mistake, at its place, with the remedy."""
    root = write_project(tmp_path, series=SERIES_HEAD, episodes={"e01": EPISODE.replace(old, new)})
    assert mistakes(root) == [f"episodes/e01.yaml:{expected}"]


def test_doubled_ids_name_both_places(tmp_path: Path) -> None:
    """Two shots of one id in a scene, and two scenes of one id, are mistakes that name the first place."""
    second = EPISODE + '      - {id: "010", prompt: again}\n  - id: lamp\n    shots: [{id: "010", prompt: fine here}]\n'
    root = write_project(tmp_path, series=SERIES_HEAD, episodes={"e01": second})
    assert mistakes(root) == [
        "episodes/e01.yaml:9:14: the shot id '010' is used twice; the first is at episodes/e01.yaml:7:13",
        "episodes/e01.yaml:10:9: the scene id 'lamp' is used twice; the first is at episodes/e01.yaml:5:9",
    ]


SOURCES = [
    ("references/cast/marra.png",
     "there is no file 'references/cast/marra.png'; did you mean 'references/cast/mara.png'?"),
    ("references/cast/Mara.png",
     "there is no file 'references/cast/Mara.png'; did you mean 'references/cast/mara.png'?"),
    ("cast/tomas.png", "there is no file 'cast/tomas.png'; did you mean 'references/cast/tomas.png'?"),
    ("nowhere/x.png", "there is no file 'nowhere/x.png'. Paths begin at the project's folder"),
    ("/etc/hostname.png",
     "'/etc/hostname.png' is an absolute path; copy the file into the project and name it from there"),
    ("C:/mara.png", "'C:/mara.png' is an absolute path; copy the file into the project and name it from there"),
    ("../outside.png",
     "'../outside.png' leads out of the project or back; copy the file into it and write its path without .."),
    ("./references/cast/mara.png",
     "'./references/cast/mara.png' has a part too many; write it as 'references/cast/mara.png'"),
    (r"references\cast\mara.png",
     r"'references\cast\mara.png' has a backslash; write forward slashes: 'references/cast/mara.png'"),
    ("references/cast", "'references/cast' is a folder; name a file"),
    ("references/empty.png", "'references/empty.png' is empty"),
    ("references/escape.png",
     "'references/escape.png' is a link that leads out of the project; copy the file into it"),
    ("references/loop.png", "'references/loop.png' is a link that leads out of the project; copy the file into it"),
    ("references/pipe.png", "'references/pipe.png' is no file"),
    ("references/plan.pdf",
     "'references/plan.pdf' has a suffix that is not known. "
     "Valid suffixes are: .png, .jpg, .jpeg, .webp, .mp4, .mov, .wav, .mp3, .m4a, .aac, .flac, .ogg, .opus"),
    (".tailframe/blobs/x.png",
     "'.tailframe/blobs/x.png' is what Tailframe itself writes; copy the file to references/"),
    ("http://example.com/x.png",
     "'http://example.com/x.png' is plain http; use https, or download the file into the project"),
    ("file:///etc/x.png", "'file:///etc/x.png' is no https link; download the file into the project"),
    ("data:image/png;base64,AAAA",
     "a file cannot be written into the YAML; save it in the project and write its path"),
    ("https:///x.png", "'https:///x.png' is no valid link"),
    ("https://[x/x.png", "'https://[x/x.png' is no valid link: Invalid IPv6 URL"),
    ("https://me:secret@example.com/x.png",
     "a link must not hold a user name or password; download the file into the project"),
    ("https://example.com/x",
     "'https://example.com/x' has a suffix that is not known. "
     "Valid suffixes are: .png, .jpg, .jpeg, .webp, .mp4, .mov, .wav, .mp3, .m4a, .aac, .flac, .ogg, .opus"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), SOURCES, ids=[source for source, _ in SOURCES])
def test_a_wrong_source_is_explained(tmp_path: Path, source: str, expected: str) -> None:
    """A reference that cannot be used is a mistake at its place, with the nearest file that there is."""
    shot = EPISODE + f"        references: ['{source}']\n"
    files = {"references/empty.png": b"", "references/plan.pdf": b"%PDF"}
    root = write_project(tmp_path, series=SERIES_HEAD, episodes={"e01": shot}, files=files)
    (tmp_path / "outside.png").write_bytes(b"x")
    (root / "references/escape.png").symlink_to(tmp_path / "outside.png")
    (root / "references/loop.png").symlink_to("loop.png")
    os.mkfifo(root / "references/pipe.png")
    assert mistakes(root) == [f"episodes/e01.yaml:9:22: {expected}"]


def test_music_is_a_sound_file_of_the_project(tmp_path: Path) -> None:
    """A picture or a link cannot be the music."""
    for source, expected in (
        (
            "references/cast/mara.png",
            "'references/cast/mara.png' is an image file. "
            "Valid suffixes are: .wav, .mp3, .m4a, .aac, .flac, .ogg, .opus",
        ),
        ("https://example.com/x.mp3", "must be a file of the project, not a link"),
    ):
        episode = EPISODE.replace("scenes:", f"music: {{source: '{source}'}}\nscenes:")
        root = write_project(tmp_path, series=SERIES_HEAD, episodes={"e01": episode})
        assert mistakes(root) == [f"episodes/e01.yaml:4:17: {expected}"]


def test_a_folder_that_is_no_project_is_explained(tmp_path: Path) -> None:
    """A missing folder, a file in its place, or a folder without series.yaml each say what to do."""
    (tmp_path / "file").write_text("x")
    (tmp_path / "yml").mkdir()
    (tmp_path / "yml/series.yml").write_text(SERIES_HEAD)
    (tmp_path / "empty").mkdir()
    assert mistakes(tmp_path / "none") == [f"series.yaml:1:1: there is no folder {tmp_path / 'none'}"]
    assert mistakes(tmp_path / "file") == [
        f"series.yaml:1:1: {tmp_path / 'file'} is a file; name the folder that holds series.yaml"
    ]
    assert mistakes(tmp_path / "yml") == ["series.yaml:1:1: rename series.yml to series.yaml"]
    empty = tmp_path / "empty"
    assert mistakes(empty) == [
        f"series.yaml:1:1: {empty} is not a project: it has no series.yaml. `tailframe new` makes a project"
    ]


def test_a_project_without_episodes_is_explained(tmp_path: Path) -> None:
    """A project without any episode says how the first is named."""
    root = write_project(tmp_path, series=SERIES_HEAD, episodes={})
    assert mistakes(root) == ["episodes:1:1: there are no episodes; write the first one as episodes/e01.yaml"]
    (root / "episodes").write_text("x")
    assert "episodes:1:1: the folder cannot be read: Not a directory" in mistakes(root)


def test_wrongly_named_episode_files_are_explained(tmp_path: Path) -> None:
    """A file that would be passed over in silence is a mistake instead."""
    root = write_project(tmp_path, series=SERIES_HEAD, episodes={"e01": EPISODE, "e 02": EPISODE})
    (root / "episodes/e03.yml").write_text(EPISODE)
    assert mistakes(root) == [
        "episodes/e 02.yaml:1:1: an episode's file is named by letters (a–z, A–Z), digits, - and _, then .yaml",
        "episodes/e03.yml:1:1: rename this file to e03.yaml",
    ]


def test_yaml_that_lies_elsewhere_is_refused(tmp_path: Path) -> None:
    """A series or an episode that is a link out of the project is not read."""
    root = write_project(tmp_path, series=SERIES_HEAD, episodes={"e01": EPISODE})
    (root / "episodes/e01.yaml").rename(tmp_path / "elsewhere.yaml")
    (root / "episodes/e01.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    assert mistakes(root) == [
        "episodes/e01.yaml:1:1: this is a link that leads out of the project; copy the file into it"
    ]


def test_a_mistake_shows_its_line(tmp_path: Path) -> None:
    """Printed, a mistake has the line itself and a caret under the place."""
    root = write_project(tmp_path, series=SERIES_HEAD, episodes={"e01": EPISODE + "        duration: 0\n"})
    with pytest.raises(InvalidProject, match="must be more than 0") as caught:
        load_project(root)
    assert str(caught.value).splitlines()[1:] == ["            duration: 0", " " * 22 + "^"]
