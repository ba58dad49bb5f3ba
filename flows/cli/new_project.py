"""Starts a series: copies the small one that Tailframe brings, which renders as it is, under a name of its own."""

import json
import re
import shutil
import unicodedata
from pathlib import Path

from flows.errors import CannotStart
from storyboard.paths import is_litter
from storyboard.schema import schemas

__all__ = ["new_project"]

_TEMPLATE = Path(__file__).parents[1] / "template"
_NOT_COPIED = shutil.ignore_patterns("__pycache__", "gitignore")


def new_project(target: Path, *, name: str | None = None, title: str | None = None) -> None:
    """Write a project that renders as it is to `target`, which must not exist or be empty.

    `name` is the series' slug, by default made from the folder's name; `title` is what people read, by default the
    template's own. The schemas for editors lie in `.schemas/`. Raises CannotStart where something is in the way.
    """
    if target.is_file() or (target.is_dir() and not all(is_litter(each.name) for each in target.iterdir())):
        raise CannotStart(f"{target} is not empty", "Name a folder that does not exist yet, or an empty one")
    shutil.copytree(_TEMPLATE, target, ignore=_NOT_COPIED, dirs_exist_ok=True)
    shutil.copyfile(_TEMPLATE / "gitignore", target / ".gitignore")
    _write_schemas(target / ".schemas")
    _rename(target / "series.yaml", name or slug(target.resolve().name), title)


def slug(words: str) -> str:
    """A name as ids are written: letters, digits, "-" and "_", starting with a letter or digit."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", unicodedata.normalize("NFC", words)).strip("-_").lower()
    return plain[:64] or "series"


def _write_schemas(folder: Path) -> None:
    folder.mkdir()
    for name, schema in schemas().items():
        text = json.dumps(schema, indent=2, ensure_ascii=False)
        (folder / name).write_text(text + "\n", encoding="utf-8")


def _rename(series: Path, name: str, title: str | None) -> None:
    """Write the name, and the title where there is one, over the template's; its comments stay."""
    text = series.read_text(encoding="utf-8")
    text = re.sub(r"^series: \S+", f'series: "{name}"', text, count=1, flags=re.MULTILINE)
    if title is not None:
        written = json.dumps(title, ensure_ascii=False)
        text = re.sub(r"^title: .*$", lambda _: f"title: {written}", text, count=1, flags=re.MULTILINE)
    series.write_text(text, encoding="utf-8")
