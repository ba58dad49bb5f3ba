"""An episode leaves for review as one page, a real browser opens it without a network, and its notes come home."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from render.ledger import Note, queries
from render.media.ffmpeg import observed
from tests.acme.fixture import Acme
from tests.browser import CHROMIUM, opened_offline
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import buys_from, film, ledger_of, shoot, takes_of
from tests.projects import scene, shot
from tests.thinning import exhaustive

EVIL = "</script><script>document.title='broken'</script><img src=x onerror=\"document.title='broken'\">"
LINK = "javascript:document.title='broken'"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, acme_clips: Path) -> Iterator[Path]:
    """A shot with two takes, whose texts are a stranger's."""
    vendor = Acme(tmp_path_factory.mktemp("acme"), acme_clips)
    vendor.start(job_seconds=0)
    with pytest.MonkeyPatch.context() as environment:
        buys_from(vendor, environment)
        said = [{"cast": "mara", "line": f"{LINK} {EVIL}"}]
        one = shot("010", EVIL, takes=2, dialogue=said, notes=LINK, camera=EVIL)
        made = film(tmp_path_factory.mktemp("film"), scene("lamp", one, title=EVIL), title=f"{EVIL} {LINK}")
        assert shoot(made).exit_code == 0
        assert tailframe("note", made, "e01", "lamp/010", "1", EVIL, "--frame", "5").exit_code == 0
        yield made
    vendor.close()


