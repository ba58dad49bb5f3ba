"""The contact sheet shows every shot, says which are missing, and copes with any number of them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from render.episode.contact_sheet import SheetEntry, cell_box, contact_sheet
from render.media.pictures import fitted
from tests.thinning import one_in


def picture(folder: Path, colour: str = "#2060c0", size: tuple[int, int] = (160, 90)) -> Path:
    """A small still in one colour."""
    file = folder / f"{colour[1:]}-{size[0]}.png"
    Image.new("RGB", size, colour).save(file)
    return file


def entry(number: int, image: Path | None, *, scene: str = "lamp", state: str = "done") -> SheetEntry:
    """One shot on the sheet."""
    key = f"{scene}/{number:03d}"
    return SheetEntry(
        key=key, image_path=image, caption="Mara lights the lamp", state=state, duration_s=Decimal("7.25")
    )


def sheet_of(entries: list[SheetEntry], target: Path) -> Image.Image:
    """The written sheet, opened again."""
    contact_sheet(entries, "The Last Lamp – e01", target)
    with Image.open(target) as sheet:
        assert sheet.format == "JPEG"
        return sheet.convert("RGB")


@one_in(2)
@pytest.mark.parametrize("count", [0, 1, 2, 12, 41, 200])
def test_any_number_of_shots_fits(tmp_path: Path, count: int) -> None:
    """One shot or two hundred: the sheet is as wide as ever, and can be opened."""
    image = picture(tmp_path)
    sheet = sheet_of([entry(number, image) for number in range(count)], tmp_path / "sheet.jpg")
    assert sheet.width == 1920
    assert sheet.height < 20_000


def test_every_picture_is_on_the_sheet(tmp_path: Path) -> None:
    """Each shot's own colour is found where its cell is, in the order of the story."""
    colours = ["#c02020", "#20c020", "#2020c0"]
    sheet = sheet_of([entry(n, picture(tmp_path, colour)) for n, colour in enumerate(colours)], tmp_path / "s.jpg")
    row = [sheet.getpixel((320 + 640 * place, 300)) for place in range(3)]
    for place, pixel in enumerate(row):
        assert isinstance(pixel, tuple)
        assert pixel.index(max(pixel)) == place


def test_a_shot_with_notes_has_a_mark_in_its_corner(tmp_path: Path) -> None:
    """How many there are; another shot has none."""
    image = picture(tmp_path)
    noted = replace(entry(1, image), notes=2)
    plain, marked = (sheet_of([entry(0, image), each], tmp_path / "s.jpg") for each in (entry(1, image), noted))
    box = ImageChops.difference(plain, marked).point(lambda level: 255 if level > 40 else 0).getbbox()
    assert box is not None
    assert box[0] > 960
    assert box[3] - box[1] < 60


def test_a_scene_is_called_by_its_title(tmp_path: Path) -> None:
    """Its heading is the title that people gave it; by its id only where there is none."""
    image = picture(tmp_path)
    by_id = sheet_of([entry(1, image)], tmp_path / "id.jpg")
    titled = sheet_of([replace(entry(1, image), scene_title="The lamp room at night")], tmp_path / "titled.jpg")

    apart = ImageChops.difference(by_id, titled).convert("L").point(lambda value: 255 * (value > 60)).getbbox()

    assert apart is not None
    left, top, right, bottom = apart
    assert 90 < top < bottom < 160, "the heading alone differs"
    assert (left < 60, right > 200) == (True, True)


def test_a_missing_shot_is_marked(tmp_path: Path) -> None:
    """An empty cell carries red, so that nobody overlooks the gap; a sheet without gaps has none."""
    whole = sheet_of([entry(1, picture(tmp_path))], tmp_path / "a.jpg")
    gap = sheet_of([entry(1, None, state="missing")], tmp_path / "b.jpg")

    def reds(sheet: Image.Image) -> int:
        return sum(count for count, (r, g, b) in sheet.getcolors(9_999_999) or [] if r > 170 and g < 90 and b < 90)

    assert reds(whole) == 0
    assert reds(gap) > 100


@one_in(3)
@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (641, 359), (300, 100), (97, 211), (64, 36)])
def test_thumbnails_give_the_sheet_that_whole_pictures_give(tmp_path: Path, size: tuple[int, int]) -> None:
    """To the last byte: what is kept of a shot is what its cell shows."""
    wholes = [noise(tmp_path / f"{number}.png", size) for number in range(4)]
    contact_sheet([entry(number, whole) for number, whole in enumerate(wholes)], "e01", tmp_path / "whole.jpg")
    box = cell_box(len(wholes), size)
    entries = []
    for number, whole in enumerate(wholes):
        with Image.open(whole) as picture:
            fitted(picture, box).save(tmp_path / f"{number}-small.png")
        entries.append(replace(entry(number, tmp_path / f"{number}-small.png"), size=size))
    contact_sheet(entries, "e01", tmp_path / "small.jpg")
    assert (tmp_path / "small.jpg").read_bytes() == (tmp_path / "whole.jpg").read_bytes()


def noise(file: Path, size: tuple[int, int]) -> Path:
    """A picture in which no pixel is like the next."""
    Image.effect_noise(size, 90).convert("RGB").save(file)
    return file


def test_a_damaged_picture_counts_as_missing(tmp_path: Path) -> None:
    """A report never stops a cut."""
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n")
    assert sheet_of([entry(1, broken), entry(2, tmp_path / "gone.png")], tmp_path / "sheet.jpg").width == 1920


def test_scenes_start_on_lines_of_their_own(tmp_path: Path) -> None:
    """Two scenes of one shot need more height than one scene of two."""
    image = picture(tmp_path)
    together = sheet_of([entry(1, image), entry(2, image)], tmp_path / "a.jpg")
    apart = sheet_of([entry(1, image), entry(1, image, scene="storm")], tmp_path / "b.jpg")
    assert apart.height > together.height


def test_upright_episodes_get_upright_cells(tmp_path: Path) -> None:
    """The cells take the pictures' own ratio."""
    upright = sheet_of([entry(1, picture(tmp_path, size=(90, 160)))], tmp_path / "a.jpg")
    assert upright.height > sheet_of([entry(1, picture(tmp_path))], tmp_path / "b.jpg").height


@pytest.mark.parametrize("words", ["", "Эдда ждёт " * 40, "עוד חורף", "漢字", "x" * 400, "line\nbreak\x00"])
def test_any_caption_is_written(tmp_path: Path, words: str) -> None:
    """Long captions and other scripts stay within their cell."""
    shot = SheetEntry(key="lamp/010", image_path=None, caption=words, state="planned", duration_s=Decimal(50))
    contact_sheet([shot], words, tmp_path / "sheet.jpg")
    assert (tmp_path / "sheet.jpg").stat().st_size > 0
