"""What lies beside a master in a whole run: subtitles, stems, a poster, deliveries; made once, archived, restored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import av
import pytest

from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import TINY, buys_from, edit, film, manifest, produce
from tests.projects import scene, shot
from tests.thinning import exhaustive

FILES = {
    "e01.mp4",
    "e01-small.mp4",
    "e01-radio.mp3",
    "e01.en.srt",
    "e01.en.vtt",
    "e01.de.srt",
    "e01.de.vtt",
    "e01.dialogue.wav",
    "e01.music.wav",
    "e01.effects.wav",
    "e01.jpg",
    "contact_sheet.jpg",
    "manifest.json",
}


def full(folder: Path) -> Path:
    """An episode of two shots with all of it."""
    line = {"cast": "mara", "line": "There is a boat out tonight.", "translations": {"de": "Da draußen ist ein Boot."}}
    one = shot("010", "{{ mara }} lights the lamp", dialogue=[{**line, "at": 0.25}])
    other = shot("020", "{{ mara }} opens {{ logbook }}", transition="dissolve")
    project = film(
        folder,
        scene("lamp", one, other),
        language="en",
        delivery={**TINY, "subtitles": {"languages": ["en", "de"]}, "stems": True},
        deliveries=[
            {"name": "small", "video": {"codec": "h264", "ratio": "1:1", "short_side": 64}, "subtitles": ["de"]},
            {"name": "radio", "video": "none", "audio": "mp3", "loudness": "broadcast"},
        ],
    )
    edit(project, '"title": "The Lamp"', '"title": "The Lamp", "poster": {"shot": "lamp/010", "at": 0.5}')
    return project


def stored(project: Path) -> set[str]:
    """What stands in the output folder, without clips."""
    return {each.name for each in (project / "output/e01").iterdir() if each.is_file()}


def languages(film: Path) -> list[Any]:
    """Those of its subtitle tracks."""
    with av.open(str(film)) as container:
        return [each.metadata["language"] for each in container.streams.subtitles]


def test_all_of_it_is_made_once_archived_and_restored(
    acme: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Beside the master, in its manifest, in its archive, and in a project that comes out of that."""
    buys_from(acme, monkeypatch)
    project = full(tmp_path)
    first = produce(project)
    assert first.exit_code == 0
    assert first.assembly is not None
    assert stored(project) == FILES
    assert languages(project / "output/e01/e01.mp4") == ["eng", "deu"]
    assert languages(project / "output/e01/e01-small.mp4") == ["deu"]
    told = manifest(project)
    assert {each["name"] for each in told["deliveries"]} == {"small", "radio"}
    assert all({"title", "chapters"} <= {*each["checks"]} for each in told["deliveries"])
    assert {each["kind"] for each in told["beside"]} == {"subtitles", "stem", "poster"}
    assert told["master"]["loudness"]["lufs"] == pytest.approx(-14, abs=0.5)

    again = produce(project)
    assert again.assembly is not None
    assert again.assembly.work.of("deliveries").made == 0
    assert manifest(project) == told

    archive = next(each for each in (project / "archive/lighthouse/e01").iterdir() if each.is_dir())
    assert tailframe("verify", archive).exit_code == 0
    restored = tmp_path / "restored"
    assert tailframe("restore", archive, restored).exit_code == 0
    assert stored(restored) == FILES


@exhaustive
def test_other_loudness_keeps_the_picture(acme: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Only sound is made anew: of the master, and of the deliveries that follow it."""
    buys_from(acme, monkeypatch)
    project = full(tmp_path)
    produce(project)
    before = json.loads((project / "output/e01/manifest.json").read_text())
    edit(project, '"stems": true', '"stems": true, "loudness": "broadcast"', "series.yaml")
    louder = produce(project)
    assert louder.assembly is not None
    after = manifest(project)
    assert after["master"]["loudness"]["lufs"] == pytest.approx(-23, abs=0.5)
    assert louder.assembly.work.of("pieces").made == 0
    changed = {
        each["name"]
        for each, old in zip(after["deliveries"], before["deliveries"], strict=True)
        if each["sha256"] != old["sha256"]
    }
    assert changed == {"small"}, "the radio has a loudness of its own"