@pytest.fixture(scope="module")
def page(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exported page."""
    target = tmp_path_factory.mktemp("sent") / "e01.html"
    done = tailframe("review", project, "e01", "--export", target)
    assert done.exit_code == 0, done.output
    assert re.search(r"1 shot, 2 takes, \d\.\d MB", done.stderr)
    return target


def sheet_of(page: Path) -> dict[str, Any]:
    """What the page was given."""
    found: dict[str, Any] = json.loads(page.read_text().partition('id="sheet">')[2].partition("</script>")[0])
    return found


def notes_of(project: Path) -> list[Note]:
    with ledger_of(project) as ledger:
        return list(ledger.read(queries.notes, "lighthouse"))


def saved(page: Path, *notes: dict[str, Any], by: str = "Ines") -> Path:
    """A file as the page saves it, without a browser."""
    sheet = sheet_of(page)
    plain = {"frame": None, "retake": False, "drawing": []}
    whole = [{"id": f"{number:032x}", **plain, **note} for number, note in enumerate(notes)]
    sent = {"tailframe_notes": 1, "statement": sheet["statement"], "signature": sheet["signature"]}
    target = page.with_name("notes.json")
    target.write_text(json.dumps({**sent, "by": by, "notes": whole}))
    return target


@exhaustive
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
def test_notes_that_are_typed_offline_come_home_on_their_takes(project: Path, page: Path) -> None:
    """In two takes, one on a frame that was stepped to, with a drawing and a wish; no text of anybody runs."""
    with opened_offline(page) as shown:
        first = shown.locator("article").first
        first.locator(".on").click()
        for _ in range(6):
            shown.keyboard.press("ArrowRight")
        assert first.locator("output").inner_text() == "7 / 95"
        _draw(shown)
        first.locator("textarea").fill(f"her hand {EVIL}")
        first.locator(".again").check()
        first.locator(".add").click()
        first.locator(".takes button").nth(1).click()
        first.locator(".of-frame").uncheck()
        first.locator("textarea").fill("slower\nplease")
        first.locator(".add").click()
        shown.fill("#name", "Inès")
        with shown.expect_download() as download:
            shown.click("#save")
        file = page.with_name(download.value.suggested_filename)
        download.value.save_as(file)
        assert first.locator(".told").inner_text().count(EVIL) == 3
        assert shown.title().startswith("</script>")
    assert file.name == "e01-Ines-notes.json"

    before = notes_of(project)
    assert tailframe("notes", "import", project, file).stdout == "e01: 2 notes by Inès, 2 of them new\n"
    assert tailframe("notes", "import", project, file).stdout == "e01: 2 notes by Inès, 0 of them new\n"
    numbers = {take.id: (take.shot, take.number) for take in takes_of(project)}
    came = [(numbers[each.take], each.frame, each.words, each.retake) for each in notes_of(project)[len(before) :]]
    assert came == [
        (("e01/lamp/010", 1), 7, f"her hand {EVIL}", True),
        (("e01/lamp/010", 2), None, "slower\nplease", False),
    ]
    assert len(notes_of(project)[len(before)].drawing[0]) > 1


@exhaustive
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
def test_what_is_changed_after_saving_is_another_note(project: Path, page: Path) -> None:
    """Also where the browser keeps nothing for files: it says so, and warns. What was kept is there again."""
    with opened_offline(page) as shown:
        refused = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused'); } })"
        shown.add_init_script(f"if (location.hash === '#refused') {refused}")
        shown.goto(f"{page.as_uri()}#refused")
        shown.reload()
        assert "this browser keeps nothing" in shown.locator("#state").inner_text()
        _note(shown, "too dark", by="Rosa")
        assert not shown.evaluate("() => dispatchEvent(new Event('beforeunload', { cancelable: true }))")
        first = _saved(shown, page, "first.json")
        assert shown.evaluate("() => dispatchEvent(new Event('beforeunload', { cancelable: true }))")
        shown.locator("text=Change").click()
        shown.locator("textarea").first.fill("much too dark")
        shown.locator(".add").first.click()
        second = _saved(shown, page, "second.json")
        shown.goto("about:blank")
        shown.goto(page.as_uri())
        _note(shown, "kept", by="Rosa")
        shown.reload()
        assert shown.locator("li.own .words").all_inner_texts() == ["kept"]
        shown.locator("text=Remove").click()
        assert shown.locator("li.own").count() == 0
    assert tailframe("notes", "import", project, first).stdout == "e01: 1 note by Rosa, 1 of them new\n"
    assert tailframe("notes", "import", project, second).stdout == "e01: 1 note by Rosa, 1 of them new\n"
    assert [each.words for each in notes_of(project) if each.by.startswith("Rosa")] == ["too dark", "much too dark"]


def _note(shown: Page, words: str, *, by: str) -> None:
    shown.fill("#name", by)
    shown.locator("textarea").first.fill(words)
    shown.locator(".add").first.click()


def _saved(shown: Page, page: Path, name: str) -> Path:
    with shown.expect_download() as download:
        shown.click("#save")
    download.value.save_as(page.with_name(name))
    return page.with_name(name)


def _draw(shown: Page) -> None:
    shown.locator(".draw").first.click()
    box = shown.locator("canvas").first.bounding_box()
    assert box is not None
    shown.mouse.move(box["x"] + 20, box["y"] + 20)
    shown.mouse.down()
    shown.mouse.move(box["x"] + 60, box["y"] + 50, steps=4)
    shown.mouse.up()


def test_the_page_reaches_nothing_and_lets_no_text_end_its_element(page: Path) -> None:
    """One policy, one style, one script, and blocks of data in which nothing is markup."""
    text = page.read_text()
    assert "default-src 'none'" in text
    assert not re.search(r"https?://", text.replace("http-equiv", ""))
    assert text.count("</script>") == 2 + len(
        {take["clip"] for each in sheet_of(page)["shots"] for take in each["takes"]}
    )
    assert EVIL not in text
    (note,) = sheet_of(page)["shots"][0]["takes"][0]["notes"]
    assert note["words"] == EVIL
    assert " on " not in note["by"]


def test_a_second_export_makes_nothing_and_a_page_that_is_too_large_is_not_written(project: Path, page: Path) -> None:
    """What was made is kept; `--shots` and `--takes` choose."""
    target = page.with_name("again.html")
    ran: list[object] = []
    with observed(ran.append):
        chosen = ("--shots", "lamp/010", "--takes", "circled")
        assert tailframe("review", project, "e01", "--export", target, *chosen).exit_code == 0
    assert ran == []
    assert [len(each["takes"]) for each in sheet_of(target)["shots"]] == [1]
    assert tailframe("review", project, "e01", "--export", target, "--without-notes").exit_code == 0
    (shown,) = sheet_of(target)["shots"]
    assert [each["notes"] for each in shown["takes"]] == [[], []]
    assert "notes" not in [each["part"] for each in shown["texts"]]
    for words, told in (
        (("--export", "e01.pdf"), "is no .html"),
        (("--export", target, "--takes", "some"), "Valid values are: good, circled, all"),
        (("--export", target, "--shots", "lamp/030"), "lamp/030"),
    ):
        done = tailframe("review", project, "e01", *words)
        assert (done.exit_code, done.stdout) == (2, "")
        assert told in done.stderr


def test_a_copied_project_reads_its_own_files_and_a_clone_does_not(project: Path, page: Path, tmp_path: Path) -> None:
    """The secret goes where the ledger goes. What is refused leaves with 2, one sentence, and nothing kept."""
    file = saved(page, {"take": takes_of(project)[0].id, "words": "from afar"})
    copy = shutil.copytree(project, tmp_path / "copy")
    assert tailframe("notes", "import", copy, file).stdout == "e01: 1 note by Ines, 1 of them new\n"
    assert "from afar" in tailframe("notes", copy).stdout
    shutil.rmtree(copy / ".tailframe")
    for where, what, told in (
        (copy, file, "no takes yet, and so none that a note could be on. Import it where it was exported"),
        (project, page.with_name("none.json"), "cannot be read"),
        (project, page, "Take the file as the page saved it"),
    ):
        done = tailframe("notes", "import", where, what)
        assert (done.exit_code, done.stdout) == (2, ""), done.output
        assert told in done.stderr
    assert not (copy / ".tailframe").exists()
    assert "from afar" not in [each.words for each in notes_of(project)]
