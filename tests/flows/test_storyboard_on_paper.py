"""`tailframe storyboard` of real episodes: the frames are those of the circled takes, and nothing is changed by it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from pypdf import PdfReader

from flows.settings import places_of, read_settings
from render.media.tail_frame import frames_shown
from render.store import open_store
from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import buys_from, edit, film, plain_environment, shoot, takes_of
from tests.projects import scene, shot, write_project

FRAMES_OF_A_SECOND = 24


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, acme_clips: Path) -> Iterator[Path]:
    """One shot with three takes, of which the second is circled; one that is waived, and one that is not made."""
    vendor = Acme(tmp_path_factory.mktemp("acme"), acme_clips)
    vendor.start(job_seconds=0)
    with pytest.MonkeyPatch.context() as environment:
        buys_from(vendor, environment)
        made = film(
            tmp_path_factory.mktemp("film"),
            scene(
                "lamp",
                shot(
                    "010",
                    "{{ mara }} lights the lamp",
                    takes=3,
                    camera="slow push in",
                    sound="the sea",
                    notes="Mind the wick.",
                    dialogue=[{"cast": "mara", "line": "One more winter."}],
                ),
                title="The lamp room",
            ),
            scene("shore", shot("010", "{{ tomas }} rows"), shot("020", "he lands", duration=2.5), location="shore"),
        )
        assert shoot(made, shots=frozenset({"lamp/010"})).outcomes
        assert tailframe("circle", made, "e01", "lamp/010", "2").exit_code == 0
        assert tailframe("waive", made, "e01", "shore/010", "--why", "rain").exit_code == 0
        yield made
    vendor.close()


def printed(project: Path, *words: str) -> PdfReader:
    done = tailframe("storyboard", project, "e01", *words)
    assert done.exit_code == 0, done.output
    return PdfReader(Path(done.stdout.strip()))


def pictures(read: PdfReader) -> list[Image.Image]:
    return [each.image for page in read.pages for each in page.images if each.image is not None]


def pixels(picture: Image.Image) -> NDArray[np.int64]:
    return np.asarray(picture.convert("RGB").resize((40, 22)), dtype=np.int64)


def clip_of(project: Path, number: int) -> Path:
    places = places_of(project, read_settings())
    (take,) = (take for take in takes_of(project, "lamp/010") if take.number == number)
    assert take.clip is not None
    return open_store(places.store_url, cache=places.private / "cache").local_path(take.clip.sha256)


def test_it_lies_beside_the_master_and_tells_each_shot_as_people_read_it(project: Path) -> None:
    """Names for tokens, who speaks, what is heard, and how each shot stands."""
    read = printed(project)
    assert (project / "output/e01/e01-storyboard.pdf").is_file()
    text = "\n".join(page.extract_text() for page in read.pages)
    for told in (
        "The Last Lamp",
        "e01  The Lamp",
        "3 shots, 3.5 s, 1 not made yet, 1 waived",
        "The lamp room",
        "lamp/010",
        "Mara lights the lamp",
        "Camera slow push in",
        "Mara One more winter.",
        "Sound the sea",
        "Notes Mind the wick.",
        "shore/020 not made yet",
        "2.5 s",
        "waived",
    ):
        assert told in text
    assert "{{" not in text
    assert "@image" not in text


def test_the_frame_is_from_the_middle_of_the_circled_take(project: Path, tmp_path: Path) -> None:
    """Nearer to that very frame than to the same one of any other take; the shot that is not made is drawn."""
    first, drawn = pictures(printed(project, "-o", str(tmp_path / "board.pdf")))
    middles = {}
    for number in (1, 2, 3):
        clip = clip_of(project, number)
        middles[number] = frames_shown(clip, [FRAMES_OF_A_SECOND // 2], tmp_path)[FRAMES_OF_A_SECOND // 2]
    apart = {number: float(np.abs(pixels(first) - pixels(each)).mean()) for number, each in middles.items()}
    assert min(apart, key=lambda number: apart[number]) == 2
    assert apart[2] < 4
    assert abs(drawn.width / drawn.height - 16 / 9) < 0.02


def test_nothing_is_changed_but_the_file(project: Path, tmp_path: Path) -> None:
    """No ledger, no blob; and two runs give the same bytes."""

    def everything() -> dict[Path, bytes]:
        return {each: each.read_bytes() for each in sorted((project / ".tailframe").rglob("*")) if each.is_file()}

    before = everything()
    for name in ("one.pdf", "other.pdf"):
        printed(project, "-o", str(tmp_path / name))
    assert everything() == before
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "other.pdf").read_bytes()


def test_a_project_that_was_never_made_is_drawn_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each shot as its preview would show it; no ledger is made for it."""
    plain_environment(monkeypatch)
    made = write_project(tmp_path)
    read = printed(made, "-o", str(tmp_path / "board.pdf"))
    assert len(pictures(read)) == 3
    assert sorted(each.name for each in made.iterdir()) == ["episodes", "references", "series.yaml"]


def test_a_shot_that_was_written_anew_is_told(project: Path, tmp_path: Path) -> None:
    """It is shown as the cut would show it, and says for what it was made."""
    edit(project, "lights the lamp", "puts out the lamp")
    try:
        read = printed(project, "-o", str(tmp_path / "board.pdf"))
        assert "made for an earlier version" in read.pages[0].extract_text()
        assert len(pictures(read)) == 2
    finally:
        edit(project, "puts out the lamp", "lights the lamp")


def test_a_clip_that_is_gone_is_told(project: Path, tmp_path: Path) -> None:
    """Its shot is drawn as if it were not made."""
    clip = clip_of(project, 2)
    clip.rename(tmp_path / "clip")
    try:
        read = printed(project, "-o", str(tmp_path / "board.pdf"))
        assert "its clip is missing" in read.pages[0].extract_text()
        assert len(pictures(read)) == 2
    finally:
        (tmp_path / "clip").rename(clip)


def test_upright_frames_stand_beside_their_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole, in the shape of the master."""
    plain_environment(monkeypatch)
    made = write_project(tmp_path, series={"delivery": {"master": {"width": 90, "height": 160, "fps": 24}}})
    for picture in pictures(printed(made, "--portrait", "--paper", "Letter", "-o", str(tmp_path / "board.pdf"))):
        assert abs(picture.width / picture.height - 9 / 16) < 0.01


def test_what_cannot_be_printed_is_told_with_what_can(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paper that is none, too many columns, paper for nothing; and no file is written."""
    plain_environment(monkeypatch)
    made = write_project(tmp_path)
    for words, told in (
        (("--paper", "A0.5"), "'A0.5' is no paper"),
        (("--paper", "A0.5"), "A3, A4, A5, Letter, Legal, Tabloid"),
        (("--columns", "40"), "Choose 1 to 6"),
        (("--columns", "0"), "Choose 1 to 6"),
        (("--paper", "30x40mm"), "Choose a larger --paper"),
        (("-o", str(tmp_path / "board.png")), "is no .pdf"),
    ):
        done = tailframe("storyboard", made, "e01", *words)
        assert done.exit_code == 2, done.output
        assert told in " ".join(done.output.split())
    assert not (made / "output").exists()


def test_notes_on_what_is_shown_are_printed_where_asked(project: Path, tmp_path: Path) -> None:
    """Of the circled take, with who wrote them and of which frame; those of other takes are not."""
    for take, words in (("1", "too fast"), ("2", "a second shadow")):
        assert tailframe("note", project, "e01", "lamp/010", take, words, "--frame", "31").exit_code == 0
    text = printed(project, "--with-notes", "-o", str(tmp_path / "noted.pdf")).pages[0].extract_text()
    assert "frame 31: a second shadow" in " ".join(text.split())
    assert "too fast" not in text
    assert "shadow" not in printed(project, "-o", str(tmp_path / "plain.pdf")).pages[0].extract_text()
